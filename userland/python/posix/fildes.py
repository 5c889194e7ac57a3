# SPDX-License-Identifier: BSD-2-Clause
"""Descriptors: os.open, os.read, os.pipe and their kin."""

from __future__ import annotations

from contextlib import suppress as _suppress
from operator import index as _index
from typing import TYPE_CHECKING

from kernel.sys import eventfd as _eventfd
from kernel.sys import fcntl as _fcntl
from kernel.sys import ioccom as _ioccom
from kernel.sys.errno import Errno as _Errno
from kernel.sys.unistd import _SC_OPEN_MAX
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.libc.cerror import oserror as _oserror
from userland.python.clinic import interruptible as _interruptible
from userland.python.clinic import since as _since

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from userland.python.arguments import Buffer, DirFd, Fildes, Off, Path, Size


@_interruptible
def open(path: Path, flags: int, mode: int = 0o777, *, dir_fd: DirFd = None) -> int:  # noqa: A001
    """Open a file, close-on-exec; return the descriptor."""
    flags |= _fcntl.O_CLOEXEC
    if dir_fd is None:
        return _sys.open(path, flags, mode)
    return _sys.openat(dir_fd, path, flags, mode)


def close(fd: int) -> None:
    """Close a descriptor."""
    _sys.close(fd)


@_interruptible
def read(fd: int, length: Size, /) -> bytes:
    """Read length bytes at most; b"" is the end."""
    if length < 0:
        raise _oserror(_Errno.EINVAL)
    return _libc.read(fd, length)


@_interruptible
def write(fd: int, data: Buffer, /) -> int:
    """Write; return how many bytes went."""
    return _libc.write(fd, data)


@_interruptible
def pread(fd: int, length: Size, offset: Off, /) -> bytes:
    """Read at offset."""
    if length < 0:
        raise _oserror(_Errno.EINVAL)
    return _sys.pread(fd, length, offset)


@_interruptible
def pwrite(fd: int, buffer: Buffer, offset: Off, /) -> int:
    """Write at offset."""
    return _sys.pwrite(fd, buffer, offset)


@_interruptible
def readv(fd: int, buffers: Any, /) -> int:
    """Read into buffers."""
    return _libc.readv(fd, _buffers("readv", buffers, writable=True))


@_interruptible
def writev(fd: int, buffers: Any, /) -> int:
    """Write buffers."""
    return _libc.writev(fd, _buffers("writev", buffers))


@_interruptible
def preadv(fd: int, buffers: Any, offset: Off, flags: int = 0, /) -> int:
    """Read into buffers at offset."""
    _no_flags("preadv2", flags)
    return _libc.preadv(fd, _buffers("preadv", buffers, writable=True), offset)


@_interruptible
def pwritev(fd: int, buffers: Any, offset: Off, flags: int = 0, /) -> int:
    """Write buffers at offset."""
    _no_flags("pwritev2", flags)
    return _libc.pwritev(fd, _buffers("pwritev", buffers), offset)


def _no_flags(call: str, flags: int) -> None:
    if flags:
        raise NotImplementedError(f"{call}: flags unavailable on this platform")


def _buffers(function: str, buffers: Any, writable: bool = False) -> Sequence[Any]:
    if not hasattr(type(buffers), "__getitem__") or isinstance(buffers, dict):
        raise TypeError(f"{function}() arg 2 must be a sequence")
    for buffer in buffers:
        if memoryview(buffer).readonly and writable:
            raise BufferError("Object is not writable.")
    return list(buffers)


def lseek(fd: int, position: Off, whence: int, /) -> int:
    """Move a file's offset; return it."""
    return _libc.lseek(fd, position, whence)


def isatty(fd: int, /) -> bool:
    """Whether fd is a terminal."""
    return _libc.isatty(fd)


def fsync(fd: Fildes) -> None:
    """Have a file written to its device."""
    _sys.fsync(fd)


def fdatasync(fd: Fildes) -> None:
    """Have a file's data written to its device."""
    _sys.fdatasync(fd)


def sync() -> None:
    """Have everything written."""
    _sys.sync()


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


@_since(3, 13)
def posix_openpt(oflag: int, /) -> int:
    """Open the master of a new pseudo-terminal, close-on-exec if oflag says so."""
    return _libc.posix_openpt(oflag)


@_since(3, 13)
def grantpt(fd: Fildes, /) -> None:
    """Make the slave of a master the caller's."""
    _libc.grantpt(fd)


@_since(3, 13)
def unlockpt(fd: Fildes, /) -> None:
    """Let the slave of a master be opened."""
    _libc.unlockpt(fd)


@_since(3, 13)
def ptsname(fd: Fildes, /) -> str:
    """Return the path of the slave of a master."""
    return _libc.ptsname(fd)


def login_tty(fd: Fildes, /) -> None:
    """Begin a session with fd as its terminal and its standard streams."""
    _libc.login_tty(fd)


def dup(fd: int, /) -> int:
    """Duplicate a descriptor, close-on-exec."""
    return _libc.fcntl(fd, _fcntl.F_DUPFD_CLOEXEC, 0)


@_interruptible
def dup2(fd: int, fd2: int, inheritable: bool = True) -> int:
    """Make fd2 refer to what fd does."""
    if fd < 0 or fd2 < 0:
        raise _oserror(_Errno.EBADF)
    if inheritable:
        return _sys.dup2(fd, fd2)
    return _sys.dup3(fd, fd2, _fcntl.O_CLOEXEC)


def get_inheritable(fd: int, /) -> bool:
    """Whether fd stays open over exec."""
    return not _libc.fcntl(fd, _fcntl.F_GETFD) & _fcntl.FD_CLOEXEC


def set_inheritable(fd: int, inheritable: int, /) -> None:
    """Say whether fd stays open over exec."""
    _libc.ioctl(fd, _ioccom.FIONCLEX if inheritable else _ioccom.FIOCLEX)


def get_blocking(fd: int, /) -> bool:
    """Whether I/O on fd waits."""
    return not _libc.fcntl(fd, _fcntl.F_GETFL) & _fcntl.O_NONBLOCK


def set_blocking(fd: int, blocking: bool, /) -> None:
    """Say whether I/O on fd waits."""
    _libc.ioctl(fd, _ioccom.FIONBIO, int(not blocking).to_bytes(4, "little"))


@_interruptible
def lockf(fd: int, command: int, length: Off, /) -> None:
    """Lock, unlock or test a piece of a file."""
    _libc.lockf(fd, command, length)


def closerange(fd_low: int, fd_high: int, /) -> None:
    """Close descriptors, open or not; all from one on by closefrom(3)."""
    low = max(fd_low, 0)
    if fd_high >= _libc.sysconf(_SC_OPEN_MAX):
        with _suppress(OSError):
            _libc.fcntl(low, _fcntl.F_CLOSEM)
        return
    for fd in range(low, fd_high):
        try:
            close(fd)
        except OSError:
            continue


def posix_fadvise(fd: int, offset: Off, length: Off, advice: int, /) -> None:
    """Say how a file will be read."""
    _sys.posix_fadvise(fd, offset, length, advice)


def posix_fallocate(fd: int, offset: Off, length: Off, /) -> None:
    """Make room for a file."""
    _sys.posix_fallocate(fd, offset, length)


def device_encoding(fd: int) -> str | None:
    """Return the encoding of a terminal, None for other files."""
    return "UTF-8" if isatty(fd) else None


def eventfd(initval: Any, flags: int = _eventfd.EFD_CLOEXEC) -> int:
    """Make a counter with a descriptor."""
    return _sys.eventfd(_unsigned(initval, 32), flags)


def eventfd_read(fd: Fildes) -> int:
    """Take a counter's value."""
    return _libc.eventfd_read(fd)


def eventfd_write(fd: Fildes, value: Any) -> None:
    """Add to a counter."""
    _libc.eventfd_write(fd, _unsigned(value, 64))


def _unsigned(value: Any, bits: int) -> int:
    if not isinstance(value, int):
        raise TypeError("an integer is required")
    if value < 0:
        raise OverflowError("can't convert negative value to unsigned int")
    if value >> bits:
        raise OverflowError("Python int too large to convert to C unsigned int")
    return _index(value)
