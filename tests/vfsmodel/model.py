# SPDX-License-Identifier: BSD-2-Clause
"""The model as a whole: a call goes in, its answer comes out."""

from collections.abc import Iterator
from typing import Any

from tests.vfsmodel import attributes, files, names
from tests.vfsmodel.namei import Found, Process, World
from tests.vfsmodel.node import Failure, Node, Person, Skip

CALLS: dict[str, Any] = {**names.CALLS, **attributes.CALLS, **files.CALLS}
Answer = tuple[str, Any]  # "ok" and what the call returned, or the errno's name and None


class Model:
    """The files and processes of NetBSD, without NetBSD."""

    def __init__(self, people: list[Person]) -> None:
        self.world = World(people)

    def call(self, person: int, name: str, *args: Any) -> Answer:
        """Make a call.

        Raises:
            Skip: the model does not know what it does; nothing has changed.
        """
        world = self.world
        world.now += 1
        world.touched.clear()
        try:
            return "ok", CALLS[name](world, world.processes[person], *args)
        except Failure as exc:
            return exc.errno.name, None
        except Skip:
            for link, before in reversed(world.touched):
                link.times["a"] = before
            raise

    def peek(self, person: int, at: int | None, path: bytes, follow: bool = False) -> Found | None:
        """Where a path leads, permissions aside, as if nobody had looked; None if nowhere."""
        world = self.world
        process = world.processes[person]
        almighty = Process(Person(0, 0), process.cwd, 0, process.files)
        world.touched.clear()
        try:
            return world.lookup(almighty, path, "create", follow=follow, at=at, newdir=True)
        except (Failure, Skip):
            return None
        finally:
            for link, before in reversed(world.touched):
                link.times["a"] = before

    def failures(self, person: int, at: int | None, path: bytes) -> set[str]:
        """The errnos that following a path would give the person, for one purpose or another."""
        world = self.world
        found = set()
        for op in ("lookup", "create", "delete", "rename"):
            for follow in (False, True):
                world.touched.clear()
                try:
                    world.lookup(world.processes[person], path, op, follow=follow, at=at)
                except Failure as exc:
                    found.add(exc.errno.name)
                except Skip:
                    continue
                finally:
                    for link, before in reversed(world.touched):
                        link.times["a"] = before
        return found

    def below(self, directory: Node) -> dict[bytes, Node]:
        """All files below a directory by their path from there."""
        return {path[2:]: node for path, node in _walk(b".", directory) if node is not directory}

    def tree(self) -> dict[bytes, Node]:
        """All files by their path from the top; the top is b"."."""
        return dict(_walk(b".", self.world.top))


def _walk(path: bytes, node: Node) -> Iterator[tuple[bytes, Node]]:
    yield path, node
    for name, child in node.entries.items():
        yield from _walk(path + b"/" + name, child)
