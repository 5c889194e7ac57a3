# SPDX-License-Identifier: BSD-2-Clause
"""What a program left behind, for kernel.api."""

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib import import_module
from typing import Any, Final, NamedTuple

from kernel.files import Changes, Files
from kernel.kern.kern_proc import p_comm
from kernel.sys.kernel import ConsoleDevice, Kernel
from kernel.sys.ktrace import KTR_SYSCALL, KtrSyscall
from kernel.sys.proc import SACTIVE, SSTOP, SZOMB
from kernel.sys.signal import SIGKILL
from kernel.sys.syscall import SYSCALLS
from kernel.sys.wait import WEXITSTATUS, WIFSIGNALED, WTERMSIG
from kernel.terminal import Buffers
from userland import libktrace

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
    """What a program left: its wait status, its output, its trace (b"" without ktrace)."""

    wstatus: int
    stdout: bytes = b""
    stderr: bytes = b""
    trace: bytes = b""
    files: Files = field(default_factory=partial(Files, None), repr=False)
    before: Files = field(default_factory=partial(Files, None), repr=False)  # when it started
    seconds: float = 0.0  # of virtual time from its start to its end
    left: list[Left] = field(default_factory=list)  # processes it did not wait for
    crashed: bool = False  # the machine has stopped: crash_at

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

    def records(self) -> list[libktrace.Record]:
        """Return the records of the trace."""
        return list(libktrace.open(io.BytesIO(self.trace)))

    def kdump(self, last: int | None = None) -> str:
        """Return the trace as kdump(1) prints it, or only its last lines."""
        out, err = io.BytesIO(), io.BytesIO()
        kdump: Any = import_module("userland.libktrace.kdump")  # who only runs needs no printer
        kdump.main(["kdump", "-f", "-"], lambda _name: io.BytesIO(self.trace), out, err)
        lines = (out.getvalue() + err.getvalue()).decode("latin-1").splitlines()
        return "\n".join(lines if last is None else lines[-last:])

    @cached_property
    def calls(self) -> Counter[str]:
        """How many system calls were made of each name, by all that were traced.

        Raises:
            ValueError: there is no trace.
        """
        if not self.trace:
            raise ValueError("calls are counted in the trace: run with ktrace=True")
        codes = Counter(
            record.body(KtrSyscall).ktr_code
            for record in self.records()
            if record.type == KTR_SYSCALL
        )
        return Counter({SYSCALLS[code].display: count for code, count in codes.items()})


class Recording:
    """What happens from now on, until it becomes a Result."""

    def __init__(
        self, kernel: Kernel, console: ConsoleDevice, files: Callable[[], Files], sink: io.BytesIO
    ) -> None:
        self._kernel = kernel
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
        )
