# SPDX-License-Identifier: BSD-2-Clause
"""siginfo_t as bytes, and as programs see it.  NetBSD sys/sys/siginfo.h."""

from typing import Final

from kernel.sys.cdefs import LP64, Abi, pack, sizeof, unpack_from
from kernel.sys.ktrace import (
    SIGINFO_SIZE,
    KtrSiginfo,
    KtrSiginfoChild,
    KtrSiginfoFault,
    KtrSiginfoRt,
)
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.signal import SIGBUS, SIGCHLD, SIGFPE, SIGILL, SIGSEGV, SIGTRAP
from kernel.sys.signalvar import Ksiginfo

_FAULTS: Final = frozenset((SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGTRAP))
_UNION: Final = -(-sizeof(KtrSiginfo) // 8) * 8  # where it begins, LP64


class Siginfo(NamedTuple):
    """What a handler with SA_SIGINFO, or who waits, is told of a signal (siginfo_t)."""

    si_signo: int
    si_code: int = 0  # SI_USER, CLD_EXITED, SEGV_MAPERR ...
    si_errno: int = 0
    si_pid: int = 0
    si_uid: int = 0
    si_value: int = 0  # SI_QUEUE, SI_TIMER: sival_int, or sival_ptr
    si_status: int = 0  # SIGCHLD: exit status or signal
    si_utime: int = 0
    si_stime: int = 0
    si_addr: int = 0  # faults
    si_trap: int = 0

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return siginfo_pack(_ksi(self), LP64)

    @classmethod
    def unpack(cls, data: bytes) -> "Siginfo":
        """Return what the bytes of the C struct tell."""
        return cls.of(siginfo_unpack(data))

    @classmethod
    def of(cls, ksi: Ksiginfo) -> "Siginfo":
        """Return what a program is told of a signal."""
        return cls(
            ksi.ksi_signo, ksi.ksi_code, ksi.ksi_errno, ksi.ksi_pid, ksi.ksi_uid,
            ksi.ksi_value, ksi.ksi_status, ksi.ksi_utime, ksi.ksi_stime, ksi.ksi_addr,
            ksi.ksi_trap,
        )  # fmt: skip


def _ksi(info: Siginfo) -> Ksiginfo:
    return Ksiginfo(
        info.si_signo, info.si_code, info.si_pid, info.si_uid, info.si_status, info.si_addr,
        info.si_trap, info.si_value, info.si_utime, info.si_stime, ksi_errno=info.si_errno,
    )  # fmt: skip


def siginfo_pack(ksi: Ksiginfo, abi: Abi) -> bytes:
    """Return the siginfo_t of a signal, SIGINFO_SIZE bytes, unused ones zero."""
    word = (1 << 8 * abi.word) - 1
    head = pack(KtrSiginfo(ksi.ksi_signo, ksi.ksi_code, ksi.ksi_errno), abi)
    union: KtrSiginfoChild | KtrSiginfoFault | KtrSiginfoRt
    if ksi.ksi_signo == SIGCHLD and ksi.ksi_code > 0:
        union = KtrSiginfoChild(
            ksi.ksi_pid, ksi.ksi_uid, ksi.ksi_status, ksi.ksi_utime, ksi.ksi_stime
        )
    elif ksi.ksi_signo in _FAULTS and ksi.ksi_code > 0:
        union = KtrSiginfoFault(ksi.ksi_addr & word, ksi.ksi_trap)
    else:
        union = KtrSiginfoRt(ksi.ksi_pid, ksi.ksi_uid, ksi.ksi_value & word)
    pad = -len(head) % abi.word
    return (head + bytes(pad) + pack(union, abi)).ljust(SIGINFO_SIZE, b"\0")


def siginfo_unpack(data: bytes) -> Ksiginfo:
    """Return what a siginfo_t tells (LP64)."""
    head = unpack_from(KtrSiginfo, data)
    ksi = Ksiginfo(head.si_signo, head.si_code, ksi_errno=head.si_errno)
    if head.si_signo == SIGCHLD and head.si_code > 0:
        child = unpack_from(KtrSiginfoChild, data, _UNION)
        return ksi._replace(
            ksi_pid=child.si_pid,
            ksi_uid=child.si_uid,
            ksi_status=child.si_status,
            ksi_utime=child.si_utime,
            ksi_stime=child.si_stime,
        )
    if head.si_signo in _FAULTS and head.si_code > 0:
        fault = unpack_from(KtrSiginfoFault, data, _UNION)
        return ksi._replace(ksi_addr=fault.si_addr, ksi_trap=fault.si_trap)
    sent = unpack_from(KtrSiginfoRt, data, _UNION)
    return ksi._replace(ksi_pid=sent.si_pid, ksi_uid=sent.si_uid, ksi_value=sent.si_value)
