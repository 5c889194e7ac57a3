# SPDX-License-Identifier: BSD-2-Clause
"""System calls about signals.  NetBSD sys/kern/sys_sig.c."""

from typing import Final

from kernel.arch.python.clock import clock_uptime
from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_proc import pgrp_find
from kernel.kern.kern_sig import getucontext, kpsignal
from kernel.kern.kern_synch import PCATCH, PPAUSE, tsleep
from kernel.sys.cdefs import LP64
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ktrace import SIGINFO_SIZE
from kernel.sys.proc import SZOMB, Lwp, Proc
from kernel.sys.siginfo import siginfo_pack, siginfo_unpack
from kernel.sys.signal import (
    MINSIGSTKSZ,
    NSIG,
    SA_ALLBITS,
    SA_CANTMASK,
    SA_IGNORE,
    SA_NODEFER,
    SA_NORESET,
    SA_RESETHAND,
    SI_QUEUE,
    SI_USER,
    SIG_BLOCK,
    SIG_DFL,
    SIG_IGN,
    SIG_SETMASK,
    SIG_UNBLOCK,
    SIGCONT,
    SIZEOF_SIGACTION,
    SIZEOF_SIGSET,
    SS_ALLBITS,
    SS_DISABLE,
    SS_ONSTACK,
    pack_sigaction,
    pack_sigset,
    sigcantmask,
    sigfirst,
    sigmask,
    sigprop,
    unpack_sigaction,
    unpack_sigset,
)
from kernel.sys.signalvar import (
    SIZEOF_SIGSTK,
    Ksiginfo,
    Sigaction,
    sigispending,
    sigstk_pack,
    sigstk_unpack,
)
from kernel.sys.time import NEVER, SIZEOF_TIMESPEC, Timespec
from kernel.sys.ucontext import (
    SIZEOF_UCONTEXT,
    UC_CLRSTACK,
    UC_CPU,
    UC_SETSTACK,
    UC_SIGMASK,
    Ucontext,
    ucontext_pack,
    ucontext_unpack,
)

_SIGTRAMP_VERSIONS: Final = (2, 3)  # of a handler that takes a siginfo_t; older ones are compat


def cansignal(caller: Proc, p: Proc, signo: int) -> bool:
    """Return whether caller may send signo to p."""
    mine, its = caller.p_cred, p.p_cred
    return (
        mine.cr_uid == 0
        or not {mine.cr_uid, mine.cr_ruid}.isdisjoint((its.cr_ruid, its.cr_uid))
        or (signo == SIGCONT and caller.p_pgrp.pg_session is p.p_pgrp.pg_session)
    )


def sys_kill(lwp: Lwp, pid: int, signum: int) -> int:
    """kill(2): send a signal to a process, a group (0, -pgid), or all (-1); 0 only checks.

    Raises:
        KernelError: EINVAL, there is no such signal. ESRCH, nobody to send it
            to. EPERM, the caller may not.
    """
    caller = lwp.l_proc
    _kill(lwp, pid, Ksiginfo(signum, SI_USER, caller.p_pid, caller.p_cred.cr_uid))
    return 0


def sys_sigqueueinfo(lwp: Lwp, pid: int, info: int) -> int:
    """sigqueueinfo(2): send a signal with what is to be known of it.

    Raises:
        KernelError: EFAULT. EPERM, another process would be told of a sender or a cause
            that is not so; and as kill(2). EAGAIN, too many signals wait there already.
    """
    ksi = siginfo_unpack(copyin(lwp.l_proc.p_vmspace, info, SIGINFO_SIZE))
    _kill(lwp, pid, ksi)
    return 0


def _kill(lwp: Lwp, pid: int, ksi: Ksiginfo) -> None:
    """Send a signal to whom pid means.

    Raises:
        KernelError: EINVAL, EPERM, ESRCH, EAGAIN.

    Source: kill1, and killpg1 of NetBSD sys/kern/kern_sig.c.
    """
    caller = lwp.l_proc
    signo = ksi.ksi_signo
    if not 0 <= signo < NSIG:
        raise KernelError(Errno.EINVAL)
    told = (ksi.ksi_pid, ksi.ksi_uid) == (caller.p_pid, caller.p_cred.cr_uid)
    if pid != caller.p_pid and not (told and ksi.ksi_code in (SI_USER, SI_QUEUE)):
        raise KernelError(Errno.EPERM)
    if pid > 0:
        p: Proc | None = lwp.l_kernel.allproc.get(pid)
        if p is None:
            raise KernelError(Errno.ESRCH)
        if p.p_stat == SZOMB:
            return
        if not cansignal(caller, p, signo):
            raise KernelError(Errno.EPERM)
        if signo and not kpsignal(p, ksi):
            raise KernelError(Errno.EAGAIN)
        return
    if pid == -1:
        everybody = lwp.l_kernel.allproc.values()
        targets = [p for p in everybody if p is not caller and p.p_stat != SZOMB]
    else:
        group = caller.p_pgrp if pid == 0 else pgrp_find(lwp.l_kernel, -pid)
        targets = list(group.pg_members) if group is not None else []
    allowed = [p for p in targets if p.p_pid > 1 and cansignal(caller, p, signo)]
    if not allowed:
        raise KernelError(Errno.ESRCH)
    for p in allowed:
        if signo:
            kpsignal(p, ksi)


def sys___sigaction_sigtramp(
    lwp: Lwp, signum: int, nsa: int, osa: int, tramp: int, vers: int
) -> int:
    """sigaction(2): set and read a disposition; the trampoline is the machine's own.

    Raises:
        KernelError: EFAULT. EINVAL, no such signal, SIGKILL or SIGSTOP, flags there
            are none of, or no trampoline.
    """
    p = lwp.l_proc
    new = None
    if nsa:
        new = Sigaction(*unpack_sigaction(copyin(p.p_vmspace, nsa, SIZEOF_SIGACTION)))
    if not 0 < signum < NSIG or (nsa and not (tramp and vers in _SIGTRAMP_VERSIONS)):
        raise KernelError(Errno.EINVAL)
    old = p.p_sigacts.sa_sigdesc[signum]
    if new is not None:
        if new.sa_flags & ~SA_ALLBITS or sigprop[signum] & SA_CANTMASK:
            raise KernelError(Errno.EINVAL)
        sigaction1(lwp, signum, new)
    if osa:
        copyout(p.p_vmspace, pack_sigaction(*old), osa)
    return 0


def sigaction1(lwp: Lwp, signum: int, new: Sigaction) -> None:
    """Make new what signum does.  Source: sigaction1."""
    p = lwp.l_proc
    handler, flags, prop = new.sa_handler, new.sa_flags, sigprop[signum]
    bit = sigmask(signum)
    mask = new.sa_mask & ~sigcantmask
    mask = mask & ~bit if flags & SA_NODEFER else mask | bit
    if prop & SA_NORESET:
        flags &= ~SA_RESETHAND
    p.p_sigacts.put(signum, Sigaction(handler, mask, flags))
    ctx = p.p_sigctx
    ctx.ps_sigignore &= ~bit
    ctx.ps_sigcatch &= ~bit
    if handler == SIG_IGN or (handler == SIG_DFL and prop & SA_IGNORE):
        for pend in (p.p_sigpend, *(each.l_sigpend for each in p.p_lwps)):
            pend.clear(bit)
        if signum != SIGCONT:  # which sets a stopped process going all the same
            ctx.ps_sigignore |= bit
    elif handler != SIG_DFL:
        ctx.ps_sigcatch |= bit
    lwp.l_astpending = True


def sys___sigprocmask14(lwp: Lwp, how: int, set: int, oset: int) -> int:
    """sigprocmask(2): change and read the mask; SIGKILL and SIGSTOP cannot be in it.

    Raises:
        KernelError: EINVAL, how. EFAULT.
    """
    vm = lwp.l_proc.p_vmspace
    old = lwp.l_sigmask
    if set:
        mask = unpack_sigset(copyin(vm, set, SIZEOF_SIGSET)) & ~sigcantmask
        if how == SIG_BLOCK:
            lwp.l_sigmask |= mask
        elif how == SIG_UNBLOCK:
            lwp.l_sigmask &= ~mask
        elif how == SIG_SETMASK:
            lwp.l_sigmask = mask
        else:
            raise KernelError(Errno.EINVAL)
        lwp.l_astpending = True
    if oset:
        copyout(vm, pack_sigset(old), oset)
    return 0


def sys___sigpending14(lwp: Lwp, set: int) -> int:
    """sigpending(2): store the signals that are pending, for the process and for the LWP.

    Raises:
        KernelError: EFAULT.
    """
    pending = lwp.l_proc.p_sigpend.sp_set | lwp.l_sigpend.sp_set
    copyout(lwp.l_proc.p_vmspace, pack_sigset(pending), set)
    return 0


def sys___sigsuspend14(lwp: Lwp, set: int) -> int:
    """sigsuspend(2): wait under another mask until a handler has run.

    Raises:
        KernelError: EINTR, always; EFAULT.
    """
    if set:
        mask = unpack_sigset(copyin(lwp.l_proc.p_vmspace, set, SIZEOF_SIGSET))
        lwp.l_sigoldmask = lwp.l_sigmask
        lwp.l_sigmask = mask & ~sigcantmask
        lwp.l_astpending = True
    while True:
        try:
            tsleep(lwp, lwp, PPAUSE | PCATCH, "pause")
        except KernelError as exc:
            raise KernelError(Errno.EINTR) from exc


def sys___sigaltstack14(lwp: Lwp, nss: int, oss: int) -> int:
    """sigaltstack(2): say where handlers with SA_ONSTACK run; store where they did.

    Raises:
        KernelError: EFAULT. EINVAL, flags there are none of, or the stack that a
            handler runs on would be disabled. ENOMEM, it is smaller than MINSIGSTKSZ.
    """
    vm = lwp.l_proc.p_vmspace
    old = lwp.l_sigstk
    if nss:
        new = sigstk_unpack(copyin(vm, nss, SIZEOF_SIGSTK))
        if new.ss_flags & ~SS_ALLBITS:
            raise KernelError(Errno.EINVAL)
        if new.ss_flags & SS_DISABLE:
            if old.ss_flags & SS_ONSTACK:
                raise KernelError(Errno.EINVAL)
        elif new.ss_size < MINSIGSTKSZ:
            raise KernelError(Errno.ENOMEM)
        lwp.l_sigstk = new
    if oss:
        copyout(vm, sigstk_pack(old), oss)
    return 0


def sys_____sigtimedwait50(lwp: Lwp, set: int, info: int, timeout: int) -> int:
    """sigtimedwait(2): take a pending signal of set, waiting for one if need be; return it.

    Args:
        lwp: the caller.
        set: address of the signals, which should be blocked.
        info: where what is known of the signal goes, or 0.
        timeout: address of how long to wait, 0 for ever; what is left of it is
            stored there when the call starts again.

    Raises:
        KernelError: EFAULT. EINVAL, the time is none. EAGAIN, it has passed. EINTR, the
            handler of another signal has run. ECANCELED, _lwp_wakeup(2).
    """
    p = lwp.l_proc
    vm = p.p_vmspace
    left = NEVER
    if timeout:
        wanted = Timespec.unpack(copyin(vm, timeout, SIZEOF_TIMESPEC))
        if wanted.tv_sec < 0 or not 0 <= wanted.tv_nsec < 10**9:
            raise KernelError(Errno.EINVAL)
        left = wanted.ns
    waitset = unpack_sigset(copyin(vm, set, SIZEOF_SIGSET)) & ~sigcantmask
    for pend in (p.p_sigpend, lwp.l_sigpend):
        if signo := sigfirst(pend.sp_set & waitset):
            ksi = pend.get(signo)
            break
    else:
        if not left:
            raise KernelError(Errno.EAGAIN)
        ksi = _sigwait(lwp, waitset, left, timeout)
    if info:
        copyout(vm, siginfo_pack(ksi, LP64), info)
    return ksi.ksi_signo


def _sigwait(lwp: Lwp, waitset: int, left: int, timeout: int) -> Ksiginfo:
    """Sleep until a signal of waitset comes.

    Args:
        lwp: the caller.
        waitset: signals.
        left: how long, ns.
        timeout: where to store what is left of it if the call is to start again, or 0.

    Raises:
        KernelError: EAGAIN, EINTR, ERESTART, ECANCELED, EFAULT.
    """
    p = lwp.l_proc
    end = clock_uptime(lwp.l_kernel) + left
    _sigwaiter(lwp, waitset)
    try:
        while lwp.l_sigwaited is None:
            more = end - clock_uptime(lwp.l_kernel) if timeout else 0
            if timeout and more <= 0:
                raise KernelError(Errno.EAGAIN)
            tsleep(lwp, (lwp, "sigwait"), PPAUSE | PCATCH, "sigwait", more)
    except KernelError as exc:
        if lwp.l_sigwaited is None:
            raise _uncaught(lwp, exc, end, timeout) from None
    finally:
        lwp.l_sigwaitset = 0
        if lwp in p.p_sigwaiters:
            p.p_sigwaiters.remove(lwp)
    return lwp.l_sigwaited


def _sigwaiter(lwp: Lwp, waitset: int) -> None:
    """Let kpsignal know that lwp waits for a signal of waitset."""
    lwp.l_sigwaited, lwp.l_sigwaitset = None, waitset
    lwp.l_proc.p_sigwaiters.insert(0, lwp)


def _uncaught(lwp: Lwp, why: KernelError, end: int, timeout: int) -> KernelError:
    """Return what sigtimedwait(2) fails with when its sleep ended with why."""
    if why.errno is Errno.EWOULDBLOCK:
        return KernelError(Errno.EAGAIN)
    if why.errno is Errno.EINTR and not sigispending(lwp):
        return KernelError(Errno.ECANCELED)
    if why.errno is Errno.ERESTART and timeout:
        left = max(end - clock_uptime(lwp.l_kernel), 0)
        copyout(lwp.l_proc.p_vmspace, Timespec.from_ns(left).pack(), timeout)
    return why


def sys_setcontext(lwp: Lwp, ucp: int) -> int:
    """setcontext(2): take up a saved context; what a signal's return does.

    Of a context this machine can restore the signal mask, and whether it is on the
    alternate signal stack: its stack is Python's.

    Raises:
        KernelError: EJUSTRETURN, always; EFAULT. EINVAL, it has no registers (_UC_CPU).
    """
    context: Ucontext = ucontext_unpack(copyin(lwp.l_proc.p_vmspace, ucp, SIZEOF_UCONTEXT))
    if not context.uc_flags & UC_CPU:
        raise KernelError(Errno.EINVAL)
    if context.uc_flags & UC_SIGMASK:
        lwp.l_sigmask = context.uc_sigmask & ~sigcantmask
    if context.uc_flags & (UC_SETSTACK | UC_CLRSTACK):
        onstack = SS_ONSTACK if context.uc_flags & UC_SETSTACK else 0
        lwp.l_sigstk = lwp.l_sigstk._replace(ss_flags=lwp.l_sigstk.ss_flags & ~SS_ONSTACK | onstack)
    lwp.l_astpending = True
    raise KernelError(Errno.EJUSTRETURN)


def sys_getcontext(lwp: Lwp, ucp: int) -> int:
    """getcontext(2): store the caller's context, of which this machine has mask and signal stack.

    Raises:
        KernelError: EFAULT.
    """
    copyout(lwp.l_proc.p_vmspace, ucontext_pack(getucontext(lwp, lwp.l_sigmask)), ucp)
    return 0
