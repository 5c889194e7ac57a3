# SPDX-License-Identifier: BSD-2-Clause
"""Interval timers: of the uptime, and of a process's CPU time.  NetBSD sys/kern/kern_time.c."""

from typing import Final

from kernel.arch.python.clock import clock_uptime
from kernel.kern.kern_runq import cpu_event, updatertime
from kernel.kern.kern_sig import kpsignal
from kernel.kern.kern_timeout import callout_reset, callout_stop
from kernel.sys.proc import Lwp, Proc
from kernel.sys.signal import SI_TIMER, SIGEV_SIGNAL, sigismember
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.time import CLOCK_PROF, CLOCK_VIRTUAL, NEVER
from kernel.sys.timevar import Ptimer

_CPU: Final = (CLOCK_VIRTUAL, CLOCK_PROF)  # all CPU time counts for both


def _now(pt: Ptimer) -> int:
    """Return the time that a timer is due on."""
    p = pt.pt_proc
    if pt.it_clock not in _CPU:
        return clock_uptime(p.p_kernel)
    running = p.p_kernel.curlwp
    if running is not None and running.l_proc is p:
        updatertime(running)
    return p.p_stats.ru_utime + p.p_stats.ru_stime


def itimer_settime(pt: Ptimer, value: int, interval: int) -> None:
    """Have a timer expire after value ns, 0 for never, and then each interval ns."""
    kernel = pt.pt_proc.p_kernel
    if pt.it_ch is not None:
        callout_stop(kernel, pt.it_ch)
        pt.it_ch = None
    pt.it_due = _now(pt) + value if value else 0
    pt.it_interval = interval
    if pt.it_clock in _CPU:
        _cpu_schedule(pt.pt_proc)
    elif value:
        pt.it_ch = callout_reset(kernel, value, _expire, pt)


def itimer_gettime(pt: Ptimer | None) -> tuple[int, int]:
    """Return what is left of a timer, at least 1 us unless it is off, and its interval, ns."""
    if pt is None:
        return 0, 0
    return max(pt.it_due - _now(pt), 1000) if pt.it_due else 0, pt.it_interval


def itimer_free(p: Proc, first: int) -> None:
    """Forget p's timers from number first on: all at exit, those of timer_create(2) at exec."""
    for number in [number for number in p.p_timers if number >= first]:
        itimer_settime(p.p_timers.pop(number), 0, 0)


def _expire(pt: Ptimer) -> None:
    """The time is up: send the signal, and set the timer again, past what was missed."""
    pt.it_ch = None
    _fire(pt)
    _advance(pt)
    if pt.it_due:
        left = pt.it_due - clock_uptime(pt.pt_proc.p_kernel)
        pt.it_ch = callout_reset(pt.pt_proc.p_kernel, left, _expire, pt)


def _advance(pt: Ptimer) -> None:
    """Say when a timer that has expired does next."""
    if not pt.it_interval:
        pt.it_due = 0
        return
    missed = max(_now(pt) - pt.it_due, 0) // pt.it_interval
    pt.it_overruns += missed
    pt.it_due += (missed + 1) * pt.it_interval


def _fire(pt: Ptimer) -> None:
    """Send a timer's signal, or count that the last one is not delivered yet.

    Source: itimer_fire and timer_intr.
    """
    p, event = pt.pt_proc, pt.pt_ev
    if event.sigev_notify != SIGEV_SIGNAL:
        return
    if sigismember(p.p_sigpend.sp_set, event.sigev_signo):
        pt.it_overruns += 1
        return
    pt.pt_poverruns, pt.it_overruns = pt.it_overruns, 0
    kpsignal(p, Ksiginfo(event.sigev_signo, SI_TIMER, ksi_value=event.sigev_value))


def _cpu_schedule(p: Proc) -> None:
    """See that p's return to user mode looks when the first of its CPU timers is due."""
    due = [pt.it_due for pt in p.p_timers.values() if pt.it_due and pt.it_clock in _CPU]
    p.p_cputimer = min(due, default=NEVER)
    cpu_event(p)


def itimer_cpu(lwp: Lwp) -> None:
    """lwp's process has used the CPU time after which a timer of it expires."""
    p = lwp.l_proc
    used = p.p_stats.ru_utime + p.p_stats.ru_stime
    for pt in list(p.p_timers.values()):
        if pt.it_clock in _CPU and 0 < pt.it_due <= used:
            _fire(pt)
            _advance(pt)
    _cpu_schedule(p)
