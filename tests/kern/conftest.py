# SPDX-License-Identifier: BSD-2-Clause
"""A kernel with a root tmpfs and processes that call handlers directly, before there is a boot."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kernel import api
from kernel.arch.python.copy import uvm_findspace, uvm_map, uvm_unmap
from kernel.arch.python.locore import trap
from kernel.fs.deadfs.dead_vfsops import dead_attach
from kernel.fs.tmpfs.tmpfs import TmpfsArgs
from kernel.fs.tmpfs.tmpfs_vfsops import tmpfs_vfsops
from kernel.kern.kern_proc import proc_enter
from kernel.kern.vfs_mount import domount
from kernel.kern.vfs_subr import vref
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import O_CREAT, O_RDWR, O_TRUNC
from kernel.sys.filedesc import Cwdinfo, Filedesc
from kernel.sys.kernel import Kernel, Limits
from kernel.sys.ktrace import KTRFAC_MASK, KTROP_CLEAR, KTROP_SET
from kernel.sys.proc import SACTIVE, Emul, Lwp, MdProc, Pgrp, Proc, Session
from kernel.sys.resource import RLIM_INFINITY, RLIM_NLIMITS, RLIMIT_NOFILE
from kernel.sys.signal import pack_sigaction
from kernel.sys.syscall import sysno
from kernel.sys.ucred import ROOT_CRED, Ucred
from kernel.sys.vm import TEXT_BASE, VM_LAYOUT, VM_PROT_READ, VM_PROT_WRITE, VmSpace
from userland.libktrace import Reader, Record, TraceFormat


class NoConsole:
    """A console at end of input that forgets what it is told."""

    def read_ready(self, block: bool) -> bool:
        return True

    def read(self, size: int) -> bytes:
        return b""

    def write(self, data: bytes | memoryview, minor: int) -> int:
        return len(data)

    def isatty(self, minor: int) -> bool:
        return False

    def setmodes(self, modes: object) -> None:
        del modes

    def winsize(self) -> tuple[int, int]:
        return 24, 80


def make_kernel(size: int = 64 << 20, nodes: int = 65536) -> Kernel:
    """A kernel whose root is an empty tmpfs."""
    kernel = Kernel(Limits(), NoConsole(), lambda image: None, lambda lwp: None)
    dead_attach(kernel)
    domount(kernel, tmpfs_vfsops, None, TmpfsArgs(size, nodes))
    return kernel


class Caller:
    """A process, and its system calls as methods with Python values.

    bytes become user strings, ints are registers; what goes wrong is raised as
    KernelError.
    """

    def __init__(self, kernel: Kernel, cred: Ucred = ROOT_CRED, pid: int = 1) -> None:
        limits = dict.fromkeys(range(RLIM_NLIMITS), (RLIM_INFINITY, RLIM_INFINITY))
        limits[RLIMIT_NOFILE] = (128, 3404)
        nothing = [lambda *args: None] * 3
        emul = Emul(b"netbsd", (), *nothing, lambda lwp: 0)
        self.p = Proc(
            pid,
            kernel,
            None,
            Pgrp(pid, Session(None, pid)),
            emul,
            Filedesc(),
            Cwdinfo(kernel.rootvnode),
            VmSpace(VM_LAYOUT[8]),
            MdProc(lambda *args: (0, 0), lambda lwp: None),
            limits,
            p_cred=cred,
            p_stat=SACTIVE,
        )
        proc_enter(self.p)
        vref(kernel.rootvnode)
        self.lwp = Lwp(self.p, 1, kernel)
        self.p.p_lwps.append(self.lwp)

    def map(self, data: bytes | bytearray, prot: int = VM_PROT_READ | VM_PROT_WRITE) -> int:
        """Put data into user memory; return its address."""
        memory = bytearray(data)
        address = uvm_findspace(self.p.p_vmspace, len(memory))
        uvm_map(self.p.p_vmspace, address, memoryview(memory), prot)
        return address

    def peek(self, address: int, size: int) -> bytes:
        """What user memory holds."""
        return bytes(self.p.p_vmspace.vm_map[address].mem[:size])

    def __call__(self, handler: Any, *args: Any) -> Any:
        """Call a handler; bytes arguments are passed as user strings."""
        mapped = []
        registers = []
        for arg in args:
            if isinstance(arg, bytes):
                mapped.append(self.map(arg + b"\0"))
                registers.append(mapped[-1])
            else:
                registers.append(arg)
        try:
            return handler(self.lwp, *registers)
        finally:
            for address in mapped:
                uvm_unmap(self.p.p_vmspace, address)

    def error(self, handler: Any, *args: Any) -> Errno | None:
        """The error of a call, None if it succeeds."""
        try:
            self(handler, *args)
        except KernelError as exc:
            return exc.errno
        return None


@pytest.fixture
def kernel() -> Kernel:
    return make_kernel()


@pytest.fixture
def root(kernel: Kernel) -> Caller:
    """A process of the superuser."""
    caller = Caller(kernel)
    caller.p.p_cwdi.cwdi_cmask = 0o022
    return caller


@pytest.fixture
def user(kernel: Kernel) -> Caller:
    """A process of user 1000, group 1000, also of group 2000."""
    return Caller(kernel, Ucred(1000, 1000, 1000, 1000, 1000, 1000, (2000,)), 2)


class Driver:
    """A process of a booted kernel that makes system calls by name, with registers.

    bytes become user strings for the time of the call, a bytearray is user
    memory in place, ints are registers.
    """

    def __init__(self, process: Any) -> None:
        self.process = process
        self.proc: Proc = process.proc
        self.lwp: Lwp = process.lwp

    @property
    def pid(self) -> int:
        return self.proc.p_pid

    def map(self, data: bytes | bytearray, prot: int = VM_PROT_READ | VM_PROT_WRITE) -> int:
        """Put data into user memory, a bytearray in place; return its address."""
        memory = data if isinstance(data, bytearray) else bytearray(data)
        address = uvm_findspace(self.proc.p_vmspace, len(memory))
        uvm_map(self.proc.p_vmspace, address, memoryview(memory), prot)
        return address

    def _registers(self, args: tuple[Any, ...]) -> list[int]:
        return [
            self.map(arg + b"\0" if isinstance(arg, bytes) else arg)
            if isinstance(arg, (bytes, bytearray))
            else arg
            for arg in args
        ]

    def trap(self, code: int, *args: Any) -> tuple[int, Any]:
        """Make call number code; return (errno, registers)."""
        registers = self._registers(args)
        try:
            result: tuple[int, Any] = self.process.call(trap, code, *registers) or (0, 0)
        finally:
            vm = self.proc.p_vmspace
            for arg, address in zip(args, registers, strict=True):
                if isinstance(arg, (bytes, bytearray)) and address in vm.vm_map:
                    uvm_unmap(vm, address)
        return result

    def __call__(self, name: str, *args: Any) -> int:
        """Make the call; return its first register; what goes wrong is raised as KernelError."""
        error, value = self.trap(sysno(name), *args)
        if error:
            raise KernelError(Errno(error))
        return value[0] if isinstance(value, tuple) else value

    def error(self, name: str, *args: Any) -> int:
        """Make the call; return its errno, 0 if it succeeds."""
        return self.trap(sysno(name), *args)[0]

    def begin(self, name: str, *args: Any) -> None:
        """Start a call that will sleep; what it was given stays mapped."""
        self.process.begin(trap, sysno(name), *self._registers(args))

    def finish(self) -> tuple[int, Any]:
        """Wait for the call that begin started: (errno, registers)."""
        result: tuple[int, Any] = self.process.finish()
        return result

    def handler(self, signo: int, function: Any, flags: int = 0, mask: int = 0) -> int:
        """Have function(signo, ...) called for signo; return its address."""
        text = self.proc.p_md.md_text
        address = max(text, default=TEXT_BASE) + 16
        text[address] = function
        self(
            "__sigaction_sigtramp", signo, bytearray(pack_sigaction(address, mask, flags)), 0, 1, 2
        )
        return address

    def fork(self) -> "Driver":
        """Make a child, to be driven like this one."""
        return Driver(self.process.fork())

    def exit(self, code: int = 0) -> None:
        """End the process."""
        self.trap(sysno("exit"), code)


class Booted:
    """A kernel booted by kernel.api."""

    def __init__(self, **options: Any) -> None:
        self.system = api.boot(**options)
        self.kernel = self.system.kernel

    def process(self, uid: int = 0, gid: int | None = None, groups: tuple[int, ...] = ()) -> Driver:
        """A new process, the leader of its session."""
        return Driver(self.system.process(uid, gid, groups))


@pytest.fixture
def boot() -> Iterator[Callable[..., Booted]]:
    """Boots kernels with options of kernel.api.boot, and shuts them down after the test."""
    kernels: list[Booted] = []

    def make(**options: Any) -> Booted:
        kernels.append(Booted(**options))
        return kernels[-1]

    yield make
    for booted in kernels:
        booted.system.shutdown()


@pytest.fixture
def booted(boot: Callable[..., Booted]) -> Booted:
    """A booted kernel."""
    return boot()


class Traced:
    """A booted kernel with a root process, tracer, that traces another, p."""

    def __init__(self, booted: Booted) -> None:
        self.booted = booted
        self.kernel = booted.kernel
        self.tracer = booted.process()
        self.p = booted.process()

    def create(self, path: bytes = b"/trace") -> None:
        """Make an empty file for traces that everybody may write."""
        fd = self.tracer("open", path, O_RDWR | O_CREAT | O_TRUNC, 0o666)
        self.tracer("fchmod", fd, 0o666)
        self.tracer("close", fd)

    def start(self, facs: int, target: Driver | None = None, path: bytes = b"/trace") -> None:
        """Have the records of target, by default p, written to a new file."""
        self.create(path)
        self.set(facs, target, path)

    def set(self, facs: int, target: Driver | None = None, path: bytes = b"/trace") -> None:
        """Set target's trace to a file that is there."""
        self.tracer("ktrace", path, KTROP_SET, facs, (target or self.p).pid)

    def fktrace(
        self, fd: int, facs: int, ops: int = KTROP_SET, target: Driver | None = None
    ) -> int:
        """Use a descriptor of tracer's; return the error."""
        return self.tracer.error("fktrace", fd, ops, facs, (target or self.p).pid)

    def data(self, path: bytes = b"/trace") -> bytes:
        """What is in the file."""
        fd = self.tracer("open", path, O_RDWR, 0)
        whole = b""
        buf = bytearray(1 << 16)
        while count := self.tracer("read", fd, buf, len(buf)):
            whole += buf[:count]
        self.tracer("close", fd)
        return whole

    def records(
        self, path: bytes = b"/trace", version: int = 0, data: bytes | None = None
    ) -> list[Record]:
        """The records in the file, or in data; they must be whole."""
        form = TraceFormat(version, self.kernel.abi)
        return list(Reader(io.BytesIO(self.data(path) if data is None else data), form))

    def clear(self, target: Driver | None = None) -> None:
        """End target's trace."""
        self.tracer("ktrace", 0, KTROP_CLEAR, KTRFAC_MASK, (target or self.p).pid)


@pytest.fixture
def ktraced(booted: Booted) -> Traced:
    """A kernel with a process to trace, and one to trace it."""
    return Traced(booted)
