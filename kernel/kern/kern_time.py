# SPDX-License-Identifier: BSD-2-Clause
"""Time of day, sleeping, interval timers.  NetBSD sys/kern/kern_time.c."""

from typing import Final

from kernel.arch.python.clock import clock_gettime, clock_settime, clock_uptime, nanotime
from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_proc import proc_cansee, proc_find, suser
from kernel.kern.kern_runq import updatertime
from kernel.kern.kern_sig import psignal
from kernel.kern.kern_synch import PCATCH, PPAUSE, tsleep
from kernel.kern.kern_timeout import callout_reset, callout_stop
from kernel.kern.subr_log import log
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import HZ
from kernel.sys.proc import Lwp, Proc
from kernel.sys.signal import SIGALRM
from kernel.sys.time import (
    CLOCK_MONOTONIC,
    CLOCK_PROCESS_CPUTIME_ID,
    CLOCK_REALTIME,
    CLOCK_THREAD_CPUTIME_ID,
    CPUCLOCK_ID_MASK,
    ITIMER_MONOTONIC,
    ITIMER_REAL,
    SIZEOF_ITIMERVAL,
    SIZEOF_TIMESPEC,
    SIZEOF_TIMEVAL,
    TIMER_ABSTIME,
    Itimerval,
    Timespec,
    Timeval,
)
from kernel.sys.wait import P_LWPID, P_PID

TICK: Final = 1_000_000_000 // HZ  # ns: no interval timer is faster
_CPU_CLOCK: Final = CLOCK_PROCESS_CPUTIME_ID | CLOCK_THREAD_CPUTIME_ID
_TZ: Final = bytes(8)  # struct timezone: Greenwich; the kernel knows no other


def sys___gettimeofday50(lwp: Lwp, tp: int, tzp: int) -> int:
    """gettimeofday(2): store the time, and a time zone of 0; either may be 0.

    Raises:
        KernelError: EFAULT.
    """
    vm = lwp.l_proc.p_vmspace
    if tp:
        copyout(vm, Timeval.from_ns(nanotime(lwp.l_kernel)).pack(), tp)
    if tzp:
        copyout(vm, _TZ, tzp)
    return 0


def sys___settimeofday50(lwp: Lwp, tv: int, tzp: int) -> int:
    """settimeofday(2): set the time; a time zone is only logged.

    Raises:
        KernelError: EFAULT. EINVAL, microseconds. EPERM, not root.
    """
    p = lwp.l_proc
    if tzp:
        log(lwp.l_kernel, f"pid {p.p_pid} attempted to set the (obsolete) kernel time zone")
    if tv:
        when = Timeval.unpack(copyin(p.p_vmspace, tv, SIZEOF_TIMEVAL))
        if not 0 <= when.tv_usec < 1_000_000:
            raise KernelError(Errno.EINVAL)
        suser(p)
        clock_settime(lwp.l_kernel, when.ns)
    return 0


def _check_clock(clock_id: int) -> None:
    """Refuse a clock that cannot be slept by.

    Raises:
        KernelError: EINVAL.
    """
    if clock_id not in (CLOCK_REALTIME, CLOCK_MONOTONIC):
        raise KernelError(Errno.EINVAL)


def sys___clock_gettime50(lwp: Lwp, clock_id: int, tp: int) -> int:
    """clock_gettime(2): store the time of day, since boot, or the CPU time of the process.

    Raises:
        KernelError: EINVAL, there is no such clock. EFAULT.
    """
    if clock_id & _CPU_CLOCK:
        now = _cputime(lwp, clock_id)
    else:
        _check_clock(clock_id)
        now = clock_gettime(lwp.l_kernel, clock_id)
    copyout(lwp.l_proc.p_vmspace, Timespec.from_ns(now).pack(), tp)
    return 0


def _cputime(lwp: Lwp, clock_id: int) -> int:
    """Return what a process, or a thread of the caller's, has used, ns; 0 is the caller itself.

    Raises:
        KernelError: ESRCH, there is no such process or thread. EINVAL, no such clock.

    Source: clock_gettime1.
    """
    updatertime(lwp)
    number = clock_id & CPUCLOCK_ID_MASK
    if clock_id & ~CPUCLOCK_ID_MASK == CLOCK_PROCESS_CPUTIME_ID:
        p = proc_find(lwp.l_kernel, number) if number else lwp.l_proc
        if p is None or not proc_cansee(lwp.l_proc, p):
            raise KernelError(Errno.ESRCH)
        return p.p_stats.ru_utime + p.p_stats.ru_stime
    if clock_id & ~CPUCLOCK_ID_MASK != CLOCK_THREAD_CPUTIME_ID:
        raise KernelError(Errno.EINVAL)
    for each in lwp.l_proc.p_lwps:
        if each.l_lid == number or (not number and each is lwp):
            return each.l_rtime
    raise KernelError(Errno.ESRCH)


def sys_clock_getcpuclockid2(lwp: Lwp, idtype: int, id: int, clock_id: int) -> int:
    """clock_getcpuclockid2(2): store which clock tells the CPU time of a process or thread.

    Raises:
        KernelError: EINVAL, idtype is neither P_PID nor P_LWPID. EFAULT.
    """
    kinds = {P_PID: CLOCK_PROCESS_CPUTIME_ID, P_LWPID: CLOCK_THREAD_CPUTIME_ID}
    if idtype not in kinds:
        raise KernelError(Errno.EINVAL)
    number = kinds[idtype] | id & CPUCLOCK_ID_MASK
    copyout(lwp.l_proc.p_vmspace, number.to_bytes(4, "little"), clock_id)
    return 0


def sys___clock_settime50(lwp: Lwp, clock_id: int, tp: int) -> int:
    """clock_settime(2): set CLOCK_REALTIME.

    Raises:
        KernelError: EFAULT. EINVAL, another clock, or nanoseconds. EPERM, not root.
    """
    when = Timespec.unpack(copyin(lwp.l_proc.p_vmspace, tp, SIZEOF_TIMESPEC))
    if clock_id != CLOCK_REALTIME or not 0 <= when.tv_nsec < 1_000_000_000:
        raise KernelError(Errno.EINVAL)
    suser(lwp.l_proc)
    clock_settime(lwp.l_kernel, when.ns)
    return 0


def sys___clock_getres50(lwp: Lwp, clock_id: int, tp: int) -> int:
    """clock_getres(2): store a clock's resolution, 1 ns; tp may be 0.

    Raises:
        KernelError: EINVAL, no such clock. EFAULT.
    """
    if clock_id & _CPU_CLOCK:
        _cputime(lwp, clock_id)
    else:
        _check_clock(clock_id)
    if tp:
        copyout(lwp.l_proc.p_vmspace, Timespec(0, 1).pack(), tp)
    return 0


def sys___nanosleep50(lwp: Lwp, rqtp: int, rmtp: int) -> int:
    """nanosleep(2): sleep; store what is left of it at rmtp unless that is 0.

    Raises:
        KernelError: EFAULT. EINVAL, a time that is negative or malformed.
            EINTR, a signal came.
    """
    _nanosleep(lwp, CLOCK_MONOTONIC, 0, rqtp, rmtp)
    return 0


def sys_clock_nanosleep(lwp: Lwp, clock_id: int, flags: int, rqtp: int, rmtp: int) -> int:
    """clock_nanosleep(2): sleep for, or with TIMER_ABSTIME until, a time; return the error.

    It never fails: 0, EINTR, EINVAL or EFAULT is its value.
    """
    try:
        _nanosleep(lwp, clock_id, flags, rqtp, rmtp)
    except KernelError as exc:
        return int(exc.errno)
    return 0


def _nanosleep(lwp: Lwp, clock_id: int, flags: int, rqtp: int, rmtp: int) -> None:
    """Sleep as nanosleep(2) and clock_nanosleep(2) do.

    Raises:
        KernelError: EFAULT, EINVAL, EINTR.
    """
    vm = lwp.l_proc.p_vmspace
    wanted = Timespec.unpack(copyin(vm, rqtp, SIZEOF_TIMESPEC))
    _check_clock(clock_id)
    if wanted.tv_sec < 0 or not 0 <= wanted.tv_nsec < 1_000_000_000:
        raise KernelError(Errno.EINVAL)
    delay = wanted.ns
    if flags & TIMER_ABSTIME:
        delay -= clock_gettime(lwp.l_kernel, clock_id)
        rmtp = 0
    end = clock_uptime(lwp.l_kernel) + delay
    interrupted = _sleep_until(lwp, end)
    if rmtp:
        left = max(end - clock_uptime(lwp.l_kernel), 0)
        copyout(vm, Timespec.from_ns(left).pack(), rmtp)
    if interrupted:
        raise KernelError(Errno.EINTR)


def _sleep_until(lwp: Lwp, end: int) -> bool:
    """Sleep until the uptime is end, ns; return whether a signal came first.

    Such a sleep is not restarted, whatever the signal's handler wants.
    """
    while (left := end - clock_uptime(lwp.l_kernel)) > 0:
        try:
            tsleep(lwp, (lwp, "nanoslp"), PPAUSE | PCATCH, "nanoslp", left)
        except KernelError as exc:
            if exc.errno is not Errno.EWOULDBLOCK:
                return True
    return False


def sys___setitimer50(lwp: Lwp, which: int, itv: int, oitv: int) -> int:
    """setitimer(2): set the timer that sends SIGALRM; store the old setting at oitv unless 0.

    Times under a tick are a tick, as NetBSD has it.

    Raises:
        KernelError: EINVAL, which, or a malformed time. ENOTSUP, ITIMER_VIRTUAL,
            ITIMER_PROF, ITIMER_MONOTONIC: only ITIMER_REAL is kept. EFAULT.
    """
    p = lwp.l_proc
    _check_timer(which)
    new = Itimerval.unpack(copyin(p.p_vmspace, itv, SIZEOF_ITIMERVAL)) if itv else None
    if oitv:
        copyout(p.p_vmspace, realtimer_get(p).pack(), oitv)
    if new is not None:
        realtimer_set(p, itimerfix(new.it_value), itimerfix(new.it_interval))
    return 0


def sys___getitimer50(lwp: Lwp, which: int, itv: int) -> int:
    """getitimer(2): store how long until SIGALRM, and the interval after it.

    Raises:
        KernelError: EINVAL, which. ENOTSUP, as setitimer(2). EFAULT.
    """
    _check_timer(which)
    copyout(lwp.l_proc.p_vmspace, realtimer_get(lwp.l_proc).pack(), itv)
    return 0


def _check_timer(which: int) -> None:
    if not ITIMER_REAL <= which <= ITIMER_MONOTONIC:
        raise KernelError(Errno.EINVAL)
    if which != ITIMER_REAL:
        raise KernelError(Errno.ENOTSUP)


def itimerfix(tv: Timeval) -> int:
    """Return a timer's time in ns, at least a tick unless it is 0.

    Raises:
        KernelError: EINVAL, it is negative or malformed.
    """
    if tv.tv_sec < 0 or not 0 <= tv.tv_usec < 1_000_000:
        raise KernelError(Errno.EINVAL)
    return max(tv.ns, TICK) if tv.ns else 0


def realtimer_get(p: Proc) -> Itimerval:
    """Return the setting of p's ITIMER_REAL; all zero when it is off."""
    callout = p.p_realtimer
    if callout is None:
        return Itimerval(Timeval(0, 0), Timeval(0, 0))
    left = max(callout.c_key[0] - clock_uptime(p.p_kernel), 1000)
    return Itimerval(Timeval.from_ns(callout.c_args[1]), Timeval.from_ns(left))


def realtimer_set(p: Proc, value: int, interval: int) -> None:
    """Have SIGALRM sent to p after value ns (0: never) and each interval ns from then on."""
    if p.p_realtimer is not None:
        callout_stop(p.p_kernel, p.p_realtimer)
        p.p_realtimer = None
    if value:
        p.p_realtimer = callout_reset(p.p_kernel, value, realtimerexpire, p, interval)


def realtimerexpire(p: Proc, interval: int) -> None:
    """The time is up: send SIGALRM, and set the timer again, past what was missed."""
    due = p.p_realtimer.c_key[0]
    p.p_realtimer = None
    if interval:
        passed = clock_uptime(p.p_kernel) - due
        realtimer_set(p, interval - passed % interval, interval)
    psignal(p, SIGALRM)
