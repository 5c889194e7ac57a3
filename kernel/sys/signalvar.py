# SPDX-License-Identifier: BSD-2-Clause
"""Signal state of a process.  NetBSD sys/sys/signalvar.h, sys/sys/siginfo.h."""

from collections.abc import Callable
from struct import Struct
from typing import TYPE_CHECKING, Final

from kernel.sys.dataclasses import dataclass
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.signal import (
    NSIG,
    SA_RESTART,
    SI_NOINFO,
    SIG_DFL,
    SIGRTMAX,
    SIGRTMIN,
    SS_DISABLE,
    ignoresigmask,
    sigfirst,
    sigmask,
)

if TYPE_CHECKING:
    from kernel.sys.proc import Lwp

SIGQUEUE_MAX: Final = 32  # signals with information that a process, or an LWP, may have pending


class Sigaction(NamedTuple):
    """struct sigaction, as registers hold it; what a signal does at first."""

    sa_handler: int = SIG_DFL  # SIG_DFL, SIG_IGN or a user address
    sa_mask: int = 0  # bit n-1: signal n
    sa_flags: int = SA_RESTART


@dataclass(slots=True, eq=False)
class Sigacts:
    """Dispositions, indexed by signal number (struct sigacts); a child's are its parent's."""

    sa_sigdesc: tuple[Sigaction, ...] = (Sigaction(),) * NSIG

    def put(self, signo: int, action: Sigaction) -> None:
        """Set the disposition of a signal."""
        actions = self.sa_sigdesc
        self.sa_sigdesc = (*actions[:signo], action, *actions[signo + 1 :])


@dataclass(slots=True, eq=False)
class Sigctx:
    """Which signals are ignored and caught, as sets; SIGCONT is never ignored (struct sigctx)."""

    ps_sigignore: int = ignoresigmask
    ps_sigcatch: int = 0


class Sigstk(NamedTuple):
    """An alternate signal stack (struct sigaltstack)."""

    ss_sp: int = 0
    ss_size: int = 0  # bytes
    ss_flags: int = SS_DISABLE  # SS_ONSTACK, SS_DISABLE


SS_INIT: Final = Sigstk()


class Ksiginfo(NamedTuple):
    """What is known of one signal (ksiginfo_t); with SI_NOINFO, only which it is."""

    ksi_signo: int
    ksi_code: int = SI_NOINFO  # SI_USER, CLD_EXITED, SEGV_MAPERR ...
    ksi_pid: int = 0
    ksi_uid: int = 0
    ksi_status: int = 0  # CLD_*: exit status or signal
    ksi_addr: int = 0  # faults
    ksi_trap: int = 0  # the trap's own code: PSIG records of faults hold it
    ksi_value: int = 0  # sigval
    ksi_utime: int = 0  # s
    ksi_stime: int = 0
    ksi_lid: int = 0  # the LWP it is for, 0 for the process
    ksi_errno: int = 0


@dataclass(slots=True, eq=False)
class Sigpend:
    """Pending signals: a set, and what is known of them in the order they came (sigpend_t)."""

    sp_set: int = 0
    sp_info: tuple[Ksiginfo, ...] = ()

    def put(self, ksi: Ksiginfo) -> bool:
        """Add a signal; return False if what is known of it finds no room any more (sigput).

        Of a realtime signal each is kept, of another the last.
        """
        signo = ksi.ksi_signo
        self.sp_set |= sigmask(signo)
        if ksi.ksi_code == SI_NOINFO:
            return True
        if not SIGRTMIN <= signo <= SIGRTMAX:
            for at, old in enumerate(self.sp_info):
                if old.ksi_signo == signo:
                    self.sp_info = (*self.sp_info[:at], ksi, *self.sp_info[at + 1 :])
                    return True
        if len(self.sp_info) >= SIGQUEUE_MAX:
            return False
        self.sp_info = (*self.sp_info, ksi)
        return True

    def get(self, signo: int) -> Ksiginfo:
        """Take a signal of the set away; return what is known of it (sigget)."""
        found = [at for at, ksi in enumerate(self.sp_info) if ksi.ksi_signo == signo]
        if len(found) <= 1:
            self.sp_set &= ~sigmask(signo)
        if not found:
            return Ksiginfo(signo)
        ksi = self.sp_info[found[0]]
        self.sp_info = (*self.sp_info[: found[0]], *self.sp_info[found[0] + 1 :])
        return ksi

    def clear(self, mask: int) -> None:
        """Forget the signals of mask (sigclear)."""
        if self.sp_set & mask:
            self.sp_set &= ~mask
            self.sp_info = tuple(ksi for ksi in self.sp_info if not sigmask(ksi.ksi_signo) & mask)


class Upcall(NamedTuple):
    """What a handler returns that leaves something to be done in user mode, by the first LWP.

    It is done when handlers have returned and no call is to be started again, the lowest order
    first; a second one of an order that waits is one with it.
    """

    order: int
    function: Callable[[], object]


_SIGSTK: Final = Struct("<QQi4x")
SIZEOF_SIGSTK: Final = _SIGSTK.size  # bytes


def sigstk_pack(stack: Sigstk) -> bytes:
    """Return the bytes of a struct sigaltstack (LP64)."""
    return _SIGSTK.pack(*stack)


def sigstk_unpack(data: bytes) -> Sigstk:
    """Return the signal stack that the bytes of a struct sigaltstack tell."""
    return Sigstk(*_SIGSTK.unpack(data))


def sigispending(lwp: "Lwp") -> int:
    """Return the signal that lwp has to act on, 0 if there is none.

    Data only, so that the sleep can ask; delivery is kern_sig's.
    """
    p = lwp.l_proc
    pending = p.p_sigpend.sp_set | lwp.l_sigpend.sp_set
    if not pending:
        return 0
    if len(p.p_lwps) > 1 and not lwp.l_astpending:  # another LWP was told of the process's
        pending = lwp.l_sigpend.sp_set
    return sigfirst(pending & ~(p.p_sigctx.ps_sigignore | lwp.l_sigmask))


def sigismasked(lwp: "Lwp", signo: int) -> bool:
    """Return whether lwp blocks or ignores signo."""
    return bool((lwp.l_proc.p_sigctx.ps_sigignore | lwp.l_sigmask) & sigmask(signo))
