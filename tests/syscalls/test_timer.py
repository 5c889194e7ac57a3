# SPDX-License-Identifier: BSD-2-Clause
"""setitimer(2), timer_create(2) and their kin: how they fail, and when what they send comes."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_SYSCALL, KTR_SYSRET
from kernel.sys.signal import (
    SA_SIGINFO,
    SI_TIMER,
    SIG_BLOCK,
    SIG_UNBLOCK,
    SIGALRM,
    SIGEV_NONE,
    SIGEV_SIGNAL,
    SIGPROF,
    SIGRTMIN,
    SIGUSR1,
    SIGVTALRM,
    sigset,
)
from kernel.sys.time import (
    CLOCK_MONOTONIC,
    CLOCK_PROF,
    CLOCK_REALTIME,
    CLOCK_VIRTUAL,
    ITIMER_MONOTONIC,
    ITIMER_PROF,
    ITIMER_REAL,
    ITIMER_VIRTUAL,
    TIMER_ABSTIME,
    Itimerspec,
    Itimerval,
    Timespec,
    Timeval,
)
from kernel.sys.timevar import TIMER_MAX, TIMER_MIN, Sigevent
from tests.syscalls.errnos import Traced, errnos
from userland.libc.signal import Sigaction
from userland.libc.stack import Frame, pushrecord
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
MS = 1_000_000  # ns
OFF = Itimerspec(Timespec(0, 0), Timespec(0, 0))


def itimer(us: int, interval: int = 0) -> Itimerval:
    return Itimerval(Timeval(*divmod(interval, 10**6)), Timeval(*divmod(us, 10**6)))


def timer(ns: int, interval: int = 0) -> Itimerspec:
    return Itimerspec(Timespec.from_ns(interval), Timespec.from_ns(ns))


def settime_raw(timerid, value, ovalue):
    """timer_settime with a struct itimerspec at value, unless that is an address."""
    with Frame() as lwp:
        at = value if isinstance(value, int) else pushrecord(lwp, value)
        return trap("__timer_settime50", timerid, 0, at, ovalue)


def setitimer_raw(which, value, ovalue):
    """setitimer with a struct itimerval at value, unless that is an address."""
    with Frame() as lwp:
        at = value if isinstance(value, int) else pushrecord(lwp, value)
        return trap("__setitimer50", which, at, ovalue)


@errnos(
    Errno.EFAULT,
    {
        "getitimer": lambda _: (trap, "__getitimer50", ITIMER_REAL, BAD),
        "setitimer": lambda _: (setitimer_raw, ITIMER_REAL, BAD, 0),
        "setitimer+old": lambda _: (setitimer_raw, ITIMER_REAL, itimer(1000), BAD),
        "timer_create": lambda _: (trap, "timer_create", CLOCK_REALTIME, BAD, 0),
        "timer_create+id": lambda _: (trap, "timer_create", CLOCK_REALTIME, 0, BAD),
        "timer_gettime": lambda t: (trap, "__timer_gettime50", t, BAD),
        "timer_settime": lambda _: (settime_raw, 99, BAD, 0),
        "timer_settime+old": lambda t: (settime_raw, t, timer(9), BAD),
    },
)
def test_nowhere(fails, root, call):
    """What is to be read or stored is not in the caller's memory."""
    fails(root, *call(root.timer_create(CLOCK_REALTIME)))


@errnos(
    Errno.EINVAL,
    {
        "getitimer": lambda which: (trap, "__getitimer50", which, BAD),
        "setitimer": lambda which: (setitimer_raw, which, BAD, BAD),
        "timer_create": lambda clock: (trap, "timer_create", clock, BAD, BAD),
        "timer_delete": lambda number: ("timer_delete", number),
        "timer_getoverrun": lambda number: ("timer_getoverrun", number),
        "timer_gettime": lambda number: (trap, "__timer_gettime50", number, BAD),
        "timer_settime": lambda number: (settime_raw, number, timer(1), BAD),
    },
)
@pytest.mark.parametrize("number", [-1, TIMER_MIN, TIMER_MAX, 1 << 30])
def test_no_such_timer(fails, root, call, number):
    """There is no such timer, and no such clock."""
    fails(root, *call(number))


@pytest.mark.errno("timer_settime", Errno.EINVAL)
def test_timers_of_setitimer_are_none_of_these(fails, root):
    """Their numbers are not to be had."""
    root.setitimer(ITIMER_REAL, itimer(10**6))
    fails(root, "timer_settime", ITIMER_REAL, 0, timer(5))


@errnos(
    Errno.EINVAL,
    {
        "setitimer": lambda _, *times: (
            "setitimer", ITIMER_REAL, Itimerval(*(Timeval(s, ns // 1000) for s, ns in times)),
        ),
        "timer_settime": lambda t, *times: (
            "timer_settime", t, 0, Itimerspec(*(Timespec(*time) for time in times)),
        ),
    },
)  # fmt: skip
def test_no_time(fails, root, call):
    """The time or the interval is none."""
    number = root.timer_create(CLOCK_REALTIME)
    for bad in ((0, -5000), (0, 10**9)):
        fails(root, *call(number, (0, 0), bad))
        fails(root, *call(number, bad, (1, 0)))


@pytest.mark.errno("setitimer", Errno.EINVAL)
def test_a_negative_time_of_setitimer(fails, root):
    """It is as wrong as a malformed one."""
    for value, interval in ((-1, 0), (1, -1)):
        times = Itimerval(Timeval(interval, 0), Timeval(value, 0))
        fails(root, "setitimer", ITIMER_REAL, times)


@pytest.mark.errno("timer_settime", Errno.ETIMEDOUT)
def test_a_negative_time(fails, root):
    """It is past, of an interval as of the time; what is malformed or no timer is over that."""
    number = root.timer_create(CLOCK_REALTIME)
    for value, interval in ((-1, 0), (1, -1)):
        fails(
            root, "timer_settime", number, 0, Itimerspec(Timespec(interval, 0), Timespec(value, 0))
        )


@pytest.mark.errno("timer_create", Errno.EINVAL)
def test_no_event(fails, root):
    """The notification is none, or its signal is."""
    for event in (Sigevent(-1), Sigevent(4), *(Sigevent(SIGEV_SIGNAL, n) for n in (-1, 0, 64))):
        fails(root, "timer_create", CLOCK_REALTIME, event)
    assert root.timer_create(CLOCK_REALTIME, Sigevent(SIGEV_NONE, 99)) == TIMER_MIN


@pytest.mark.errno("timer_create", Errno.EAGAIN)
def test_too_many(fails, root):
    """A process may have 32; the lowest free number is given out."""
    assert [root.timer_create(CLOCK_REALTIME) for _ in range(32)] == list(range(4, 36))
    fails(root, "timer_create", CLOCK_MONOTONIC)
    root.timer_delete(7)
    assert root.timer_create(CLOCK_MONOTONIC) == 7


def note(root, signo=SIGALRM, mask=0):
    """Have what signo tells, and when it came, kept; return where."""
    seen: list[tuple[int, int, int]] = []

    def handler(_signo, info, _context):
        seen.append((root.kernel.clock.now - start, info.si_code, info.si_value))

    root.sigaction(signo, Sigaction(handler, mask, SA_SIGINFO))
    start = root.kernel.clock.now
    return seen


@pytest.mark.parametrize("which", [ITIMER_REAL, ITIMER_MONOTONIC])
def test_interval_timers_of_real_time(k, root, which):
    """SIGALRM at each time, which one as its value."""
    seen = note(root)
    root.setitimer(which, itimer(30_000, 20_000))
    for _ in range(3):
        root.pause()
    assert [(round(at / MS), *rest) for at, *rest in seen] == [
        (ms, SI_TIMER, which) for ms in (30, 50, 70)
    ]
    root.setitimer(which, itimer(0))
    k.advance(1)
    assert len(seen) == 3


@pytest.mark.parametrize(("which", "signo"), [(ITIMER_VIRTUAL, SIGVTALRM), (ITIMER_PROF, SIGPROF)])
def test_interval_timers_of_cpu_time(k, root, which, signo):
    """They count what the process uses, not what it sleeps."""
    seen = note(root, signo)
    root.setitimer(which, itimer(20_000, 10_000))
    k.advance(5)
    root.getpid()
    assert seen == []

    def work():
        for _ in range(50_000):  # of 1 us each
            trap("getppid")

    before = root.getrusage(0).ru_stime
    root.call(work)
    used = root.getrusage(0).ru_stime - before
    assert used >= 50 * MS
    assert len(seen) == 4
    assert {(code, value) for _, code, value in seen} == {(SI_TIMER, which)}
    left = root.getitimer(which)
    assert 0 < left.it_value.ns <= 10 * MS
    assert left.it_interval.ns == 10 * MS


def test_posix_timers(k, root):
    """The signal that is asked for, with the value that is; the interval; what is left."""
    seen = note(root, SIGRTMIN)
    number = root.timer_create(CLOCK_MONOTONIC, Sigevent(SIGEV_SIGNAL, SIGRTMIN, 1 << 33))
    assert root.timer_gettime(number) == OFF
    assert root.timer_settime(number, 0, timer(300 * MS, 100 * MS)) == OFF
    k.advance(0.2)
    left = root.timer_gettime(number)
    assert 90 < left.it_value.ns / MS <= 100
    assert left.it_interval.ns == 100 * MS
    root.pause()
    root.pause()
    assert [(round(at / MS), *rest) for at, *rest in seen] == [
        (ms, SI_TIMER, 1 << 33) for ms in (300, 400)
    ]
    old = root.timer_settime(number, 0, OFF)
    assert 0 < old.it_value.ns <= 100 * MS
    assert root.timer_gettime(number).it_value == (0, 0)


@pytest.mark.parametrize("clock", [CLOCK_REALTIME, CLOCK_MONOTONIC])
def test_absolute_times(k, root, clock):
    """TIMER_ABSTIME: until that time of the clock; one that is past is now."""
    seen = note(root)
    number = root.timer_create(clock)
    now = root.clock_gettime(clock).ns
    root.timer_settime(number, TIMER_ABSTIME, timer(now + 250 * MS))
    root.pause()
    assert round(seen[0][0] / MS) == 250
    assert seen[0][2] == number
    root.timer_settime(number, TIMER_ABSTIME, timer(now))
    root.getpid()
    assert len(seen) == 2


def test_overruns(k, root):
    """Expirations while the signal waits are counted, and told once it has been taken."""
    seen = note(root)
    root.sigprocmask(SIG_BLOCK, sigset(SIGALRM))
    number = root.timer_create(CLOCK_REALTIME)
    root.timer_settime(number, 0, timer(100 * MS, 100 * MS))
    k.advance(0.55)
    assert root.timer_getoverrun(number) == 0
    root.sigprocmask(SIG_UNBLOCK, sigset(SIGALRM))
    assert len(seen) == 1
    k.advance(0.1)
    root.getpid()
    assert len(seen) == 2
    assert root.timer_getoverrun(number) == 4
    k.advance(0.1)
    root.getpid()
    assert root.timer_getoverrun(number) == 0


def test_no_signal(k, root):
    """SIGEV_NONE: the timer runs, and nobody is told."""
    number = root.timer_create(CLOCK_REALTIME, Sigevent(SIGEV_NONE))
    root.timer_settime(number, 0, timer(100 * MS))
    k.advance(0.05)
    assert root.timer_gettime(number).it_value.ns > 0
    k.advance(0.1)
    assert root.timer_gettime(number) == OFF
    assert root.alive


@pytest.mark.parametrize(("clock", "signo"), [(CLOCK_VIRTUAL, SIGVTALRM), (CLOCK_PROF, SIGPROF)])
def test_posix_timers_of_cpu_time(root, clock, signo):
    """By the clocks of CPU time, with their signals."""
    seen = note(root, signo)
    number = root.timer_create(clock)
    root.timer_settime(number, 0, timer(15 * MS))

    def work():
        for _ in range(20_000):
            trap("getppid")

    root.call(work)
    assert [rest for _, *rest in seen] == [[SI_TIMER, number]]
    assert 15 <= seen[0][0] / MS < 15.1


def test_inheritance(k, root):
    """A child has none of its parent's timers."""
    root.setitimer(ITIMER_REAL, itimer(10**6))
    root.setitimer(ITIMER_PROF, itimer(10**6))
    root.timer_create(CLOCK_REALTIME)
    child = root.fork()
    assert child.getitimer(ITIMER_REAL) == itimer(0)
    assert child.proc.p_timers == {}


def test_exec_keeps_those_of_setitimer(k, root):
    """The timers of timer_create(2) are gone in a new program."""
    program = """
from userland.libc import *
left = getitimer(ITIMER_REAL).it_value
try:
    timer_gettime(4)
except OSError as exc:
    print(left.tv_sec, exc.errno)
"""
    k.install(b"/t/p.py", program.encode())
    child = root.fork()
    child.setitimer(ITIMER_REAL, itimer(10_500_000))
    child.timer_settime(child.timer_create(CLOCK_REALTIME), 0, timer(MS))
    child.call("execve", b"/t/p.py", ["p.py"], {})
    assert bytes(k.console.stdout).endswith(b"10 22\n")


def test_exit_forgets_them(k, root):
    """Nothing is due of who is gone."""
    child = root.fork()
    child.setitimer(ITIMER_REAL, itimer(10**6))
    child.timer_settime(child.timer_create(CLOCK_REALTIME), 0, timer(MS))
    child._exit(0)
    assert not k.kernel.callouts


def test_alarm_replaces_an_alarm(k, root):
    """alarm(3) is ITIMER_REAL in whole seconds, rounded up."""
    seen = note(root)
    assert root.alarm(10) == 0
    k.advance(2.5)
    assert root.alarm(0) == 8
    k.advance(20)
    root.getpid()
    assert seen == []


@pytest.mark.parametrize(
    ("call", "args"),
    [
        pytest.param(name, args, id=name, marks=pytest.mark.trace(name, "CALL RET"))
        for name, args in {
            "getitimer": (ITIMER_REAL,),
            "setitimer": (ITIMER_REAL, itimer(0)),
            "timer_create": (CLOCK_REALTIME,),
            "timer_settime": (4, 0, OFF),
            "timer_gettime": (4,),
            "timer_getoverrun": (4,),
            "timer_delete": (4,),
        }.items()
    ],
)
def test_nothing_but_the_call(k, root, call, args):
    """Nothing is recorded of them but that they are made."""
    root.timer_create(CLOCK_REALTIME, Sigevent(SIGEV_SIGNAL, SIGUSR1))
    trace = Traced(k, root)
    root.call(call, *args)
    assert [record.type for record in trace.records()] == [KTR_SYSCALL, KTR_SYSRET]
