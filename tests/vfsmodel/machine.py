# SPDX-License-Identifier: BSD-2-Clause
"""Sequences of calls, made to the model, to our kernel and to the host's at once.

A sequence is clean when each call's answer is the same everywhere, but for the
reviewed differences of the host; when the trees are, every few calls and at the
end; and when nothing is left in use once all is closed and removed.
"""

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from kernel.sys.stat import Stat
from tests.vfsmodel import calls
from tests.vfsmodel.compare import comparable, contents, differences, told
from tests.vfsmodel.differences import explain
from tests.vfsmodel.facts import Facts
from tests.vfsmodel.host import Host
from tests.vfsmodel.model import Answer, Model
from tests.vfsmodel.node import Node, Person, Skip
from tests.vfsmodel.ours import Ours

_ALL = [Person(0, 0), Person(1000, 100, (200,)), Person(1001, 200), Person(1002, 100)]
_SELF = Person(os.geteuid(), os.getegid(), tuple(os.getgroups()))
PEOPLE = _ALL if os.geteuid() == 0 else [_SELF] * len(_ALL)
_KINDS: dict[str, Callable[[Node], bool]] = {
    "": lambda node: True,
    "linked": lambda node: not node.is_dir and node.nlink > 1,
    "full": lambda node: node.is_dir and bool(node.entries),
    "empty": lambda node: node.is_dir and not node.entries,
}
TREE_EVERY = 8  # calls between two looks at the whole tree


class Worlds:
    """What is kept from one sequence to the next, and what they have reached."""

    def __init__(self) -> None:
        self.ours: Ours | None = None
        self.host: Host | None = None
        self.sequences = 0
        self.reached: Counter[tuple[str, str]] = Counter()  # (call, errno or "ok")
        self.on_host: Counter[str] = Counter()  # sequences begun and ended there; calls
        self.differences: Counter[str] = Counter()  # which of the host's have shown

    def take(self) -> Ours:
        """Our kernel: the one of the last sequence, unless that one failed."""
        ours, self.ours = self.ours, None
        return ours if ours is not None else Ours(PEOPLE)


WORLDS = Worlds()


class Sequence(RuleBasedStateMachine):
    """One sequence."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model(PEOPLE)
        self.ours = WORLDS.take()
        self.ours.begin()
        self.made = 0
        self.clean = True
        self.flags = False
        self.host: Host | None = None
        WORLDS.sequences += 1

    @initialize(flags=st.integers(0, 3), furniture=calls.FURNITURE)
    def begin(self, flags: int, furniture: list[tuple[int, tuple[Any, ...]]]) -> None:
        """A quarter of the sequences use file flags, which the host does not know."""
        self.flags = flags == 3
        if not self.flags and WORLDS.host is not None:
            self.host = WORLDS.host
            self.host.begin()
            WORLDS.on_host["begun"] += 1
        for person, call in furniture:
            self.both(person, call)

    @rule(person=calls.PERSON, call=calls.MAKING)
    def make(self, person: int, call: tuple[Any, ...]) -> None:
        """A call that makes a file."""
        self.both(person, call)

    @rule(person=calls.PERSON, call=calls.NAMING)
    def name(self, person: int, call: tuple[Any, ...]) -> None:
        """A call that removes, renames, lists ..."""
        self.both(person, call)

    @rule(person=calls.PERSON, call=calls.TANGLED)
    def tangle(self, person: int, call: tuple[Any, ...]) -> None:
        """A call about files with several names, directories with something in them."""
        self.both(person, call)

    @rule(person=calls.PERSON, call=calls.ATTRIBUTES)
    def attribute(self, person: int, call: tuple[Any, ...]) -> None:
        """A call about a file's attributes."""
        self.both(person, call)

    @rule(person=calls.PERSON, call=calls.FILES)
    def file(self, person: int, call: tuple[Any, ...]) -> None:
        """A call on a descriptor, by somebody who has one."""
        have = [number for number, p in enumerate(self.model.world.processes) if p.files]
        if have:
            self.both(have[person % len(have)], call)

    @rule(person=calls.PERSON, call=calls.FILE_FLAGS)
    def flag(self, person: int, call: tuple[Any, ...]) -> None:
        """A call that sets file flags."""
        if self.flags:
            self.both(person, call)

    def both(self, person: int, call: tuple[Any, ...]) -> None:
        """Make a call everywhere, and compare."""
        call = tuple(self.resolve(person, arg) for arg in call)
        same = call[0] == "rename" and self.same_file(person, *call[1:])
        try:
            model = self.model.call(person, *call)
        except Skip:
            self.model.world.now -= 1
            return
        clean, self.clean = self.clean, False
        ours = self.ours.call(person, *call)
        problem = self.problem(model, ours)
        assert not problem, (PEOPLE[person], call, problem)
        if self.host is not None:
            self.compare_host(person, call, model, same)
        self.made += 1
        WORLDS.reached[call[0], model[0]] += 1
        if self.made % TREE_EVERY == 0:
            self.compare_trees()
        self.clean = clean

    def resolve(self, person: int, arg: Any) -> Any:
        """Turn what stands for an open descriptor or a file that exists into one."""
        process = self.model.world.processes[person]
        if isinstance(arg, calls.Open):
            fds = sorted(process.files)
            return fds[arg.number % len(fds)] if fds else arg.otherwise
        if isinstance(arg, calls.Known):
            below = self.model.below(process.cwd)
            paths = [path for path, node in below.items() if _KINDS[arg.of](node)] or list(below)
            return (paths[arg.number % len(paths)] if paths else b"a") + arg.behind
        return arg

    def same_file(
        self, person: int, at: int | None, old: bytes, at2: int | None, new: bytes
    ) -> bool:
        """Whether two paths lead to one file."""
        source, target = self.model.peek(person, at, old), self.model.peek(person, at2, new)
        return bool(source and target and source.node is target.node)

    def compare_host(self, person: int, call: tuple[Any, ...], model: Answer, same: bool) -> None:
        """Make a call on the host, and compare; where the trees part, the host stays behind."""
        host = self.host
        assert host is not None
        name, *args = call
        answer = host.call(person, *call)
        expected = model
        if isinstance(model[1], Node):
            expected = "ok", comparable(told(model[1]))
            answer = answer if answer[1] is None else ("ok", comparable(answer[1]))
        facts = Facts(self.model, person, name, tuple(args), answer[0], same)
        known = None
        if expected != answer or (name == "rename" and same):
            known = explain(facts, expected, answer)
            assert known or expected == answer, (PEOPLE[person], call, expected, answer)
        WORLDS.on_host["calls"] += 1
        if known:
            WORLDS.differences[known.what] += 1
            if known.parts and "ok" in {expected[0], answer[0]}:
                self.host = None
                host.end()
                return
        if model[0] == answer[0] == "ok":
            self.regroup(person, call, model[1])

    def regroup(self, person: int, call: tuple[Any, ...], value: Any) -> None:
        """On the host, what has just been made gets the group and set-id bits of NetBSD's."""
        assert self.host is not None
        if call[0] == "open":
            node = self.model.world.processes[person].files[value].node
            if node.times["b"] == self.model.world.now:
                self.host.regroup(person, None, b"", node.gid, node.mode & 0o7000, value)
        elif call[0] in {"mkdir", "mkfifo", "mknod", "symlink"}:
            at, path = call[2:] if call[0] == "symlink" else call[1:3]
            found = self.model.peek(person, at, path.rstrip(b"/"))
            if found and found.node:
                node = found.node
                self.host.regroup(person, at, path, node.gid, node.mode & 0o7000)

    def problem(self, model: Answer, ours: Answer) -> Any:
        """What is wrong with our answer."""
        if isinstance(model[1], Node) and isinstance(ours[1], Stat):
            return differences(model[1], ours[1], self.ours)
        return None if model == ours else {"model": model, "ours": ours}

    def compare_trees(self) -> None:
        """Every file of the model is in our kernel, and no other."""
        self.model.world.now += 1
        model, ours = self.model.tree(), self.ours.tree()
        assert model.keys() == ours.keys(), model.keys() ^ ours.keys()
        for path, node in model.items():
            wrong = differences(node, ours[path], self.ours)
            assert not wrong, (path, wrong)
            if node.is_dir:
                node.stamp(self.model.world.now, "a")

    def compare_with_host(self, host: Host) -> None:
        """The host's files are the model's, their contents, too."""
        tree = host.tree()
        if tree is None:
            return
        model = {path: (*told(node), contents(node)) for path, node in self.model.tree().items()}
        assert model.keys() == tree.keys(), model.keys() ^ tree.keys()
        for path, expected in model.items():
            actual = tree[path]
            assert comparable(expected) == comparable(actual), (path, expected, actual)

    def teardown(self) -> None:
        """The last look; what was used is given back."""
        host, self.host = self.host, None
        if host is not None:
            try:
                if self.clean:
                    self.compare_with_host(host)
                    WORLDS.on_host["ended"] += 1
            finally:
                host.end()
        if not self.clean:
            return
        self.compare_trees()
        kept = self.ours.end()
        assert not any(kept), f"nodes, bytes and references kept: {kept}"
        WORLDS.ours = self.ours
