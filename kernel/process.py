# SPDX-License-Identifier: BSD-2-Clause
"""An emulated process that the host drives call by call, for kernel.api."""

from collections.abc import Callable
from functools import partial
from typing import Any

from kernel.arch.python.replay import replay_done, replay_vmspace
from kernel.arch.python.switch import cpu_context, cpu_current, cpu_enter, cpu_switchto
from kernel.arch.python.syscall import syscall_plain
from kernel.arch.python.trap import userret
from kernel.kern.kern_exec import exec_vmspace
from kernel.kern.kern_lwp import lwp_create
from kernel.kern.kern_reboot import Reboot
from kernel.kern.kern_runq import oncpu, remrunqueue, setrunqueue_first, updatertime
from kernel.kern.kern_sleepq import sleepq_enter, sleepq_remove
from kernel.kern.subr_log import proc_states
from kernel.sys.dataclasses import dataclass
from kernel.sys.exec import ExecImage
from kernel.sys.kernel import Kernel
from kernel.sys.proc import LSSLEEP, LSSTOP, SZOMB, Lwp, Proc, ProcessExit
from kernel.sys.syscall import sysno
from userland.libc import include as libc

_NO_IMAGE = ExecImage(None, b"", (), (), b"", 0)
SYS_fork = sysno("fork")


class Deadlock(Exception):
    """Everybody sleeps and nothing can wake them; the text tells who waits for what."""


class Stopped(Exception):
    """The host has got a signal, and ends the run; all processes are as they are.

    Attributes:
        signo: the signal, of the host's.
    """

    def __init__(self, signo: int) -> None:
        super().__init__(signo)
        self.signo = signo


class ProcessGone(Exception):
    """A call by a process that has ended."""


@dataclass(slots=True, eq=False)
class _Server:
    """What the host and a driven process's stack tell each other."""

    func: Callable[[], Any] | None = None
    done: bool = True
    value: Any = None
    error: BaseException | None = None


class Process:
    """A process without a program: the host says which calls it makes.

    Every function of userland.libc is a method: p.open(b"/x", O_RDONLY) runs
    open() on the process's stack and returns what it returns; errors are
    OSError.  p.begin("read", fd, 10) does not wait for the result, p.finish()
    does.
    """

    def __init__(self, kernel: Kernel, proc: Proc, lwp: Lwp | None = None) -> None:
        self.kernel = kernel
        self.proc = proc
        self._server = _Server()
        self.patched = False  # the host's stack is its own (kernel.patch)
        proc.p_md.md_syscall = syscall_plain
        proc.p_md.md_history = None
        proc.p_md.md_child = partial(_forked, kernel)
        if lwp is None:
            lwp = lwp_create(proc)
            lwp.l_pcb = cpu_context(self._serve, lwp, kernel.idle)
            exec_vmspace(lwp, _NO_IMAGE)
            sleepq_enter(lwp, self, "host", catch=True)
        self.lwp = lwp
        proc.p_md.md_host = self

    @property
    def pid(self) -> int:
        """The process id."""
        return self.proc.p_pid

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self.proc.p_stat != SZOMB

    @property
    def idle(self) -> bool:
        """Whether the process waits for the host to say what it does."""
        return self._server.done and self.alive

    @property
    def status(self) -> int:
        """The wait status, once the process has ended."""
        return self.proc.p_xstat

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = getattr(libc, name, None)
        if function is None:
            raise AttributeError(f"a process has no {name!r}, and userland.libc has none", obj=self)
        return partial(self.call, function)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *dir(libc)})

    def fork(self) -> "Process":
        """Make a child and return it, ready to be driven.

        Raises:
            OSError: as fork(2).
        """
        pid = self.call("fork")
        child: Proc = self.kernel.allproc[pid]
        self._enter(lambda: child.p_md.md_host is not None and child.p_md.md_host.idle)
        driven: Process = child.p_md.md_host
        return driven

    def call(self, function: Callable[..., Any] | str, *args: Any, **kwargs: Any) -> Any:
        """Run function, or libc's of that name, on the process's stack; return its value.

        That is None if the process ends in it.

        Raises:
            Deadlock: it waits for what can never come.
            ProcessGone: it has ended before.
        """
        self.begin(function, *args, run=False, **kwargs)
        return self.finish()

    def begin(
        self, function: Callable[..., Any] | str, *args: Any, run: bool = True, **kwargs: Any
    ) -> None:
        """Start a call, or any function of the caller's, and go on once it sleeps or is done.

        A process that is stopped starts it when it is continued.

        Raises:
            ProcessGone: it has ended before.
            RuntimeError: it is still in a call.
        """
        func: Callable[..., Any] = (
            getattr(libc, function) if isinstance(function, str) else function
        )
        server = self._server
        if not self.alive:
            raise ProcessGone(f"pid {self.pid} has ended")
        if not server.done:
            raise RuntimeError(f"pid {self.pid} is still in a call")
        server.func = partial(func, *args, **kwargs)
        server.done, server.value, server.error = False, None, None
        if self.lwp.l_stat == LSSLEEP:  # or a signal has woken it already
            sleepq_remove(self.lwp)
        if self.lwp.l_stat != LSSTOP:
            remrunqueue(self.lwp)
            setrunqueue_first(self.lwp)
        if run:
            waits = (LSSLEEP, LSSTOP)
            self._enter(lambda: server.done or not self.alive or self.lwp.l_stat in waits)

    def finish(self) -> Any:
        """Wait for the call that begin started; return its value.

        Raises:
            Deadlock: as call().
            Stopped: the host ends the run.
        """
        server = self._server
        self._enter(lambda: server.done or not self.alive)
        if server.error is not None:
            error, server.error = server.error, None
            raise error
        if server.done:
            return server.value
        if self.alive:
            raise Deadlock("\n".join(proc_states(self.kernel)))
        server.done = True
        return None

    def _enter(self, done: Callable[[], bool]) -> None:
        """Let the kernel run until done() or nothing can happen any more.

        Raises:
            Reboot: reboot(2) has ended the run.
            Stopped: the host has.
        """
        if not done() and self.kernel.howto is None:
            run_until(self.kernel, done)
        if self.kernel.howto is not None:
            raise Reboot(self.kernel.howto)
        if self.kernel.stopped:
            signo, self.kernel.stopped = self.kernel.stopped, 0
            raise Stopped(signo)

    def _serve(self, lwp: Lwp) -> None:
        """The process's own stack: do what the host asks, one call after the other."""
        server = self._server
        while True:
            if not server.done:
                self._answer()
                if lwp.l_astpending:  # a signal came while no call was made
                    userret(lwp)
            sleepq_enter(lwp, self, "host", catch=True)
            updatertime(lwp)
            self.kernel.curlwp = None
            cpu_switchto(self.kernel.idle)
            if server.done:  # not the host but a signal has woken it
                lwp.l_astpending = True
                userret(lwp)

    def _answer(self) -> None:
        """Do what the host has asked for."""
        server = self._server
        func, server.func = server.func, None
        try:
            server.value = func() if func is not None else None
        except ProcessExit:
            raise
        except Exception as exc:  # noqa: BLE001 - whatever it raises, its caller gets it
            server.error = exc
        server.done = True


def run_until(kernel: Kernel, done: Callable[[], bool]) -> None:
    """Let the kernel run until done() or nothing can happen any more.

    A process that has the host's stack (kernel.patch) sleeps meanwhile.
    """
    kernel.hostdone = done
    lwp: Lwp | None = getattr(cpu_current(), "lwp", None)
    if lwp is None:
        cpu_enter(kernel.idle)
        return
    sleepq_enter(lwp, done, "host", catch=False)
    updatertime(lwp)
    kernel.curlwp = None
    cpu_switchto(kernel.idle)
    kernel.hostdone = None
    sleepq_remove(lwp)
    remrunqueue(lwp)
    oncpu(lwp)


def _forked(kernel: Kernel, lwp: Lwp) -> None:
    """What the child of a driven process runs: it is driven, too."""
    replay_vmspace(lwp, _NO_IMAGE)
    process = Process(kernel, lwp.l_proc, lwp)
    process._server.func = partial(replay_done, lwp, SYS_fork, ())
    process._server.done = False
    process._serve(lwp)
