# SPDX-License-Identifier: BSD-2-Clause
"""Timers with a descriptor: os.timerfd_create and its kin, since Python 3.13."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.sys.eventfd import TFD_CLOEXEC as _TFD_CLOEXEC
from kernel.sys.time import Itimerspec as _Itimerspec
from kernel.sys.time import Timespec as _Timespec
from userland.libc import sys as _sys
from userland.python.clinic import since as _since

if TYPE_CHECKING:
    from userland.python.arguments import Fildes, Off

_NS = 1_000_000_000


@_since(3, 13)
def timerfd_create(clockid: int, /, *, flags: int = _TFD_CLOEXEC) -> int:
    """Make a timer, close-on-exec."""
    return _sys.timerfd_create(clockid, flags | _TFD_CLOEXEC)


@_since(3, 13)
def timerfd_settime(
    fd: Fildes, /, *, flags: int = 0, initial: float = 0.0, interval: float = 0.0
) -> tuple[float, float]:
    """Set a timer, in seconds; return what it was: (until the next time, between two)."""
    value, again = (_Timespec.from_ns(int(seconds * _NS)) for seconds in (initial, interval))
    old = _sys.timerfd_settime(fd, flags, _Itimerspec(again, value))
    return old.it_value.ns / _NS, old.it_interval.ns / _NS


@_since(3, 13)
def timerfd_settime_ns(
    fd: Fildes, /, *, flags: int = 0, initial: Off = 0, interval: Off = 0
) -> tuple[int, int]:
    """Set a timer, in nanoseconds; return what it was."""
    value, again = _Timespec.from_ns(initial), _Timespec.from_ns(interval)
    old = _sys.timerfd_settime(fd, flags, _Itimerspec(again, value))
    return old.it_value.ns, old.it_interval.ns


@_since(3, 13)
def timerfd_gettime(fd: Fildes, /) -> tuple[float, float]:
    """Return what is left of a timer, and its interval, in seconds."""
    now = _sys.timerfd_gettime(fd)
    return now.it_value.ns / _NS, now.it_interval.ns / _NS


@_since(3, 13)
def timerfd_gettime_ns(fd: Fildes, /) -> tuple[int, int]:
    """Return what is left of a timer, and its interval, in nanoseconds."""
    now = _sys.timerfd_gettime(fd)
    return now.it_value.ns, now.it_interval.ns
