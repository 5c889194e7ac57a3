# SPDX-License-Identifier: BSD-2-Clause
"""Time of day, sleeping, interval timers.  NetBSD sys/kern/kern_time.c."""

from typing import Final

from kernel.arch.python.clock import clock_gettime, clock_settime, clock_uptime, nanotime
from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_proc import proc_cansee, proc_find, suser
from kernel.kern.kern_resource import rlimit_cpu
from kernel.kern.kern_runq import updatertime
from kernel.kern.kern_synch import PCATCH, PPAUSE, tsleep
from kernel.kern.kern_time_itimer import itimer_cpu, itimer_gettime, itimer_settime
from kernel.kern.subr_log import log
from kernel.kern.subr_time import itimespecfix, ts2timo
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import TICK
from kernel.sys.proc import Lwp, Proc
from kernel.sys.signal import NSIG, SIGALRM, SIGEV_NONE, SIGEV_SIGNAL, SIGPROF, SIGVTALRM
from kernel.sys.time import (
    CLOCK_MONOTONIC,
    CLOCK_PROCESS_CPUTIME_ID,
    CLOCK_REALTIME,
    CLOCK_THREAD_CPUTIME_ID,
    CPUCLOCK_ID_MASK,
    ITIMER_MONOTONIC,
    ITIMER_REAL,
    SIZEOF_ITIMERSPEC,
    SIZEOF_ITIMERVAL,
    SIZEOF_TIMESPEC,
    SIZEOF_TIMEVAL,
    TIME_MAX,
    TIMER_ABSTIME,
    Itimerspec,
    Itimerval,
    Timespec,
    Timeval,
)
from kernel.sys.timevar import SIZEOF_SIGEVENT, TIMER_MAX, TIMER_MIN, Ptimer, Sigevent
from kernel.sys.wait import P_LWPID, P_PID

_SIGEV_SA: Final = 3
_SIGNALS: Final = (SIGALRM, SIGVTALRM, SIGPROF, SIGALRM)  # of a timer, by its clock
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
        KernelError: EFAULT. EINVAL, microseconds, or beyond TIME_MAX. EPERM, not root.
    """
    p = lwp.l_proc
    if tzp:
        log(lwp.l_kernel, f"pid {p.p_pid} attempted to set the (obsolete) kernel time zone")
    if tv:
        when = Timeval.unpack(copyin(p.p_vmspace, tv, SIZEOF_TIMEVAL))
        if not 0 <= when.tv_usec < 1_000_000 or when.tv_sec >= TIME_MAX:
            raise KernelError(Errno.EINVAL)
        suser(p)
        clock_settime(lwp.l_kernel, when.ns)
    return 0


def _check_clock(clock_id: int) -> None:
    """Refuse a clock that there is none of.

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

    An id of 0 is the caller's.

    Raises:
        KernelError: EINVAL, idtype is neither P_PID nor P_LWPID. EFAULT.
    """
    kinds = {
        P_PID: (CLOCK_PROCESS_CPUTIME_ID, lwp.l_proc.p_pid),
        P_LWPID: (CLOCK_THREAD_CPUTIME_ID, lwp.l_lid),
    }
    if idtype not in kinds:
        raise KernelError(Errno.EINVAL)
    kind, caller = kinds[idtype]
    number = kind | (id or caller) & CPUCLOCK_ID_MASK
    copyout(lwp.l_proc.p_vmspace, number.to_bytes(4, "little"), clock_id)
    return 0


def sys___clock_settime50(lwp: Lwp, clock_id: int, tp: int) -> int:
    """clock_settime(2): set CLOCK_REALTIME.

    Raises:
        KernelError: EFAULT. EINVAL, another clock, nanoseconds, or beyond TIME_MAX. EPERM,
            not root.
    """
    when = Timespec.unpack(copyin(lwp.l_proc.p_vmspace, tp, SIZEOF_TIMESPEC))
    if clock_id != CLOCK_REALTIME or not 0 <= when.tv_nsec < 1_000_000_000:
        raise KernelError(Errno.EINVAL)
    if when.tv_sec >= TIME_MAX:
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
        KernelError: EFAULT. EINVAL, a time that is malformed; a negative one is none to
            wait for. EINTR, a signal came.
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
    delay = 0
    try:
        delay = ts2timo(lwp.l_kernel, clock_id, flags, wanted)
    except KernelError as exc:
        if exc.errno is not Errno.ETIMEDOUT:
            raise
    if flags & TIMER_ABSTIME:
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
    """setitimer(2): set a timer that sends a signal; store the old setting at oitv unless 0.

    ITIMER_REAL and ITIMER_MONOTONIC send SIGALRM; ITIMER_VIRTUAL sends SIGVTALRM and
    ITIMER_PROF SIGPROF after CPU time.  Times under a tick are a tick, as NetBSD has it.

    Raises:
        KernelError: EINVAL, which, or a malformed time. EFAULT.
    """
    p = lwp.l_proc
    _check_timer(which)
    new = Itimerval.unpack(copyin(p.p_vmspace, itv, SIZEOF_ITIMERVAL)) if itv else None
    if oitv:
        copyout(p.p_vmspace, _itimerval(p, which).pack(), oitv)
    if new is not None:
        value, interval = _itimerfix(new.it_value), _itimerfix(new.it_interval)
        if value and which not in p.p_timers:
            event = Sigevent(SIGEV_SIGNAL, _SIGNALS[which], which)
            p.p_timers[which] = Ptimer(p, which, event)
        if which in p.p_timers:
            itimer_settime(p.p_timers[which], value, interval)
    return 0


def sys___getitimer50(lwp: Lwp, which: int, itv: int) -> int:
    """getitimer(2): store how long until the signal, and the interval after it.

    Raises:
        KernelError: EINVAL, which. EFAULT.
    """
    _check_timer(which)
    copyout(lwp.l_proc.p_vmspace, _itimerval(lwp.l_proc, which).pack(), itv)
    return 0


def _check_timer(which: int) -> None:
    if not ITIMER_REAL <= which <= ITIMER_MONOTONIC:
        raise KernelError(Errno.EINVAL)


def _itimerval(p: Proc, which: int) -> Itimerval:
    left, interval = itimer_gettime(p.p_timers.get(which))
    return Itimerval(Timeval.from_ns(interval), Timeval.from_ns(left))


def _itimerfix(tv: Timeval) -> int:
    """Return a time of setitimer(2) in ns.

    Raises:
        KernelError: EINVAL, it is negative or malformed.
    """
    if tv.tv_sec < 0 or not 0 <= tv.tv_usec < 1_000_000:
        raise KernelError(Errno.EINVAL)
    return _ticks(tv.ns)


def _ticks(ns: int) -> int:
    """Return a timer's time: at least a tick, unless it is 0."""
    return max(ns, TICK) if ns else 0


def sys_timer_create(lwp: Lwp, clock_id: int, evp: int, timerid: int) -> int:
    """timer_create(2): make a timer, which is off; store its number.

    Args:
        lwp: the caller.
        clock_id: CLOCK_REALTIME, CLOCK_MONOTONIC; CLOCK_VIRTUAL, CLOCK_PROF, of CPU time.
        evp: address of the struct sigevent, of which SIGEV_SIGNAL and SIGEV_NONE do what they
            say; 0, the signal that setitimer(2) sends, with the timer's number as its value.
        timerid: where the number goes.

    Raises:
        KernelError: EINVAL, the clock, the notification or its signal. EAGAIN, too many
            timers. EFAULT.
    """
    p = lwp.l_proc
    if not CLOCK_REALTIME <= clock_id <= CLOCK_MONOTONIC:
        raise KernelError(Errno.EINVAL)
    event = None
    if evp:
        event = Sigevent.unpack(copyin(p.p_vmspace, evp, SIZEOF_SIGEVENT))
        notify = event.sigev_notify
        if not SIGEV_NONE <= notify <= _SIGEV_SA or (
            notify == SIGEV_SIGNAL and not 0 < event.sigev_signo < NSIG
        ):
            raise KernelError(Errno.EINVAL)
    free = (number for number in range(TIMER_MIN, TIMER_MAX) if number not in p.p_timers)
    number = next(free, None)
    if number is None:
        raise KernelError(Errno.EAGAIN)
    event = event or Sigevent(SIGEV_SIGNAL, _SIGNALS[clock_id], number)
    p.p_timers[number] = Ptimer(p, clock_id, event)
    copyout(p.p_vmspace, number.to_bytes(4, "little"), timerid)
    return 0


def _ptimer(lwp: Lwp, timerid: int) -> Ptimer:
    """Return a timer of timer_create(2).

    Raises:
        KernelError: EINVAL, there is none of that number.
    """
    pt = lwp.l_proc.p_timers.get(timerid)
    if pt is None or timerid < TIMER_MIN:
        raise KernelError(Errno.EINVAL)
    return pt


def sys_timer_delete(lwp: Lwp, timerid: int) -> int:
    """timer_delete(2): forget a timer.

    Raises:
        KernelError: EINVAL, there is none of that number.
    """
    itimer_settime(_ptimer(lwp, timerid), 0, 0)
    del lwp.l_proc.p_timers[timerid]
    return 0


def sys___timer_settime50(lwp: Lwp, timerid: int, flags: int, value: int, ovalue: int) -> int:
    """timer_settime(2): set a timer; a time of 0 turns it off.

    Args:
        lwp: the caller.
        timerid: the timer.
        flags: TIMER_ABSTIME: until that time of its clock.
        value: address of a struct itimerspec.
        ovalue: where what was left of it goes, or 0.

    Raises:
        KernelError: EINVAL, there is no such timer, or times that are malformed. ETIMEDOUT,
            one is negative. EFAULT.
    """
    vm = lwp.l_proc.p_vmspace
    new = Itimerspec.unpack(copyin(vm, value, SIZEOF_ITIMERSPEC))
    pt = _ptimer(lwp, timerid)
    wanted, interval = (_ticks(itimespecfix(time)) for time in (new.it_value, new.it_interval))
    old = _itimerspec(pt)
    if flags & TIMER_ABSTIME and wanted:
        of = CLOCK_MONOTONIC if pt.it_clock == CLOCK_MONOTONIC else CLOCK_REALTIME
        wanted = max(wanted - clock_gettime(lwp.l_kernel, of), 1)
    itimer_settime(pt, wanted, interval)
    if ovalue:
        copyout(vm, old.pack(), ovalue)
    return 0


def sys___timer_gettime50(lwp: Lwp, timerid: int, value: int) -> int:
    """timer_gettime(2): store how long until a timer expires, and its interval.

    Raises:
        KernelError: EINVAL, there is none of that number. EFAULT.
    """
    copyout(lwp.l_proc.p_vmspace, _itimerspec(_ptimer(lwp, timerid)).pack(), value)
    return 0


def _itimerspec(pt: Ptimer) -> Itimerspec:
    left, interval = itimer_gettime(pt)
    return Itimerspec(Timespec.from_ns(interval), Timespec.from_ns(left))


def sys_timer_getoverrun(lwp: Lwp, timerid: int) -> int:
    """timer_getoverrun(2): how often a timer expired while its last signal had not been taken.

    Raises:
        KernelError: EINVAL, there is none of that number.
    """
    return _ptimer(lwp, timerid).pt_poverruns


def cpu_due(lwp: Lwp) -> None:
    """lwp's process has had the CPU time that something waits for: a limit or a timer."""
    p = lwp.l_proc
    if p.p_stats.ru_stime >= p.p_cpulimit:
        rlimit_cpu(lwp)
    if p.p_stats.ru_stime >= p.p_cputimer:
        itimer_cpu(lwp)
