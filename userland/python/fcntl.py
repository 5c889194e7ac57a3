# SPDX-License-Identifier: BSD-2-Clause
"""The fcntl module of a program, with NetBSD's numbers.  CPython Modules/fcntlmodule.c."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.sys import fcntl as _fcntl
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.libc.stack import Arena as _Arena
from userland.libc.syscall import call as _call
from userland.python.arguments import c_off as _c_off
from userland.python.clinic import interruptible as _interruptible
from userland.python.getargs import as_int as _c_int

if TYPE_CHECKING:
    from userland.python.arguments import Fildes, Word

_CONSTANTS = {
    name: vars(_fcntl)[name]
    for name in """
        LOCK_SH LOCK_EX LOCK_NB LOCK_UN F_DUPFD F_DUPFD_CLOEXEC F_GETFD F_SETFD F_GETFL F_SETFL
        F_GETLK F_SETLK F_SETLKW F_GETOWN F_SETOWN F_RDLCK F_UNLCK F_WRLCK F_GETPATH FASYNC
        FD_CLOEXEC""".split()
}
globals().update(_CONSTANTS)

__all__ = ["fcntl", "flock", "ioctl", "lockf", *_CONSTANTS]  # noqa: PLE0604 - strings, all of them

_BUFSZ = 1024  # bytes of an argument that are copied


@_interruptible
def fcntl(fd: Fildes, cmd: int, arg: Any = 0, /) -> int | bytes:
    """Do cmd to a descriptor.

    Args:
        fd: the descriptor.
        cmd: F_*.
        arg: an int; or bytes (a str, in UTF-8), which are returned as the call left them.
    """
    data = _bytes(arg)
    if data is None:
        return _libc.fcntl(fd, cmd, _number(arg, "fcntl", "third integer or a string"))
    if len(data) > _BUFSZ:
        raise ValueError("fcntl string arg too long")
    return _hand_over("fcntl", fd, cmd, data)[1]


@_interruptible
def ioctl(fd: Fildes, request: Word, arg: Any = 0, mutate_flag: bool = True, /) -> int | bytes:
    """Do request to a device.

    Args:
        fd: the device.
        request: TIOC*, FIO* ...
        arg: an int; bytes, which are returned as the call left them; or a buffer that
            can be changed, and is, unless mutate_flag is false.
        mutate_flag: whether what the call stores goes into arg.
    """
    code = request & 0xFFFFFFFF
    data = _bytes(arg)
    if data is None:
        number = _number(arg, "ioctl", "integer or buffer argument")
        return _call("ioctl", fd, code, number & 0xFFFFFFFF)
    if not isinstance(arg, (bytes, str)) and mutate_flag:
        view = memoryview(arg)
        if not view.readonly:
            value, left = _hand_over("ioctl", fd, code, data)
            view.cast("B")[:] = left
            return value
    if len(data) > _BUFSZ:
        raise ValueError("ioctl string arg too long")
    return _hand_over("ioctl", fd, code, data)[1]


def _bytes(arg: Any) -> bytes | None:
    """Return the bytes of an argument that is memory, None if it is a number."""
    if isinstance(arg, str):
        return arg.encode()
    try:
        return memoryview(arg).tobytes()
    except TypeError:
        return None


def _number(arg: Any, function: str, kinds: str) -> int:
    if not hasattr(type(arg), "__index__"):
        what = f"{function} requires a file or file descriptor, an integer and optionally a"
        raise TypeError(f"{what}{'n' if kinds[0] == 'i' else ''} {kinds}")
    return (_c_off if function == "fcntl" else _c_int)(arg)


def _hand_over(function: str, fd: int, code: int, data: bytes) -> tuple[int, bytes]:
    """Make a call on a copy of data, with room after it; return the register and the copy."""
    with _Arena() as memory:
        room = bytearray(data.ljust(_BUFSZ + 1, b"\0"))
        at = memory.put(room)
        value = _call(function, fd, code, at)
        return value, memory.get(at, len(data))


@_interruptible
def flock(fd: Fildes, operation: int, /) -> None:
    """Lock or unlock a file."""
    _sys.flock(fd, operation)


@_interruptible
def lockf(fd: Fildes, cmd: int, len: Any = 0, start: Any = 0, whence: int = 0, /) -> None:
    """Lock or unlock a piece of a file.

    Args:
        fd: the file.
        cmd: LOCK_SH, LOCK_EX or LOCK_UN; with LOCK_NB it does not wait.
        len: bytes, 0 for all from start on.
        start: bytes, from where whence says.
        whence: 0, the file's start; 1, its offset; 2, its end.
    """
    if cmd == _fcntl.LOCK_UN:
        kind = _fcntl.F_UNLCK
    elif cmd & _fcntl.LOCK_SH:
        kind = _fcntl.F_RDLCK
    elif cmd & _fcntl.LOCK_EX:
        kind = _fcntl.F_WRLCK
    else:
        raise ValueError("unrecognized lockf argument")
    lock = _fcntl.Flock(_c_off(start), _c_off(len), 0, kind, whence)
    _libc.fcntl(fd, _fcntl.F_SETLK if cmd & _fcntl.LOCK_NB else _fcntl.F_SETLKW, lock)
