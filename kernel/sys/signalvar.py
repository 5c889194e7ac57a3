# SPDX-License-Identifier: BSD-2-Clause
"""Signal state of a process.  NetBSD sys/sys/signalvar.h, sys/sys/siginfo.h."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kernel.sys.signal import NSIG, SA_IGNORE, SIG_DFL, SIG_IGN, sigprop

if TYPE_CHECKING:
    from kernel.sys.proc import Lwp, Proc


class Sigaction(NamedTuple):
    """struct sigaction, as registers hold it."""

    sa_handler: int = SIG_DFL  # SIG_DFL, SIG_IGN or a user address
    sa_mask: int = 0  # bit n-1: signal n
    sa_flags: int = 0


@dataclass(slots=True, eq=False)
class Sigacts:
    """Dispositions, indexed by signal number (struct sigacts)."""

    sa_sigdesc: list[Sigaction] = field(default_factory=lambda: [Sigaction()] * NSIG)


class Ksiginfo(NamedTuple):
    """What is known of one signal (ksiginfo_t)."""

    ksi_signo: int
    ksi_code: int = 0  # SI_USER, CLD_EXITED, SEGV_MAPERR ...
    ksi_pid: int = 0
    ksi_uid: int = 0
    ksi_status: int = 0  # CLD_*: exit status or signal
    ksi_addr: int = 0  # faults
    ksi_trap: int = 0  # the trap's own code: PSIG records of faults hold it
    ksi_value: int = 0  # sigval
    ksi_utime: int = 0
    ksi_stime: int = 0


def sigispending(lwp: "Lwp") -> int:
    """Return the signal that lwp has to act on, 0 if there is none.

    Data only, so that the sleep can ask; delivery is kern_sig's.
    """
    p = lwp.l_proc
    if not (p.p_sigpend or lwp.l_sigpend):
        return 0
    for signo in sorted({*p.p_sigpend, *lwp.l_sigpend}):
        if not lwp.l_sigmask >> signo - 1 & 1 and not sigignored(p, signo):
            return signo
    return 0


def sigignored(p: "Proc", signo: int) -> bool:
    """Return whether signo does nothing to p: SIG_IGN, or SIG_DFL of one ignored by default."""
    handler = p.p_sigacts.sa_sigdesc[signo].sa_handler
    return handler == SIG_IGN or (handler == SIG_DFL and bool(sigprop[signo] & SA_IGNORE))
