# SPDX-License-Identifier: BSD-2-Clause
"""What a program left behind, for kernel.api."""

import io
from collections.abc import Callable
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from kernel.files import Changes, Files
from kernel.kern.kern_proc import p_comm
from kernel.lines import source_in
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.kernel import ConsoleDevice, Kernel
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.proc import SACTIVE, SSTOP, SZOMB
from kernel.sys.signal import SIGKILL
from kernel.sys.wait import WEXITSTATUS, WIFSIGNALED, WTERMSIG
from kernel.terminal import Buffers
from userland.libktrace.lines import Judged, Lines

if TYPE_CHECKING:
    from userland.libktrace.records import Record
    from userland.libktrace.selection import Calls
    from userland.libktrace.trace import Trace

_STATES: Final = {SACTIVE: "active", SSTOP: "stopped", SZOMB: "zombie"}


class Left(NamedTuple):
    """A process that has not ended, or that nobody has waited for."""

    pid: int
    ppid: int
    name: str
    state: str  # active, stopped, zombie


def processes_left(kernel: Kernel) -> list[Left]:
    """Return the processes of programs: all but init and those the host drives."""
    return [
        Left(
            p.p_pid,
            p.p_pptr.p_pid if p.p_pptr is not None else 0,
            p_comm(p).decode("utf-8", "replace"),
            _STATES.get(p.p_stat, "starting"),
        )
        for p in kernel.allproc.values()
        if p is not kernel.initproc and (p.p_md.md_host is None or not p.p_md.md_host.idle)
    ]


@dataclass(frozen=True)
class Result:
    """What a program left: its wait status, its output, its trace (empty without ktrace)."""

    wstatus: int
    stdout: bytes = b""
    stderr: bytes = b""
    ktrace: bytes = field(default=b"", repr=False)  # the trace's records
    files: Files = field(default_factory=partial(Files, None), repr=False)
    before: Files = field(default_factory=partial(Files, None), repr=False)  # when it started
    seconds: float = 0.0  # of virtual time from its start to its end
    left: list[Left] = field(default_factory=list)  # processes it did not wait for
    crashed: bool = False  # the machine has stopped: crash_at
    lines: Lines = field(default_factory=dict, repr=False)  # of programs, behind the trace's calls
    judged: Judged = field(default_factory=Judged, repr=False, compare=False)  # what is asked

    @property
    def status(self) -> int:
        """The exit code; 128 + the signal that killed it, as shells say."""
        if WIFSIGNALED(self.wstatus):
            return 128 + WTERMSIG(self.wstatus)
        return WEXITSTATUS(self.wstatus)

    @property
    def changes(self) -> Changes:
        """What the program and its children have changed in the file systems."""
        return self.files.since(self.before)

    @cached_property
    def trace(self) -> "Trace":
        """The trace: calls, signals, what can be said of them."""
        source = source_in(self.files, self.before)
        module: Any = import_module("userland.libktrace.trace")  # who only runs needs none
        made: Trace = module.Trace(self.ktrace, lines=self.lines, source=source, judged=self.judged)
        return made

    def records(self) -> "list[Record]":
        """Return the records of the trace."""
        return self.trace.records

    def kdump(self, last: int | None = None) -> str:
        """Return the trace as kdump(1) prints it, or only its last lines."""
        return self.trace.kdump(last)

    @property
    def calls(self) -> "Calls":
        """The system calls of all that were traced: calls["write"] == 3.

        Raises:
            ValueError: there is no trace.
        """
        if not self.ktrace:
            raise ValueError("calls are counted in the trace: run with ktrace=True")
        return self.trace.calls


class Recording:
    """What happens from now on, until it becomes a Result."""

    def __init__(
        self,
        kernel: Kernel,
        console: ConsoleDevice,
        files: Callable[[], Files],
        sink: io.BytesIO,
        lines: Callable[[], Lines] = dict,
        judged: Judged | None = None,
    ) -> None:
        self._kernel = kernel
        self._lines = lines
        self._judged = judged or Judged()
        self._console = console if isinstance(console, Buffers) else Buffers()
        self._mark = self._console.mark()
        self._files = files
        self._sink = sink
        self._before = files()
        self._begun = kernel.clock.now

    def result(self, wstatus: int) -> Result:
        """Return what has happened; a machine that has stopped has killed who was to end."""
        kernel = self._kernel
        crashed = kernel.howto is not None
        stdout, stderr = self._console.since(self._mark)
        return Result(
            SIGKILL if crashed else wstatus,
            stdout,
            stderr,
            self._sink.getvalue(),
            files=self._files(),
            before=self._before,
            seconds=(kernel.clock.now - self._begun) / 1e9,
            left=processes_left(kernel),
            crashed=crashed,
            lines=self._lines(),
            judged=self._judged,
        )
