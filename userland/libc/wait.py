# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for children.  NetBSD include/sys/wait.h, lib/libc/gen/waitpid.c."""

from struct import Struct

from kernel.sys.errno import Errno
from kernel.sys.ktrace import SIGINFO_SIZE
from kernel.sys.resource import SIZEOF_RUSAGE, RusageLayout
from kernel.sys.siginfo import Siginfo
from kernel.sys.wait import WCONTINUED, WEXITED, WNOHANG, WNOWAIT, WSTOPPED, WTRAPPED
from userland.libc.cerror import cerror
from userland.libc.stack import Frame, fetch, reserve
from userland.libc.syscall import call

__all__ = ["wait", "wait4", "wait6", "waitid", "waitpid"]

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


def wait6(
    idtype: int, whose: int, options: int
) -> tuple[int, int, tuple[RusageLayout, RusageLayout], Siginfo]:
    """Wait for a child that P_PID, P_PGID ... and an id choose, for what options say.

    Returns:
        (pid, status, what it and what its children have used, siginfo); pid 0, and 0 all
        over, if WNOHANG found none.

    Raises:
        OSError: ECHILD, EINTR, EINVAL.
    """
    with Frame() as lwp:
        status, wrusage = reserve(lwp, 4), reserve(lwp, 2 * SIZEOF_RUSAGE)
        info = reserve(lwp, SIGINFO_SIZE)
        value = call("wait6", idtype, whose, status, options, wrusage, info)
        used = fetch(lwp, wrusage, 2 * SIZEOF_RUSAGE)
        return (
            value,
            _INT.unpack(fetch(lwp, status, 4))[0],
            (RusageLayout.unpack(used[:SIZEOF_RUSAGE]), RusageLayout.unpack(used[SIZEOF_RUSAGE:])),
            Siginfo.unpack(fetch(lwp, info, SIGINFO_SIZE)),
        )


_WAITID_OPTIONS = WEXITED | WSTOPPED | WCONTINUED | WTRAPPED | WNOHANG | WNOWAIT


def waitid(idtype: int, whose: int, options: int) -> Siginfo:
    """Wait as wait6; return the siginfo, of pid 0 if WNOHANG found none.

    Raises:
        OSError: ECHILD, EINTR, EINVAL.
    """
    if options & ~_WAITID_OPTIONS:
        cerror(Errno.EINVAL)
    with Frame() as lwp:
        info = reserve(lwp, SIGINFO_SIZE)
        call("wait6", idtype, whose, 0, options, 0, info)
        return Siginfo.unpack(fetch(lwp, info, SIGINFO_SIZE))
