# SPDX-License-Identifier: BSD-2-Clause
"""Descriptors: os.open, os.read, os.pipe and their kin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.sys import fcntl as _fcntl
from userland import libc as _libc
from userland.libc import sys as _sys
from userland.python.posix.void import void as _void
from userland.python.retry import retried as _retried

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from userland.python.posix.paths import Path


@_retried
def open(path: Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:  # noqa: A001
    """Open a file, close-on-exec; return the descriptor."""
    flags |= _fcntl.O_CLOEXEC
    if dir_fd is None:
        return _sys.open(path, flags, mode)
    return _sys.openat(dir_fd, path, flags, mode)


close = _void(_libc.close)
read = _retried(_libc.read)
write = _retried(_libc.write)
lseek = _libc.lseek
fsync, fdatasync, sync = _void(_sys.fsync), _void(_sys.fdatasync), _void(_sys.sync)
isatty = _libc.isatty
pread = _retried(_sys.pread)


@_retried
def pwrite(fd: int, data: Any, offset: int, /) -> int:
    """Write at offset."""
    return _sys.pwrite(fd, data, offset)


@_retried
def readv(fd: int, buffers: Sequence[Any], /) -> int:
    """Read into buffers."""
    return _libc.readv(fd, buffers)


@_retried
def writev(fd: int, buffers: Sequence[Any], /) -> int:
    """Write buffers."""
    return _libc.writev(fd, buffers)


@_retried
def preadv(fd: int, buffers: Sequence[Any], offset: int, flags: int = 0, /) -> int:
    """Read into buffers at offset."""
    del flags
    return _libc.preadv(fd, buffers, offset)


@_retried
def pwritev(fd: int, buffers: Sequence[Any], offset: int, flags: int = 0, /) -> int:
    """Write buffers at offset."""
    del flags
    return _libc.pwritev(fd, buffers, offset)


def pipe() -> tuple[int, int]:
    """Make a pipe, close-on-exec."""
    return _libc.pipe2(_fcntl.O_CLOEXEC)


def pipe2(flags: int, /) -> tuple[int, int]:
    """Make a pipe."""
    return _libc.pipe2(flags)


def openpty() -> tuple[int, int]:
    """Make a pseudo-terminal; return its master and its slave, both close-on-exec."""
    ends = _libc.openpty()
    for fd in ends:
        set_inheritable(fd, False)
    return ends


def posix_openpt(oflag: int, /) -> int:
    """Open the master of a new pseudo-terminal, close-on-exec."""
    return _libc.posix_openpt(oflag | _fcntl.O_CLOEXEC)


grantpt = _void(_libc.grantpt)
unlockpt = _void(_libc.unlockpt)
ptsname = _libc.ptsname


def login_tty(fd: int, /) -> None:
    """Begin a session with fd as its terminal and its standard streams."""
    _libc.login_tty(fd)


def dup(fd: int, /) -> int:
    """Duplicate a descriptor, close-on-exec."""
    return _libc.fcntl(fd, _fcntl.F_DUPFD_CLOEXEC, 0)


def dup2(fd: int, fd2: int, inheritable: bool = True) -> int:
    """Make fd2 refer to what fd does."""
    if inheritable:
        return _sys.dup2(fd, fd2)
    return _sys.dup3(fd, fd2, _fcntl.O_CLOEXEC)


def get_inheritable(fd: int, /) -> bool:
    """Whether fd stays open over exec."""
    return not _libc.fcntl(fd, _fcntl.F_GETFD) & _fcntl.FD_CLOEXEC


def set_inheritable(fd: int, inheritable: int, /) -> None:
    """Say whether fd stays open over exec."""
    _libc.fcntl(fd, _fcntl.F_SETFD, 0 if inheritable else _fcntl.FD_CLOEXEC)


def get_blocking(fd: int, /) -> bool:
    """Whether I/O on fd waits."""
    return not _libc.fcntl(fd, _fcntl.F_GETFL) & _fcntl.O_NONBLOCK


def set_blocking(fd: int, blocking: bool, /) -> None:
    """Say whether I/O on fd waits."""
    flags = _libc.fcntl(fd, _fcntl.F_GETFL) & ~_fcntl.O_NONBLOCK
    _libc.fcntl(fd, _fcntl.F_SETFL, flags | (0 if blocking else _fcntl.O_NONBLOCK))


@_retried
def lockf(fd: int, command: int, length: int, /) -> None:
    """Lock, unlock or test a piece of a file."""
    _libc.lockf(fd, command, length)


def closerange(low: int, high: int, /) -> None:
    """Close descriptors, open or not."""
    for fd in range(low, high):
        try:
            close(fd)
        except OSError:
            continue


def posix_fadvise(fd: int, offset: int, length: int, advice: int, /) -> None:
    """Say how a file will be read."""
    _sys.posix_fadvise(fd, offset, length, advice)


def posix_fallocate(fd: int, offset: int, length: int, /) -> None:
    """Make room for a file."""
    _sys.posix_fallocate(fd, offset, length)


def device_encoding(fd: int) -> str | None:
    """Return the encoding of a terminal, None for other files."""
    return "UTF-8" if isatty(fd) else None
