# SPDX-License-Identifier: BSD-2-Clause
"""Signals: sending, picking, delivering, stopping.  NetBSD sys/kern/kern_sig.c."""

from kernel.kern.kern_event import knote
from kernel.kern.kern_ktrace import ktrpoint, ktrpsig
from kernel.kern.kern_runq import host_stop, mi_switch
from kernel.kern.kern_synch import setrunnable, wakeup
from kernel.sys.event import NOTE_SIGNAL
from kernel.sys.kernel import Kernel
from kernel.sys.ktrace import KTR_PSIG
from kernel.sys.param import NZERO
from kernel.sys.proc import (
    LSONPROC,
    LSRUN,
    LSSLEEP,
    LSSTOP,
    LSSUSPENDED,
    LSZOMB,
    LW_SINTR,
    LW_WEXIT,
    LW_WSUSPEND,
    P_CONTINUED,
    P_ORPHANPG,
    P_PPWAIT,
    P_STOPPING,
    P_WAITED,
    P_WEXIT,
    SACTIVE,
    SSTOP,
    Lwp,
    Pgrp,
    Proc,
)
from kernel.sys.ptrace import Ptrace, TracedCall
from kernel.sys.signal import (
    CLD_CONTINUED,
    CLD_STOPPED,
    CLD_TRAPPED,
    SA_CANTMASK,
    SA_CONT,
    SA_IGNORE,
    SA_KILL,
    SA_NOCLDSTOP,
    SA_ONSTACK,
    SA_RESETHAND,
    SA_STOP,
    SA_TOALL,
    SA_TTYSTOP,
    SIG_DFL,
    SIG_IGN,
    SIGCHLD,
    SIGCONT,
    SIGINT,
    SIGKILL,
    SIGPIPE,
    SIGTRAP,
    SIGXFSZ,
    SS_ONSTACK,
    TRAP_CHLD,
    contsigmask,
    ignoresigmask,
    sigfirst,
    sigmask,
    sigmembers,
    sigprop,
    stopsigmask,
    vforksigmask,
)
from kernel.sys.signalvar import SS_INIT, Ksiginfo, Sigaction, Sigacts, Sigpend, Sigstk
from kernel.sys.ucontext import (
    UC_CLRSTACK,
    UC_CPU,
    UC_SETSTACK,
    UC_SIGMASK,
    UC_STACK,
    Ucontext,
)
from kernel.sys.vm import TEXT_INTERRUPT

_NS = 10**9
_IGNORE = Sigaction(SIG_IGN)
_INTERRUPT = Sigaction(TEXT_INTERRUPT, sigmask(SIGINT), SA_ONSTACK)  # what Python has for SIGINT
_ON_THE_MOVE = (LSRUN, LSONPROC, LSSLEEP)  # what keeps a process that is stopping from being so


def psignal(p: Proc, signo: int) -> None:
    """Send signo to p in the kernel's name; nothing more is known of it."""
    kpsignal(p, Ksiginfo(signo))


def pgsignal(group: Pgrp, signo: int, flags: int = 0) -> None:
    """Send signo to every member of a process group that has flags (P_CONTROLT) set."""
    for p in list(group.pg_members):
        if p.p_flag & flags == flags:
            psignal(p, signo)


def lwp_signal(lwp: Lwp, ksi: Ksiginfo) -> bool:
    """Send a signal to one LWP, unless it is one that acts on the whole process; as kpsignal."""
    return kpsignal(lwp.l_proc, ksi._replace(ksi_lid=lwp.l_lid))


def kpsignal(p: Proc, ksi: Ksiginfo) -> bool:
    """Send a signal: note it as pending and see that somebody acts on it.

    Returns:
        False if p's queue of signals is full: EAGAIN for who queues one.

    An ignored signal is forgotten at once, a stop signal takes pending SIGCONTs away
    and the other way round, SIGCONT and SIGKILL move a stopped process.
    Source: kpsignal2, NetBSD sys/kern/kern_sig.c.
    """
    signo = ksi.ksi_signo
    prop, mask = sigprop[signo], sigmask(signo)
    if p.p_stat not in (SACTIVE, SSTOP) or p.p_flag & P_WEXIT:
        return True
    if p.p_klist:
        knote(p.p_klist, NOTE_SIGNAL | signo)
    if p.p_sigctx.ps_sigignore & mask and p.p_ptrace is None:
        return True
    caught = bool(p.p_sigctx.ps_sigcatch & mask)
    if not caught:
        if prop & SA_TTYSTOP and not p.p_pgrp.pg_jobc:
            return True  # in an orphaned group nobody could continue it
        if prop & SA_KILL and p.p_nice > NZERO:
            p.p_nice = NZERO
    if prop & SA_CONT:
        p.p_sigpend.clear(stopsigmask)
    if prop & SA_STOP:
        p.p_sigpend.clear(contsigmask)
    active = p.p_stat == SACTIVE and not p.p_flag & P_STOPPING
    if active and p.p_sigwaiters and not prop & SA_CANTMASK and _sigunwait(p, ksi):
        return True
    if ksi.ksi_lid and not prop & SA_TOALL:
        return _sigput_lwp(p, ksi)
    if active:
        if prop & SA_CONT and not caught and p.p_ptrace is None:
            return True
    elif p.p_ptrace is not None and signo != SIGKILL:
        return p.p_sigpend.put(ksi)  # its tracer says when it goes on
    elif prop & SA_CONT or signo == SIGKILL:
        p.p_stat = SACTIVE
        p.p_flag &= ~P_STOPPING
        if prop & SA_CONT:
            p.p_xsig = SIGCONT
            p.p_flag |= P_CONTINUED
            proc_tells(p)
            child_psignal(p, 0)
            if not caught:  # it need not be pending any more
                _post(p, signo)
                return True
    elif prop & SA_STOP:
        return True  # a shell could be confused by a second stop
    if not p.p_sigpend.put(ksi):
        return False
    _post(p, signo)
    return True


def _sigput_lwp(p: Proc, ksi: Ksiginfo) -> bool:
    """Send a signal that is for one LWP of p."""
    for lwp in p.p_lwps:
        if lwp.l_lid == ksi.ksi_lid:
            if not lwp.l_sigpend.put(ksi):
                return False
            _sigpost(lwp, ksi.ksi_signo)
    return True


def _post(p: Proc, signo: int) -> None:
    """Find an LWP that can take the signal; some are for all of them."""
    toall = sigprop[signo] & SA_TOALL
    for lwp in list(p.p_lwps):
        if _sigpost(lwp, signo) and not toall:
            return


def _sigpost(lwp: Lwp, signo: int) -> bool:
    """Have lwp look at its signals; return whether it may be able to take this one now."""
    prop = sigprop[signo]
    if lwp.l_stat == LSZOMB:
        return False
    lwp.l_astpending = True
    if lwp.l_stat == LSSUSPENDED and signo == SIGKILL:
        lwp.l_flag &= ~LW_WSUSPEND
        setrunnable(lwp)
        return True
    stopped = lwp.l_stat == LSSTOP
    if lwp.l_sigmask & sigmask(signo) and not (prop & SA_CONT and stopped):
        return False
    if not stopped:
        if lwp.l_stat == LSSLEEP and lwp.l_flag & LW_SINTR:
            setrunnable(lwp)
            return True
        return lwp.l_stat in (LSRUN, LSONPROC)
    if prop & SA_STOP:
        return False
    if prop & SA_CONT and lwp.l_wchan is not None:
        lwp.l_stat = LSSLEEP  # it was stopped in its sleep, and sleeps on
        return True
    if lwp.l_wchan is None or lwp.l_flag & LW_SINTR:
        if lwp.l_wchan is not None:
            lwp.l_stat = LSSLEEP
        setrunnable(lwp)
        return True
    return False


def _sigunwait(p: Proc, ksi: Ksiginfo) -> bool:
    """Hand a signal to an LWP that waits for it (sigtimedwait); return whether there is one."""
    for lwp in p.p_sigwaiters:
        if ksi.ksi_lid in (0, lwp.l_lid) and lwp.l_sigwaitset & sigmask(ksi.ksi_signo):
            lwp.l_sigwaited = ksi
            p.p_sigwaiters.remove(lwp)
            wakeup(p.p_kernel, (lwp, "sigwait"))
            return True
    return False


def trapsignal(lwp: Lwp, ksi: Ksiginfo) -> None:
    """Send lwp the signal of a trap of its own: handled on the spot if it is caught.

    One that is blocked or ignored takes its default action: going on would trap again.
    """
    p = lwp.l_proc
    ksi = ksi._replace(ksi_lid=lwp.l_lid)
    signo = ksi.ksi_signo
    mask = sigmask(signo)
    action = p.p_sigacts.sa_sigdesc[signo]
    if p.p_sigctx.ps_sigcatch & mask and not lwp.l_sigmask & mask:
        if ktrpoint(lwp, KTR_PSIG):
            ktrpsig(lwp, signo, action.sa_handler, lwp.l_sigmask, ksi)
        _sendsig(lwp, ksi, action, lwp.l_sigmask)
        return
    if lwp.l_sigmask & mask or action.sa_handler == SIG_IGN:
        lwp.l_sigmask &= ~mask
        p.p_sigctx.ps_sigcatch &= ~mask
        p.p_sigctx.ps_sigignore &= ~mask
        p.p_sigacts.put(signo, action._replace(sa_handler=SIG_DFL, sa_mask=action.sa_mask & ~mask))
    kpsignal(p, ksi)


def child_psignal(p: Proc, unless: int) -> None:
    """Tell p's parent, by SIGCHLD and by waking its wait, that p stopped or goes on.

    Args:
        p: the child.
        unless: flags of the parent's action on SIGCHLD that keep the signal back.
    """
    parent = p.p_pptr
    if parent is None:
        return
    if not parent.p_sigacts.sa_sigdesc[SIGCHLD].sa_flags & unless:
        code = CLD_CONTINUED if p.p_xsig == SIGCONT else CLD_STOPPED
        if p.p_ptrace is not None:
            code = CLD_TRAPPED
        kpsignal(parent, child_siginfo(p, SIGCHLD, code, p.p_xsig))
    wakeup(p.p_kernel, parent)


def proc_tells(p: Proc) -> None:
    """p has stopped, goes on or has ended: its parent's wait is to look at it (p_nstopchild)."""
    if p.p_pptr is not None:
        p.p_pptr.p_stopchildren[p] = None


def child_siginfo(p: Proc, signo: int, code: int, status: int) -> Ksiginfo:
    """Return what a parent is told of its child p; times in seconds, as NetBSD has it."""
    used = p.p_stats
    return Ksiginfo(
        signo,
        code,
        p.p_pid,
        p.p_cred.cr_uid,
        status,
        ksi_utime=used.ru_utime // _NS,
        ksi_stime=used.ru_stime // _NS,
    )


def _moving(p: Proc) -> list[Lwp]:
    return [lwp for lwp in p.p_lwps if lwp.l_stat in _ON_THE_MOVE]


def _proc_stop(p: Proc, signo: int) -> None:
    """Bring p to a halt: who sleeps so that a signal may wake it stops there, the rest soon."""
    p.p_flag |= P_STOPPING
    for lwp in p.p_lwps:
        if lwp.l_stat == LSSLEEP and lwp.l_flag & LW_SINTR:
            lwp.l_stat = LSSTOP
    for lwp in _moving(p):
        _sigpost(lwp, signo)


def proc_stop_done(p: Proc) -> None:
    """If all LWPs of a process that is stopping have stopped, it has; its parent is told."""
    if p.p_flag & P_STOPPING and not _moving(p):
        p.p_flag &= ~(P_STOPPING | P_WAITED)
        p.p_stat = SSTOP
        proc_tells(p)
        child_psignal(p, SA_NOCLDSTOP)


def _switch_away(lwp: Lwp) -> None:
    """Stop lwp until it is continued."""
    lwp.l_stat = LSSTOP
    proc_stop_done(lwp.l_proc)
    mi_switch(lwp)


def issignal(lwp: Lwp) -> int:
    """Return the signal to deliver to lwp, 0 if none is left; stop signals are obeyed here."""
    p = lwp.l_proc
    while True:
        if p.p_stat == SSTOP or p.p_flag & P_STOPPING:
            _switch_away(lwp)
            continue
        pend, signo = _firstsig(lwp)
        if not signo:
            return 0
        if p.p_ptrace is not None and signo != SIGKILL:
            signo = _tell_tracer(lwp, p.p_ptrace, pend.get(signo))
            pend = lwp.l_sigpend
            if not signo:
                continue
        prop = sigprop[signo]
        handler = p.p_sigacts.sa_sigdesc[signo].sa_handler
        if handler not in (SIG_DFL, SIG_IGN):
            return signo
        if handler == SIG_IGN or prop & SA_IGNORE or p.p_pid <= 1:
            pend.get(signo)
        elif prop & SA_STOP:
            pend.get(signo)
            if not (p.p_ptrace or (prop & SA_TTYSTOP and p.p_flag & P_ORPHANPG)):
                p.p_xsig = signo
                p.p_flag &= ~P_CONTINUED
                _proc_stop(p, signo)
        else:
            return signo


def _sigswitch(lwp: Lwp, pt: Ptrace, ksi: Ksiginfo) -> int:
    """Stop for the tracer; return the signal it lets through, 0 for none."""
    p = lwp.l_proc
    pt.pt_info, pt.pt_lid = ksi, lwp.l_lid
    p.p_xsig = ksi.ksi_signo
    p.p_flag &= ~P_CONTINUED
    _proc_stop(p, ksi.ksi_signo)
    _switch_away(lwp)
    return 0 if p.p_sigpend.sp_set & sigmask(SIGKILL) else p.p_xsig


def _tell_tracer(lwp: Lwp, pt: Ptrace, ksi: Ksiginfo) -> int:
    """Stop for a signal; return what is pending for lwp then, 0 if nothing is to be delivered."""
    signo = _sigswitch(lwp, pt, ksi)
    if not signo:
        return 0
    info = pt.pt_info
    lwp.l_sigpend.put(info if info is not None and info.ksi_signo == signo else Ksiginfo(signo))
    return 0 if lwp.l_sigmask & sigmask(signo) else signo


def eventswitch(lwp: Lwp, code: int, event: int = 0, other: int = 0) -> None:
    """Stop a traced process for an event: SIGTRAP with that code (TRAP_EXEC, TRAP_CHLD ...)."""
    pt = lwp.l_proc.p_ptrace
    if pt is not None:
        pt.pt_report = event, other
        _stoptrace(lwp, pt, code)


def eventswitchchild(lwp: Lwp) -> None:
    """The first stop of a process that was born traced, if it has not been yet."""
    pt = lwp.l_proc.p_ptrace
    if pt is not None and pt.pt_newborn and pt.pt_opptr is not None:
        event, pt.pt_newborn = pt.pt_newborn, 0
        eventswitch(lwp, TRAP_CHLD, event, pt.pt_opptr.p_pid)


def proc_stoptrace(lwp: Lwp, code: int, call: TracedCall) -> None:
    """Stop a traced process at the begin (TRAP_SCE) or the end (TRAP_SCX) of a system call."""
    pt = lwp.l_proc.p_ptrace
    if pt is not None:
        pt.pt_call = call
        _stoptrace(lwp, pt, code)


def _stoptrace(lwp: Lwp, pt: Ptrace, code: int) -> None:
    p = lwp.l_proc
    if p.p_flag & P_WEXIT or lwp.l_flag & LW_WEXIT:
        return
    signo = _sigswitch(lwp, pt, Ksiginfo(SIGTRAP, code))
    if signo:
        lwp.l_sigpend.put(Ksiginfo(signo))
    lwp.l_astpending = True


def proc_unstop(p: Proc, signo: int) -> None:
    """Let a stopped process, which is traced, go on with signo, 0 for none."""
    p.p_xsig = signo
    p.p_stat = SACTIVE
    p.p_flag &= ~(P_STOPPING | P_WAITED)
    for lwp in list(p.p_lwps):
        if lwp.l_stat == LSSTOP:
            setrunnable(lwp)


def _firstsig(lwp: Lwp) -> tuple[Sigpend, int]:
    """Return the first signal that lwp does not block, and whether it is lwp's or the process's."""
    p = lwp.l_proc
    blocked = lwp.l_sigmask | (vforksigmask if p.p_flag & P_PPWAIT else 0)
    pend = lwp.l_sigpend if lwp.l_sigpend.sp_set & ~blocked else p.p_sigpend
    return pend, sigfirst(pend.sp_set & ~blocked)


def postsig(lwp: Lwp, signo: int) -> int:
    """Deliver signo: run its handler, or return it if it ends the process; 0 when handled.

    The PSIG record has the mask in force before the handler's is added.
    """
    p = lwp.l_proc
    pend = lwp.l_sigpend if lwp.l_sigpend.sp_set & sigmask(signo) else p.p_sigpend
    ksi = pend.get(signo)
    action = p.p_sigacts.sa_sigdesc[signo]
    oldmask = lwp.l_sigmask if lwp.l_sigoldmask is None else lwp.l_sigoldmask
    lwp.l_sigoldmask = None
    if ktrpoint(lwp, KTR_PSIG):
        ktrpsig(lwp, signo, action.sa_handler, oldmask, ksi)
    if action.sa_handler == SIG_DFL:
        p.p_stats.ru_nsignals += 1
        return signo
    _sendsig(lwp, ksi, action, oldmask)
    return 0


def _sendsig(lwp: Lwp, ksi: Ksiginfo, action: Sigaction, oldmask: int) -> None:
    """Run a handler under its mask.  Source: kpsendsig, sendsig_reset."""
    p, signo = lwp.l_proc, ksi.ksi_signo
    p.p_stats.ru_nsignals += 1
    lwp.l_sigmask |= action.sa_mask
    if action.sa_flags & SA_RESETHAND:
        p.p_sigacts.put(signo, action._replace(sa_handler=SIG_DFL))
        p.p_sigctx.ps_sigcatch &= ~sigmask(signo)
        if sigprop[signo] & SA_IGNORE and signo != SIGCONT:
            p.p_sigctx.ps_sigignore |= sigmask(signo)
    p.p_emul.e_sendsig(lwp, ksi, action, oldmask)


def getucontext(lwp: Lwp, sigmask: int) -> Ucontext:
    """Return lwp's context, to be gone on with under sigmask."""
    stack = lwp.l_sigstk
    flags = UC_SIGMASK | UC_STACK | UC_CPU
    if stack.ss_flags & SS_ONSTACK:
        flags |= UC_SETSTACK
    else:
        segment, vm = lwp.l_stack, lwp.l_proc.p_vmspace
        start = vm.vm_maxsaddr if segment is vm.vm_stack else segment.start
        stack = Sigstk(start, segment.end - start, 0)
        flags |= UC_CLRSTACK
    return Ucontext(
        sigmask,
        flags,
        uc_rsp=lwp.l_ustack,
        ss_sp=stack.ss_sp,
        ss_size=stack.ss_size,
        ss_flags=stack.ss_flags,
    )


def execsigs(p: Proc) -> None:
    """Set caught signals back to their default, for exec; ignored ones stay ignored.

    Nothing stays pending: NetBSD's exec throws it away.
    """
    ctx = p.p_sigctx
    before, p.p_sigacts = p.p_sigacts.sa_sigdesc, Sigacts()
    for signo in sigmembers((ctx.ps_sigignore | contsigmask) & ~sigmask(SIGCHLD)):
        if before[signo].sa_handler == SIG_IGN:
            p.p_sigacts.put(signo, _IGNORE)
    ctx.ps_sigignore |= ctx.ps_sigcatch & ignoresigmask
    ctx.ps_sigcatch = 0
    p.p_sigpend = Sigpend()
    for lwp in p.p_lwps:
        lwp.l_sigpend = Sigpend()
        lwp.l_sigstk = SS_INIT


def execsigs_interpreter(p: Proc) -> None:
    """Set the signals of a Python source as its interpreter would, after execsigs.

    It would make calls for that, as python3(1) does; a trace of the program is to show
    what the program does.  Source: CPython's signal_install_handlers.
    """
    actions, ctx = p.p_sigacts, p.p_sigctx
    for signo in (SIGPIPE, SIGXFSZ):
        actions.put(signo, _IGNORE)
        ctx.ps_sigignore |= sigmask(signo)
    if actions.sa_sigdesc[SIGINT].sa_handler == SIG_DFL:
        actions.put(SIGINT, _INTERRUPT)
        ctx.ps_sigcatch |= sigmask(SIGINT)


def signal_host(kernel: Kernel) -> None:
    """Post what the host's keyboard has sent to the foreground process group, or end the run."""
    while kernel.signals:
        signo = kernel.signals.popleft()
        group = kernel.pgrps.get(kernel.foreground)
        if group is not None:
            pgsignal(group, signo)
    if kernel.stopping:
        signo, kernel.stopping = kernel.stopping, 0
        host_stop(kernel, signo)
