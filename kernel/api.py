# SPDX-License-Identifier: BSD-2-Clause
"""The door for tests and embedding: boot a kernel, make calls as a process, run programs.

    with api.boot(seed=1) as k:
        p = k.root()
        fd = p.open(b"/tmp/x", O_RDWR | O_CREAT, 0o644)
        result = k.run("prog.py", ["arg"], stdin=b"input", ktrace=True)
        result.status, result.stdout, result.records()

Several kernels live side by side; none touches the host but for what it is given.
"""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from kernel.arch.python.clock import clock_idle, nanotime
from kernel.arch.python.syscall import syscall_intern
from kernel.dev.tty_pty import pty_check, pty_getfree
from kernel.faults import Faulty
from kernel.files import Changes, Files, FileState
from kernel.furnish import Furnished
from kernel.inject import Call, Faults
from kernel.interrupts import interruptible
from kernel.kern import init_main
from kernel.kern.kern_clock import hardclock
from kernel.kern.kern_descrip import FILE_UNUSE, FILE_USE
from kernel.kern.kern_proc import proc_alloc_pid, proc_setcred, setcomm
from kernel.kern.kern_reboot import Reboot
from kernel.kern.kern_sig import psignal
from kernel.kern.kern_timeout import callout_next
from kernel.kern.subr_log import Panic
from kernel.library import install_library
from kernel.patch import Patch
from kernel.process import Deadlock, Process, ProcessGone, Stopped, run_until
from kernel.result import Left, Result
from kernel.sys.cdefs import LP64, Abi
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_RDWR
from kernel.sys.ioccom import TIOCSCTTY
from kernel.sys.kernel import ConsoleDevice, Kernel, Limits
from kernel.sys.ktrace import (
    KTRFAC_INHERIT,
    KTRFAC_MASK,
    KTRFAC_VER_SHIFT,
    KTRFLAG_DESCEND,
    KTROP_CLEAR,
    KTROP_SET,
)
from kernel.sys.module import autoload
from kernel.sys.proc import Pgrp, Session
from kernel.sys.signal import SIGKILL
from kernel.sys.time import NEVER
from kernel.sys.ucred import ROOT_CRED, Ucred
from kernel.terminal import Buffers, Terminal
from userland.distribution import distribution
from userland.libktrace.points import getpoints
from userland.python.crt0 import start as start_image
from userland.python.frames import SITE
from userland.python.importer import Installation

if TYPE_CHECKING:
    from os import PathLike

    from kernel.dev import tracesink
    from kernel.kern import sys_ktrace
    from userland.libktrace.trace import Trace
else:
    tracesink = autoload("kernel.dev.tracesink")
    sys_ktrace = autoload("kernel.kern.sys_ktrace")

__all__ = [
    "Buffers", "Call", "Changes", "Deadlock", "Faults", "FileState", "Files", "Left", "Limits",
    "Panic", "Patch", "Process", "ProcessGone", "Reboot", "Result", "Stopped", "System", "Terminal",
    "boot",
]  # fmt: skip

PREEMPT = 20  # statements between two preemptions, where nobody says how many
PATH = "/bin:/sbin:/usr/bin:/usr/sbin"
HOMES = {0: ("root", "/root", 0), 1000: ("user", "/home/user", 100)}


class System(Furnished, Faulty):
    """A booted kernel and its console."""

    def __init__(self, kernel: Kernel, console: ConsoleDevice, traced: bool = False) -> None:
        super().__init__(kernel, console)
        self.uid = 0  # whose processes run, patch and call make unless they are told
        self.traced = traced  # whether run and patch keep a trace unless they are told
        self._root: Process | None = None
        self._terminals: list[Terminal] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.shutdown()

    def root(self) -> Process:
        """Return the super-user's process, the same one each time."""
        if self._root is None or not self._root.alive:
            self._root = self.process()
        return self._root

    def process(
        self, uid: int = 0, gid: int | None = None, groups: Iterable[int] = (), name: str = "host"
    ) -> Process:
        """Make a process to drive: a child of init, in a session of its own.

        Descriptors 0 to 2 are the console, the current directory is its home.
        """
        kernel = self.kernel
        login, home, group = HOMES.get(uid, (str(uid), "/", uid))
        gid = group if gid is None else gid
        pid = proc_alloc_pid(kernel)
        session = Session(None, pid, login)
        proc = init_main.proc_create(kernel, pid, kernel.initproc, Pgrp(pid, session))
        session.s_leader = proc
        setcomm(proc, name.encode())
        process = Process(kernel, proc)
        for path in (b"/dev/console", b"/dev/console", b"/dev/conserr"):
            process.open(path, O_RDWR)
        process.chdir(home.encode())
        proc_setcred(proc, Ucred(uid, gid, uid, gid, uid, gid, tuple(groups)))
        syscall_intern(proc)
        return process

    def terminal(self) -> Terminal:
        """Make a terminal to type at.

        Raises:
            KernelError: ENXIO, there are too many.
        """
        kernel = self.kernel
        made = Terminal(self.settle, pty_check(kernel, pty_getfree(kernel)))
        self._terminals.append(made)
        return made

    def login(self, terminal: Terminal, uid: int = 0, name: str = "host") -> Process:
        """Make a process to drive whose controlling terminal, and descriptors 0 to 2, are terminal.

        Raises:
            OSError: EPERM, it is another session's.
        """
        process = self.process(uid, name=name)
        for fd in (0, 1, 2):
            process.close(fd)
        cred = process.proc.p_cred
        proc_setcred(process.proc, ROOT_CRED)
        process.chown(terminal.path, uid, cred.cr_gid)
        process.open(terminal.path, O_RDWR)
        terminal.opened()
        proc_setcred(process.proc, cred)
        process.ioctl(0, TIOCSCTTY)
        process.dup2(0, 1)
        process.dup2(0, 2)
        return process

    def run(
        self,
        program: "str | PathLike[str] | bytes",
        argv: Iterable[str] = (),
        *,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        uid: int | None = None,
        ktrace: bool | None = None,
    ) -> Result:
        """Run a program to its end; what it left running goes on with the next call.

        Args:
            program: a file of the host, copied into the home directory; or,
                as bytes, the path of one inside.
            argv: arguments after the program's name.
            stdin: what the console has to read, if the console is Buffers.
            env: the environment besides HOME, PATH, USER.
            uid: whose process it is; None: as the system has it.
            ktrace: whether to keep a trace, with ktrace(1)'s default points, inherited;
                None: as boot() was told.

        Raises:
            OSError: program cannot be read, or not executed.
            Deadlock: it waits for what can never come.
            Reboot: it has called reboot(2).
            KeyboardInterrupt: SIGINT came to the host, whatever the program made of it; the
                second one does not wait for its end.
        """
        console = self.console
        if isinstance(console, Buffers):
            console.stdin = io.BytesIO(stdin)
        process, sink = self._observed(uid, "host", "ktrace", ktrace)
        self.start(process, program, argv, env)
        recording = self._record(sink)
        try:
            with interruptible(self.kernel):
                process.finish()
        except Reboot:
            if not self._crashes():
                raise
        except OSError as exc:
            if exc.errno == Errno.ENOEXEC and not isinstance(program, bytes):
                exc.add_note(f"{program} is a file of the host; bytes name one that is inside")
            raise
        finally:
            self.last = recording.result(process.status)
        return self.last

    def _observed(
        self, uid: int | None, name: str, traced: str, ktrace: bool | None
    ) -> tuple[Process, io.BytesIO]:
        """Make a process, and what has its trace if it is to have one: its name is traced then."""
        ktrace = self.traced if ktrace is None else ktrace
        process = self.process(self.uid if uid is None else uid, name=traced if ktrace else name)
        sink = io.BytesIO()
        if ktrace:
            self.ktrace(process, sink)
        return process, sink

    @contextmanager
    def tracing(self, process: Process) -> "Iterator[Callable[[], Trace]]":
        """Keep a trace of a process that is driven, and of its children, for the block.

        What the block gets returns the trace so far.
        """
        sink = io.BytesIO()
        recording = self._record(sink)
        self.ktrace(process, sink)
        try:
            yield lambda: recording.result(0).trace
        finally:
            if process.alive:
                clear = KTROP_CLEAR | KTRFLAG_DESCEND
                process.call(
                    lambda: sys_ktrace.ktrace_common(
                        process.lwp, clear, KTRFAC_MASK, process.pid, None
                    )
                )

    def start(
        self,
        process: Process,
        program: "str | PathLike[str] | bytes",
        argv: Iterable[str] = (),
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Let process become program; it runs when the process's finish() is called.

        Raises:
            OSError: program cannot be read.
            TypeError: argv is one word.
        """
        argv = _words(argv)
        environ = _environ(process.proc.p_cred.cr_uid)
        home = environ["HOME"]
        if isinstance(program, bytes):
            path = program
        else:
            path = os.fsencode(f"{home.rstrip('/')}/{os.path.basename(program)}")
            with open(program, "rb") as file:
                self.install(path, file.read(), 0o755, process.proc.p_cred.cr_uid)
        name = os.fsdecode(path).rpartition("/")[2]
        process.proc.p_md.md_injected = None  # from its first own call on
        process.begin("execve", path, [name, *argv], {**environ, **(env or {})}, run=False)

    def ktrace(
        self,
        process: Process,
        sink: BinaryIO,
        points: str = "+",
        version: int = 2,
        inherit: bool = True,
    ) -> None:
        """Have the records of process written to sink, a file of the host.

        Args:
            process: whose.
            sink: an open binary file; flushed when the last process lets go.
            points: letters of ktrace(1)'s -t.
            version: of the records, 0 to 2.
            inherit: whether children are traced, too.

        Raises:
            ValueError: points.
        """
        facs = getpoints(0, points) | version << KTRFAC_VER_SHIFT
        facs |= KTRFAC_INHERIT if inherit else 0
        fp = tracesink.tracesink(self.kernel, sink)
        FILE_USE(fp)
        process.call(
            lambda: sys_ktrace.ktrace_common(process.lwp, KTROP_SET, facs, process.pid, fp)
        )
        FILE_UNUSE(fp, None)

    def patch(
        self,
        *,
        uid: int | None = None,
        env: Mapping[str, str] | None = None,
        argv: Iterable[str] = ("python3",),
        stdin: bytes = b"",
        ktrace: bool | None = None,
    ) -> Patch:
        """Return a context manager in whose block the caller's code is an emulated process.

        What os, open, time, socket, subprocess, threading ... do there they do in this system,
        whoever has imported them and when.  docs/testing.md says what is and what is not caught;
        what is not fails.  When the block ends the process does, as a program does.

        Args:
            uid: whose process it is; None: as the system has it.
            env: the environment besides HOME, PATH, USER.
            argv: sys.argv.
            stdin: what the console has to read, if the console is Buffers.
            ktrace: whether to keep a trace; None: as boot() was told.

        Raises:
            ProcessGone: at the end of the block, if the process ended before.
            Deadlock: at the end of the block, if it waits for what can never come.
        """
        if isinstance(self.console, Buffers):
            self.console.stdin = io.BytesIO(stdin)
        process, sink = self._observed(uid, "python3", "python3", ktrace)
        recording = self._record(sink)

        def ended() -> Result:
            self.settle()
            self.last = recording.result(process.status)
            return self.last

        args = tuple(map(os.fsencode, _words(argv)))
        return Patch(process, args, {**_environ(process.proc.p_cred.cr_uid), **(env or {})}, ended)

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run function in a process of its own and return its value: with patch()."""
        with self.patch() as patch:
            return patch.call(function, *args, **kwargs)

    def advance(self, seconds: float) -> None:
        """Let virtual time pass; whoever it wakes runs.

        Raises:
            ValueError: it would go back.
        """
        if seconds < 0:
            raise ValueError(f"advance({seconds!r}): time does not go back")
        kernel = self.kernel
        until = min(kernel.clock.now + round(seconds * 1_000_000_000), NEVER - 1)
        while (when := callout_next(kernel)) <= until:
            clock_idle(kernel, when)
            hardclock(kernel)
            self.settle()
        clock_idle(kernel, until)

    def settle(self) -> None:
        """Let everybody run who can, without letting time jump."""
        kernel = self.kernel
        if kernel.whichqs and kernel.howto is None:
            run_until(kernel, lambda: not kernel.whichqs)

    def time(self) -> float:
        """Return the time of day inside, seconds since the epoch."""
        return nanotime(self.kernel) / 1e9

    def dmesg(self) -> list[str]:
        """Return the message buffer, a line each."""
        return list(self.kernel.msgbuf)

    def shutdown(self) -> None:
        """Kill what is left: every trace and file is let go of.  After reboot(2) nobody is left."""
        if self.kernel.howto is not None:
            init_main.idle_begin(self.kernel)
            return
        for terminal in self._terminals:
            terminal.hangup()
        for proc in list(self.kernel.allproc.values()):
            host = proc.p_md.md_host
            if host is not None and host.idle:
                host.call("_exit", 0)
            else:
                psignal(proc, SIGKILL)
        self.settle()
        init_main.idle_begin(self.kernel)


def _environ(uid: int) -> dict[str, str]:
    """Return the environment of a user's programs."""
    login, home, _ = HOMES.get(uid, ("nobody", "/", 0))
    return {"HOME": home, "PATH": PATH, "USER": login}


def _words(argv: Iterable[str]) -> Iterable[str]:
    """Return arguments.

    Raises:
        TypeError: they are one word, whose letters would be taken for words.
    """
    if isinstance(argv, (str, bytes)):
        raise TypeError(f"argv is a list of words: [{argv!r}], not {argv!r}")
    return argv


def boot(
    *,
    seed: int | None = None,
    limits: Limits | None = None,
    real_clock: bool = False,
    console: ConsoleDevice | None = None,
    abi: Abi = LP64,
    files: Files | None = None,
    preempt: int = 0,
    ktrace: bool = False,
    lines: bool = False,
    site: "bool | str | PathLike[str]" = False,
    allow_modules: Iterable[str] = (),
) -> System:
    """Boot a kernel with /bin, /etc and /dev in place.

    Args:
        seed: of the schedule and of /dev/random; None: round robin.
        limits: sizes; Limits(fs_size=1 << 20, maxproc=20) ...
        real_clock: follow the host's clock instead of virtual time.
        console: what /dev/console is wired to; None: Buffers().
        abi: word size and byte order of traces.
        files: what another kernel had, to go on with; None: those of the distribution.
        preempt: have programs preempted at each so many statements of their own code, with a seed
            on average; 0: at system calls only.
        ktrace: whether run() and patch() keep a trace unless they are told.
        lines: whether a trace is to know which line of a program made a call.
        site: let programs import the packages of a directory of the host, mounted read-only at
            SITE and processed as site does; True: those of the interpreter that runs.
        allow_modules: C modules, or whole packages, of the host that programs get as they are:
            what they do is not the kernel's any more.

    Raises:
        KernelError: the limits leave no room for the root file system.
        OSError: there is no such site.
        ValueError: preempt is negative.
    """
    if preempt < 0:
        raise ValueError(f"preempt={preempt}: at each so many statements, or 0")
    console = console or Buffers()
    kernel = init_main.main(console, start_image, limits or Limits(), seed, real_clock, abi)
    kernel.preempt = preempt
    kernel.installation = Installation(SITE if site else "", frozenset(allow_modules))
    if files is not None:
        if not real_clock:  # nothing was changed in the future
            clock_idle(kernel, max(state.ctime for state in files.values()))
        files.restore(kernel)
    for entry in distribution() if files is None else ():
        if entry.data is None:
            init_main.boot_mkdir(kernel, entry.path, entry.mode, entry.uid, entry.gid)
        else:
            init_main.boot_mkfile(kernel, entry.path, entry.data, entry.mode, entry.uid, entry.gid)
    install_library(kernel, site)
    system = System(kernel, console, ktrace)
    if lines:
        system.note_lines()
    return system
