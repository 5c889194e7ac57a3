# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for children.  NetBSD include/sys/wait.h, lib/libc/gen/waitpid.c."""

from struct import Struct

from kernel.sys.resource import SIZEOF_RUSAGE, RusageLayout
from userland.libc.stack import Frame, fetch, reserve
from userland.libc.syscall import call

__all__ = ["wait", "wait4", "waitpid"]

_INT = Struct("<i")


def wait4(pid: int, options: int = 0) -> tuple[int, int, RusageLayout]:
    """Wait for child pid (-1: any; 0, -pgid: of a group); return (pid, status, what it used).

    With WNOHANG, pid is 0 if no child has anything to report.

    Raises:
        OSError: ECHILD, no such child; EINTR; EINVAL.
    """
    with Frame() as lwp:
        status, rusage = reserve(lwp, 4), reserve(lwp, SIZEOF_RUSAGE)
        value = call("__wait450", pid, status, options, rusage)
        if not value:
            return 0, 0, RusageLayout()
        wstatus: int = _INT.unpack(fetch(lwp, status, 4))[0]
        return value, wstatus, RusageLayout.unpack(fetch(lwp, rusage, SIZEOF_RUSAGE))


def waitpid(pid: int, options: int = 0) -> tuple[int, int]:
    """wait4 without the usage: return (pid, status).

    Raises:
        OSError: as wait4.
    """
    with Frame() as lwp:
        at = reserve(lwp, 4)
        value = call("__wait450", pid, at, options, 0)
        return value, _INT.unpack(fetch(lwp, at, 4))[0] if value else 0


def wait() -> tuple[int, int]:
    """Wait for any child; return (pid, status).

    Raises:
        OSError: ECHILD, EINTR.
    """
    return waitpid(-1)
