# SPDX-License-Identifier: BSD-2-Clause
"""siginfo_t as bytes.  NetBSD sys/sys/siginfo.h."""

from kernel.sys.cdefs import Abi, pack
from kernel.sys.ktrace import (
    SIGINFO_SIZE,
    KtrSiginfo,
    KtrSiginfoChild,
    KtrSiginfoFault,
    KtrSiginfoRt,
)
from kernel.sys.signal import SIGBUS, SIGCHLD, SIGFPE, SIGILL, SIGSEGV, SIGTRAP
from kernel.sys.signalvar import Ksiginfo

_FAULTS = frozenset((SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGTRAP))


def siginfo_pack(ksi: Ksiginfo, abi: Abi) -> bytes:
    """Return the siginfo_t of a signal, SIGINFO_SIZE bytes, unused ones zero."""
    head = pack(KtrSiginfo(ksi.ksi_signo, ksi.ksi_code, 0), abi)
    union: KtrSiginfoChild | KtrSiginfoFault | KtrSiginfoRt
    if ksi.ksi_signo == SIGCHLD and ksi.ksi_code > 0:
        union = KtrSiginfoChild(
            ksi.ksi_pid, ksi.ksi_uid, ksi.ksi_status, ksi.ksi_utime, ksi.ksi_stime
        )
    elif ksi.ksi_signo in _FAULTS and ksi.ksi_code > 0:
        union = KtrSiginfoFault(ksi.ksi_addr, ksi.ksi_trap)
    else:
        union = KtrSiginfoRt(ksi.ksi_pid, ksi.ksi_uid, ksi.ksi_value)
    pad = -len(head) % abi.word
    return (head + bytes(pad) + pack(union, abi)).ljust(SIGINFO_SIZE, b"\0")
