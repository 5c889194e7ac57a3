# SPDX-License-Identifier: BSD-2-Clause
"""What kdump prints of a delivered signal.  NetBSD usr.bin/kdump/kdump.c, sys/siginfo.h."""

from collections.abc import Callable
from functools import cache
from typing import Final

from kernel.sys.cdefs import Abi, sizeof, unpack_from
from kernel.sys.ktrace import (
    SIGINFO_SIZE,
    KtrPsig,
    KtrSiginfo,
    KtrSiginfoChild,
    KtrSiginfoFault,
    KtrSiginfoPoll,
    KtrSiginfoRt,
)
from kernel.sys.signal import (
    NSIG,
    SIG_DFL,
    SIGBUS,
    SIGCHLD,
    SIGFPE,
    SIGILL,
    SIGIO,
    SIGSEGV,
    SIGTRAP,
)
from userland.libktrace.names import signame

_SI_USER: Final = 0
_SI_NOINFO: Final = 32767
_NEGATIVE: Final = {-1: "SI_QUEUE", -2: "SI_TIMER", -3: "SI_ASYNCIO", -4: "SI_MESGQ", -5: "SI_LWP"}
_FAULTS: Final = frozenset((SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGTRAP))

# Codes by signal; the first is 1.
_CODES: Final[dict[int, tuple[str, ...]]] = {
    SIGILL: tuple(
        f"ILL_{name}" for name in "ILLOPC ILLOPN ILLADR ILLTRP PRVOPC PRVREG COPROC BADSTK".split()
    ),
    SIGFPE: tuple(
        f"FPE_{name}" for name in "INTDIV INTOVF FLTDIV FLTOVF FLTUND FLTRES FLTINV FLTSUB".split()
    ),
    SIGSEGV: ("SEGV_MAPERR", "SEGV_ACCERR"),
    SIGBUS: ("BUS_ADRALN", "BUS_ADRERR", "BUS_OBJERR"),
    SIGTRAP: tuple(f"TRAP_{name}" for name in "BRKPT TRACE EXEC CHLD LWP DBREG SCE SCX".split()),
    SIGCHLD: tuple(
        f"CLD_{name}" for name in "EXITED KILLED DUMPED TRAPPED STOPPED CONTINUED".split()
    ),
}
_TRAP_CODES_2003: Final = 2  # TRAP_BRKPT and TRAP_TRACE


def _code_name(signal: int, code: int, *, era_2003: bool) -> str:
    """Return the name of a code that the kernel gives with a signal, or [code]."""
    names = _CODES.get(signal, ())
    if era_2003 and signal == SIGTRAP:
        names = names[:_TRAP_CODES_2003]
    return names[code - 1] if 0 < code <= len(names) else f"[{code}]"


def _signed(value: int) -> int:
    return value - (value >> 31 << 32)


@cache
def _sizes(abi: Abi) -> tuple[int, int]:
    """Return the bytes of a ktr_psig, and the place of siginfo's union in the payload."""
    psig = sizeof(KtrPsig, abi)
    head = sizeof(KtrSiginfo, abi)
    align = min(abi.word, abi.max_align)
    return psig, psig + -(-head // align) * align


def psig_text(payload: bytes, abi: Abi, *, era_2003: bool, warn: Callable[[str], None]) -> str:
    """Return the text of a PSIG record; warn is told of a size that is none."""
    size, _ = _sizes(abi)
    psig = unpack_from(KtrPsig, payload.ljust(size, b"\0"), 0, abi)
    if psig.action == SIG_DFL:
        text = f"SIG{signame(psig.signo)} SIG_DFL"
    else:
        mask = psig.mask[0] | psig.mask[1] << 32
        members = ",".join(str(n) for n in range(1, NSIG) if mask >> (n - 1) & 1)
        text = f"SIG{signame(psig.signo)} caught handler=0x{psig.action:x} mask=({members})"
    if len(payload) == size:
        code = f" code=0x{psig.code & 0xFFFFFFFF:x}" if psig.code else ""
        return f"{text}{code}\n" if psig.action == SIG_DFL else f"{text}{code})\n"
    if len(payload) == size + SIGINFO_SIZE:
        return text + _siginfo_text(payload, abi, era_2003=era_2003)
    warn(f"Unhandled size {len(payload)} for ktrpsig" + ("\n" if era_2003 else ""))
    return text


def _siginfo_text(payload: bytes, abi: Abi, *, era_2003: bool) -> str:
    """Return what the siginfo after the ktr_psig says, and a newline."""
    size, union = _sizes(abi)
    signal, code, errno = unpack_from(KtrSiginfo, payload, size, abi)
    if code == _SI_USER:
        sender = unpack_from(KtrSiginfoRt, payload, union, abi)
        return f": code=SI_USER sent by pid={sender.si_pid}, uid={_signed(sender.si_uid)})\n"
    if code < 0:
        sender = unpack_from(KtrSiginfoRt, payload, union, abi)
        return (_negative_2003 if era_2003 else _negative_10)(code, sender)
    if code == _SI_NOINFO and not era_2003:
        return ": code=SI_NOINFO\n"
    name = _code_name(signal, code, era_2003=era_2003)
    if signal == SIGCHLD:
        child = unpack_from(KtrSiginfoChild, payload, union, abi)
        return (
            f": code={name} child pid={child.si_pid}, uid={_signed(child.si_uid)}, "
            f" status={child.si_status & 0xFFFFFFFF}, utime={child.si_utime},"
            f" stime={child.si_stime})\n"
        )
    if signal in _FAULTS:
        fault = unpack_from(KtrSiginfoFault, payload, union, abi)
        return f": code={name}, addr=0x{fault.si_addr:x}, trap={fault.si_trap})\n"
    if signal == SIGIO:
        poll = unpack_from(KtrSiginfoPoll, payload, union, abi)
        band = poll.si_band & ((1 << abi.word * 8) - 1)
        return f": code={name}, fd={poll.si_fd}, band={band:x})\n"
    return f": code={name}, errno={errno})\n"


def _negative_2003(code: int, sender: KtrSiginfoRt) -> str:
    """Return the text of a code that a program, not the kernel, gave."""
    if code == -2:
        return f": code=SI_TIMER sigval 0x{sender.si_value:x})\n"
    name = str(code) if code == -5 else _NEGATIVE.get(code, str(code))
    return f": code={name} unimplemented)\n"


def _negative_10(code: int, sender: KtrSiginfoRt) -> str:
    """Return the text of a code that a program, not the kernel, gave."""
    name = _NEGATIVE.get(code)
    if name is None:
        return f": code={code} unimplemented)\n"
    by = f" sent by pid={sender.si_pid}, uid={_signed(sender.si_uid)}"
    value = f"with sigval 0x{sender.si_value:x}"
    if name in {"SI_TIMER", "SI_QUEUE"}:
        return f": code={name}{by} {value})\n"
    return f": code={name}{by})\n" if name == "SI_LWP" else f": code={name} {value})\n"
