# SPDX-License-Identifier: BSD-2-Clause
"""Commands run by the shell.  NetBSD lib/libc/stdlib/system.c, lib/libc/gen/popen.c."""

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CLOEXEC
from kernel.sys.signal import (
    SIG_BLOCK,
    SIG_IGN,
    SIG_SETMASK,
    SIGCHLD,
    SIGINT,
    SIGQUIT,
    sigset,
)
from kernel.sys.spawn import POSIX_SPAWN_SETSIGDEF, POSIX_SPAWN_SETSIGMASK
from kernel.sys.unistd import X_OK
from userland.libc.cerror import cerror
from userland.libc.data import curdata
from userland.libc.signal import Sigaction, sigaction, sigprocmask
from userland.libc.spawn import FileActions, Spawnattr, posix_spawn
from userland.libc.sys import access, close
from userland.libc.unistd import pipe2
from userland.libc.wait import waitpid

__all__ = ["pclose", "popen", "system"]

_PATH_BSHELL = "/bin/sh"


def system(command: str | bytes | None) -> int:
    """Run a command by the shell, SIGINT and SIGQUIT ignored meanwhile; return its wait status.

    None asks whether there is a shell: 1 if so.

    Raises:
        OSError: EAGAIN, there can be no more processes.
    """
    if command is None:
        try:
            access(_PATH_BSHELL, X_OK)
        except OSError:
            return 0
        return 1
    ignore = Sigaction(SIG_IGN)
    old = {signo: sigaction(signo, ignore) for signo in (SIGINT, SIGQUIT)}
    mask = sigprocmask(SIG_BLOCK, sigset(SIGCHLD))
    attr = Spawnattr(
        POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK,
        sigdefault=[signo for signo, action in old.items() if action.sa_handler != SIG_IGN],
        sigmask=[signo for signo in range(1, 64) if mask >> (signo - 1) & 1],
    )
    try:
        return _wait(posix_spawn(_PATH_BSHELL, None, attr, ["sh", "-c", "--", command]))
    finally:
        for signo, action in old.items():
            sigaction(signo, action)
        sigprocmask(SIG_SETMASK, mask)


def popen(command: str | bytes, type: str) -> int:
    """Run a command by the shell; return a descriptor of its output ("r") or input ("w").

    An "e" after it closes the descriptor in programs that are executed.

    Raises:
        OSError: EINVAL, another type; EMFILE; EAGAIN.
    """
    if type.rstrip("e") not in ("r", "w"):
        cerror(Errno.EINVAL)
    rfd, wfd = pipe2(O_CLOEXEC if "e" in type else 0)
    mine, other, standard = (rfd, wfd, 1) if type[0] == "r" else (wfd, rfd, 0)
    actions = FileActions()
    for fd in (*curdata().popen, mine):
        actions.addclose(fd)
    if other != standard:
        actions.adddup2(other, standard)
        actions.addclose(other)
    try:
        pid = posix_spawn(_PATH_BSHELL, actions, None, ["sh", "-c", "--", command])
    except OSError:
        close(mine)
        raise
    finally:
        close(other)
    curdata().popen[mine] = pid
    return mine


def pclose(fd: int) -> int:
    """Close what popen returned, and wait for the command; return its wait status.

    Raises:
        OSError: ECHILD, it is none of popen's.
    """
    pid = curdata().popen.pop(fd, None)
    if pid is None:
        cerror(Errno.ECHILD)
    close(fd)
    return _wait(pid)


def _wait(pid: int) -> int:
    while True:
        try:
            return waitpid(pid)[1]
        except InterruptedError:
            continue
