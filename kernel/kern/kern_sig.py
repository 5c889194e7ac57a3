# SPDX-License-Identifier: BSD-2-Clause
"""Signals: sending, picking, delivering.  NetBSD sys/kern/kern_sig.c."""

from kernel.kern.kern_event import knote
from kernel.kern.kern_ktrace import ktrpoint, ktrpsig
from kernel.kern.kern_runq import mi_switch
from kernel.kern.kern_synch import setrunnable, wakeup
from kernel.sys.event import NOTE_SIGNAL
from kernel.sys.kernel import Kernel
from kernel.sys.ktrace import KTR_PSIG
from kernel.sys.proc import (
    LSSLEEP,
    LSSTOP,
    LW_SINTR,
    P_CONTINUED,
    P_ORPHANPG,
    P_WAITED,
    P_WEXIT,
    SACTIVE,
    SSTOP,
    SZOMB,
    Lwp,
    Pgrp,
    Proc,
)
from kernel.sys.signal import (
    CLD_CONTINUED,
    CLD_STOPPED,
    SA_CONT,
    SA_NOCLDSTOP,
    SA_NODEFER,
    SA_NORESET,
    SA_RESETHAND,
    SA_STOP,
    SA_TTYSTOP,
    SI_USER,
    SIG_DFL,
    SIG_IGN,
    SIGCHLD,
    SIGCONT,
    SIGKILL,
    contsigmask,
    sigmask,
    sigprop,
    stopsigmask,
)
from kernel.sys.signalvar import Ksiginfo, Sigaction, sigignored, sigispending


def psignal(p: Proc, signo: int) -> None:
    """Send signo to p in the kernel's name."""
    kpsignal(p, Ksiginfo(signo))


def pgsignal(group: Pgrp, signo: int, flags: int = 0) -> None:
    """Send signo to every member of a process group that has flags (P_CONTROLT) set."""
    for p in list(group.pg_members):
        if p.p_flag & flags == flags:
            psignal(p, signo)


def kpsignal(p: Proc, ksi: Ksiginfo) -> None:
    """Send a signal: note it as pending and see that somebody acts on it.

    An ignored signal is forgotten at once, a stop signal takes pending SIGCONTs
    away and the other way round, SIGCONT and SIGKILL move a stopped process.
    """
    signo = ksi.ksi_signo
    prop = sigprop[signo]
    if p.p_stat == SZOMB or p.p_flag & P_WEXIT or not p.p_lwps:
        return
    if p.p_klist:
        knote(p.p_klist, NOTE_SIGNAL | signo)
    handler = p.p_sigacts.sa_sigdesc[signo].sa_handler
    if prop & SA_TTYSTOP and handler == SIG_DFL and not p.p_pgrp.pg_jobc:
        return  # in an orphaned group nobody could continue it
    if prop & SA_CONT:
        _discard(p, stopsigmask)
    if prop & SA_STOP:
        _discard(p, contsigmask)
    if prop & SA_CONT and p.p_stat == SSTOP:
        _continue(p)
    if sigignored(p, signo):
        return
    p.p_sigpend.setdefault(signo, ksi)
    if p.p_stat == SSTOP:
        if signo != SIGKILL:
            return
        _continue(p)
    for lwp in p.p_lwps:
        if not lwp.l_sigmask & sigmask(signo):
            _notify(lwp)
            return


def lwp_signal(lwp: Lwp, ksi: Ksiginfo) -> None:
    """Send a signal to one LWP: a fault of its own, _lwp_kill(2)."""
    if not sigignored(lwp.l_proc, ksi.ksi_signo):
        lwp.l_sigpend.setdefault(ksi.ksi_signo, ksi)
        _notify(lwp)


def _notify(lwp: Lwp) -> None:
    """Have lwp look at its signals: at its return to user mode, or out of its sleep."""
    lwp.l_astpending = True
    if lwp.l_stat == LSSLEEP and lwp.l_flag & LW_SINTR:
        setrunnable(lwp)


def _discard(p: Proc, mask: int) -> None:
    for pending in (p.p_sigpend, *(lwp.l_sigpend for lwp in p.p_lwps)):
        for signo in [signo for signo in pending if mask & sigmask(signo)]:
            del pending[signo]


def _continue(p: Proc) -> None:
    """Set a stopped process going; its parent may want to know."""
    p.p_stat = SACTIVE
    p.p_flag = p.p_flag & ~P_WAITED | P_CONTINUED
    for lwp in p.p_lwps:
        if lwp.l_stat == LSSTOP:
            setrunnable(lwp)
    child_psignal(p, CLD_CONTINUED, SIGCONT)


def child_psignal(p: Proc, code: int, status: int) -> None:
    """Tell p's parent, by SIGCHLD and by waking its wait, that p stopped or goes on."""
    parent = p.p_pptr
    if parent is None:
        return
    if not parent.p_sigacts.sa_sigdesc[SIGCHLD].sa_flags & SA_NOCLDSTOP:
        kpsignal(parent, Ksiginfo(SIGCHLD, code, p.p_pid, p.p_cred.cr_uid, status))
    wakeup(p.p_kernel, parent)


def issignal(lwp: Lwp) -> int:
    """Return the signal to deliver to lwp, 0 if none is left; stop signals are obeyed here."""
    p = lwp.l_proc
    while signo := sigispending(lwp):
        if not (sigprop[signo] & SA_STOP and p.p_sigacts.sa_sigdesc[signo].sa_handler == SIG_DFL):
            return signo
        _take(lwp, signo)
        if not (p.p_flag & P_ORPHANPG and sigprop[signo] & SA_TTYSTOP):
            _stop(lwp, signo)
    for pending in (p.p_sigpend, lwp.l_sigpend):
        for ignored in [s for s in pending if sigignored(p, s)]:
            del pending[ignored]
    return 0


def _take(lwp: Lwp, signo: int) -> Ksiginfo:
    """Remove a pending signal; return what is known of it."""
    ksi = lwp.l_sigpend.pop(signo, None)
    return ksi if ksi is not None else lwp.l_proc.p_sigpend.pop(signo)


def _stop(lwp: Lwp, signo: int) -> None:
    """Stop lwp's process; return when it is continued."""
    p = lwp.l_proc
    p.p_xsig = signo
    p.p_stat = SSTOP
    p.p_flag &= ~(P_WAITED | P_CONTINUED)
    child_psignal(p, CLD_STOPPED, signo)
    lwp.l_stat = LSSTOP
    mi_switch(lwp)


def postsig(lwp: Lwp, signo: int) -> int:
    """Deliver signo: run its handler, or return it if it ends the process; 0 when handled.

    The PSIG record has the mask in force before the handler's is added.
    """
    p = lwp.l_proc
    ksi = _take(lwp, signo)
    action = p.p_sigacts.sa_sigdesc[signo]
    oldmask = lwp.l_sigmask if lwp.l_sigoldmask is None else lwp.l_sigoldmask
    p.p_stats.ru_nsignals += 1
    if ktrpoint(lwp, KTR_PSIG):
        ktrpsig(lwp, signo, action.sa_handler, oldmask, ksi)
    if action.sa_handler == SIG_DFL:
        p.p_xsig = signo
        return signo
    lwp.l_sigoldmask = None
    lwp.l_sigmask |= action.sa_mask
    if not action.sa_flags & SA_NODEFER:
        lwp.l_sigmask |= sigmask(signo)
    if action.sa_flags & SA_RESETHAND and not sigprop[signo] & SA_NORESET:
        p.p_sigacts.sa_sigdesc[signo] = Sigaction()
    p.p_emul.e_sendsig(lwp, ksi, action, oldmask)
    return 0


def execsigs(p: Proc) -> None:
    """Set caught signals back to their default, for exec; ignored ones stay ignored."""
    p.p_sigacts.sa_sigdesc[:] = [
        action if action.sa_handler == SIG_IGN else Sigaction() for action in p.p_sigacts.sa_sigdesc
    ]


def signal_host(kernel: Kernel) -> None:
    """Post what the host's keyboard has sent to the foreground process group."""
    while kernel.signals:
        signo = kernel.signals.popleft()
        group = kernel.pgrps.get(kernel.foreground)
        for p in list(group.pg_members) if group is not None else []:
            kpsignal(p, Ksiginfo(signo, SI_USER))
