# SPDX-License-Identifier: BSD-2-Clause
"""System calls about signals.  NetBSD sys/kern/sys_sig.c."""

from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_proc import pgrp_find
from kernel.kern.kern_sig import kpsignal
from kernel.kern.kern_synch import PCATCH, PPAUSE, tsleep
from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import SZOMB, Lwp, Proc
from kernel.sys.signal import (
    NSIG,
    SA_ALLBITS,
    SI_USER,
    SIG_BLOCK,
    SIG_SETMASK,
    SIG_UNBLOCK,
    SIGCONT,
    SIZEOF_SIGACTION,
    SIZEOF_SIGSET,
    pack_sigaction,
    pack_sigset,
    sigcantmask,
    sigmask,
    unpack_sigaction,
    unpack_sigset,
)
from kernel.sys.signalvar import Ksiginfo, Sigaction, sigignored
from kernel.sys.ucontext import SIZEOF_UCONTEXT, Ucontext, ucontext_unpack


def cansignal(caller: Proc, p: Proc, signo: int) -> bool:
    """Return whether caller may send signo to p."""
    mine, its = caller.p_cred, p.p_cred
    return (
        mine.cr_uid == 0
        or not {mine.cr_uid, mine.cr_ruid}.isdisjoint((its.cr_ruid, its.cr_svuid))
        or (signo == SIGCONT and caller.p_pgrp.pg_session is p.p_pgrp.pg_session)
    )


def sys_kill(lwp: Lwp, pid: int, signum: int) -> int:
    """kill(2): send a signal to a process, a group (0, -pgid), or all (-1); 0 only checks.

    Raises:
        KernelError: EINVAL, there is no such signal. ESRCH, nobody to send it
            to. EPERM, the caller may not (all of them).
    """
    if not 0 <= signum < NSIG:
        raise KernelError(Errno.EINVAL)
    caller = lwp.l_proc
    ksi = Ksiginfo(signum, SI_USER, caller.p_pid, caller.p_cred.cr_uid)
    if pid > 0:
        targets = [p] if (p := lwp.l_kernel.allproc.get(pid)) is not None else []
    elif pid == -1:
        targets = [p for p in lwp.l_kernel.allproc.values() if p.p_pid > 1 and p is not caller]
    else:
        group = caller.p_pgrp if pid == 0 else pgrp_find(lwp.l_kernel, -pid)
        targets = list(group.pg_members) if group is not None else []
    if pid <= 0:
        targets = [p for p in targets if p.p_stat != SZOMB]
    if not targets:
        raise KernelError(Errno.ESRCH)
    allowed = [p for p in targets if cansignal(caller, p, signum)]
    if not allowed:
        raise KernelError(Errno.EPERM)
    if signum:
        for p in allowed:
            kpsignal(p, ksi)
    return 0


def sys___sigaction_sigtramp(
    lwp: Lwp, signum: int, nsa: int, osa: int, tramp: int, vers: int
) -> int:
    """sigaction(2): set and read a disposition; the trampoline is the machine's own.

    Raises:
        KernelError: EINVAL, no such signal, SIGKILL or SIGSTOP, or flags there
            are none of. EFAULT.
    """
    p = lwp.l_proc
    if not 0 < signum < NSIG:
        raise KernelError(Errno.EINVAL)
    old = p.p_sigacts.sa_sigdesc[signum]
    if nsa:
        new = Sigaction(*unpack_sigaction(copyin(p.p_vmspace, nsa, SIZEOF_SIGACTION)))
        if new.sa_flags & ~SA_ALLBITS or sigmask(signum) & sigcantmask:
            raise KernelError(Errno.EINVAL)
        new = new._replace(sa_mask=new.sa_mask & ~sigcantmask)
        p.p_sigacts.sa_sigdesc[signum] = new
        if sigignored(p, signum):
            p.p_sigpend.pop(signum, None)
    if osa:
        copyout(p.p_vmspace, pack_sigaction(*old), osa)
    return 0


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
    """sigpending(2): store the signals that are pending.

    Raises:
        KernelError: EFAULT.
    """
    pending = 0
    for signo in (*lwp.l_proc.p_sigpend, *lwp.l_sigpend):
        pending |= sigmask(signo)
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
    while True:
        try:
            tsleep(lwp, lwp, PPAUSE | PCATCH, "pause")
        except KernelError as exc:
            raise KernelError(Errno.EINTR) from exc


def sys_setcontext(lwp: Lwp, ucp: int) -> int:
    """setcontext(2): take up a saved context; what a signal's return does.

    Of a context this machine can restore the signal mask: its stack is Python's.

    Raises:
        KernelError: EJUSTRETURN, always; EFAULT.
    """
    context: Ucontext = ucontext_unpack(copyin(lwp.l_proc.p_vmspace, ucp, SIZEOF_UCONTEXT))
    lwp.l_sigmask = context.uc_sigmask & ~sigcantmask
    lwp.l_astpending = True
    raise KernelError(Errno.EJUSTRETURN)
