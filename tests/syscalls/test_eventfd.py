# SPDX-License-Identifier: BSD-2-Clause
"""eventfd(2), timerfd_create(2) and its kin: how they fail, what their descriptors do."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.event import EVFILT_READ, EVFILT_VNODE, EVFILT_WRITE, Kevent
from kernel.sys.eventfd import (
    EFD_CLOEXEC,
    EFD_NONBLOCK,
    EFD_SEMAPHORE,
    TFD_NONBLOCK,
    TFD_TIMER_ABSTIME,
    TFD_TIMER_CANCEL_ON_SET,
)
from kernel.sys.fcntl import F_GETFD, FD_CLOEXEC
from kernel.sys.file import POLLIN, POLLOUT, POLLRDNORM
from kernel.sys.ioccom import FIONREAD, FIONSPACE, FIONWRITE, TIOCGETA
from kernel.sys.ktrace import KTR_SYSCALL, KTR_SYSRET
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit
from kernel.sys.signal import SIGUSR1
from kernel.sys.time import CLOCK_MONOTONIC, CLOCK_PROF, CLOCK_REALTIME, Itimerspec, Timespec
from tests.syscalls.errnos import Traced, errnos
from userland.libc.signal import Sigaction
from userland.libc.stack import Frame, pushbytes
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
NOW = Timespec(0, 0)
OFF = Itimerspec(NOW, NOW)
SECOND = 10**9
BOTH = {
    "eventfd": lambda flags=0: ("eventfd", 0, flags),
    "timerfd_create": lambda flags=0: ("timerfd_create", CLOCK_REALTIME, flags),
}
SETTING = {
    "timerfd_settime": lambda fd: ("timerfd_settime", fd, 0, OFF),
    "timerfd_gettime": lambda fd: ("timerfd_gettime", fd),
}


def ns(interval, value):
    """A setting from times in ns."""
    return Itimerspec(Timespec.from_ns(interval), Timespec.from_ns(value))


@errnos(Errno.EINVAL, BOTH)
def test_flags(fails, root, call):
    """A flag that there is none of."""
    fails(root, *call(0x40))


@pytest.mark.errno("timerfd_create", Errno.EINVAL)
def test_clocks(fails, root):
    """A clock that is not for timers."""
    fails(root, "timerfd_create", CLOCK_PROF, 0)


@errnos(Errno.EMFILE, BOTH)
def test_too_many_open(fails, root, call):
    """The process has as many descriptors as it may."""
    root.setrlimit(RLIMIT_NOFILE, Rlimit(3, 3))
    fails(root, *call())


@errnos(Errno.ENFILE, BOTH)
def test_file_table_full(fails, k, root, call):
    """The system has as many files open as it can."""
    k.kernel.limits.maxfiles = k.kernel.nfiles
    fails(root, *call())


@errnos(Errno.EBADF, SETTING)
def test_not_open(fails, root, call):
    """The timer is no descriptor."""
    fails(root, *call(77))


@errnos(Errno.EINVAL, SETTING)
def test_no_timer(fails, root, call):
    """The descriptor is no timer."""
    fails(root, *call(0))
    fails(root, *call(root.eventfd(0, 0)))


@pytest.mark.errno("timerfd_settime", Errno.EINVAL)
def test_settings(fails, root):
    """Other flags, or times that are none."""
    fd = root.timerfd_create(CLOCK_REALTIME, 0)
    fails(root, "timerfd_settime", fd, 4, OFF)
    for bad in (Timespec(-1, 0), Timespec(0, -1), Timespec(0, SECOND)):
        fails(root, "timerfd_settime", fd, 0, Itimerspec(bad, NOW))
        fails(root, "timerfd_settime", fd, 0, Itimerspec(NOW, bad))


def settime_raw(fd, new, old):
    """timerfd_settime with addresses; new may be bytes."""
    with Frame() as lwp:
        at = pushbytes(lwp, new) if isinstance(new, bytes) else new
        return trap("timerfd_settime", fd, 0, at, old)


@errnos(
    Errno.EFAULT,
    {
        "timerfd_settime": lambda fd: (settime_raw, fd, BAD, 0),
        "timerfd_settime+old": lambda fd: (settime_raw, fd, OFF.pack(), BAD),
        "timerfd_gettime": lambda fd: (trap, "timerfd_gettime", fd, BAD),
    },
)
def test_nowhere(fails, root, call):
    """A struct is not in the caller's memory."""
    fails(root, *call(root.timerfd_create(CLOCK_MONOTONIC, 0)))


@pytest.mark.trace("eventfd", "CALL RET")
@pytest.mark.trace("timerfd_create", "CALL RET")
@pytest.mark.trace("timerfd_settime", "CALL RET")
@pytest.mark.trace("timerfd_gettime", "CALL RET")
def test_leave_no_more_than_the_call(k, root):
    """Settings are not recorded; what is read and written is, as of any file."""
    trace = Traced(k, root)
    root.eventfd(0, EFD_CLOEXEC)
    fd = root.timerfd_create(CLOCK_MONOTONIC, 0)
    root.timerfd_settime(fd, 0, OFF)
    root.timerfd_gettime(fd)
    assert [r.type for r in trace.records()] == [KTR_SYSCALL, KTR_SYSRET] * 4


def test_a_counter_adds_up(root):
    """A read takes all that was written and leaves 0; a semaphore's takes 1."""
    fd = root.eventfd(3, EFD_NONBLOCK)
    root.eventfd_write(fd, 4)
    assert root.fstat(fd).st_size == 7
    assert root.eventfd_read(fd) == 7
    with pytest.raises(BlockingIOError):
        root.eventfd_read(fd)
    fd = root.eventfd(2, EFD_NONBLOCK | EFD_SEMAPHORE | EFD_CLOEXEC)
    assert (root.eventfd_read(fd), root.eventfd_read(fd)) == (1, 1)
    with pytest.raises(BlockingIOError):
        root.eventfd_read(fd)
    assert root.fcntl(fd, F_GETFD) == FD_CLOEXEC


def test_a_counter_is_full_below_the_largest_number(root):
    """What does not fit waits, or is EAGAIN and not written; the largest number never fits."""
    fd = root.eventfd(1, EFD_NONBLOCK)
    with pytest.raises(OSError, match="Invalid"):
        root.eventfd_write(fd, (1 << 64) - 1)
    with pytest.raises(BlockingIOError):
        root.eventfd_write(fd, (1 << 64) - 2)
    root.eventfd_write(fd, (1 << 64) - 3)
    assert root.eventfd_read(fd) == (1 << 64) - 2
    for call in (("read", fd, 7), ("write", fd, b"7 bytes")):
        with pytest.raises(OSError, match="Invalid"):
            root.call(*call)


def test_who_waits_for_a_counter(root):
    """Readers for a value, writers for room."""
    fd = root.eventfd(0, 0)
    child = root.fork()
    root.begin("eventfd_read", fd)
    child.eventfd_write(fd, 5)
    assert root.finish() == 5
    root.eventfd_write(fd, (1 << 64) - 2)
    root.begin("eventfd_write", fd, 1)
    assert root.lwp.l_wmesg == "eventwr"
    assert child.eventfd_read(fd) == (1 << 64) - 2
    root.finish()
    assert child.eventfd_read(fd) == 1


def test_signals_end_the_wait_for_a_counter(root, person):
    """EINTR, as of other reads."""
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    root.begin("eventfd_read", root.eventfd(0, 0))
    person(0, 0).kill(root.pid, SIGUSR1)
    with pytest.raises(InterruptedError):
        root.finish()


def test_readiness_of_counters(root):
    """poll, kevent and ioctl say what can be done without waiting."""
    fd = root.eventfd(0, 0)
    kq = root.kqueue()
    root.kevent(kq, [Kevent(fd, EVFILT_READ), Kevent(fd, EVFILT_WRITE)])
    with pytest.raises(OSError, match="Invalid"):
        root.kevent(kq, [Kevent(fd, EVFILT_VNODE)])

    def ready():
        told = {e.filter: e.data for e in root.kevent(kq, [], 4, NOW)}
        asked = [root.ioctl(fd, com, bytes(4)) for com in (FIONREAD, FIONWRITE, FIONSPACE)]
        return (
            root.poll([(fd, POLLIN | POLLOUT | POLLRDNORM)], 0),
            told,
            [int.from_bytes(answer, "little") for answer in asked],
        )

    top = (1 << 64) - 2
    assert ready() == ([(fd, POLLOUT)], {EVFILT_WRITE: wrapped(top)}, [0, 0, 8])
    root.eventfd_write(fd, 5)
    both = {EVFILT_READ: 5, EVFILT_WRITE: wrapped(top - 5)}
    assert ready() == ([(fd, POLLIN | POLLOUT | POLLRDNORM)], both, [8, 0, 8])
    root.eventfd_write(fd, top - 5)
    assert ready() == ([(fd, POLLIN | POLLRDNORM)], {EVFILT_READ: wrapped(top)}, [8, 0, 0])
    with pytest.raises(OSError, match="Inappropriate"):
        root.ioctl(fd, TIOCGETA)


def wrapped(value):
    """An unsigned number as the signed data of an event."""
    return value - (1 << 64) if value >> 63 else value


def test_a_timer_is_read_when_it_expires(k, root):
    """A read waits; it returns how often since the last one."""
    fd = root.timerfd_create(CLOCK_MONOTONIC, 0)
    assert root.timerfd_gettime(fd) == OFF
    root.timerfd_settime(fd, 0, ns(SECOND, 3 * SECOND))
    began = k.kernel.clock.now
    assert root.eventfd_read(fd) == 1
    assert k.kernel.clock.now - began < 3 * SECOND + 100_000
    root.nanosleep(Timespec(5, SECOND // 2))
    assert root.eventfd_read(fd) == 5
    left = root.timerfd_gettime(fd)
    assert left.it_interval.ns == SECOND
    assert 0.4 * SECOND < left.it_value.ns < 0.6 * SECOND
    root.timerfd_settime(fd, 0, OFF)
    assert root.timerfd_gettime(fd) == OFF
    assert len(k.kernel.callouts) == 0


def test_a_timer_that_expires_once_and_one_that_is_past(k, root):
    """After the time without an interval it is off; an absolute time may be past."""
    fd = root.timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK)
    past = ns(0, k.kernel.clock.now - SECOND)
    root.timerfd_settime(fd, TFD_TIMER_ABSTIME, past)
    assert root.eventfd_read(fd) == 1
    with pytest.raises(BlockingIOError):
        root.eventfd_read(fd)
    assert root.timerfd_settime(fd, 0, ns(0, SECOND)) == OFF
    old = root.timerfd_settime(fd, 0, OFF)
    assert 0 < old.it_value.ns <= SECOND


def test_fast_timers_count_without_waking(k, root):
    """An interval shorter than a tick expires many times a tick."""
    fd = root.timerfd_create(CLOCK_MONOTONIC, 0)
    root.timerfd_settime(fd, 0, ns(1, 1))
    root.nanosleep(Timespec(1, 0))
    assert 0.98 * SECOND < root.eventfd_read(fd) <= 1.01 * SECOND


def test_setting_the_clock(k, root):
    """An absolute timer keeps its time of day; with TFD_TIMER_CANCEL_ON_SET reading fails once."""
    now = k.kernel.clock.now // SECOND
    plain, watched = (root.timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK) for _ in range(2))
    relative = root.timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK)
    at = ns(0, (now + 1000) * SECOND)
    root.timerfd_settime(plain, TFD_TIMER_ABSTIME, at)
    root.timerfd_settime(watched, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, at)
    root.timerfd_settime(relative, 0, ns(0, 1000 * SECOND))
    root.clock_settime(CLOCK_REALTIME, Timespec(now + 2000, 0))
    assert root.poll([(fd, POLLIN) for fd in (plain, watched, relative)], 0) == [
        (plain, POLLIN),
        (watched, POLLIN),
    ]
    with pytest.raises(OSError, match="canceled") as failure:
        root.eventfd_read(watched)
    assert failure.value.errno == Errno.ECANCELED
    with pytest.raises(BlockingIOError):
        root.eventfd_read(watched)
    assert root.eventfd_read(plain) == 1


def test_readiness_of_timers(root):
    """poll and kevent wait for one; it cannot be written."""
    fd = root.timerfd_create(CLOCK_MONOTONIC, 0)
    root.timerfd_settime(fd, 0, ns(0, SECOND))
    kq = root.kqueue()
    root.kevent(kq, [Kevent(fd, EVFILT_READ)])
    with pytest.raises(OSError, match="Invalid"):
        root.kevent(kq, [Kevent(fd, EVFILT_WRITE)])
    assert root.poll([(fd, POLLIN | POLLOUT)], -1) == [(fd, POLLIN)]
    assert [e.data for e in root.kevent(kq, [], 4, NOW)] == [1]
    assert int.from_bytes(root.ioctl(fd, FIONREAD, bytes(4)), "little") == 8
    assert root.fstat(fd).st_size == 1
    root.eventfd_read(fd)
    assert root.kevent(kq, [], 4, NOW) == []
    with pytest.raises(OSError, match="Bad file"):
        root.write(fd, bytes(8))


def test_names_in_procfs(root):
    """fd/ shows what they are."""
    fds = root.eventfd(0, 0), root.timerfd_create(CLOCK_MONOTONIC, 0), root.kqueue()
    names = [root.readlink(b"/proc/self/fd/%d" % fd, 64) for fd in fds]
    assert names == [b"[eventfd]", b"[timerfd]", b"[kqueue]"]
