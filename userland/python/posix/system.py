# SPDX-License-Identifier: BSD-2-Clause
"""The system and the terminal: os.urandom, os.uname, os.get_terminal_size and their kin."""

from __future__ import annotations

import posix as _host

from kernel.sys import fcntl as _fcntl
from kernel.sys.param import ARG_MAX as _ARG_MAX
from kernel.sys.param import PAGE_SIZE as _PAGE_SIZE
from kernel.sys.resource import RUSAGE_CHILDREN as _RUSAGE_CHILDREN
from kernel.sys.resource import RUSAGE_SELF as _RUSAGE_SELF
from kernel.sys.time import CLOCK_MONOTONIC as _CLOCK_MONOTONIC
from userland import libc as _libc
from userland.libc import sys as _sys
from userland.libc.data import curdata as _curdata
from userland.python.posix.paths import number as _number

terminal_size = _host.terminal_size
times_result = _host.times_result
uname_result = _host.uname_result
sysconf_names = {
    "SC_ARG_MAX": 1, "SC_CLK_TCK": 39, "SC_NGROUPS_MAX": 4, "SC_NPROCESSORS_CONF": 1001,
    "SC_NPROCESSORS_ONLN": 1002, "SC_PAGESIZE": 28, "SC_PAGE_SIZE": 28,
}  # fmt: skip
_SYSCONF = {1: _ARG_MAX, 39: 100, 4: 16, 1001: 1, 1002: 1, 28: _PAGE_SIZE}
_NS = 1_000_000_000


def urandom(size: int, /) -> bytes:
    """Return bytes of the kernel's seeded random device."""
    fd = _sys.open("/dev/urandom", _fcntl.O_RDONLY | _fcntl.O_CLOEXEC)
    try:
        return _sys.read(fd, size)
    finally:
        _sys.close(fd)


def uname() -> uname_result:
    """Return what this system is."""
    return uname_result(_libc.uname())


def times() -> times_result:
    """Return what the process and its children have had of the CPU, and the time since boot."""
    own, children = _sys.getrusage(_RUSAGE_SELF), _sys.getrusage(_RUSAGE_CHILDREN)
    used = (own.ru_utime, own.ru_stime, children.ru_utime, children.ru_stime)
    elapsed = _sys.clock_gettime(_CLOCK_MONOTONIC).ns
    return times_result(tuple(ns / _NS for ns in (*used, elapsed)))


def getloadavg() -> tuple[float, float, float]:
    """Return how many processes could run, on average of the last 1, 5 and 15 minutes."""
    return _libc.getloadavg()


def sysconf(name: str | int, /) -> int:
    """Return a limit of the system."""
    return _SYSCONF[_number(sysconf_names, name)]


def cpu_count() -> int:
    """Return 1."""
    return 1


def get_terminal_size(fd: int = 1, /) -> terminal_size:
    """Return (columns, lines) of a terminal."""
    rows, columns = _libc.tcgetwinsize(fd)
    return terminal_size((columns, rows))


def tcgetpgrp(fd: int, /) -> int:
    """Return the foreground process group of a terminal."""
    return _libc.tcgetpgrp(fd)


def tcsetpgrp(fd: int, pgid: int, /) -> None:
    """Set the foreground process group of a terminal."""
    _libc.tcsetpgrp(fd, pgid)


def strerror(code: int, /) -> str:
    """Return what an errno means."""
    return _libc.strerror(code)


def putenv(name: bytes, value: bytes, /) -> None:
    """Set a variable of libc's environment."""
    if b"=" in _bytes(name):
        raise ValueError("illegal environment variable name")
    _curdata().environ[_bytes(name)] = _bytes(value)


def unsetenv(name: bytes, /) -> None:
    """Remove a variable from libc's environment."""
    _curdata().environ.pop(_bytes(name), None)


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text


ctermid = _libc.ctermid


def ttyname(fd: int, /) -> str:
    """Return the path of a terminal."""
    return _libc.ttyname(fd)
