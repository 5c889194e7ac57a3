# SPDX-License-Identifier: BSD-2-Clause
"""The resource module of a program: limits, and what was used.  CPython Modules/resource.c."""

from resource import struct_rusage

from kernel.sys import resource as _header
from kernel.sys.param import PAGE_SIZE as _PAGE_SIZE
from userland.libc import sys as _sys
from userland.python.posix.paths import number as _number
from userland.python.rusage import rusage as _rusage

error = OSError
_CONSTANTS = {
    name: value
    for name, value in vars(_header).items()
    if name.startswith(("RLIMIT_", "RUSAGE_", "RLIM_INF"))
}
globals().update(_CONSTANTS)

__all__ = [  # noqa: PLE0604 - strings, all of them
    "error", "getpagesize", "getrlimit", "getrusage", "setrlimit", "struct_rusage", *_CONSTANTS,
]  # fmt: skip


def getrlimit(which: int, /) -> tuple[int, int]:
    """Return the soft and the hard limit of a resource.

    Raises:
        ValueError: there is no such resource.
    """
    _check(which)
    soft, hard = _sys.getrlimit(which)
    return soft, hard


def setrlimit(which: int, limits: tuple[int, int], /) -> None:
    """Set the soft and the hard limit of a resource; -1 is no limit.

    Raises:
        ValueError: no such resource, no pair, or limits that cannot be.
        OSError: they are refused.
    """
    _check(which)
    if len(limits) != 2:
        raise ValueError("expected a tuple of 2 integers")
    soft, hard = (_header.RLIM_INFINITY if value == -1 else _number({}, value) for value in limits)
    if soft > hard:
        raise ValueError("current limit exceeds maximum limit")
    try:
        _sys.setrlimit(which, _header.Rlimit(soft, hard))
    except PermissionError:
        raise ValueError("not allowed to raise maximum limit") from None


def _check(which: int) -> None:
    if not 0 <= which < _header.RLIM_NLIMITS:
        raise ValueError("invalid resource specified")


def getrusage(who: int, /) -> struct_rusage:
    """Return what the process (RUSAGE_SELF) or its collected children have used.

    Raises:
        ValueError: who is neither.
    """
    if who not in {_header.RUSAGE_SELF, _header.RUSAGE_CHILDREN}:
        raise ValueError("invalid who parameter")
    return _rusage(_sys.getrusage(who))


def getpagesize() -> int:
    """Return the bytes of a page."""
    return _PAGE_SIZE
