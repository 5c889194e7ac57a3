# SPDX-License-Identifier: BSD-2-Clause
"""Scheduling as C programs use it.  NetBSD include/sched.h, lib/librt/sched.c."""

from collections.abc import Iterable
from struct import Struct

from kernel.sys.sched import (
    PRI_NONE,
    SCHED_FIFO,
    SCHED_NONE,
    SCHED_OTHER,
    SCHED_PRI_MAX,
    SCHED_PRI_MIN,
    SCHED_RR,
)
from userland.libc.cerror import cerror
from userland.libc.errno import EINVAL
from userland.libc.stack import Frame, fetch, pushbytes, reserve
from userland.libc.syscall import call

__all__ = [
    "SCHED_FIFO", "SCHED_OTHER", "SCHED_RR", "_sched_getaffinity", "_sched_getparam",
    "_sched_setaffinity", "_sched_setparam", "sched_get_priority_max", "sched_get_priority_min",
    "sched_getparam", "sched_getscheduler", "sched_rr_get_interval", "sched_setparam",
    "sched_setscheduler",
]  # fmt: skip

_INT = Struct("<i")
_CPUSET = 4  # bytes of the sets of CPUs used here


def _sched_setparam(
    pid: int = 0, lid: int = 0, policy: int = SCHED_NONE, priority: int = PRI_NONE
) -> int:
    """Set class and priority of an LWP, with lid 0 of all of a process; pid 0 is the caller's.

    Raises:
        OSError: EINVAL, ESRCH, EPERM.
    """
    with Frame() as lwp:
        return call("_sched_setparam", pid, lid, policy, pushbytes(lwp, _INT.pack(priority)))


def _sched_getparam(pid: int = 0, lid: int = 0) -> tuple[int, int]:
    """Return class and priority of an LWP.

    Raises:
        OSError: EINVAL, ESRCH, EPERM.
    """
    with Frame() as lwp:
        policy, params = reserve(lwp, _INT.size), reserve(lwp, _INT.size)
        call("_sched_getparam", pid, lid, policy, params)
        values = [_INT.unpack(fetch(lwp, at, _INT.size))[0] for at in (policy, params)]
    return values[0], values[1]


def _sched_setaffinity(pid: int, lid: int, cpus: Iterable[int]) -> int:
    """Choose the CPUs that an LWP may run on; none: any.

    Raises:
        OSError: EINVAL, none of them is there. ESRCH, EPERM.
    """
    data = sum(1 << cpu for cpu in set(cpus)).to_bytes(_CPUSET, "little")
    with Frame() as lwp:
        return call("_sched_setaffinity", pid, lid, _CPUSET, pushbytes(lwp, data))


def _sched_getaffinity(pid: int = 0, lid: int = 0) -> set[int]:
    """Return the CPUs that were chosen for an LWP; an empty set: any.

    Raises:
        OSError: EINVAL, ESRCH.
    """
    with Frame() as lwp:
        at = reserve(lwp, _CPUSET)
        call("_sched_getaffinity", pid, lid, _CPUSET, at)
        bits = int.from_bytes(fetch(lwp, at, _CPUSET), "little")
    return {cpu for cpu in range(8 * _CPUSET) if bits >> cpu & 1}


def sched_setparam(pid: int, priority: int) -> int:
    """Set the priority of a process that is SCHED_FIFO or SCHED_RR.

    Raises:
        OSError: EINVAL, ESRCH, EPERM.
    """
    return _sched_setparam(pid, 0, SCHED_NONE, priority)


def sched_getparam(pid: int) -> int:
    """Return the priority of a process.

    Raises:
        OSError: ESRCH, EPERM.
    """
    return _sched_getparam(pid)[1]


def sched_setscheduler(pid: int, policy: int, priority: int) -> int:
    """Set class and priority of a process; return the class it had.

    Raises:
        OSError: EINVAL, ESRCH, EPERM.
    """
    before = sched_getscheduler(pid)
    _sched_setparam(pid, 0, policy, PRI_NONE if policy == SCHED_OTHER else priority)
    return before


def sched_getscheduler(pid: int) -> int:
    """Return the class of a process.

    Raises:
        OSError: ESRCH, EPERM.
    """
    return _sched_getparam(pid)[0]


def _priorities(policy: int) -> tuple[int, int]:
    if policy not in (SCHED_OTHER, SCHED_FIFO, SCHED_RR):
        cerror(EINVAL)
    return SCHED_PRI_MIN, SCHED_PRI_MAX


def sched_get_priority_max(policy: int) -> int:
    """Return the best priority of a class.

    Raises:
        OSError: EINVAL, there is no such class.
    """
    return _priorities(policy)[1]


def sched_get_priority_min(policy: int) -> int:
    """Return the worst priority of a class.

    Raises:
        OSError: EINVAL, there is no such class.
    """
    return _priorities(policy)[0]


def sched_rr_get_interval(pid: int) -> float:
    """Return how long the process has the CPU at a time, seconds; 0: as long as it wants.

    Raises:
        OSError: ESRCH, EPERM.
    """
    return 0.0 if sched_getscheduler(pid) == SCHED_FIFO else 0.1
