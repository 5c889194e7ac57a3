# SPDX-License-Identifier: BSD-2-Clause
"""Lightweight processes: made, ended, waited for, suspended.  NetBSD sys/kern/kern_lwp.c."""

from typing import NoReturn

from kernel.arch.python.switch import cpu_abandon, cpu_current, cpu_unwind
from kernel.kern.kern_proc import proc_alloc_pid, proc_find_lwp
from kernel.kern.kern_runq import mi_switch, setrunqueue, updatertime
from kernel.kern.kern_sig import proc_stop_done
from kernel.kern.kern_synch import PCATCH, PWAIT, setrunnable, tsleep, wakeup
from kernel.kern.sched_4bsd import sched_lwp_collect
from kernel.kern.subr_log import panic
from kernel.kern.sys_futex import futex_release_all_lwp
from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import (
    LPR_DETACHED,
    LSIDL,
    LSONPROC,
    LSRUN,
    LSSLEEP,
    LSSTOP,
    LSSUSPENDED,
    LSZOMB,
    LW_SINTR,
    LW_USERRET,
    LW_WEXIT,
    LW_WSUSPEND,
    SSTOP,
    Lwp,
    Proc,
)
from kernel.sys.resource import RLIMIT_NTHR
from kernel.sys.signalvar import sigispending


def lwp_create(p: Proc, sigmask: int = 0, prflag: int = 0) -> Lwp:
    """Make an LWP of p that does not run yet.

    Its lid is the pid if no LWP of p has that, else a number that no process
    and no LWP has, as since NetBSD 10.

    Raises:
        KernelError: EAGAIN, the user has as many as RLIMIT_NTHR allows; root may have more.
    """
    kernel = p.p_kernel
    lid = p.p_pid
    if proc_find_lwp(p, lid) is not None:
        _check_limit(p)
        lid = proc_alloc_pid(kernel)
    lwp = Lwp(p, lid, kernel, l_sigmask=sigmask, l_prflag=prflag)
    if lid != p.p_pid:
        kernel.lwps[lid] = lwp
    p.p_lwps.append(lwp)
    return lwp


def _check_limit(p: Proc) -> None:
    """Hold the number of LWPs besides each process's first below the limit.

    Raises:
        KernelError: EAGAIN.
    """
    uid = p.p_cred.cr_ruid
    if uid:
        mine = sum(lwp.l_proc.p_cred.cr_ruid == uid for lwp in p.p_kernel.lwps.values())
        if mine >= p.p_limit[RLIMIT_NTHR][0]:
            raise KernelError(Errno.EAGAIN)


def lwp_find(p: Proc, lid: int) -> Lwp:
    """Return p's LWP lid, alive.

    Raises:
        KernelError: ESRCH, there is none.
    """
    lwp = proc_find_lwp(p, lid)
    if lwp is None or lwp.l_stat in (LSIDL, LSZOMB):
        raise KernelError(Errno.ESRCH)
    return lwp


def lwp_start(lwp: Lwp, suspended: bool) -> None:
    """Let a new LWP run; or not yet, if it is to be suspended or its process is stopped."""
    if suspended:
        lwp.l_stat = LSSUSPENDED
    elif lwp.l_proc.p_stat == SSTOP:
        lwp.l_stat = LSSTOP
    else:
        setrunqueue(lwp)


def lwp_free(lwp: Lwp) -> None:
    """Forget an LWP that has ended."""
    lwp.l_proc.p_zomblwps.pop(lwp.l_lid, None)
    lwp.l_kernel.lwps.pop(lwp.l_lid, None)


def lwp_exit(lwp: Lwp) -> NoReturn:
    """End lwp, which runs and is not the last of its process.

    Raises:
        ProcessExit: always: it unwinds the user stack.

    Source: lwp_exit, NetBSD sys/kern/kern_lwp.c.
    """
    p = lwp.l_proc
    updatertime(lwp)
    futex_release_all_lwp(lwp)
    p.p_lwps.remove(lwp)
    lwp.l_stat = LSZOMB
    if lwp.l_prflag & LPR_DETACHED:
        lwp_free(lwp)
    else:
        p.p_zomblwps[lwp.l_lid] = lwp
    if p.p_sigpend.sp_set:  # it may have been the one that was told
        for other in p.p_lwps:
            _check_signals(other)
    proc_stop_done(p)
    wakeup(lwp.l_kernel, lwpcv(p))
    lwp_abandon(lwp)


def lwp_abandon(lwp: Lwp) -> NoReturn:
    """Leave the stack of an LWP, or of its process, that has ended to unwind as nobody's.

    Raises:
        ProcessExit: always.
    """
    kernel = lwp.l_kernel
    if kernel.deadlwp is None:
        panic(kernel, "no LWP for the dead")
    kernel.curlwp = None
    cpu_abandon(cpu_current(), kernel.deadlwp)
    lwp.l_pcb = None
    cpu_unwind()


def _check_signals(lwp: Lwp) -> None:
    lwp.l_astpending = True
    if sigispending(lwp) and lwp.l_stat == LSSLEEP and lwp.l_flag & LW_SINTR:
        setrunnable(lwp)


def lwpcv(p: Proc) -> tuple[Proc, str]:
    """Return the channel of who waits for an LWP of p to change (p_lwpcv)."""
    return p, "lwpwait"


def exit_lwps(lwp: Lwp) -> None:
    """Have all other LWPs of lwp's process end, and wait until they have: it exits or execs.

    Who sleeps where signals may wake him does, and fails with EINTR; each leaves
    at its return to user mode.

    Source: exit_lwps, NetBSD sys/kern/kern_exit.c.
    """
    p = lwp.l_proc
    if lwp.l_flag & LW_WEXIT:  # another one was first
        lwp_exit(lwp)
    for other in p.p_lwps:
        if other is not lwp:
            other.l_flag = other.l_flag & ~LW_WSUSPEND | LW_WEXIT
            other.l_astpending = True
            if other.l_stat in (LSSTOP, LSSUSPENDED):
                setrunnable(other)
            if other.l_stat == LSSLEEP and other.l_flag & LW_SINTR:
                setrunnable(other)
    while len(p.p_lwps) > 1:
        tsleep(lwp, lwpcv(p), PWAIT, "lwpwait")
    for zombie in list(p.p_zomblwps.values()):
        lwp_free(zombie)


def lwp_wait(lwp: Lwp, lid: int) -> int:
    """Wait for LWP lid of the process, 0 any, to end; forget it and return its lid.

    Raises:
        KernelError: ESRCH, there is none. EINVAL, it is detached. EDEADLK, it
            waits for the caller, is the caller, or all LWPs wait. EINTR.

    Source: lwp_wait, NetBSD sys/kern/kern_lwp.c.
    """
    p = lwp.l_proc
    p.p_nlwpwait += 1
    lwp.l_waitingfor = lid
    try:
        while (found := _departed(lwp, lid)) is None:
            if p.p_nlwpwait == len(p.p_lwps):
                raise KernelError(Errno.EDEADLK)
            tsleep(lwp, lwpcv(p), PWAIT | PCATCH, "lwpwait")
    except KernelError:
        target = proc_find_lwp(p, lid)
        if target is not None and target.l_waiter == lwp.l_lid:
            target.l_waiter = 0
        wakeup(lwp.l_kernel, lwpcv(p))  # the others may want it, or see a deadlock
        raise
    finally:
        p.p_nlwpwait -= 1
        lwp.l_waitingfor = 0
    sched_lwp_collect(lwp, found)
    lwp_free(found)
    return found.l_lid


def _departed(lwp: Lwp, lid: int) -> Lwp | None:
    """Return an LWP that has ended and is lwp's to collect; None if there may be one later.

    Raises:
        KernelError: ESRCH, EINVAL, EDEADLK.
    """
    p = lwp.l_proc
    if lid:
        target = proc_find_lwp(p, lid)
        if target is None:
            raise KernelError(Errno.ESRCH)
        if target.l_prflag & LPR_DETACHED:
            raise KernelError(Errno.EINVAL)
        if target.l_waitingfor == lwp.l_lid or target is lwp:
            raise KernelError(Errno.EDEADLK)
        target.l_waiter = target.l_waiter or lwp.l_lid
        return target if target.l_stat == LSZOMB else None
    for zombie in p.p_zomblwps.values():
        if not zombie.l_waiter:
            return zombie
    if not p.p_zomblwps and all(each is lwp or each.l_prflag & LPR_DETACHED for each in p.p_lwps):
        raise KernelError(Errno.ESRCH)
    return None


def lwp_suspend(lwp: Lwp, target: Lwp) -> None:
    """Suspend target, of lwp's process; one that runs is so at its return to user mode.

    Raises:
        KernelError: EDEADLK, lwp is to end.
    """
    if lwp.l_flag & LW_WEXIT:
        raise KernelError(Errno.EDEADLK)
    if target.l_stat == LSSUSPENDED:
        return
    target.l_flag |= LW_WSUSPEND
    if target.l_stat in (LSRUN, LSONPROC):
        target.l_astpending = True
    elif target.l_stat == LSSTOP or target.l_flag & LW_SINTR:  # where it sleeps, or is stopped
        target.l_stat = LSSUSPENDED


def lwp_continue(target: Lwp) -> None:
    """Let target, if it is suspended or to be, run on."""
    target.l_flag &= ~LW_WSUSPEND
    if target.l_stat == LSSUSPENDED:
        if target.l_proc.p_stat == SSTOP:
            target.l_stat = LSSTOP
        else:
            setrunnable(target)


def lwp_userret(lwp: Lwp) -> None:
    """Before user mode: end, or be suspended, if that was asked for.

    Raises:
        ProcessExit: lwp ends.
    """
    while lwp.l_flag & LW_USERRET:
        if lwp.l_flag & LW_WEXIT:
            lwp_exit(lwp)
        lwp.l_stat = LSSUSPENDED
        wakeup(lwp.l_kernel, lwpcv(lwp.l_proc))
        mi_switch(lwp)
