# SPDX-License-Identifier: BSD-2-Clause
"""The system and the terminal: os.urandom, os.uname, os.get_terminal_size and their kin."""

from __future__ import annotations

import posix as _host
from typing import TYPE_CHECKING, Any

from kernel.sys import types as _types
from kernel.sys.errno import Errno as _Errno
from kernel.sys.param import HZ as _HZ
from kernel.sys.resource import RUSAGE_CHILDREN as _RUSAGE_CHILDREN
from kernel.sys.resource import RUSAGE_SELF as _RUSAGE_SELF
from kernel.sys.time import CLOCK_MONOTONIC as _CLOCK_MONOTONIC
from kernel.sys.unistd import _SC_NPROCESSORS_ONLN
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.libc.cerror import oserror as _oserror
from userland.libc.data import curdata as _curdata
from userland.python.arguments import c_device_part as _c_device_part
from userland.python.clinic import interruptible as _interruptible

if TYPE_CHECKING:
    from userland.python.arguments import Dev, FsName, Pid, Size

terminal_size = _host.terminal_size
times_result = _host.times_result
uname_result = _host.uname_result
_NS = 1_000_000_000
_NODEV = (1 << 64) - 1


def urandom(size: Size, /) -> bytes:
    """Return bytes of the kernel's seeded random device."""
    if size < 0:
        raise ValueError("negative argument not allowed")
    data = b""
    while len(data) < size:
        data += _sys.getrandom(size - len(data), 0)
    return data


@_interruptible
def getrandom(size: Size, flags: int = 0) -> bytes:
    """Return random bytes, as getrandom(2) gives them."""
    if size < 0:
        raise _oserror(_Errno.EINVAL)
    return _sys.getrandom(size, flags)


def uname() -> uname_result:
    """Return what this system is."""
    return uname_result(_libc.uname())


def times() -> times_result:
    """Return what the process and its children have had of the CPU, and the time since boot.

    All in seconds, whole ticks of the clock, as times(3) counts.
    """
    own, children = _sys.getrusage(_RUSAGE_SELF), _sys.getrusage(_RUSAGE_CHILDREN)
    used = (own.ru_utime, own.ru_stime, children.ru_utime, children.ru_stime)
    elapsed = _sys.clock_gettime(_CLOCK_MONOTONIC).ns
    return times_result(tuple(ns * _HZ // _NS / _HZ for ns in (*used, elapsed)))


def getloadavg() -> tuple[float, float, float]:
    """Return how many processes could run, on average of the last 1, 5 and 15 minutes."""
    return _libc.getloadavg()


def cpu_count() -> int | None:
    """Return how many CPUs there are."""
    return _libc.sysconf(_SC_NPROCESSORS_ONLN)


def get_terminal_size(fd: int = 1, /) -> terminal_size:
    """Return (columns, lines) of a terminal."""
    rows, columns = _libc.tcgetwinsize(fd)
    return terminal_size((columns, rows))


def tcgetpgrp(fd: int, /) -> int:
    """Return the foreground process group of a terminal."""
    return _libc.tcgetpgrp(fd)


def tcsetpgrp(fd: int, pgid: Pid, /) -> None:
    """Set the foreground process group of a terminal."""
    _libc.tcsetpgrp(fd, pgid)


def ctermid() -> str:
    """Return the path of the controlling terminal."""
    return _libc.ctermid()


def ttyname(fd: int, /) -> str:
    """Return the path of a terminal."""
    return _libc.ttyname(fd)


def strerror(code: int, /) -> str:
    """Return what an errno means."""
    return _libc.strerror(code)


def putenv(name: FsName, value: FsName, /) -> None:
    """Set a variable of libc's environment."""
    if b"=" in name:
        raise ValueError("illegal environment variable name")
    if not name:
        raise _oserror(_Errno.EINVAL)
    _curdata().environ[name] = value


def unsetenv(name: FsName, /) -> None:
    """Remove a variable from libc's environment."""
    if not name or b"=" in name:
        raise _oserror(_Errno.EINVAL)
    _curdata().environ.pop(name, None)


def major(device: Dev, /) -> int:
    """Return the driver's number in a device."""
    return -1 if device == _NODEV else _types.major(device)


def minor(device: Dev, /) -> int:
    """Return the unit's number in a device."""
    return -1 if device == _NODEV else _types.minor(device)


def makedev(major: Any, minor: Any, /) -> int:
    """Return the device of a unit of a driver."""
    parts = [_c_device_part(part) for part in (major, minor)]
    return -1 if parts == [_NODEV, _NODEV] else _types.makedev(*parts)
