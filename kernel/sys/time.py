# SPDX-License-Identifier: BSD-2-Clause
"""Times as system calls pass them, and clocks.  NetBSD sys/sys/time.h, sys/sys/timespec.h.

Inside the kernel a time is an integer of nanoseconds; these are its forms in
user memory (LP64, time_t of 64 bits).
"""

from struct import Struct
from typing import Final, Self

from kernel.sys.namedtuple import NamedTuple

CLOCK_REALTIME: Final = 0
CLOCK_VIRTUAL: Final = 1
CLOCK_PROF: Final = 2
CLOCK_MONOTONIC: Final = 3
CLOCK_THREAD_CPUTIME_ID: Final = 0x20000000
CLOCK_PROCESS_CPUTIME_ID: Final = 0x40000000

CPUCLOCK_ID_MASK: Final = 0x1FFF_FFFF  # of the two above: whose, a pid or a lid; 0 the caller

TIMER_RELTIME: Final = 0
TIMER_ABSTIME: Final = 1

ITIMER_REAL: Final = 0  # SIGALRM
ITIMER_VIRTUAL: Final = 1  # SIGVTALRM
ITIMER_PROF: Final = 2  # SIGPROF
ITIMER_MONOTONIC: Final = 3

_TIMESPEC: Final = Struct("<qq")
_TIMEVAL: Final = Struct("<qi4x")  # suseconds_t is an int
SIZEOF_TIMESPEC: Final = _TIMESPEC.size  # bytes
SIZEOF_TIMEVAL: Final = _TIMEVAL.size
SIZEOF_ITIMERVAL: Final = 2 * SIZEOF_TIMEVAL
SIZEOF_ITIMERSPEC: Final = 2 * SIZEOF_TIMESPEC

_NS: Final = 10**9
TIME_MAX: Final = 1 << 61  # seconds from which on the time of day cannot be set
NEVER: Final = TIME_MAX * _NS  # ns: what is due then or later does not come; half of a time_t's


class Timespec(NamedTuple):
    """Seconds and nanoseconds (struct timespec)."""

    tv_sec: int
    tv_nsec: int  # 0 to 999,999,999

    @property
    def ns(self) -> int:
        """The same time in nanoseconds."""
        return self.tv_sec * _NS + self.tv_nsec

    @classmethod
    def from_ns(cls, ns: int) -> Self:
        """Return ns nanoseconds in this form."""
        return cls(*divmod(ns, _NS))

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _TIMESPEC.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return the time in the bytes of the C struct."""
        return cls(*_TIMESPEC.unpack(data))


class Timeval(NamedTuple):
    """Seconds and microseconds (struct timeval)."""

    tv_sec: int
    tv_usec: int  # 0 to 999,999

    @property
    def ns(self) -> int:
        """The same time in nanoseconds."""
        return self.tv_sec * _NS + self.tv_usec * 1000

    @classmethod
    def from_ns(cls, ns: int) -> Self:
        """Return ns nanoseconds in this form, rounded down."""
        sec, nsec = divmod(ns, _NS)
        return cls(sec, nsec // 1000)

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _TIMEVAL.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return the time in the bytes of the C struct."""
        return cls(*_TIMEVAL.unpack(data))


class Itimerval(NamedTuple):
    """An interval timer (struct itimerval)."""

    it_interval: Timeval  # the next periods; zero: once
    it_value: Timeval  # until it fires; zero: off

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return self.it_interval.pack() + self.it_value.pack()

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return the timer in the bytes of the C struct."""
        return cls(*map(Timeval.unpack, (data[:SIZEOF_TIMEVAL], data[SIZEOF_TIMEVAL:])))


class Itimerspec(NamedTuple):
    """A timer of timer_settime(2) (struct itimerspec)."""

    it_interval: Timespec
    it_value: Timespec

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return self.it_interval.pack() + self.it_value.pack()

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return the timer in the bytes of the C struct."""
        return cls(*map(Timespec.unpack, (data[:SIZEOF_TIMESPEC], data[SIZEOF_TIMESPEC:])))
