# SPDX-License-Identifier: BSD-2-Clause
"""The end of a run, and whose clock is which.

NetBSD include/unistd.h, lib/libc/gen/clock_getcpuclockid.c.
"""

from kernel.sys.reboot import RB_STRING
from kernel.sys.wait import P_PID
from userland.libc.stack import Frame, StrPath, fetch, pushstr, reserve
from userland.libc.syscall import call

__all__ = ["clock_getcpuclockid", "clock_getcpuclockid2", "reboot"]


def reboot(howto: int, bootstr: StrPath | None = None) -> None:
    """Halt or reboot the system (RB_*): here, either ends the run; it does not return.

    Raises:
        OSError: EPERM, not root.
    """
    with Frame() as lwp:
        pushed = 0 if bootstr is None else pushstr(lwp, bootstr)
        call("reboot", howto | (RB_STRING if pushed else 0), pushed)


def clock_getcpuclockid2(idtype: int, number: int) -> int:
    """Return the clock that tells the CPU time of a process (P_PID) or thread (P_LWPID).

    Raises:
        OSError: EINVAL.
    """
    with Frame() as lwp:
        at = reserve(lwp, 4)
        call("clock_getcpuclockid2", idtype, number, at)
        return int.from_bytes(fetch(lwp, at, 4), "little")


def clock_getcpuclockid(pid: int = 0) -> int:
    """Return the clock that tells the CPU time of a process, 0 the caller.

    Raises:
        OSError: EINVAL.
    """
    return clock_getcpuclockid2(P_PID, pid)
