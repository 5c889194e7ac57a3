# SPDX-License-Identifier: BSD-2-Clause
"""Sleeping, and the times of files.  NetBSD include/time.h, lib/libc/gen/sleep.c."""

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD
from kernel.sys.syscall import sysno
from kernel.sys.time import Timespec, Timeval
from userland.libc.cerror import cerror, oserror
from userland.libc.machine import curlwp, trap
from userland.libc.stack import StrPath, fetch, fetchrecord, pushbytes, pushrecord, pushstr, reserve

__all__ = [
    "Interrupted",
    "futimens",
    "futimes",
    "gettimeofday",
    "lutimes",
    "nanosleep",
    "settimeofday",
    "sleep",
    "usleep",
    "utimens",
    "utimensat",
    "utimes",
]

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
    lwp = curlwp()
    mark = lwp.l_ustack
    try:
        left = reserve(lwp, 16)
        error, _ = trap(sysno("__nanosleep50"), pushrecord(lwp, duration), left)
        if error == Errno.EINTR:
            exc = Interrupted(int(error), oserror(error).strerror)
            exc.left = Timespec.unpack(fetch(lwp, left, 16)).ns / _NS
            raise exc
        if error:
            cerror(error)
    finally:
        lwp.l_ustack = mark


def gettimeofday() -> Timeval:
    """Return the time of day."""
    lwp = curlwp()
    mark = lwp.l_ustack
    try:
        at = reserve(lwp, 16)
        error, _ = trap(sysno("__gettimeofday50"), at, 0)
        if error:
            cerror(error)
        return fetchrecord(lwp, Timeval, at)
    finally:
        lwp.l_ustack = mark


def settimeofday(tv: Timeval) -> int:
    """Set the time of day; for the super-user.

    Raises:
        OSError: EPERM, EINVAL.
    """
    lwp = curlwp()
    mark = lwp.l_ustack
    try:
        error, value = trap(sysno("__settimeofday50"), pushrecord(lwp, tv), 0)
        if error:
            cerror(error)
        result: int = value
        return result
    finally:
        lwp.l_ustack = mark


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


def utimes(path: StrPath, times: tuple[Timeval, Timeval] | None = None) -> int:
    """Set the access and modification time of a file; None is now.

    Raises:
        OSError: ENOENT, EACCES, EPERM ...
    """
    return _utimes("__utimes50", path, times)


def lutimes(path: StrPath, times: tuple[Timeval, Timeval] | None = None) -> int:
    """utimes of a symbolic link itself.

    Raises:
        OSError: as utimes.
    """
    return _utimes("__lutimes50", path, times)


def _utimes(name: str, path: StrPath, times: tuple[Timeval, Timeval] | None) -> int:
    lwp = curlwp()
    mark = lwp.l_ustack
    try:
        at = 0 if times is None else pushbytes(lwp, times[0].pack() + times[1].pack())
        error, value = trap(sysno(name), pushstr(lwp, path), at)
        if error:
            cerror(error, path)
        result: int = value
        return result
    finally:
        lwp.l_ustack = mark


def futimes(fd: int, times: tuple[Timeval, Timeval] | None = None) -> int:
    """utimes of an open file.

    Raises:
        OSError: EBADF, EPERM ...
    """
    lwp = curlwp()
    mark = lwp.l_ustack
    try:
        at = 0 if times is None else pushbytes(lwp, times[0].pack() + times[1].pack())
        error, value = trap(sysno("__futimes50"), fd, at)
        if error:
            cerror(error)
        result: int = value
        return result
    finally:
        lwp.l_ustack = mark


def utimensat(
    fd: int, path: StrPath, times: tuple[Timespec, Timespec] | None = None, flag: int = 0
) -> int:
    """Set times in ns, a relative path starting at directory fd; UTIME_NOW, UTIME_OMIT.

    Raises:
        OSError: as utimes.
    """
    lwp = curlwp()
    mark = lwp.l_ustack
    try:
        at = 0 if times is None else pushbytes(lwp, times[0].pack() + times[1].pack())
        error, value = trap(sysno("utimensat"), fd, pushstr(lwp, path), at, flag)
        if error:
            cerror(error, path)
        result: int = value
        return result
    finally:
        lwp.l_ustack = mark


def utimens(path: StrPath, times: tuple[Timespec, Timespec] | None = None) -> int:
    """Set times in ns.

    Raises:
        OSError: as utimes.
    """
    return utimensat(AT_FDCWD, path, times)


def futimens(fd: int, times: tuple[Timespec, Timespec] | None = None) -> int:
    """Set the times of an open file in ns.

    Raises:
        OSError: EBADF, EPERM ...
    """
    lwp = curlwp()
    mark = lwp.l_ustack
    try:
        at = 0 if times is None else pushbytes(lwp, times[0].pack() + times[1].pack())
        error, value = trap(sysno("futimens"), fd, at)
        if error:
            cerror(error)
        result: int = value
        return result
    finally:
        lwp.l_ustack = mark
