# SPDX-License-Identifier: BSD-2-Clause
"""A trace as a test sees it: what was called, in which order, and what was left open.

    trace = Trace.read("ktrace.out")
    assert trace.calls("open").failed("ENOENT")
    assert trace.in_order("open", "write", "fsync", "rename")
    assert trace.no_leaked_descriptors()

What was run by kernel.api is asked so, too: result.trace.
"""

import io
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any, Final

from userland import libktrace
from userland.libktrace.calls import Call
from userland.libktrace.decode import Decoder
from userland.libktrace.descriptors import Descriptors
from userland.libktrace.lines import Judged, Line, Lines
from userland.libktrace.records import Record
from userland.libktrace.selection import (
    Calls,
    Scene,
    Signals,
    Verdict,
    every_call,
    every_signal,
)
from userland.libktrace.steps import Step, steps

_WAITS: Final = frozenset(("wait4", "wait6"))
_STANDARD: Final = 2  # descriptors up to this one are not looked at


def _nowhere(_line: Line) -> str:
    return ""


class Trace:
    """A trace, read when it is first asked for something."""

    def __init__(
        self,
        data: bytes,
        *,
        lines: Lines | None = None,
        source: Callable[[Line], str] = _nowhere,
        judged: Judged | None = None,
    ) -> None:
        """Take the records.

        Args:
            data: of a file of records, of whatever version.
            lines: of programs that made the calls, if they are known.
            source: returns what stands in such a line.
            judged: where what is asked of the trace is noted.
        """
        self.data = data
        self._lines = lines or {}
        self._source = source
        self._judged = judged or Judged()

    @classmethod
    def read(cls, path: str | PathLike[str]) -> "Trace":
        """Return the trace in a file.

        Raises:
            OSError: it cannot be read.
        """
        return cls(Path(path).read_bytes())

    def __bytes__(self) -> bytes:
        return self.data

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        return f"<trace of {len(self.data)} bytes>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trace) and self.data == other.data

    __hash__ = None  # type: ignore[assignment]  # nobody asks

    @cached_property
    def records(self) -> list[Record]:
        """Its records.

        Raises:
            TornTrace: it cannot be read to its end.
        """
        return list(libktrace.open(io.BytesIO(self.data))) if self.data else []

    @cached_property
    def kinds(self) -> "Counter[str]":
        """How many records there are of each kind, as kdump names them."""
        names: dict[int, str] = import_module("userland.libktrace.kdump_10").Printer10.types
        return Counter(names.get(record.type, str(record.type)) for record in self.records)

    def kdump(self, last: int | None = None) -> str:
        """Return it as kdump(1) prints it, or only its last lines."""
        out, err = io.BytesIO(), io.BytesIO()
        kdump: Any = import_module("userland.libktrace.kdump")  # who only runs needs no printer
        kdump.main(["kdump", "-f", "-"], lambda _name: io.BytesIO(self.data), out, err)
        lines = (out.getvalue() + err.getvalue()).decode("latin-1").splitlines()
        return "\n".join(lines if last is None else lines[-last:])

    @cached_property
    def _scene(self) -> Scene:
        told = list(steps(self.records, self._lines, Decoder()))
        return Scene(told, self._source, self._judged)

    @property
    def steps(self) -> list[Step]:
        """Calls and signals, each with how it is shown and the line behind it."""
        return list(self._scene.steps)

    @property
    def calls(self) -> Calls:
        """All calls; calls("open") are some of them."""
        return every_call(self._scene)

    @property
    def signals(self) -> Signals:
        """All signals that were delivered; signals("CHLD") are some of them."""
        return every_signal(self._scene)

    def match(
        self,
        name: str | None = None,
        *,
        whole: bool = False,
        replace: Mapping[str, str] | None = None,
    ) -> bool:
        r"""Compare with the golden trace of that name, which is kept beside the test.

        Times, pids and addresses do not count, nor which process ran when, nor what Python does
        to start and to import, where lines are known.  A selection is compared in the same way:
        trace.calls("%file").match("files").

        Args:
            name: of the golden trace; None: the test's.
            whole: with what Python does to start and to import.
            replace: what to read for what matches a regular expression: {r"tmp\w{8}": "tmp*"}.

        Raises:
            AssertionError: they differ, or there is none yet.
            RuntimeError: nobody keeps golden traces.
        """
        __tracebackhide__ = True
        return self._scene.match(name, None, whole=whole, replace=replace)

    def _chosen(self, one: "Calls | str") -> Calls:
        return one if isinstance(one, Calls) else self.calls(one)

    def in_order(self, *wanted: "Calls | str") -> Verdict:
        """Whether such calls were made one after the other; others may be between them.

        Args:
            wanted: sets of calls in strace's words, or selections.

        Raises:
            ValueError: none are given.
        """
        if not wanted:
            raise ValueError("in_order() of nothing: it would hold of every trace")
        what = f"in_order({', '.join(_name(one) for one in wanted)})"
        ordered = sorted(self._scene.steps, key=lambda step: step.began)
        found: list[Step] = []
        rest = iter(ordered)
        for number, one in enumerate(wanted):
            chosen = self._chosen(one)
            members = set(map(id, chosen.steps))
            step = next((step for step in rest if id(step) in members), None)
            if step is None:
                after = f" after {_name(wanted[number - 1])}" if number else ""
                why = f"no {_name(one)}{after}, of {chosen.count} in all"
                evidence = [*found[-1:], *chosen.steps[:1]]
                return Verdict(self._scene, what, ok=False, why=why, steps=evidence)
            found.append(step)
        return Verdict(self._scene, what, ok=True, why="yes", steps=found)

    def before(self, first: "Calls | str", second: "Calls | str") -> Verdict:
        """Whether both were made, and the first had returned when any of the second was made."""
        what = f"before({_name(first)}, {_name(second)})"
        one, other = self._chosen(first), self._chosen(second)
        for name, chosen in ((_name(first), one), (_name(second), other)):
            if not chosen.count:
                steps = [*one.steps[:1], *other.steps[:1]]
                return Verdict(self._scene, what, ok=False, why=f"no {name} at all", steps=steps)
        ended = min(one.steps, key=lambda step: step.ended)
        made = min(other.steps, key=lambda step: step.began)
        ok = ended.ended <= made.began
        why = "yes" if ok else f"{_name(second)} came first"
        return Verdict(self._scene, what, ok=ok, why=why, steps=[made, ended])

    def no_leaked_descriptors(self) -> Verdict:
        """Whether each process had closed, when it called exit(2), what it had opened itself.

        The first three, and what it has let other programs have by execve(2), do not count.
        """
        leaked = list(self._leaked())
        what = "no_leaked_descriptors()"
        if not leaked:
            return Verdict(self._scene, what, ok=True, why="none", steps=[])
        why = "; ".join(f"pid {step.pid} leaves {fd} open: {step}" for fd, step in leaked)
        steps = [step for _, step in leaked]
        return Verdict(self._scene, what, ok=False, why=why, steps=steps)

    def _leaked(self) -> Iterator[tuple[int, Step]]:
        descriptors = Descriptors()
        by_call = {id(step.event): step for step in self._scene.steps}
        for _, call in self._calls():
            if call.name == "exit":
                for fd, opened in descriptors.opened(call.pid).items():
                    if fd > _STANDARD:
                        yield fd, by_call[id(opened)]
            descriptors.add(call)

    def judge(self, what: str, *, ok: bool, why: str, pids: Container[int]) -> Verdict:
        """Return a verdict that is shown with the calls that made processes."""
        steps = [step for step, call in self._calls() if call.child in pids]
        return Verdict(self._scene, what, ok=ok, why=why, steps=steps)

    def no_zombies(self) -> Verdict:
        """Whether each process had waited, when it called exit(2), for its children that had ended.

        Children of one that ignores SIGCHLD are not waited for: they would count.
        """
        calls = self._calls()
        ended = {call.pid: call.began for _, call in calls if call.name == "exit"}
        waited = {call.value for _, call in calls if call.c_name in _WAITS}
        left = [
            (step, call.child)
            for step, call in calls
            if call.child
            and call.child not in waited
            and ended.get(call.child, 1 << 64) < ended.get(call.pid, 1 << 63)
        ]
        why = "; ".join(f"pid {step.pid} has not waited for {child}" for step, child in left)
        steps = [step for step, _ in left]
        return Verdict(self._scene, "no_zombies()", ok=not left, why=why or "none", steps=steps)

    def paired(self) -> Verdict:
        """Whether each CALL record of an LWP is followed by its RET, before the next CALL.

        exit(2) has none, nor need the last call of each; a child's first RET is its fork's.
        """
        calls = self._calls()
        last = {(call.pid, call.lid): step for step, call in calls if call.made}
        open_ones = [
            step
            for step, call in calls
            if call.ended is None and last[call.pid, call.lid] is not step
        ]
        firsts = {(call.pid, call.lid): step for step, call in reversed(calls)}
        strangers = [
            step for step, call in calls if not call.made and firsts[call.pid, call.lid] is not step
        ]
        why = "yes"
        if open_ones or strangers:
            why = f"{len(open_ones)} calls without a return, {len(strangers)} returns without one"
        steps = [*open_ones, *strangers]
        return Verdict(self._scene, "paired()", ok=not steps, why=why, steps=steps)

    def _calls(self) -> list[tuple[Step, Call]]:
        return [(step, step.event) for step in self._scene.steps if isinstance(step.event, Call)]


def _name(one: Calls | str) -> str:
    return one.what if isinstance(one, Calls) else one
