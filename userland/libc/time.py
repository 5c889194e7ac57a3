# SPDX-License-Identifier: BSD-2-Clause
"""Sleeping, and the times of files.  NetBSD include/time.h, lib/libc/gen/sleep.c."""

from typing import TYPE_CHECKING

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, AT_SYMLINK_NOFOLLOW
from kernel.sys.syscall import sysno
from kernel.sys.time import TIMER_ABSTIME, Timespec, Timeval
from kernel.sys.timevar import Sigevent
from userland.libc.cerror import cerror, oserror
from userland.libc.machine import trap_asleep
from userland.libc.stack import (
    Frame,
    StrPath,
    fetch,
    fetchrecord,
    pushbytes,
    pushrecord,
    pushstr,
    reserve,
)
from userland.libc.syscall import call

__all__ = [
    "Interrupted",
    "Sigevent",
    "clock_sleep",
    "futimens",
    "futimes",
    "gettimeofday",
    "lutimens",
    "lutimes",
    "nanosleep",
    "settimeofday",
    "sleep",
    "timer_create",
    "usleep",
    "utimens",
    "utimensat",
    "utimes",
]

if TYPE_CHECKING:
    from kernel.sys.proc import Lwp

Pair = tuple[tuple[int, int], tuple[int, int]]  # access and modification time, seconds first

_NS = 1_000_000_000


class Interrupted(InterruptedError):
    """A sleep that a signal has ended; left is the time, seconds, that was still to go."""

    left: float = 0.0


def nanosleep(seconds: float | Timespec) -> None:
    """Sleep so long.

    Raises:
        Interrupted: EINTR, a handler has run; its left says how much remained.
        OSError: EINVAL, a negative time.
    """
    duration = seconds if isinstance(seconds, Timespec) else Timespec.from_ns(round(seconds * _NS))
    with Frame() as lwp:
        left = reserve(lwp, 16)
        error, _ = trap_asleep(sysno("__nanosleep50"), pushrecord(lwp, duration), left)
        if error == Errno.EINTR:
            exc = Interrupted(int(error), oserror(error).strerror)
            exc.left = Timespec.unpack(fetch(lwp, left, 16)).ns / _NS
            raise exc
        if error:
            cerror(error)


def clock_sleep(clock_id: int, until: Timespec) -> None:
    """Sleep until a time by a clock: clock_nanosleep(2) with TIMER_ABSTIME.

    Raises:
        OSError: EINTR, a handler has run. EINVAL, no such clock or time.
    """
    with Frame() as lwp:
        at = pushrecord(lwp, until)
        error, value = trap_asleep(sysno("clock_nanosleep"), clock_id, TIMER_ABSTIME, at, 0)
        if error or value:
            cerror(error or value)


def timer_create(clock_id: int, event: Sigevent | None = None) -> int:
    """Make a timer, which is off; return its number.  Without event it sends SIGALRM.

    Raises:
        OSError: EINVAL, EAGAIN.
    """
    with Frame() as lwp:
        at = reserve(lwp, 4)
        call("timer_create", clock_id, pushrecord(lwp, event), at)
        return int.from_bytes(fetch(lwp, at, 4), "little")


def gettimeofday() -> Timeval:
    """Return the time of day."""
    with Frame() as lwp:
        at = reserve(lwp, 16)
        call("__gettimeofday50", at, 0)
        return fetchrecord(lwp, Timeval, at)


def settimeofday(tv: Timeval) -> int:
    """Set the time of day; for the super-user.

    Raises:
        OSError: EPERM, EINVAL.
    """
    with Frame() as lwp:
        return call("__settimeofday50", pushrecord(lwp, tv), 0)


def sleep(seconds: int) -> int:
    """Sleep; return the seconds that were left when a handler ran, else 0."""
    try:
        nanosleep(seconds)
    except Interrupted as exc:
        return round(exc.left)
    return 0


def usleep(microseconds: int) -> int:
    """Sleep so many microseconds.

    Raises:
        Interrupted: EINTR.
    """
    nanosleep(Timespec.from_ns(microseconds * 1000))
    return 0


def _pushtimes(lwp: "Lwp", cls: type[Timeval | Timespec], times: Pair | None) -> int:
    """Push two times; return their address, 0 (NULL) for None."""
    return 0 if times is None else pushbytes(lwp, b"".join(cls(*time).pack() for time in times))


def utimes(path: StrPath, times: Pair | None = None) -> int:
    """Set the access and modification time of a file; None is now.

    Raises:
        OSError: ENOENT, EACCES, EPERM ...
    """
    return _utimes("__utimes50", path, times)


def lutimes(path: StrPath, times: Pair | None = None) -> int:
    """utimes of a symbolic link itself.

    Raises:
        OSError: as utimes.
    """
    return _utimes("__lutimes50", path, times)


def _utimes(name: str, path: StrPath, times: Pair | None) -> int:
    with Frame() as lwp:
        at = _pushtimes(lwp, Timeval, times)
        return call(name, pushstr(lwp, path), at, about=(path,))


def futimes(fd: int, times: Pair | None = None) -> int:
    """utimes of an open file.

    Raises:
        OSError: EBADF, EPERM ...
    """
    with Frame() as lwp:
        at = _pushtimes(lwp, Timeval, times)
        return call("__futimes50", fd, at)


def utimensat(fd: int, path: StrPath, times: Pair | None = None, flag: int = 0) -> int:
    """Set times in ns, a relative path starting at directory fd; UTIME_NOW, UTIME_OMIT.

    Raises:
        OSError: as utimes.
    """
    with Frame() as lwp:
        at = _pushtimes(lwp, Timespec, times)
        return call("utimensat", fd, pushstr(lwp, path), at, flag, about=(path,))


def utimens(path: StrPath, times: Pair | None = None) -> int:
    """Set times in ns.

    Raises:
        OSError: as utimes.
    """
    return utimensat(AT_FDCWD, path, times)


def lutimens(path: StrPath, times: Pair | None = None) -> int:
    """utimens of a symbolic link itself.

    Raises:
        OSError: as utimes.
    """
    return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW)


def futimens(fd: int, times: Pair | None = None) -> int:
    """Set the times of an open file in ns.

    Raises:
        OSError: EBADF, EPERM ...
    """
    with Frame() as lwp:
        at = _pushtimes(lwp, Timespec, times)
        return call("futimens", fd, at)
