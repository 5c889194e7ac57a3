# SPDX-License-Identifier: BSD-2-Clause
"""Many tests of many submissions, a few at a time, each in a process of its own."""

import gc
import os
import re
import selectors
import signal
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from kernel import api
from kernel.grade.lab import Lab
from kernel.grade.outcome import Graded, Outcome
from kernel.grade.submission import Submission
from kernel.grade.worker import Worker, blank, read_outcome

_SLACK: Final = 5  # wall-clock seconds for each of CPU time, and so many at least: others run, too
_CLOCK: Final = 2  # of a process's CPU time: clock_getcpuclockid(3) of Linux
_MOST: Final = 1 << 20  # bytes of an outcome


@dataclass
class _Child:
    """A worker that runs: which test of which submission."""

    pid: int
    pipe: int
    deadline: float
    who: int
    what: int
    patience: float  # wall-clock seconds until it must have gone on
    used: float = 0  # seconds of CPU time, when it was last looked at
    data: bytearray = field(default_factory=bytearray)
    late: bool = False


def _warm() -> None:
    """Have done once what each worker would have to do first: imports, and code to be compiled."""
    with api.boot(ktrace=True) as system:
        system.run(b"/usr/bin/python3", ["-c", "import os, sys"])
    gc.collect()


def cpu_time(pid: int) -> float:
    """Return the seconds of CPU time that a process has used, 0 if the host does not tell."""
    with suppress(OSError, OverflowError):
        return time.clock_gettime(~pid << 3 | _CLOCK)
    return 0


class Pool:
    """Grades submissions of one lab."""

    def __init__(
        self, lab: Lab, submissions: list[Submission], jobs: int, keep: Path | None
    ) -> None:
        """Prepare.

        Args:
            lab: the lab.
            submissions: who is graded.
            jobs: processes at once.
            keep: a folder for the traces of what failed.
        """
        self._lab = lab
        self._submissions = submissions
        self._jobs = jobs
        self._keep = keep
        self._selector = selectors.DefaultSelector()
        self._children: list[_Child] = []

    def grade(self, progress: Callable[[int], None] = lambda _done: None) -> list[Graded]:
        """Grade all; progress is told how many tests are done."""
        number = len(self._lab.tests)
        waiting = deque((w, t) for w in range(len(self._submissions)) for t in range(number))
        done: dict[tuple[int, int], Outcome] = {}
        _warm()
        gc.freeze()
        try:
            while waiting or self._children:
                while waiting and len(self._children) < self._jobs:
                    self._start(*waiting.popleft())
                for child in self._ended():
                    done[child.who, child.what] = self._outcome(child)
                    progress(len(done))
        finally:
            gc.unfreeze()
            for child in [*self._children]:
                self._kill(child)
                self._reap(child)
            self._selector.close()
        return [
            Graded(self._lab.title, one.student, one.note, [done[who, t] for t in range(number)])
            for who, one in enumerate(self._submissions)
        ]

    def _start(self, who: int, what: int) -> None:
        """Fork a worker."""
        test = self._lab.tests[what]
        bounds = self._lab.bounds_of(test)
        submission = self._submissions[who]
        keep = None
        if self._keep is not None:
            name = re.sub(r"[^\w.()-]", "_", submission.student)
            keep = self._keep / name / f"{test.name}.ktrace"
        worker = Worker(test, what + 1, bounds, submission, keep)
        mine, theirs = os.pipe()
        signals = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._fork(worker, mine, theirs, (bounds.cpu_seconds + _SLACK) * _SLACK, who, what)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, signals)

    def _fork(
        self, worker: Worker, mine: int, theirs: int, patience: float, who: int, what: int
    ) -> None:
        """Fork a worker where no ^C comes: as a copy of ours it would go on, or we forget it."""
        with warnings.catch_warnings():  # that the caller has threads: none is wanted in the child
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            worker.main(theirs, mine)
        os.close(theirs)
        child = _Child(pid, mine, time.monotonic() + patience, who, what, patience)
        self._children.append(child)
        self._selector.register(mine, selectors.EVENT_READ, child)

    def _ended(self) -> Iterator[_Child]:
        """Wait for news; yield who has ended."""
        soonest = min(child.deadline for child in self._children)
        for key, _ in self._selector.select(max(soonest - time.monotonic(), 0)):
            child: _Child = key.data
            piece = os.read(child.pipe, 1 << 16)
            child.data += piece
            if not piece or len(child.data) > _MOST:
                yield child
        now = time.monotonic()
        for child in self._children:
            if child.deadline > now:
                continue
            child.deadline = now + child.patience
            before, child.used = child.used, cpu_time(child.pid)
            if child.used <= before:  # it waits for the host; where others run, it goes on slowly
                child.late = True
                self._kill(child)

    def _outcome(self, child: _Child) -> Outcome:
        """Return what a worker that has ended told, or what its end tells."""
        self._kill(child)
        status = self._reap(child)
        outcome = read_outcome(bytes(child.data))
        test = self._lab.tests[child.what]
        if outcome is not None and (outcome.name, outcome.number) == (test.name, child.what + 1):
            return outcome
        bounds = self._lab.bounds_of(test)
        why = "ended the grader's process, which a program has no way to do: it has left the system"
        if child.late:
            why = f"did not end in more than {child.patience:.0f} seconds of the host's time"
        elif os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            why = f"used {bounds.cpu_seconds} seconds of CPU time in one operation of Python's"
        elif os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            why = "was killed by the host, which may be out of memory"
        elif os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name
            why = f"crashed the Python interpreter ({name})"
        return replace(blank(test, child.what + 1), said=why, reason=why, stopped=True)

    def _kill(self, child: _Child) -> None:
        """End a worker and whatever it may have started: its session is its own."""
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                kill(child.pid, signal.SIGKILL)

    def _reap(self, child: _Child) -> int:
        self._children.remove(child)
        self._selector.unregister(child.pipe)
        os.close(child.pipe)
        return os.waitpid(child.pid, 0)[1]
