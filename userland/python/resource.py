# SPDX-License-Identifier: BSD-2-Clause
"""The resource module of a program: limits, and what was used.  CPython Modules/resource.c."""

from __future__ import annotations

from resource import struct_rusage
from typing import Any

from kernel.sys import resource as _header
from kernel.sys.errno import Errno as _Errno
from kernel.sys.param import PAGE_SIZE as _PAGE_SIZE
from userland.libc import sys as _sys
from userland.python.arguments import c_off as _c_off
from userland.python.rusage import rusage as _rusage

error = OSError
_CONSTANTS = {
    name: vars(_header)[name]
    for name in """
        RLIMIT_CPU RLIMIT_FSIZE RLIMIT_DATA RLIMIT_STACK RLIMIT_CORE RLIMIT_NOFILE RLIMIT_VMEM
        RLIMIT_AS RLIMIT_RSS RLIMIT_NPROC RLIMIT_MEMLOCK RLIMIT_SBSIZE RUSAGE_SELF RUSAGE_CHILDREN
        RLIM_INFINITY""".split()
}
globals().update(_CONSTANTS)

__all__ = [  # noqa: PLE0604 - strings, all of them
    "error", "getpagesize", "getrlimit", "getrusage", "setrlimit", "struct_rusage", *_CONSTANTS,
]  # fmt: skip


def getrlimit(resource: int, /) -> tuple[int, int]:
    """Return the soft and the hard limit of a resource.

    Raises:
        ValueError: there is no such resource.
    """
    _check(resource)
    soft, hard = _sys.getrlimit(resource)
    return soft, hard


def setrlimit(resource: int, limits: Any, /) -> None:
    """Set the soft and the hard limit of a resource; -1 is no limit.

    Raises:
        ValueError: no such resource, no pair, or limits that cannot be.
        OSError: they are refused.
    """
    _check(resource)
    pair = tuple(limits)
    if len(pair) != 2:
        raise ValueError("expected a tuple of 2 integers")
    soft, hard = (_c_off(value) & _header.RLIM_INFINITY for value in pair)
    try:
        _sys.setrlimit(resource, _header.Rlimit(soft, hard))
    except OSError as exc:
        if exc.errno == _Errno.EINVAL:
            raise ValueError("current limit exceeds maximum limit") from None
        if exc.errno == _Errno.EPERM:
            raise ValueError("not allowed to raise maximum limit") from None
        raise


def _check(resource: int) -> None:
    if not 0 <= resource < _header.RLIM_NLIMITS:
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
