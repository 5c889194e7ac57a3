# SPDX-License-Identifier: BSD-2-Clause
"""The _posixsubprocess module of a program, for subprocess.  CPython Modules/_posixsubprocess.c.

The child runs on the parent's objects while the parent waits (vfork), so
nothing is replayed; it ends in exec or in _exit.  With a preexec_fn, which may
change those objects, it is a real fork.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kernel.sys.errno import Errno as _Errno
from kernel.sys.fcntl import F_CLOSEM as _F_CLOSEM
from kernel.sys.fcntl import F_GETFD as _F_GETFD
from kernel.sys.fcntl import F_SETFD as _F_SETFD
from kernel.sys.fcntl import FD_CLOEXEC as _FD_CLOEXEC
from kernel.sys.proc import ProcessExit as _ProcessExit
from kernel.sys.sched import CLONE_VFORK as _CLONE_VFORK
from kernel.sys.sched import CLONE_VM as _CLONE_VM
from kernel.sys.signal import SIG_DFL as _SIG_DFL
from kernel.sys.signal import SIGCHLD as _SIGCHLD
from kernel.sys.signal import SIGPIPE as _SIGPIPE
from kernel.sys.signal import SIGXFSZ as _SIGXFSZ
from userland.libc import include as _libc
from userland.libc.data import curdata as _curdata
from userland.libc.stdlib import _exit
from userland.python.arguments import c_fsname as _c_fsname
from userland.python.arguments import c_id as _c_id
from userland.python.forking import FINALIZED as _FINALIZED
from userland.python.forking import forking as _forking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["fork_exec"]

_NOT_ENTERED = b"noexec:chdir" if sys.version_info >= (3, 13) else b"noexec"
_REFUSES = sys.version_info >= (3, 12)  # a preexec_fn at the program's end
_ABSENT = frozenset((int(_Errno.ENOENT), int(_Errno.ENOTDIR)))  # of a program's path
_INT_MAX = (1 << 31) - 1
_NGROUPS = 16
_FAILED = 255  # exit status of a child that has run no program


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
    if close_fds and errpipe_write < 3:
        raise ValueError("errpipe_write must be >= 3")
    _check_kept(pass_fds)
    programs = _strings(executable_list)
    arguments = [_c_fsname(arg) for arg in _sequence(args, "argv must be a tuple")]
    environment = None if env is None else _pairs(_strings(env))
    directory = None if cwd is None else _c_fsname(cwd)
    group_list = None if groups is None else _groups(groups)
    gid = None if gid is None else _c_id(gid, "gid")
    uid = None if uid is None else _c_id(uid, "uid")

    def prepare() -> None:
        for fd in pass_fds:
            if fd != errpipe_write:
                _inherit(fd)
        for fd in (p2cwrite, c2pread, errread, errpipe_read):
            if fd >= 0:
                _libc.close(fd)
        _place(p2cread, c2pwrite, errwrite)
        if directory is not None:
            _enter(directory)
        if child_umask >= 0:
            _libc.umask(child_umask)
        if restore_signals:
            for signo in (_SIGPIPE, _SIGXFSZ):
                _libc.signal(signo, _SIG_DFL)
        if call_setsid:
            _libc.setsid()
        if pgid_to_set >= 0:
            _libc.setpgid(0, pgid_to_set)
        if group_list is not None:
            _libc.setgroups(group_list)
        if gid is not None:
            _libc.setregid(gid, gid)
        if uid is not None:
            _libc.setreuid(uid, uid)

    def child(_: object) -> int:
        try:
            prepare()
        except _NotEntered as exc:
            _tell(errpipe_write, exc.errno, _NOT_ENTERED)
            return _FAILED
        except OSError as exc:
            _tell(errpipe_write, exc.errno, b"noexec")
            return _FAILED
        if preexec_fn is not None and not _has_run(preexec_fn, errpipe_write):
            return _FAILED
        if close_fds:
            _close_others({*pass_fds, errpipe_write})
        _tell(errpipe_write, _not_executed(programs, arguments, environment), b"")
        return _FAILED

    if preexec_fn is not None and _REFUSES and _curdata().runtime.finalizing:
        raise _FINALIZED("preexec_fn not supported at interpreter shutdown")
    if preexec_fn is None:
        return _libc.clone(child, _CLONE_VM | _CLONE_VFORK | _SIGCHLD)
    pid = _forking(_libc.fork, "fork_exec")
    if not pid:
        _exit(child(None))
    return pid


def _check_kept(fds: Sequence[int]) -> None:
    """Check that what is kept open are descriptors in ascending order."""
    before = -1
    for fd in fds:
        if not isinstance(fd, int) or not before < fd <= _INT_MAX:
            raise ValueError("bad value(s) in fds_to_keep")
        before = fd


def _sequence(value: Any, text: str) -> list[Any]:
    try:
        return list(value)
    except TypeError:
        raise TypeError(text) from None


def _strings(value: Any) -> list[bytes]:
    """Return what C takes for an array of strings."""
    if not hasattr(type(value), "__len__"):
        raise TypeError(f"object of type '{type(value).__name__}' has no len()")
    strings = list(value)
    for string in strings:
        if not isinstance(string, bytes):
            raise TypeError(f"expected bytes, {type(string).__name__} found")
        if 0 in string:
            raise ValueError("embedded null byte")
    return strings


def _pairs(strings: list[bytes]) -> dict[bytes, bytes]:
    parts = (string.partition(b"=") for string in strings)
    return {name: value for name, equals, value in parts if equals}


def _groups(groups: Any) -> list[int]:
    if not isinstance(groups, list):
        raise TypeError("setgroups argument must be a sequence")
    if len(groups) > _NGROUPS:
        raise ValueError("too many extra_groups")
    for group in groups:
        if not isinstance(group, int):
            raise TypeError("extra_groups must be integers")
    try:
        return [_c_id(group, "gid") for group in groups]
    except OverflowError:
        raise ValueError("invalid group id") from None


def _place(stdin: int, stdout: int, stderr: int) -> None:
    """Let the descriptors be 0, 1 and 2; -1 leaves one as it is."""
    if stdout == 0:
        stdout = _libc.dup(stdout)
    while 0 <= stderr <= 1:  # out of the way of what comes there
        stderr = _libc.dup(stderr)
    for at, fd in enumerate((stdin, stdout, stderr)):
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


def _enter(directory: bytes) -> None:
    try:
        _libc.chdir(directory)
    except OSError as exc:
        raise _NotEntered(exc.errno, exc.strerror) from exc


def _has_run(preexec_fn: Callable[[], object], errpipe: int) -> bool:
    """Call what is to be called before exec; whether it has raised nothing."""
    try:
        preexec_fn()
    except _ProcessExit:
        raise
    except BaseException:  # noqa: BLE001 - whatever it raises, the parent is told so
        _libc.write(errpipe, b"SubprocessError:0:Exception occurred in preexec_fn.")
        return False
    return True


def _not_executed(
    programs: list[bytes], arguments: list[Any], environment: dict[bytes, bytes] | None
) -> int | None:
    """Run the first program that can be run; return why there is none.

    That is the last error but for those that say that a file is not there.
    """
    failure = OSError(int(_Errno.ENOENT), "")
    for path in programs:
        try:
            _libc.execve(path, arguments, environment)
        except OSError as exc:
            if exc.errno not in _ABSENT or failure.errno == _Errno.ENOENT:
                failure = exc
    return failure.errno


def _tell(errpipe: int, error: int | None, text: bytes) -> None:
    _libc.write(errpipe, b"OSError:%X:%s" % (error or 0, text))
