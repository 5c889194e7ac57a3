# SPDX-License-Identifier: BSD-2-Clause
"""Tracing of a process by another.  NetBSD sys/sys/ptrace.h, sys/arch/amd64/include/reg.h."""

from struct import Struct
from typing import TYPE_CHECKING, Final, Self

from kernel.sys.dataclasses import dataclass
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.signalvar import Ksiginfo

if TYPE_CHECKING:
    from kernel.sys.proc import Proc

# Requests.
PT_TRACE_ME: Final = 0
PT_READ_I: Final = 1
PT_READ_D: Final = 2
PT_WRITE_I: Final = 4
PT_WRITE_D: Final = 5
PT_CONTINUE: Final = 7
PT_KILL: Final = 8
PT_ATTACH: Final = 9
PT_DETACH: Final = 10
PT_IO: Final = 11
PT_DUMPCORE: Final = 12
PT_LWPINFO: Final = 13
PT_SYSCALL: Final = 14
PT_SYSCALLEMU: Final = 15
PT_SET_EVENT_MASK: Final = 16
PT_GET_EVENT_MASK: Final = 17
PT_GET_PROCESS_STATE: Final = 18
PT_SET_SIGINFO: Final = 19
PT_GET_SIGINFO: Final = 20
PT_RESUME: Final = 21
PT_SUSPEND: Final = 22
PT_STOP: Final = 23
PT_STEP: Final = 32  # the machine's
PT_GETREGS: Final = 33

# pe_set_event, pe_report_event
PTRACE_FORK: Final = 0x0001
PTRACE_VFORK: Final = 0x0002
PTRACE_VFORK_DONE: Final = 0x0004
PTRACE_LWP_CREATE: Final = 0x0008
PTRACE_LWP_EXIT: Final = 0x0010
PTRACE_POSIX_SPAWN: Final = 0x0020
PTRACE_EVENTS: Final = 0x003F

# piod_op
PIOD_READ_D: Final = 1
PIOD_WRITE_D: Final = 2
PIOD_READ_I: Final = 3
PIOD_WRITE_I: Final = 4
PIOD_READ_AUXV: Final = 5

# pl_event
PL_EVENT_NONE: Final = 0
PL_EVENT_SIGNAL: Final = 1

# Places of struct reg, of its 26 words, that hold what a system call is about.
_REG_RDI, _REG_RSI, _REG_RDX, _REG_R10, _REG_R8, _REG_R9 = 0, 1, 2, 6, 4, 5
REG_ARGS: Final = (_REG_RDI, _REG_RSI, _REG_RDX, _REG_R10, _REG_R8, _REG_R9)
REG_RAX: Final = 14
REG_RFLAGS: Final = 23
REG_RSP: Final = 24
REG_CARRY: Final = 1  # in REG_RFLAGS: the call has failed
REG: Final = Struct("<26Q")

_IO_DESC: Final = Struct("<i4xQQQ")
_LWPINFO: Final = Struct("<ii")
_STATE: Final = Struct("<ii")
_SYSCALL: Final = Struct("<iiii8Q")  # of a siginfo: number, the two results, error, arguments
SIZEOF_PTRACE_EVENT: Final = 4  # bytes
SIZEOF_PTRACE_STATE: Final = _STATE.size
SIZEOF_PTRACE_LWPINFO: Final = _LWPINFO.size
SIZEOF_PTRACE_IO_DESC: Final = _IO_DESC.size
SIZEOF_PTRACE_SIGINFO: Final = 136
SIGINFO_REASON: Final = 16  # where a siginfo's union begins


class TracedCall(NamedTuple):
    """The system call at which a process has stopped."""

    code: int
    args: tuple[int, ...]
    error: int = 0  # at its end
    retval: tuple[int, int] = (0, 0)

    def pack(self) -> bytes:
        """Return what a siginfo holds of it."""
        words = [arg % (1 << 64) for arg in (*self.args, *(0,) * 8)[:8]]
        low = [(value + (1 << 31)) % (1 << 32) - (1 << 31) for value in self.retval]
        return _SYSCALL.pack(self.code, *low, max(self.error, -(1 << 31)), *words)


@dataclass(slots=True, eq=False)
class Ptrace:
    """What is kept of a process that another traces; the tracer is its parent meanwhile."""

    pt_opptr: "Proc | None" = None  # its own parent, if that is another
    pt_syscall: bool = False  # stops at system calls (PT_SYSCALL)
    pt_events: int = 0  # PTRACE_*: at what it stops, too
    pt_newborn: int = 0  # it was made by an event: which, told at its first return to user mode
    pt_info: Ksiginfo | None = None  # of the signal it has stopped for
    pt_lid: int = 0  # the LWP that has
    pt_report: tuple[int, int] = (0, 0)  # PTRACE_*, and the other process or the LWP
    pt_call: TracedCall | None = None


class PtraceIoDesc(NamedTuple):
    """Memory of the traced process, and where it goes or comes from (struct ptrace_io_desc)."""

    piod_op: int  # PIOD_*
    piod_offs: int  # address in the traced process
    piod_addr: int  # in the caller
    piod_len: int  # bytes

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _IO_DESC.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(*_IO_DESC.unpack(data))


class PtraceLwpinfo(NamedTuple):
    """An LWP, and what it has stopped for (struct ptrace_lwpinfo)."""

    pl_lwpid: int
    pl_event: int = PL_EVENT_NONE

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _LWPINFO.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(*_LWPINFO.unpack(data))


class PtraceState(NamedTuple):
    """What has happened in a traced process (struct ptrace_state)."""

    pe_report_event: int = 0  # PTRACE_*
    pe_other_pid: int = 0  # or pe_lwp

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _STATE.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(*_STATE.unpack(data))
