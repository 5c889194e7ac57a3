# SPDX-License-Identifier: BSD-2-Clause
"""The trace file: facilities, operations, and the layout of every record.  NetBSD sys/sys/ktrace.h.

A trace is header, payload, header, payload ...; ktr_len counts the payload.
The kernel here writes v0, the header of 2003, LP64 and little-endian unless it is
told otherwise; v1 and v2 are asked for by the version bits of the facilities.
"""

from typing import Annotated, Final, TypeAlias

from kernel.sys.cdefs import (
    CharArray,
    Int,
    Int64,
    Long,
    Pointer,
    Register,
    Short,
    UInt,
    UIntArray,
    ULong,
)
from kernel.sys.namedtuple import NamedTuple

MAXCOMLEN: Final = 16  # bytes of a command name; sys/param.h

# Operations: ktrace(2)'s ops.
KTROP_SET: Final = 0
KTROP_CLEAR: Final = 1
KTROP_CLEARFILE: Final = 2
KTROP_MASK: Final = 3
KTRFLAG_DESCEND: Final = 4  # the operation is for all descendants too

# Record types: ktr_type.
KTR_SYSCALL: Final = 1
KTR_SYSRET: Final = 2
KTR_NAMEI: Final = 3
KTR_GENIO: Final = 4
KTR_PSIG: Final = 5
KTR_CSW: Final = 6
KTR_EMUL: Final = 7
KTR_USER: Final = 8
KTR_MMSG: Final = 9
KTR_EXEC_ARG: Final = 10
KTR_EXEC_ENV: Final = 11
KTR_MOOL: Final = 12
KTR_SAUPCALL: Final = 13
KTR_MIB: Final = 14
KTR_EXEC_FD: Final = 15

# Facilities: p_traceflag, and ktrace(2)'s trpoints.
KTRFAC_MASK: Final = 0x00FFFFFF
KTRFAC_SYSCALL: Final = 1 << KTR_SYSCALL
KTRFAC_SYSRET: Final = 1 << KTR_SYSRET
KTRFAC_NAMEI: Final = 1 << KTR_NAMEI
KTRFAC_GENIO: Final = 1 << KTR_GENIO
KTRFAC_PSIG: Final = 1 << KTR_PSIG
KTRFAC_CSW: Final = 1 << KTR_CSW
KTRFAC_EMUL: Final = 1 << KTR_EMUL
KTRFAC_USER: Final = 1 << KTR_USER
KTRFAC_MMSG: Final = 1 << KTR_MMSG
KTRFAC_EXEC_ARG: Final = 1 << KTR_EXEC_ARG
KTRFAC_EXEC_ENV: Final = 1 << KTR_EXEC_ENV
KTRFAC_MOOL: Final = 1 << KTR_MOOL
KTRFAC_SAUPCALL: Final = 1 << KTR_SAUPCALL
KTRFAC_MIB: Final = 1 << KTR_MIB
KTRFAC_EXEC_FD: Final = 1 << KTR_EXEC_FD

KTRFAC_ROOT: Final = 0x80000000  # root set this trace
KTRFAC_PERSISTENT: Final = KTRFAC_ROOT  # its name from NetBSD 5 on
KTRFAC_INHERIT: Final = 0x40000000  # children get the trace too
KTRFAC_ACTIVE: Final = 0x20000000  # a record is being made: do not trace its making
KTRFAC_TRC_EMUL: Final = 0x10000000  # an EMUL record goes before the next one
KTRFAC_VER_MASK: Final = 0x0F000000  # record version, passed with the facilities
KTRFAC_VER_SHIFT: Final = 24

KTRFACv0: Final = 0 << KTRFAC_VER_SHIFT
KTRFACv1: Final = 1 << KTRFAC_VER_SHIFT
KTRFACv2: Final = 2 << KTRFAC_VER_SHIFT

KTR_USER_MAXIDLEN: Final = 20  # bytes of a label, NUL included
KTR_USER_MAXLEN: Final = 2048  # bytes of data of one utrace(2)
KTRUSER_SYMLINK_TARGET: Final = b"symlink-target"  # the kernel's label of what a new link names

Comm: TypeAlias = Annotated[bytes, CharArray(MAXCOMLEN + 1)]
Sigset: TypeAlias = Annotated[tuple[int, ...], UIntArray(4)]


def KTROP(ops: int) -> int:
    """Return the operation in ktrace(2)'s ops, flags left out."""
    return ops & KTROP_MASK


def KTRFAC_VERSION(flags: int) -> int:
    """Return the record version that facilities ask for."""
    return (flags & KTRFAC_VER_MASK) >> KTRFAC_VER_SHIFT


class KtrTimeval(NamedTuple):
    """The time of a v0 record."""

    tv_sec: Long
    tv_usec: Long


class KtrTimespec32(NamedTuple):
    """The time of a v1 record; a word each."""

    tv_sec: Long
    tv_nsec: Long


class KtrTimespec(NamedTuple):
    """The time of a v2 record."""

    tv_sec: Int64
    tv_nsec: Long


class KtrHeaderV0(NamedTuple):
    """Header of 2003."""

    ktr_len: Int  # bytes of payload that follow
    ktr_type: Short
    ktr_pid: Int
    ktr_comm: Comm
    ktr_time: KtrTimeval
    ktr_buf: Pointer  # a kernel address; means nothing to a reader


class KtrHeaderV1(NamedTuple):
    """Header of NetBSD 4 and 5."""

    ktr_len: Int  # bytes of payload that follow
    ktr_vertype: UInt  # see ktr_vertype()
    ktr_pid: Int
    ktr_comm: Comm
    ktr_time: KtrTimespec32
    ktr_lid: Int


class KtrHeaderV2(NamedTuple):
    """Header of NetBSD 6 to 10."""

    ktr_len: Int  # bytes of payload that follow
    ktr_vertype: UInt  # see ktr_vertype()
    ktr_pid: Int
    ktr_comm: Comm
    ktr_time: KtrTimespec
    ktr_lid: Int


def ktr_vertype(version: int, record_type: int) -> int:
    """Return version and type as the one word they are in v1 and v2 headers.

    C declares two shorts whose order depends on the byte order of the machine,
    just so that the word is version << 16 | type everywhere.
    """
    return version << 16 | record_type


class KtrSyscall(NamedTuple):
    """Payload of KTR_SYSCALL; ktr_argsize bytes of register_t come after it."""

    ktr_code: Int
    ktr_argsize: Int


class KtrSysret(NamedTuple):
    """Payload of KTR_SYSRET."""

    ktr_code: Short
    ktr_eosys: Short  # always 0
    ktr_error: Int
    ktr_retval: Register
    ktr_retval_1: Register


class KtrSysretOld(NamedTuple):
    """Payload of KTR_SYSRET before NetBSD 1.6: one return value."""

    ktr_code: Short
    ktr_eosys: Short
    ktr_error: Int
    ktr_retval: Register


class KtrGenio(NamedTuple):
    """Payload of KTR_GENIO; the bytes that moved come after it."""

    ktr_fd: Int
    ktr_rw: Int  # UIO_READ or UIO_WRITE


class KtrPsig(NamedTuple):
    """Payload of KTR_PSIG; a siginfo_t may come after it."""

    signo: Int
    action: Pointer  # SIG_DFL, SIG_IGN or the handler
    mask: Sigset
    code: Int


class KtrCsw(NamedTuple):
    """Payload of KTR_CSW."""

    out: Int  # 1 when switching out, 0 when in
    user: Int  # 1 if user, 0 if kernel


class KtrUser(NamedTuple):
    """Payload of KTR_USER; the data comes after it."""

    ktr_id: Annotated[bytes, CharArray(KTR_USER_MAXIDLEN)]


class KtrMmsg(NamedTuple):
    """Payload of KTR_MMSG: a Mach message's header; its body comes after it."""

    ktr_bits: Int
    ktr_size: Int
    ktr_remote_port: Int
    ktr_local_port: Int
    ktr_reserved: Int
    ktr_id: Int


class KtrMool(NamedTuple):
    """Payload of KTR_MOOL (2003-11 to 2009); the message comes after it."""

    uaddr: Pointer
    size: ULong  # bytes


class KtrSaupcall(NamedTuple):
    """Payload of KTR_SAUPCALL (2004 to 2011)."""

    ktr_type: Int
    ktr_nevent: Int
    ktr_nint: Int
    ktr_sas: Pointer
    ktr_ap: Pointer


class KtrExecFd(NamedTuple):
    """Payload of KTR_EXEC_FD: a descriptor that exec leaves open."""

    ktr_fd: Int
    ktr_dtype: UInt


class KtrSiginfo(NamedTuple):
    """The head of the siginfo_t after a KtrPsig; a union follows, aligned to a word."""

    si_signo: Int
    si_code: Int
    si_errno: Int


SIGINFO_SIZE: Final = 128  # bytes of a siginfo_t on every ABI


class KtrSiginfoRt(NamedTuple):
    """The union for signals that were sent, queued or timed."""

    si_pid: Int
    si_uid: UInt
    si_value: Pointer


class KtrSiginfoChild(NamedTuple):
    """The union for SIGCHLD."""

    si_pid: Int
    si_uid: UInt
    si_status: Int
    si_utime: UInt  # clock ticks
    si_stime: UInt


class KtrSiginfoFault(NamedTuple):
    """The union for SIGILL, SIGFPE, SIGSEGV, SIGBUS and SIGTRAP."""

    si_addr: Pointer
    si_trap: Int


class KtrSiginfoPoll(NamedTuple):
    """The union for SIGIO."""

    si_band: Long
    si_fd: Int
