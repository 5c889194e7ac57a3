# SPDX-License-Identifier: BSD-2-Clause
"""What the causes of differences are looked for in: a call, and the model it was made in."""

from dataclasses import dataclass
from typing import Any

from tests.vfsmodel.model import Model
from tests.vfsmodel.namei import OpenFile
from tests.vfsmodel.names import under
from tests.vfsmodel.node import Node

# Where a call's arguments have (descriptor of a directory, path), and descriptors.
_PATHS = {
    "open": [(0, 1)], "mkdir": [(0, 1)], "mkfifo": [(0, 1)], "mknod": [(0, 1)],
    "symlink": [(1, 2)], "link": [(0, 1), (2, 3)], "unlink": [(0, 1)], "rename": [(0, 1), (2, 3)],
    "listdir": [(0, 1)], "readlink": [(0, 1)], "chmod": [(0, 1)], "chown": [(0, 1)],
    "utimens": [(0, 1)], "access": [(0, 1)], "stat": [(0, 1)],
    "truncate": [(None, 0)], "chdir": [(None, 0)],
}  # fmt: skip
_FDS = {
    "read", "write", "pread", "pwrite", "lseek", "ftruncate", "close", "dup", "dup2", "fstat",
    "fchmod", "fchown", "futimens", "entries", "fchdir",
}  # fmt: skip


@dataclass
class Facts:
    """A call and the model in which it was made."""

    model: Model
    person: int
    name: str
    args: tuple[Any, ...]
    linux: str  # its errno, or "ok"
    same_file: bool  # a rename's paths led to one file by two names, or by one

    @property
    def uid(self) -> int:
        """Whose call it is."""
        return self.model.world.processes[self.person].who.uid

    @property
    def files(self) -> dict[int, OpenFile]:
        """The caller's open files."""
        return self.model.world.processes[self.person].files

    @property
    def paths(self) -> list[tuple[int | None, bytes]]:
        """The call's paths, with the descriptors that they start from."""
        return [
            (None if at is None else self.args[at], self.args[path])
            for at, path in _PATHS.get(self.name, [])
        ]

    @property
    def bad_descriptor(self) -> bool:
        """Whether a descriptor among the arguments is not open."""
        fds = [at for at, _ in self.paths if at is not None]
        fds += [self.args[0]] if self.name in _FDS else []
        return any(fd not in self.files for fd in fds)

    @property
    def other_path(self) -> bool:
        """Whether Linux's errno is what one of the paths gives on its own."""
        return any(
            self.linux in self.model.failures(self.person, at, path) for at, path in self.paths
        )

    @property
    def dots(self) -> bool:
        """Whether a path ends in "." or ".."."""
        return any(path.rstrip(b"/").rpartition(b"/")[2] in {b".", b".."} for _, path in self.paths)

    @property
    def slash_behind(self) -> bool:
        """Whether a path has a slash behind it, or ends in a link whose text has."""
        for at, path in self.paths:
            found = self.model.peek(self.person, at, path)
            if path.endswith(b"/"):
                return True
            if found and found.node and found.node.is_link and found.node.data.endswith(b"/"):
                return True
        return False

    def named(self, number: int) -> Node | None:
        """What has the path's name, a slash behind it aside: links are not followed."""
        at, path = self.paths[number]
        found = self.model.peek(self.person, at, path.rstrip(b"/"))
        return found.node if found else None

    @property
    def link_and_slash(self) -> bool:
        """Whether a path is a link's, with a slash behind it."""
        return any(
            path.endswith(b"/") and (node := self.named(number)) and node.is_link
            for number, (_, path) in enumerate(self.paths)
        )

    @property
    def nested(self) -> bool:
        """Whether one of a rename's names is of a directory above the other."""
        one, other = (
            self.model.peek(self.person, at, path.rstrip(b"/")) for at, path in self.paths
        )
        return any(
            a and a.node and b and (b.directory is a.node or under(a.node, b.directory))
            for a, b in ((one, other), (other, one))
        )

    @property
    def removed(self) -> bool:
        """Whether a path starts at a directory that has been removed."""
        world = self.model.world
        starts = [world.processes[self.person].cwd]
        starts += [self.files[at].node for at, _ in self.paths if at in self.files]
        return any(node.nlink == 0 for node in starts)

    @property
    def node(self) -> Node | None:
        """The file of a call on one descriptor."""
        file = self.files.get(self.args[0])
        return file.node if file else None

    def file(self, path: int, follow: bool = False) -> Node | None:
        """The file that the call's path of that number leads to, if there is one now."""
        found = self.model.peek(self.person, *self.paths[path], follow=follow)
        return found.node if found else None
