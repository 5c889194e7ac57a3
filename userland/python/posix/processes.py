# SPDX-License-Identifier: BSD-2-Clause
"""Processes: os.fork, os.execve, os.waitpid and their kin."""

from __future__ import annotations

import os as _host
from os import fspath as _fspath
from typing import TYPE_CHECKING

from kernel.sys import wait as _wait
from kernel.sys.errno import Errno as _Errno
from userland import libc as _libc
from userland.libc import sys as _sys
from userland.libc.cerror import oserror as _oserror
from userland.libc.data import curdata as _curdata
from userland.python.posix.paths import environment as _environment
from userland.python.posix.void import void as _void
from userland.python.retry import retried as _retried
from userland.python.rusage import rusage as _rusage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, NoReturn

    from userland.python.posix.paths import Path

waitid_result = _host.waitid_result
getpid = _libc.getpid
getuid, getgid = _libc.getuid, _libc.getgid
setgroups = _void(_libc.setgroups)
getlogin = _libc.getlogin
geteuid, getegid, getppid = _sys.geteuid, _sys.getegid, _sys.getppid
setuid, seteuid, setreuid = _void(_sys.setuid), _void(_sys.seteuid), _void(_sys.setreuid)
setgid, setegid, setregid = _void(_sys.setgid), _void(_sys.setegid), _void(_sys.setregid)
getpgrp, getpgid, getsid = _sys.getpgrp, _sys.getpgid, _sys.getsid
getpriority, setpriority = _sys.getpriority, _void(_sys.setpriority)
sched_yield = _void(_sys.sched_yield)
abort = _libc.abort
_exit = _libc._exit


def getgroups() -> list[int]:
    """Return the supplementary groups."""
    return list(_libc.getgroups())


def kill(pid: int, signum: int, /) -> None:
    """Send a signal."""
    _sys.kill(pid, signum)


def killpg(pgid: int, signum: int, /) -> None:
    """Send a signal to a process group."""
    _libc.killpg(pgid, signum)


def setsid() -> None:
    """Start a session."""
    _sys.setsid()


def setpgid(pid: int, pgid: int, /) -> None:
    """Put a process into a group."""
    _sys.setpgid(pid, pgid)


def setpgrp() -> None:
    """Start a process group."""
    _sys.setpgid(0, 0)


def execv(path: Path, argv: Sequence[Path], /) -> NoReturn:
    """Run another program with the environment libc has."""
    arguments = _arguments("execv", argv)
    try:
        _libc.execve(path, arguments, _curdata().environ)
    except OSError as exc:
        raise _oserror(exc.errno or 0) from None  # without the path, as CPython


def execve(path: Path, argv: Sequence[Path], env: Mapping[Any, Any]) -> NoReturn:
    """Run another program."""
    _libc.execve(path, _arguments("execve", argv), _environment(env))


def _arguments(name: str, argv: Sequence[Path]) -> list[Path]:
    if not isinstance(argv, (tuple, list)):
        raise TypeError(f"{name}() arg 2 must be a tuple or list")
    if not argv:
        raise ValueError(f"{name}() arg 2 must not be empty")
    if not _fspath(argv[0]):
        raise ValueError(f"{name}() arg 2 first element cannot be empty")
    return list(argv)


@_retried
def waitpid(pid: int, options: int, /) -> tuple[int, int]:
    """Wait for a child."""
    return _libc.waitpid(pid, options)


@_retried
def waitid(idtype: int, id: int, options: int, /) -> waitid_result | None:
    """Wait for a child for what options say; None if WNOHANG found none."""
    info = _libc.waitid(idtype, id, options)
    if not info.si_pid:
        return None
    told = (info.si_pid, info.si_uid, info.si_signo, info.si_status, info.si_code)
    return waitid_result(told)


def wait() -> tuple[int, int]:
    """Wait for any child."""
    return waitpid(-1, 0)


@_retried
def wait4(pid: int, options: int) -> tuple[int, int, Any]:
    """Wait for a child; return what it used, too."""
    child, status, used = _libc.wait4(pid, options)
    return child, status, _rusage(used)


def wait3(options: int) -> tuple[int, int, Any]:
    """Wait for any child; return what it used, too."""
    return wait4(-1, options)


def waitstatus_to_exitcode(status: int) -> int:
    """Return the exit code of a wait status, minus the signal if one killed it."""
    if _wait.WIFEXITED(status):
        return _wait.WEXITSTATUS(status)
    if _wait.WIFSIGNALED(status):
        return -_wait.WTERMSIG(status)
    raise ValueError(f"process stopped by delivery of signal {_wait.WSTOPSIG(status)}")


def register_at_fork(
    *,
    before: Callable[[], object] | None = None,
    after_in_child: Callable[[], object] | None = None,
    after_in_parent: Callable[[], object] | None = None,
) -> None:
    """Have functions called around each fork."""
    functions = [each for each in (before, after_in_child, after_in_parent) if each is not None]
    if not functions:
        raise TypeError("At least one argument is required.")
    for each in functions:
        if not callable(each):
            raise TypeError(f"'{type(each).__name__}' object is not callable")
    runtime = _curdata().runtime
    if before is not None:
        runtime.before_fork.insert(0, before)
    if after_in_child is not None:
        runtime.after_in_child.append(after_in_child)
    if after_in_parent is not None:
        runtime.after_in_parent.append(after_in_parent)


def fork() -> int:
    """Copy the process; return the child's pid, and 0 in the child."""
    _before_fork()
    pid = _libc.fork()
    _after_fork(pid)
    return pid


def _before_fork() -> None:
    for function in _curdata().runtime.before_fork:
        function()


def _after_fork(pid: int) -> None:
    """Call what is registered for after a fork; in the child the other threads have ended first."""
    runtime = _curdata().runtime
    if not pid:
        for handle in runtime.handles:
            handle._after_fork()
    for function in runtime.after_in_parent if pid else runtime.after_in_child:
        function()


def forkpty() -> tuple[int, int]:
    """Make a child at a new pseudo-terminal; return (pid, master), (0, -1) in the child."""
    _before_fork()
    pid, fd = _libc.forkpty()
    _after_fork(pid)
    return pid, fd


def system(command: str | bytes) -> int:
    """Run a command by the shell; return its wait status."""
    return _libc.system(command)


def nice(increment: int, /) -> int:
    """Add to the nice value; return it.  What is not permitted is EPERM, as nice(3) has it."""
    value = _sys.getpriority(0, 0) + increment
    try:
        _sys.setpriority(0, 0, max(-20, min(20, value)))
    except OSError as exc:
        raise _oserror(_Errno.EPERM if exc.errno == _Errno.EACCES else exc.errno or 0) from None
    return _sys.getpriority(0, 0)


def getgrouplist(user: str, group: int, /) -> list[int]:
    """Return the groups a user is in."""
    return _libc.getgrouplist(user, group)


def initgroups(user: str, group: int, /) -> None:
    """Set the supplementary groups to those a user is in."""
    _libc.setgroups(_libc.getgrouplist(user, group))
