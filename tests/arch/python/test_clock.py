# SPDX-License-Identifier: BSD-2-Clause
"""Time: virtual and the host's."""

import time

import pytest

from kernel import api
from kernel.arch.python.clock import (
    SYSCALL_COST,
    clock_gettime,
    clock_idle,
    clock_settime,
    clock_uptime,
    nanotime,
)
from kernel.arch.python.locore import trap
from kernel.sys.kernel import BOOT_TIME
from kernel.sys.signal import SIGALRM
from kernel.sys.syscall import sysno
from kernel.sys.time import CLOCK_MONOTONIC, CLOCK_REALTIME, ITIMER_REAL, Itimerval, Timeval


def test_virtual_time_passes_with_calls_only(k):
    """Each call costs the same; the host's time is not seen."""
    kernel = k.kernel
    p = k.root()
    p.call(trap, sysno("getpid"))
    before = kernel.clock.now
    p.call(trap, sysno("getpid"))
    assert kernel.clock.now - before == SYSCALL_COST
    assert BOOT_TIME < before < BOOT_TIME + 10**9


def test_an_idle_virtual_clock_jumps_and_never_goes_back(k):
    """To the time given, unless it has passed."""
    now = clock_uptime(k.kernel)
    clock_idle(k.kernel, now + 5)
    clock_idle(k.kernel, now + 3)
    assert clock_uptime(k.kernel) == now + 5


def test_setting_the_date_leaves_the_monotonic_clock(k):
    """Callouts keep their distance."""
    kernel = k.kernel
    uptime, monotonic = clock_uptime(kernel), clock_gettime(kernel, CLOCK_MONOTONIC)
    clock_settime(kernel, 0)
    assert nanotime(kernel) == clock_gettime(kernel, CLOCK_REALTIME) == 0
    assert clock_uptime(kernel) == uptime
    assert clock_gettime(kernel, CLOCK_MONOTONIC) == monotonic


def test_a_real_clock_follows_the_hosts():
    """The date is today's, time advances by itself, and a sleep takes its time."""
    with api.boot(real_clock=True) as k:
        p = k.root()
        start = time.time_ns()
        first = nanotime(k.kernel)
        assert p.nanosleep(0.01) is None
        assert nanotime(k.kernel) - first >= 10_000_000
        assert start - 10**9 <= first <= time.time_ns()
        assert time.time_ns() - start >= 10_000_000


def test_timers_of_a_real_clock_fire():
    """An alarm comes while its process sleeps: the first, or one after it."""
    with api.boot(real_clock=True) as k:
        p = k.root()
        seen: list[int] = []
        p.signal(SIGALRM, seen.append)
        p.setitimer(ITIMER_REAL, Itimerval(Timeval(0, 10_000), Timeval(0, 10_000)))
        with pytest.raises(InterruptedError):
            p.nanosleep(60)
        assert set(seen) == {SIGALRM}
