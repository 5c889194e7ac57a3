# SPDX-License-Identifier: BSD-2-Clause
"""The _posixsubprocess module of a program, for subprocess.  CPython Modules/_posixsubprocess.c.

The child runs on the parent's objects while the parent waits (vfork), so
nothing is replayed; it ends in exec or in _exit.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kernel.sys.fcntl import F_CLOSEM as _F_CLOSEM
from kernel.sys.fcntl import F_GETFD as _F_GETFD
from kernel.sys.fcntl import F_SETFD as _F_SETFD
from kernel.sys.fcntl import FD_CLOEXEC as _FD_CLOEXEC
from kernel.sys.sched import CLONE_VFORK as _CLONE_VFORK
from kernel.sys.sched import CLONE_VM as _CLONE_VM
from kernel.sys.signal import SIG_DFL as _SIG_DFL
from kernel.sys.signal import SIGCHLD as _SIGCHLD
from kernel.sys.signal import SIGPIPE as _SIGPIPE
from kernel.sys.signal import SIGXFSZ as _SIGXFSZ
from userland import libc as _libc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["fork_exec"]

_NOT_ENTERED = b"noexec:chdir" if sys.version_info >= (3, 13) else b"noexec"


class _NotEntered(OSError):
    """The child cannot go to the directory it was given."""


def fork_exec(
    args: Sequence[Any],
    executable_list: Sequence[bytes],
    close_fds: bool,
    pass_fds: tuple[int, ...],
    cwd: Any,
    env: Sequence[bytes] | None,
    p2cread: int,
    p2cwrite: int,
    c2pread: int,
    c2pwrite: int,
    errread: int,
    errwrite: int,
    errpipe_read: int,
    errpipe_write: int,
    restore_signals: bool,
    call_setsid: bool,
    pgid_to_set: int,
    gid: int | None,
    groups: Sequence[int] | None,
    uid: int | None,
    child_umask: int,
    preexec_fn: Callable[[], object] | None,
    *_allow_vfork: bool,
) -> int:
    """Start a child that does as asked and runs the first program that can be run; give its pid.

    What it cannot do it writes to errpipe_write: the error's class, number in hex, and text.
    """
    environment = None if env is None else dict(pair.split(b"=", 1) for pair in env)
    streams = (p2cread, c2pwrite, errwrite)

    def prepare() -> None:
        for fd in (p2cwrite, c2pread, errread, errpipe_read):
            if fd >= 0:
                _libc.close(fd)
        _place(streams)
        if cwd is not None:
            _enter(cwd)
        if child_umask >= 0:
            _libc.umask(child_umask)
        if restore_signals:
            for signo in (_SIGPIPE, _SIGXFSZ):
                _libc.signal(signo, _SIG_DFL)
        if call_setsid:
            _libc.setsid()
        if pgid_to_set >= 0:
            _libc.setpgid(0, pgid_to_set)
        if groups is not None:
            _libc.setgroups(list(groups))
        if gid is not None:
            _libc.setregid(gid, gid)
        if uid is not None:
            _libc.setreuid(uid, uid)

    def child(_: object) -> int:
        try:
            prepare()
        except _NotEntered as exc:
            _tell(errpipe_write, exc.errno, _NOT_ENTERED)
            return 255
        except OSError as exc:
            _tell(errpipe_write, exc.errno, b"noexec")
            return 255
        if preexec_fn is not None:
            try:
                preexec_fn()
            except Exception:  # noqa: BLE001
                _libc.write(errpipe_write, b"SubprocessError:0:Exception occurred in preexec_fn.")
                return 255
        for fd in pass_fds:
            if fd != errpipe_write:
                _inherit(fd)
        if close_fds:
            _close_others({*pass_fds, errpipe_write})
        failure = OSError(2, "")
        for path in executable_list:
            try:
                _libc.execve(path, list(args), environment)
            except OSError as exc:
                if exc.errno not in (2, 20) or failure.errno == 2:
                    failure = exc
        _tell(errpipe_write, failure.errno, b"")
        return 255

    return _libc.clone(child, _CLONE_VM | _CLONE_VFORK | _SIGCHLD)


def _place(streams: tuple[int, int, int]) -> None:
    """Let the descriptors be 0, 1 and 2; -1 leaves one as it is."""
    moved = [_libc.dup(fd) if 0 <= fd < at else fd for at, fd in enumerate(streams)]
    for at, fd in enumerate(moved):
        if fd == at:
            _inherit(fd)
        elif fd >= 0:
            _libc.dup2(fd, at)


def _inherit(fd: int) -> None:
    _libc.fcntl(fd, _F_SETFD, _libc.fcntl(fd, _F_GETFD) & ~_FD_CLOEXEC)


def _close_others(kept: set[int]) -> None:
    """Close all descriptors from 3 on but those that are kept."""
    for fd in range(3, max(kept) + 1):
        if fd not in kept:
            with suppress(OSError):
                _libc.close(fd)
    with suppress(OSError):
        _libc.fcntl(max(*kept, 2) + 1, _F_CLOSEM)


def _enter(directory: Any) -> None:
    try:
        _libc.chdir(directory)
    except OSError as exc:
        raise _NotEntered(exc.errno, exc.strerror) from exc


def _tell(errpipe: int, error: int | None, text: bytes) -> None:
    _libc.write(errpipe, b"OSError:%X:%s" % (error or 0, text))
