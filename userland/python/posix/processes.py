# SPDX-License-Identifier: BSD-2-Clause
"""Processes: os.fork, os.execve, os.waitpid and their kin."""

from __future__ import annotations

import os as _host
from typing import TYPE_CHECKING, Any

from kernel.sys import wait as _wait
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.libc.cerror import oserror as _oserror
from userland.libc.data import curdata as _curdata
from userland.python.arguments import environment as _environment
from userland.python.arguments import vector as _vector
from userland.python.clinic import interruptible as _interruptible
from userland.python.forking import forking as _forking
from userland.python.rusage import rusage as _rusage

if TYPE_CHECKING:
    from typing import NoReturn

    from userland.python.arguments import FsName, Path, PathOrFd, Pid

waitid_result = _host.waitid_result


def getpid() -> int:
    """Return the process's id."""
    return _libc.getpid()


def getppid() -> int:
    """Return the parent's id."""
    return _sys.getppid()


def getpgrp() -> int:
    """Return the process's group."""
    return _sys.getpgrp()


def getpgid(pid: Pid) -> int:
    """Return a process's group."""
    return _sys.getpgid(pid)


def getsid(pid: Pid, /) -> int:
    """Return a process's session."""
    return _sys.getsid(pid)


def setsid() -> None:
    """Start a session."""
    _sys.setsid()


def setpgid(pid: Pid, pgrp: Pid, /) -> None:
    """Put a process into a group."""
    _sys.setpgid(pid, pgrp)


def setpgrp() -> None:
    """Start a process group."""
    _sys.setpgid(0, 0)


def kill(pid: Pid, signal: int, /) -> None:
    """Send a signal."""
    _sys.kill(pid, signal)


def killpg(pgid: Pid, signal: int, /) -> None:
    """Send a signal to a process group."""
    _libc.killpg(pgid, signal)


def abort() -> NoReturn:
    """End the process by SIGABRT."""
    _libc.abort()
    raise SystemError("abort() called from Python code didn't abort!")


def _exit(status: int) -> NoReturn:
    """End the process at once."""
    _libc._exit(status)


def execv(path: Path, argv: Any, /) -> NoReturn:
    """Run another program with the environment libc has."""
    arguments = _arguments("execv", argv)
    try:
        _libc.execve(path, arguments, _curdata().environ)
    except OSError as exc:
        raise _oserror(exc.errno or 0) from None  # without the path, as CPython


def execve(path: PathOrFd, argv: Any, env: Any) -> NoReturn:
    """Run another program."""
    arguments = _arguments("execve", argv, "execve: argv must be a tuple or list")
    variables = _environment(env, "execve")
    if isinstance(path, int):
        _libc.fexecve(path, arguments, variables)
    else:
        _libc.execve(path, arguments, variables)


def _arguments(name: str, argv: Any, kind: str = "") -> list[bytes]:
    if not isinstance(argv, (tuple, list)):
        raise TypeError(kind or f"{name}() arg 2 must be a tuple or list")
    at = f"{name}: argv" if kind else f"{name}() arg 2"
    return _vector(argv, f"{at} must not be empty", f"{at} first element cannot be empty")


@_interruptible
def waitpid(pid: Pid, options: int, /) -> tuple[int, int]:
    """Wait for a child."""
    return _libc.waitpid(pid, options)


@_interruptible
def waitid(idtype: int, id: Pid, options: int, /) -> waitid_result | None:
    """Wait for a child for what options say; None if WNOHANG found none."""
    info = _libc.waitid(idtype, id, options)
    if not info.si_pid:
        return None
    told = (info.si_pid, info.si_uid, info.si_signo, info.si_status, info.si_code)
    return waitid_result(told)


@_interruptible
def wait() -> tuple[int, int]:
    """Wait for any child."""
    return _libc.waitpid(-1, 0)


@_interruptible
def wait4(pid: Pid, options: int) -> tuple[int, int, Any]:
    """Wait for a child; return what it used, too."""
    child, status, used = _libc.wait4(pid, options)
    return child, status, _rusage(used)


@_interruptible
def wait3(options: int) -> tuple[int, int, Any]:
    """Wait for any child; return what it used, too."""
    return wait4(-1, options)


def waitstatus_to_exitcode(status: int) -> int:
    """Return the exit code of a wait status, minus the signal if one killed it."""
    if _wait.WIFEXITED(status):
        code = _wait.WEXITSTATUS(status)
        if status >> 16 or status < 0:
            raise ValueError(f"invalid WEXITSTATUS: {status}")
        return code
    if _wait.WIFSIGNALED(status):
        return -_wait.WTERMSIG(status)
    if _wait.WIFSTOPPED(status):
        raise ValueError(f"process stopped by delivery of signal {_wait.WSTOPSIG(status)}")
    raise ValueError(f"invalid wait status: {status}")


def WCOREDUMP(status: int, /) -> bool:
    """Whether the killed child left a core file."""
    return _wait.WCOREDUMP(status)


def WIFCONTINUED(status: int) -> bool:
    """Whether the child was continued."""
    return _wait.WIFCONTINUED(status)


def WIFSTOPPED(status: int) -> bool:
    """Whether the child is stopped."""
    return _wait.WIFSTOPPED(status)


def WIFSIGNALED(status: int) -> bool:
    """Whether a signal killed the child."""
    return _wait.WIFSIGNALED(status)


def WIFEXITED(status: int) -> bool:
    """Whether the child called exit(2)."""
    return _wait.WIFEXITED(status)


def WEXITSTATUS(status: int) -> int:
    """Return what the child gave to exit(2)."""
    return _wait.WEXITSTATUS(status)


def WTERMSIG(status: int) -> int:
    """Return the signal that killed the child."""
    return _wait.WTERMSIG(status)


def WSTOPSIG(status: int) -> int:
    """Return the signal that stopped the child."""
    return _wait.WSTOPSIG(status)


def register_at_fork(
    *, before: Any = ..., after_in_child: Any = ..., after_in_parent: Any = ...
) -> None:
    """Have functions called around each fork."""
    given = {
        name: function
        for name, function in (
            ("before", before),
            ("after_in_child", after_in_child),
            ("after_in_parent", after_in_parent),
        )
        if function is not ...
    }
    if not given:
        raise TypeError("At least one argument is required.")
    for name, function in given.items():
        if not callable(function):
            raise TypeError(f"'{name}' must be callable, not {type(function).__name__}")
    runtime = _curdata().runtime
    if "before" in given:
        runtime.before_fork.insert(0, before)
    if "after_in_child" in given:
        runtime.after_in_child.append(after_in_child)
    if "after_in_parent" in given:
        runtime.after_in_parent.append(after_in_parent)


def fork() -> int:
    """Copy the process; return the child's pid, and 0 in the child."""
    return _forking(_libc.fork, "fork")


def forkpty() -> tuple[int, int]:
    """Make a child at a new pseudo-terminal; return (pid, master), (0, -1) in the child."""
    return _forking(_libc.forkpty, "forkpty")


def system(command: FsName) -> int:
    """Run a command by the shell; return its wait status."""
    return _libc.system(command)
