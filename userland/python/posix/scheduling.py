# SPDX-License-Identifier: BSD-2-Clause
"""Scheduling: os.sched_setscheduler, os.getpriority and their kin."""

from __future__ import annotations

import posix as _host
from typing import TYPE_CHECKING, Any

from kernel.sys.errno import Errno as _Errno
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.libc.cerror import oserror as _oserror
from userland.python.arguments import schedpriority as _schedpriority

if TYPE_CHECKING:
    from userland.python.arguments import Pid

sched_param: Any = _host.sched_param


def sched_get_priority_max(policy: int) -> int:
    """Return the best priority of a policy."""
    return _libc.sched_get_priority_max(policy)


def sched_get_priority_min(policy: int) -> int:
    """Return the worst priority of a policy."""
    return _libc.sched_get_priority_min(policy)


def sched_getscheduler(pid: Pid, /) -> int:
    """Return the policy of a process, 0 for this one."""
    return _libc.sched_getscheduler(pid)


def sched_setscheduler(pid: Pid, policy: int, param: Any, /) -> None:
    """Set policy and parameters of a process."""
    _libc.sched_setscheduler(pid, policy, _schedpriority(param))


def sched_getparam(pid: Pid, /) -> Any:
    """Return the parameters of a process."""
    return sched_param(_libc.sched_getparam(pid))


def sched_setparam(pid: Pid, param: Any, /) -> None:
    """Set the parameters of a process."""
    _libc.sched_setparam(pid, _schedpriority(param))


def sched_rr_get_interval(pid: Pid, /) -> float:
    """Return the slice of a process under SCHED_RR, in seconds."""
    return _libc.sched_rr_get_interval(pid)


def sched_yield() -> None:
    """Let others run."""
    _sys.sched_yield()


def getpriority(which: int, who: int) -> int:
    """Return the nice value of a process, of a group's or of a user's processes."""
    return _sys.getpriority(which, who)


def setpriority(which: int, who: int, priority: int) -> None:
    """Set the nice value of a process, of a group's or of a user's processes."""
    _sys.setpriority(which, who, priority)


def nice(increment: int, /) -> int:
    """Add to the nice value; return it.  What is not permitted is EPERM, as nice(3) has it."""
    value = _sys.getpriority(0, 0) + increment
    try:
        _sys.setpriority(0, 0, max(-20, min(20, value)))
    except OSError as exc:
        raise _oserror(_Errno.EPERM if exc.errno == _Errno.EACCES else exc.errno or 0) from None
    return _sys.getpriority(0, 0)
