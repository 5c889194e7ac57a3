# SPDX-License-Identifier: BSD-2-Clause
"""What has happened in a booted system: its files, who is left, and what is asked of its traces."""

import io
from types import TracebackType
from typing import TYPE_CHECKING

from kernel.arch.python.syscall import syscall_intern
from kernel.files import Files
from kernel.lines import Noted
from kernel.result import Left, Recording, Result, processes_left
from kernel.sys.kernel import ConsoleDevice, Kernel
from userland.libktrace.lines import Judged

if TYPE_CHECKING:
    from userland.libktrace.selection import Verdict
    from userland.libktrace.trace import Trace


class Watched:
    """A booted kernel and its console, looked at from outside."""

    def __init__(self, kernel: Kernel, console: ConsoleDevice) -> None:
        self.kernel = kernel
        self.console = console
        self.last: Result | None = None  # of the run or patch before
        self.judged = Judged()  # what was asked last of a trace
        self._noted = Noted()
        self._files: Files | None = None

    def files(self) -> Files:
        """Return what is on the file systems now; what is mounted of the host is not in it."""
        self._files = Files(self.kernel.rootvnode, self._files)
        return self._files

    def left(self) -> list[Left]:
        """Return the processes of programs, zombies included."""
        return processes_left(self.kernel)

    def _record(self, sink: io.BytesIO) -> Recording:
        lines = self._noted.since()
        return Recording(self.kernel, self.console, self.files, sink, lines, self.judged)

    def note_lines(self) -> None:
        """From now on keep the line of the program behind each traced call: for Result.trace."""
        self.kernel.noteline, self.kernel.notestored = self._noted.note, self._noted.stored
        for proc in self.kernel.allproc.values():
            syscall_intern(proc)

    @property
    def trace(self) -> "Trace":
        """The trace of the last run or patch: result.trace.

        Raises:
            ValueError: there is none.
        """
        if self.last is None or not self.last.ktrace:
            raise ValueError("there is no trace: run() or patch() with ktrace=True comes first")
        return self.last.trace

    def trace_of(self, data: bytes) -> "Trace":
        """Return a trace that was made by whomever: a file of ktrace(1)'s, a real NetBSD's."""
        return Result(0, ktrace=data, judged=self.judged).trace

    def failure(self, traceback: TracebackType | None) -> str:
        """Return why what was asserted of a trace is not so; "" if a failure is of something else.

        Args:
            traceback: of the AssertionError.
        """
        judged = self.judged
        while traceback is not None:
            if judged.what is not None and traceback.tb_frame.f_code is judged.code:
                return judged.what.explain()
            traceback = traceback.tb_next
        return ""

    def no_zombies(self) -> "Verdict":
        """Whether nobody waits to be waited for now."""
        return self._nobody("no_zombies()", ("zombie",))

    def nobody_left(self) -> "Verdict":
        """Whether all processes of programs have ended and been waited for."""
        return self._nobody("nobody_left()", ("zombie", "active", "stopped", "starting"))

    def _nobody(self, what: str, states: tuple[str, ...]) -> "Verdict":
        left = [one for one in self.left() if one.state in states]
        why = "; ".join(f"pid {one.pid} ({one.name}) of {one.ppid}: {one.state}" for one in left)
        trace = self.last.trace if self.last is not None else Result(0).trace
        pids = {one.pid for one in left}
        return trace.judge(what, ok=not left, why=why or "none", pids=pids)
