# SPDX-License-Identifier: BSD-2-Clause
"""System calls of lightweight processes.  NetBSD sys/kern/sys_lwp.c."""

from struct import Struct
from typing import Final, NoReturn

from kernel.arch.python.clock import clock_uptime
from kernel.arch.python.copy import copyin, copyinstr, copyout
from kernel.arch.python.history import history_lwp
from kernel.arch.python.switch import cpu_context
from kernel.kern.kern_exit import exit1
from kernel.kern.kern_lwp import (
    lwp_continue,
    lwp_create,
    lwp_exit,
    lwp_find,
    lwp_free,
    lwp_start,
    lwp_suspend,
    lwp_wait,
    lwpcv,
)
from kernel.kern.kern_proc import proc_find_lwp
from kernel.kern.kern_sig import kpsignal, lwp_signal
from kernel.kern.kern_sleepq import sleepq_remove
from kernel.kern.kern_synch import PCATCH, PWAIT, setrunnable, tsleep, wakeup
from kernel.kern.sched_4bsd import sched_lwp_fork
from kernel.kern.subr_time import ts2timo
from kernel.sys.errno import Errno, KernelError
from kernel.sys.lwp import (
    LWP_DETACHED,
    LWP_SUSPENDED,
    LWPCTL_FEATURE_CURCPU,
    LWPCTL_FEATURE_PCTR,
)
from kernel.sys.param import MAXCOMLEN
from kernel.sys.proc import (
    LPR_DETACHED,
    LSIDL,
    LSSLEEP,
    LSSUSPENDED,
    LSZOMB,
    LW_CANCELLED,
    LW_SINTR,
    LW_UNPARKED,
    LW_WEXIT,
    LW_WSUSPEND,
    Lwp,
)
from kernel.sys.signal import (
    NSIG,
    SI_LWP,
    contsigmask,
    sigcantmask,
    sigmask,
)
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.time import SIZEOF_TIMESPEC, TIMER_ABSTIME, Timespec
from kernel.sys.ucontext import SIZEOF_UCONTEXT, UC_CPU, UC_SIGMASK, ucontext_unpack

LWP_UNPARK_MAX: Final = 1024  # LWPs that one _lwp_unpark_all(2) wakes
_LWPID: Final = Struct("<i")
_PARKED: Final = "parked"  # l_wmesg, and with the LWP the wait channel


def sys__lwp_create(lwp: Lwp, ucp: int, flags: int, new_lwp: int) -> int:
    """_lwp_create(2): run another LWP in this process, from the context at ucp; store its lid.

    Args:
        lwp: the caller.
        ucp: user address of a ucontext_t: where it starts, on which stack, its argument.
        flags: LWP_DETACHED, LWP_SUSPENDED.
        new_lwp: where the lid goes.

    Raises:
        KernelError: EFAULT. EINVAL, the context has no registers, or none of a
            program. EAGAIN, as many LWPs as RLIMIT_NTHR allows.
    """
    p = lwp.l_proc
    context = ucontext_unpack(copyin(p.p_vmspace, ucp, SIZEOF_UCONTEXT))
    if not context.uc_flags & UC_CPU or context.uc_rip >= p.p_vmspace.vm_layout.usrstack:
        raise KernelError(Errno.EINVAL)
    mask = context.uc_sigmask if context.uc_flags & UC_SIGMASK else lwp.l_sigmask
    new = lwp_create(p, mask & ~sigcantmask, LPR_DETACHED if flags & LWP_DETACHED else 0)
    try:
        copyout(p.p_vmspace, _LWPID.pack(new.l_lid), new_lwp)
    except KernelError:
        p.p_lwps.remove(new)
        lwp_free(new)
        raise
    sched_lwp_fork(lwp, new)
    history_lwp(lwp, new, context)
    p.p_emul.e_syscall_intern(p)
    new.l_pcb = cpu_context(lambda new: p.p_emul.e_startlwp(new, context), new, lwp.l_kernel.idle)
    lwp_start(new, bool(flags & LWP_SUSPENDED) or bool(lwp.l_flag & (LW_WSUSPEND | LW_WEXIT)))
    return 0


def sys__lwp_exit(lwp: Lwp) -> NoReturn:
    """_lwp_exit(2): end the LWP; with the last one the process ends, status 0."""
    if len(lwp.l_proc.p_lwps) == 1:
        exit1(lwp, 0, 0)
    lwp_exit(lwp)


def sys__lwp_self(lwp: Lwp) -> int:
    """_lwp_self(2): return the LWP's lid."""
    return lwp.l_lid


def sys__lwp_getprivate(lwp: Lwp) -> int:
    """_lwp_getprivate(2): return the address of the LWP's own data."""
    return lwp.l_private


def sys__lwp_setprivate(lwp: Lwp, ptr: int) -> int:
    """_lwp_setprivate(2): set the address of the LWP's own data."""
    lwp.l_private = ptr
    return 0


def sys__lwp_suspend(lwp: Lwp, target: int) -> int:
    """_lwp_suspend(2): suspend an LWP of the process; return once it is.

    The caller itself is suspended at its return to user mode.

    Raises:
        KernelError: ESRCH, there is none. EDEADLK, it is the only one that is
            not suspended. EINTR.
    """
    p = lwp.l_proc
    t = lwp_find(p, target)
    if t is lwp and not any(
        each is not lwp and each.l_stat != LSSUSPENDED and not each.l_flag & LW_WSUSPEND
        for each in p.p_lwps
    ):
        raise KernelError(Errno.EDEADLK)
    lwp_suspend(lwp, t)
    while t is not lwp and t.l_stat != LSSUSPENDED and t.l_flag & LW_WSUSPEND:
        tsleep(lwp, lwpcv(p), PWAIT | PCATCH, "lwpwait")
        lwp_find(p, target)
    return 0


def sys__lwp_continue(lwp: Lwp, target: int) -> int:
    """_lwp_continue(2): let a suspended LWP of the process run on.

    Raises:
        KernelError: ESRCH, there is none.
    """
    lwp_continue(lwp_find(lwp.l_proc, target))
    return 0


def sys__lwp_wakeup(lwp: Lwp, target: int) -> int:
    """_lwp_wakeup(2): interrupt the sleep of an LWP of the process: its call fails with EINTR.

    Raises:
        KernelError: ESRCH, there is none. ENODEV, it does not sleep. EBUSY, it
            sleeps where nothing interrupts it.
    """
    t = lwp_find(lwp.l_proc, target)
    t.l_flag |= LW_CANCELLED | LW_UNPARKED
    if t.l_stat != LSSLEEP:
        raise KernelError(Errno.ENODEV)
    if not t.l_flag & LW_SINTR:
        raise KernelError(Errno.EBUSY)
    setrunnable(t)
    return 0


def sys__lwp_wait(lwp: Lwp, wait_for: int, departed: int) -> int:
    """_lwp_wait(2): wait for an LWP of the process, 0 any, to end; store its lid unless 0.

    Raises:
        KernelError: ESRCH, there is none. EINVAL, it is detached. EDEADLK, it
            waits for the caller, is the caller, or all LWPs wait. EINTR. EFAULT.
    """
    lid = lwp_wait(lwp, wait_for)
    if departed:
        copyout(lwp.l_proc.p_vmspace, _LWPID.pack(lid), departed)
    return 0


def sys__lwp_kill(lwp: Lwp, target: int, signo: int) -> int:
    """_lwp_kill(2): send a signal to an LWP of the process; 0 only checks.

    Raises:
        KernelError: EINVAL, there is no such signal. ESRCH, no such LWP.
    """
    p = lwp.l_proc
    if not 0 <= signo < NSIG:
        raise KernelError(Errno.EINVAL)
    t = lwp_find(p, target)
    if signo:
        ksi = Ksiginfo(signo, SI_LWP, p.p_pid, p.p_cred.cr_uid)
        if sigmask(signo) & (sigcantmask | contsigmask):  # what they do, they do to all
            kpsignal(p, ksi)
        else:
            lwp_signal(t, ksi)
    return 0


def sys__lwp_detach(lwp: Lwp, target: int) -> int:
    """_lwp_detach(2): let an LWP of the process be forgotten once it ends.

    Raises:
        KernelError: ESRCH, there is none. EINVAL, it is detached already.
    """
    t = proc_find_lwp(lwp.l_proc, target)
    if t is None or t.l_stat == LSIDL:
        raise KernelError(Errno.ESRCH)
    if t.l_prflag & LPR_DETACHED:
        raise KernelError(Errno.EINVAL)
    t.l_prflag |= LPR_DETACHED
    if t.l_stat == LSZOMB:
        lwp_free(t)
    else:
        wakeup(lwp.l_kernel, lwpcv(lwp.l_proc))
    return 0


def lwp_park(lwp: Lwp, clock_id: int, flags: int, ts: Timespec | None) -> None:
    """Sleep until another LWP of the process unparks this one.

    Raises:
        KernelError: EALREADY, it was unparked before. EINVAL, ts. ETIMEDOUT, the
            time of ts has come. EINTR, a signal has.
    """
    timo = 0 if ts is None else ts2timo(lwp.l_kernel, clock_id, flags, ts)
    if lwp.l_flag & (LW_CANCELLED | LW_UNPARKED):
        lwp.l_flag &= ~(LW_CANCELLED | LW_UNPARKED)
        raise KernelError(Errno.EALREADY)
    try:
        tsleep(lwp, (lwp, _PARKED), PWAIT | PCATCH, _PARKED, timo)
    except KernelError as exc:
        if exc.errno is Errno.EWOULDBLOCK:
            raise KernelError(Errno.ETIMEDOUT) from None
        raise KernelError(Errno.EINTR) from None


def lwp_unpark(lwp: Lwp, target: int) -> bool:
    """Wake LWP target of lwp's process if it is parked, else let its next parking not wait.

    Returns:
        whether there is such an LWP.
    """
    t = proc_find_lwp(lwp.l_proc, target)
    if t is None:
        return False
    if t.l_wmesg is _PARKED:
        sleepq_remove(t)
    else:
        t.l_flag |= LW_UNPARKED
    return True


def sys____lwp_park60(
    lwp: Lwp, clock_id: int, flags: int, ts: int, unpark: int, hint: int, unparkhint: int
) -> int:
    """_lwp_park(2): sleep until unparked; before, unpark another LWP unless that is 0.

    Args:
        lwp: the caller.
        clock_id: the clock of ts.
        flags: TIMER_ABSTIME: ts is when to stop waiting, not how long.
        ts: user address of a struct timespec, 0 for ever; what is left is stored
            there if it is an interval.
        unpark: lid of the other LWP.
        hint: what is waited for; the kernel needs no hint.
        unparkhint: the same of the other.

    Raises:
        KernelError: EALREADY, unparked before it parked. EFAULT. EINTR. EINVAL,
            ts or clock_id. ESRCH, no LWP unpark. ETIMEDOUT.
    """
    del hint, unparkhint
    vm = lwp.l_proc.p_vmspace
    wanted = Timespec.unpack(copyin(vm, ts, SIZEOF_TIMESPEC)) if ts else None
    if unpark and not lwp_unpark(lwp, unpark):
        raise KernelError(Errno.ESRCH)
    start = clock_uptime(lwp.l_kernel)
    try:
        lwp_park(lwp, clock_id, flags, wanted)
    finally:
        if wanted is not None and not flags & TIMER_ABSTIME:
            left = max(wanted.ns - (clock_uptime(lwp.l_kernel) - start), 0)
            _store(lwp, Timespec.from_ns(left).pack(), ts)
    return 0


def _store(lwp: Lwp, data: bytes, uaddr: int) -> None:
    """Store what a call reports besides its result; where that cannot be, it is not reported."""
    try:
        copyout(lwp.l_proc.p_vmspace, data, uaddr)
    except KernelError:
        return


def sys__lwp_unpark(lwp: Lwp, target: int, hint: int) -> int:
    """_lwp_unpark(2): wake an LWP of the process that is parked, or is about to be.

    Raises:
        KernelError: ESRCH, there is none.
    """
    del hint
    if not lwp_unpark(lwp, target):
        raise KernelError(Errno.ESRCH)
    return 0


def sys__lwp_unpark_all(lwp: Lwp, targets: int, ntargets: int, hint: int) -> int:
    """_lwp_unpark_all(2): unpark ntargets LWPs; with targets 0 return how many it may be.

    Raises:
        KernelError: EINVAL, none or too many. EFAULT. ESRCH, one is not there;
            the others are unparked.
    """
    del hint
    if not targets:
        return LWP_UNPARK_MAX
    if not 0 < ntargets <= LWP_UNPARK_MAX:
        raise KernelError(Errno.EINVAL)
    raw = copyin(lwp.l_proc.p_vmspace, targets, ntargets * _LWPID.size)
    missing = [lid for (lid,) in _LWPID.iter_unpack(raw) if not lwp_unpark(lwp, lid)]
    if missing:
        raise KernelError(Errno.ESRCH)
    return 0


def sys__lwp_setname(lwp: Lwp, target: int, name: int) -> int:
    """_lwp_setname(2): name an LWP of the process, 0 the caller; longer names are cut.

    Raises:
        KernelError: EFAULT. ESRCH, there is none.
    """
    text = _name(lwp, name)
    lwp_find(lwp.l_proc, target or lwp.l_lid).l_name = text
    return 0


def _name(lwp: Lwp, uaddr: int) -> bytes:
    try:
        return copyinstr(lwp.l_proc.p_vmspace, uaddr, MAXCOMLEN)
    except KernelError as exc:
        if exc.errno is not Errno.ENAMETOOLONG:
            raise
    return copyin(lwp.l_proc.p_vmspace, uaddr, MAXCOMLEN - 1)


def sys__lwp_getname(lwp: Lwp, target: int, name: int, len: int) -> int:
    """_lwp_getname(2): store the name of an LWP of the process, 0 the caller, and a NUL.

    Raises:
        KernelError: ESRCH, there is none. EFAULT. ENAMETOOLONG, len bytes have
            no room for it: so much is stored, without a NUL.
    """
    text = (lwp_find(lwp.l_proc, target or lwp.l_lid).l_name or b"") + b"\0"
    copyout(lwp.l_proc.p_vmspace, text[:len], name)
    if text[len:]:
        raise KernelError(Errno.ENAMETOOLONG)
    return 0


def sys__lwp_ctl(lwp: Lwp, features: int, address: int) -> NoReturn:
    """_lwp_ctl(2): there is no memory that the kernel and an LWP share: refuse.

    Raises:
        KernelError: ENODEV, features that there are none of. ENOSYS, the others.
    """
    del lwp, address
    if features & ~(LWPCTL_FEATURE_CURCPU | LWPCTL_FEATURE_PCTR):
        raise KernelError(Errno.ENODEV)
    raise KernelError(Errno.ENOSYS)
