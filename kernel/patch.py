# SPDX-License-Identifier: BSD-2-Clause
"""The code of a test as an emulated process, for kernel.api: what patch() returns.

A machine context is a greenlet, and so is the host's stack.  In the with block it is that of a
process: what the block does traps, sleeps and gets signals as any program's.  kernel.swap sees to
it that names mean the process's things.
"""

import os
from _thread import allocate_lock
from collections.abc import Callable, Mapping
from importlib import import_module
from types import TracebackType
from typing import Any, Final, Self

from kernel.arch.python.switch import (
    cpu_abandon,
    cpu_adopt,
    cpu_current,
    cpu_discard,
    cpu_disown,
)
from kernel.arch.python.syscall import syscall_intern
from kernel.arch.python.trap import forgo_fork
from kernel.kern.kern_reboot import Reboot
from kernel.kern.kern_runq import oncpu, remrunqueue
from kernel.kern.kern_sleepq import sleepq_remove
from kernel.kern.subr_log import proc_states
from kernel.process import Deadlock, Process, ProcessGone
from kernel.result import Result
from kernel.sys.proc import LSSLEEP, ProcessExit
from kernel.sys.signal import SIG_IGN, SIGPIPE, SIGXFSZ, sys_signame
from kernel.sys.wait import WEXITSTATUS, WIFSIGNALED, WTERMSIG
from userland.libc import include as libc
from userland.libc.data import DataSegment
from userland.python.crt0 import load
from userland.python.pylifecycle import finish

_INFORCE: Final = allocate_lock()  # names are turned for all threads of the host's


class _Stuck(BaseException):
    """Nobody can run; a kernel on the way out of a call must let it pass."""


def _same(value: Any) -> Any:
    return value


class Patch:
    """A with block as a process; after it, result is what it left, as run() tells it."""

    result: Result

    def __init__(
        self,
        process: Process,
        argv: tuple[bytes, ...],
        environ: Mapping[str, str],
        ended: Callable[[], Result],
    ) -> None:
        self.process = process
        self._own: list[Any] = []  # the stack that the process had
        self._argv = argv
        self._environ = environ
        self._ended = ended
        self._why = ""  # the block cannot go on
        self._swap: Any = None
        self._data: DataSegment | None = None

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    def __enter__(self) -> Self:
        if getattr(cpu_current(), "lwp", None) is not None:
            raise RuntimeError("patch() in a process: there is one stack, and it is taken")
        if not self.process.alive:
            raise RuntimeError("what patch() returns is for one block: its process has ended")
        if not _INFORCE.acquire(blocking=False):
            raise RuntimeError("patch() beside another thread's: names mean one process's things")
        self._adopt()
        try:
            self._load()
        except BaseException as exc:
            self._end(1)
            if isinstance(exc, ProcessExit):  # a signal was on its way already
                raise ProcessGone(self._obituary()) from exc
            raise
        return self

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call function in the block; what the process has its own of is handed over as that."""
        mine = self._swap.mine if self._swap is not None else _same
        return mine(function)(*map(mine, args), **{k: mine(v) for k, v in kwargs.items()})

    def _adopt(self) -> None:
        """Give the host's stack to the process."""
        process = self.process
        lwp, kernel = process.lwp, process.kernel
        if kernel.deadlwp is not None:
            cpu_abandon(lwp.l_pcb, kernel.deadlwp)
        self._own = [lwp.l_pcb]
        if lwp.l_stat == LSSLEEP:  # or a signal has woken it already
            sleepq_remove(lwp)
        remrunqueue(lwp)
        kernel.hostdone = None
        cpu_adopt(lwp, kernel.idle, self._stuck)
        oncpu(lwp)
        forgo_fork()

    def _load(self) -> None:
        """Make the process's Python, and turn names to it; none of that is counted for faults."""
        p = self.process.proc
        p.p_md.md_injected = None
        environ = {os.fsencode(k): os.fsencode(v) for k, v in self._environ.items()}
        self._data = load(self._argv, environ)
        for signo in (SIGPIPE, SIGXFSZ):  # as CPython does at its start
            libc.signal(signo, SIG_IGN)
        swap: Any = import_module("kernel.swap")  # who only runs programs does without
        self._swap = swap.Swap(self._data.runtime)
        self._swap.install()
        self.process.patched = True
        syscall_intern(p)

    def _stuck(self) -> BaseException | None:
        """Say why the idle loop would go back to the host; the process has the CPU again.

        None: the block drives another process, or lets time pass, and that is done.
        """
        kernel, lwp = self.process.kernel, self.process.lwp
        if lwp.l_wmesg == "host":
            return None
        if kernel.howto is not None:
            return Reboot(kernel.howto)
        self._why = "\n".join(proc_states(kernel))
        if lwp.l_stat == LSSLEEP:
            sleepq_remove(lwp)
            remrunqueue(lwp)
        oncpu(lwp)
        return _Stuck()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        gone = isinstance(exc, ProcessExit) or not self.process.alive
        self._end(1 if exc is not None else 0)
        howto = self.process.kernel.howto
        if howto is not None:  # whatever its end has made of it on the way
            raise Reboot(howto) from None
        if self._why:
            raise Deadlock(self._why) from None
        if gone:
            raise ProcessGone(self._obituary()) from exc

    def _end(self, status: int) -> None:
        """End the process as a program ends, and give the stack and the names back."""
        process = self.process
        try:
            if process.alive and process.kernel.howto is None:
                if not self._why and self._data is not None:
                    status = finish(self._data, self._data.runtime, status)
                libc._exit(status)
        except (ProcessExit, _Stuck, Reboot):
            pass  # it has ended; or who it waits for cannot
        finally:
            cpu_disown()
            cpu_discard(self._own)
            process.patched = False
            try:
                if self._swap is not None:
                    self._swap.remove()
            finally:
                _INFORCE.release()
        self.result = self._ended()

    def _obituary(self) -> str:
        status = self.process.status
        if WIFSIGNALED(status):
            return f"pid {self.pid} was killed by SIG{sys_signame[WTERMSIG(status)]} in the block"
        return f"pid {self.pid} has ended in the block with status {WEXITSTATUS(status)}"
