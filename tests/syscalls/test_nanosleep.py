# SPDX-License-Identifier: BSD-2-Clause
"""nanosleep(2), clock_nanosleep(2): how long they last, what ends them, what is left; exit(2)'s trace."""

from contextlib import suppress

import pytest

from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_CSW, KTR_SYSCALL, KTR_SYSRET
from kernel.sys.signal import SA_RESTART, SIGUSR1
from kernel.sys.time import (
    CLOCK_MONOTONIC,
    CLOCK_REALTIME,
    CLOCK_VIRTUAL,
    SIZEOF_TIMESPEC,
    TIMER_ABSTIME,
    Timespec,
)
from tests.syscalls.errnos import Traced, errnos
from userland.libc.cerror import cerror
from userland.libc.signal import Sigaction
from userland.libc.stack import Frame, fetchrecord, pushbytes, pushrecord
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing


def clock_nanosleep(clock, flags, time, left=0):
    """clock_nanosleep(2), whose value is its error; what is left goes to left, unless that is 0."""
    with Frame() as lwp:
        at = pushrecord(lwp, time) if isinstance(time, Timespec) else time
        error = trap("clock_nanosleep", clock, flags, at, left)
    if error:
        cerror(error)


def nanosleep(time, left=0):
    """nanosleep(2) with its addresses."""
    with Frame() as lwp:
        at = pushrecord(lwp, time) if isinstance(time, Timespec) else time
        trap("__nanosleep50", at, left)


def left_of(sleep, *args):
    """What a sleep, interrupted or not, stores."""
    with Frame() as lwp:
        at = pushbytes(lwp, b"x" * SIZEOF_TIMESPEC)
        with suppress(InterruptedError):
            sleep(*args, at)
        return fetchrecord(lwp, Timespec, at).ns


@errnos(
    Errno.EFAULT,
    {
        "nanosleep": lambda: (nanosleep, BAD),
        "nanosleep+left": lambda: (nanosleep, Timespec(0, 5), BAD),
        "clock_nanosleep": lambda: (clock_nanosleep, 99, 0, BAD),
        "clock_nanosleep+left": lambda: (clock_nanosleep, CLOCK_REALTIME, 0, Timespec(0, 5), BAD),
    },
)
def test_nowhere(fails, root, call):
    """The time, or what is left of it, is not in the caller's memory: over other errors."""
    fails(root, *call())


@errnos(
    Errno.EINVAL,
    {
        "nanosleep": lambda time: (nanosleep, time, BAD),
        "clock_nanosleep": lambda time: (clock_nanosleep, CLOCK_MONOTONIC, 0, time, BAD),
    },
)
def test_no_time(fails, root, call):
    """The time is malformed."""
    for time in (Timespec(0, -1), Timespec(0, 10**9), Timespec(-1, 10**9)):
        fails(root, *call(time))


@pytest.mark.errno("clock_nanosleep", Errno.EINVAL)
def test_no_clock_to_sleep_by(fails, root):
    """There is no such clock, or none that goes on by itself."""
    for clock in (-1, CLOCK_VIRTUAL, 4):
        fails(root, clock_nanosleep, clock, 0, Timespec(0, 5))


@errnos(
    Errno.EINTR,
    {
        "nanosleep": lambda _: (nanosleep, Timespec(9, 0)),
        "clock_nanosleep": lambda _: (clock_nanosleep, CLOCK_REALTIME, 0, Timespec(9, 0)),
        "clock_nanosleep+until": lambda now: (
            clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, Timespec(now + 9, 0), BAD,
        ),
    },
)  # fmt: skip
def test_interrupted(begins, k, root, person, call):
    """A handler has run; it is not restarted, whatever the handler's flags."""
    root.sigaction(SIGUSR1, Sigaction(lambda _: None, 0, SA_RESTART))
    finish = begins(root, *call(int(k.time())))
    assert root.lwp.l_wmesg == "nanoslp"
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()


def test_what_is_left(k, root, person):
    """It is stored, exact, of a sleep that is interrupted; and nothing left of one that is not."""
    root.signal(SIGUSR1, lambda _: None)
    killer = person(0, 0)
    for sleep in ((nanosleep,), (clock_nanosleep, CLOCK_MONOTONIC, 0)):
        root.begin(left_of, *sleep, Timespec(10, 0))
        k.advance(4)
        killer.kill(root.pid, SIGUSR1)
        assert root.finish() / 1e9 == pytest.approx(6, abs=0.001)


@pytest.mark.parametrize("sleep", [(nanosleep,), (clock_nanosleep, CLOCK_MONOTONIC, 0)])
def test_negative(root, sleep):
    """A time that is negative is past: no sleep, and nothing is left of it."""
    before = root.clock_gettime(CLOCK_MONOTONIC).ns
    assert root.call(left_of, *sleep, Timespec(-5, 999_999_999)) == 0
    assert root.clock_gettime(CLOCK_MONOTONIC).ns - before < 10_000


@pytest.mark.parametrize("clock", [CLOCK_REALTIME, CLOCK_MONOTONIC])
def test_until(root, clock):
    """TIMER_ABSTIME: until the clock shows it; what is past is no sleep."""
    now = root.clock_gettime(clock).ns
    root.call(clock_nanosleep, clock, TIMER_ABSTIME, Timespec.from_ns(now + 3 * 10**9))
    after = root.clock_gettime(clock).ns
    assert (after - now) / 1e9 == pytest.approx(3, abs=0.001)
    root.call(clock_nanosleep, clock, TIMER_ABSTIME, Timespec.from_ns(now))
    assert root.clock_gettime(clock).ns - after < 10_000


@pytest.mark.trace("nanosleep", "CALL CSW CSW RET")
@pytest.mark.trace("clock_nanosleep", "CALL CSW CSW RET")
@pytest.mark.trace("exit", "CALL")
def test_traces(k, root):
    """A sleep switches; exit never returns."""
    child = root.fork()
    trace = Traced(k, child)
    child.call(nanosleep, Timespec(1, 0))
    child.call(clock_nanosleep, CLOCK_REALTIME, 0, Timespec(1, 0))
    child._exit(0)
    sleep = [KTR_SYSCALL, KTR_CSW, KTR_CSW, KTR_SYSRET]
    assert [record.type for record in trace.records()] == [*sleep, *sleep, KTR_SYSCALL]
