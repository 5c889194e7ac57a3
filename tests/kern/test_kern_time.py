# SPDX-License-Identifier: BSD-2-Clause
"""Clocks, sleeping and interval timers, in virtual time."""

import itertools

import pytest

from kernel import api
from kernel.arch.python.clock import SYSCALL_COST
from kernel.sys.errno import Errno
from kernel.sys.kernel import BOOT_TIME
from kernel.sys.param import TICK
from kernel.sys.signal import SIGALRM
from kernel.sys.time import (
    CLOCK_MONOTONIC,
    CLOCK_PROCESS_CPUTIME_ID,
    CLOCK_REALTIME,
    CLOCK_VIRTUAL,
    ITIMER_REAL,
    TIMER_ABSTIME,
    Itimerval,
    Timespec,
    Timeval,
)

SEC = 1_000_000_000
OFF = Itimerval(Timeval(0, 0), Timeval(0, 0))


@pytest.fixture
def root(booted):
    return booted.process()


def ts(ns):
    return bytearray(Timespec.from_ns(ns).pack())


def timer(value_us, interval_us=0):
    return bytearray(
        Itimerval(
            Timeval(*divmod(interval_us, 1_000_000)), Timeval(*divmod(value_us, 1_000_000))
        ).pack()
    )


def clock(p, clock_id=CLOCK_REALTIME):
    buf = bytearray(16)
    p("__clock_gettime50", clock_id, buf)
    return Timespec.unpack(buf).ns


def alarms(p):
    """A list that a SIGALRM handler appends the time to."""
    times = []
    p.handler(SIGALRM, lambda *_: times.append(p.lwp.l_kernel.clock.now))
    return times


def test_the_clocks_start_at_the_fixed_date(root):
    buf = bytearray(16)
    root("__gettimeofday50", buf, 0)
    now = Timeval.unpack(buf).ns

    assert BOOT_TIME <= now < BOOT_TIME + SEC
    assert clock(root) >= now
    assert clock(root, CLOCK_MONOTONIC) < SEC


def test_each_call_takes_its_cost(root):
    assert -clock(root) + clock(root) == SYSCALL_COST


def test_gettimeofday_gives_a_time_zone_of_0_if_asked(root):
    zone = bytearray(b"x" * 8)
    root("__gettimeofday50", 0, zone)

    assert zone == bytes(8)


def test_other_clocks_are_einval(root):
    buf = bytearray(16)
    for call in ("__clock_gettime50", "__clock_settime50", "__clock_getres50"):
        assert root.error(call, CLOCK_VIRTUAL, buf) == Errno.EINVAL
    assert root.error("__clock_gettime50", CLOCK_REALTIME, 0) == Errno.EFAULT


def test_the_cpu_clock_counts_what_the_process_itself_takes(booted, root):
    other = booted.process()
    before = clock(root, CLOCK_PROCESS_CPUTIME_ID)
    for _ in range(9):
        other("getpid")
    root("__nanosleep50", ts(SEC), 0)

    assert clock(root, CLOCK_PROCESS_CPUTIME_ID) - before == 2 * SYSCALL_COST


def test_resolution_is_1_ns_and_may_be_left_unsaid(root):
    buf = bytearray(16)
    root("__clock_getres50", CLOCK_MONOTONIC, buf)

    assert Timespec.unpack(buf) == (0, 1)
    assert root.error("__clock_getres50", CLOCK_REALTIME, 0) == 0


def test_settimeofday_moves_the_date_and_not_the_monotonic_clock(root):
    before = clock(root, CLOCK_MONOTONIC)
    root("__settimeofday50", bytearray(Timeval(5, 0).pack()), 0)

    assert 5 * SEC <= clock(root) < 6 * SEC
    assert before < clock(root, CLOCK_MONOTONIC) < before + SEC


def test_clock_settime_sets_the_real_time_only(root):
    root("__clock_settime50", CLOCK_REALTIME, ts(9 * SEC))

    assert 9 * SEC <= clock(root) < 10 * SEC
    assert root.error("__clock_settime50", CLOCK_MONOTONIC, ts(SEC)) == Errno.EINVAL


def test_the_time_is_set_by_root_only(booted):
    user = booted.process(1000)

    assert user.error("__settimeofday50", bytearray(16), 0) == Errno.EPERM
    assert user.error("__clock_settime50", CLOCK_REALTIME, ts(0)) == Errno.EPERM
    assert user.error("__settimeofday50", 0, 0) == 0


def test_malformed_times_are_not_set(root):
    assert root.error("__settimeofday50", bytearray(Timeval(1, 1_000_000).pack()), 0) == (
        Errno.EINVAL
    )
    bad = bytearray(Timespec(1, SEC).pack())
    assert root.error("__clock_settime50", CLOCK_REALTIME, bad) == Errno.EINVAL


def test_setting_a_time_zone_is_only_logged(booted, root):
    root("__settimeofday50", 0, 1)

    assert f"pid {root.pid} attempted" in booted.kernel.msgbuf[-1]


def test_nanosleep_sleeps_that_long_and_leaves_nothing(root):
    left = ts(7)
    before = clock(root)
    root("__nanosleep50", ts(3 * SEC + 5), left)

    assert clock(root) - before == 3 * SEC + 5 + 2 * SYSCALL_COST
    assert Timespec.unpack(left) == (0, 0)


def test_nanosleep_of_0_returns_at_once(root):
    before = clock(root)
    root("__nanosleep50", ts(0), 0)

    assert clock(root) - before == 2 * SYSCALL_COST


@pytest.mark.parametrize("bad", [(-1, -1), (0, -1), (0, SEC)])
def test_nanosleep_refuses_malformed_times(root, bad):
    assert root.error("__nanosleep50", bytearray(Timespec(*bad).pack()), 0) == Errno.EINVAL


def test_nanosleep_without_a_time_is_efault(root):
    assert root.error("__nanosleep50", 0, 0) == Errno.EFAULT


def test_a_signal_ends_a_sleep_and_what_is_left_is_told(booted, root):
    times = alarms(root)
    other = booted.process()
    left = ts(0)
    root.begin("__nanosleep50", ts(10 * SEC), left)
    booted.system.advance(4)
    other("kill", root.pid, SIGALRM)

    assert root.finish()[0] == Errno.EINTR
    assert times
    assert 5 * SEC < Timespec.unpack(left).ns <= 6 * SEC


def test_an_ignored_signal_does_not_end_a_sleep(booted, root):
    other = booted.process()
    before = clock(root)
    root.begin("__nanosleep50", ts(2 * SEC), 0)
    other("kill", root.pid, 20)

    assert root.finish()[0] == 0
    assert clock(root) - before >= 2 * SEC


def test_clock_nanosleep_returns_its_error(root):
    assert root("clock_nanosleep", CLOCK_REALTIME, 0, 0, 0) == Errno.EFAULT
    assert root("clock_nanosleep", CLOCK_VIRTUAL, 0, ts(1), 0) == Errno.EINVAL
    assert root("clock_nanosleep", CLOCK_REALTIME, 0, ts(SEC), 0) == 0


def test_clock_nanosleep_until_a_time(root):
    until = clock(root, CLOCK_MONOTONIC) + SEC
    root("clock_nanosleep", CLOCK_MONOTONIC, TIMER_ABSTIME, ts(until), 0)

    assert until <= clock(root, CLOCK_MONOTONIC) < until + 10 * SYSCALL_COST


def test_clock_nanosleep_until_the_past_does_not_sleep(root):
    before = clock(root)
    assert root("clock_nanosleep", CLOCK_REALTIME, TIMER_ABSTIME, ts(SEC), 0) == 0
    assert clock(root) - before == 2 * SYSCALL_COST


def test_itimer_sends_sigalrm_once(booted, root):
    times = alarms(root)
    start = booted.kernel.clock.now
    root("__setitimer50", ITIMER_REAL, timer(500_000), 0)
    assert root.error("__nanosleep50", ts(2 * SEC), 0) == Errno.EINTR

    assert len(times) == 1
    assert 0 <= times[0] - start - SEC // 2 < 20 * SYSCALL_COST


def test_itimer_with_an_interval_goes_on(root):
    times = alarms(root)
    root("__setitimer50", ITIMER_REAL, timer(100_000, 200_000), 0)
    for _ in range(3):
        assert root.error("__nanosleep50", ts(9 * SEC), 0) == Errno.EINTR

    assert [round((b - a) / 1e6) for a, b in itertools.pairwise(times)] == [200, 200]


def test_itimer_skips_what_was_missed(booted, root):
    times = alarms(root)
    root("__setitimer50", ITIMER_REAL, timer(100_000, 100_000), 0)
    booted.kernel.clock.now += SEC + SEC // 20
    root("getpid")
    left = bytearray(32)
    root("__getitimer50", ITIMER_REAL, left)

    assert len(times) == 1
    assert 0 < Itimerval.unpack(left).it_value.ns <= SEC // 20


def test_getitimer_tells_what_is_left(booted, root):
    root("__setitimer50", ITIMER_REAL, timer(3_000_000, 1_000_000), 0)
    booted.system.advance(1)
    left = bytearray(32)
    root("__getitimer50", ITIMER_REAL, left)
    value = Itimerval.unpack(left)

    assert value.it_interval == (1, 0)
    assert 1.9 < value.it_value.ns / SEC <= 2


def test_setitimer_returns_the_old_setting_and_0_turns_off(root):
    old = bytearray(32)
    root("__setitimer50", ITIMER_REAL, timer(3_000_000), 0)
    root("__setitimer50", ITIMER_REAL, timer(0), old)
    assert Itimerval.unpack(old).it_value.tv_sec == 2
    root("__getitimer50", ITIMER_REAL, old)

    assert Itimerval.unpack(old) == OFF
    assert root.proc.p_timers[ITIMER_REAL].it_ch is None


def test_setitimer_without_a_new_setting_only_reads(root):
    old = bytearray(b"x" * 32)
    root("__setitimer50", ITIMER_REAL, 0, old)

    assert Itimerval.unpack(old) == OFF


def test_no_timer_is_faster_than_a_tick(root):
    root("__setitimer50", ITIMER_REAL, timer(1, 1), 0)

    assert root.proc.p_timers[ITIMER_REAL].it_interval == TICK
    root("__setitimer50", ITIMER_REAL, timer(0), 0)


def test_malformed_timers_are_refused(root):
    bad = bytearray(Itimerval(Timeval(0, 0), Timeval(0, 1_000_000)).pack())
    assert root.error("__setitimer50", ITIMER_REAL, bad, 0) == Errno.EINVAL


def test_a_timer_dies_with_its_process(booted, root):
    child = root.fork()
    child("__setitimer50", ITIMER_REAL, timer(1_000_000), 0)
    child.exit()

    assert not booted.kernel.callouts


def test_the_end_of_time(k):
    """Sleeps of centuries end; one that ends where no clock shows it does not; nor can one be set so."""
    p = k.root()
    p.nanosleep(Timespec(9223372036, 0))
    p.nanosleep(Timespec(1 << 60, 0))
    assert p.clock_gettime(CLOCK_MONOTONIC).tv_sec == 9223372036 + (1 << 60)
    assert k.run(b"/sbin/sysctl", ["-a"]).status == 0
    for seconds in (1 << 61, (1 << 63) - 1):
        with pytest.raises(OSError, match="Invalid"):
            p.clock_settime(CLOCK_REALTIME, Timespec(seconds, 0))
        with pytest.raises(OSError, match="Invalid"):
            p.settimeofday(Timeval(seconds, 0))
    p.clock_settime(CLOCK_REALTIME, Timespec((1 << 61) - 1, 0))
    p.nanosleep(Timespec((1 << 61) - (1 << 60) - (1 << 35), 0))
    assert p.clock_gettime(CLOCK_REALTIME).tv_sec > 1 << 61
    with pytest.raises(api.Deadlock):
        p.nanosleep(Timespec((1 << 63) - 1, 0))
