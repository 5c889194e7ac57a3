# SPDX-License-Identifier: BSD-2-Clause
"""Attributes of files: os.stat, os.chmod, os.utime and their kin."""

from __future__ import annotations

import posix as _host
from math import floor as _floor
from math import isnan as _isnan
from typing import TYPE_CHECKING, Any

from kernel.sys import fcntl as _fcntl
from kernel.sys.time import Timespec as _Timespec
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.python.arguments import alone as _alone
from userland.python.arguments import at as _at
from userland.python.arguments import c_off as _c_off
from userland.python.arguments import number as _number
from userland.python.posix.configuration import pathconf_names as _pathconf_names
from userland.python.structseq import structseq as _structseq

if TYPE_CHECKING:
    from kernel.sys.stat import Stat as _Stat
    from kernel.sys.statvfs import Statvfs as _Statvfs
    from userland.python.arguments import DirFd, Fildes, Id, Off, Path, PathOrFd, Word

statvfs_result = _host.statvfs_result
stat_result: Any = _structseq(
    "os",
    "stat_result",
    "st_mode st_ino st_dev st_nlink st_uid st_gid st_size st_atime st_mtime st_ctime st_atime_ns"
    " st_mtime_ns st_ctime_ns st_blksize st_blocks st_rdev st_flags st_gen st_birthtime",
    shown=10,
    unnamed=3,
    doc="What os.stat() tells of a file; the tuple ends with the times in whole seconds.",
)
_NS = 1_000_000_000
_ST_WAIT = 1


def _result(st: _Stat) -> Any:
    """Return what a program sees of a struct stat; times are seconds, rounded as C does: twice."""
    (
        dev, mode, ino, nlink, uid, gid, rdev, atime, mtime, ctime, birthtime,
        size, blocks, blksize, flags, gen,
    ) = st  # fmt: skip
    asec, msec, csec, bsec = atime // _NS, mtime // _NS, ctime // _NS, birthtime // _NS
    result = tuple.__new__(stat_result, (mode, ino, dev, nlink, uid, gid, size, asec, msec, csec))
    vars(result).update(
        st_atime=asec + 1e-9 * (atime - asec * _NS),
        st_mtime=msec + 1e-9 * (mtime - msec * _NS),
        st_ctime=csec + 1e-9 * (ctime - csec * _NS),
        st_atime_ns=atime,
        st_mtime_ns=mtime,
        st_ctime_ns=ctime,
        st_blksize=blksize,
        st_blocks=blocks,
        st_rdev=rdev,
        st_flags=flags,
        st_gen=gen,
        st_birthtime=bsec + 1e-9 * (birthtime - bsec * _NS),
    )
    return result


def stat(path: PathOrFd, *, dir_fd: DirFd = None, follow_symlinks: bool = True) -> Any:
    """Return a file's attributes."""
    if isinstance(path, int):
        _alone("stat", dir_fd, follow_symlinks)
        return _result(_sys.fstat(path))
    if dir_fd is not None:
        flag = 0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
        return _result(_sys.fstatat(dir_fd, path, flag))
    return _result(_sys.stat(path) if follow_symlinks else _sys.lstat(path))


def lstat(path: Path, *, dir_fd: DirFd = None) -> Any:
    """Return the attributes of a file, of a symbolic link itself."""
    return stat(path, dir_fd=dir_fd, follow_symlinks=False)


def fstat(fd: int) -> Any:
    """Return the attributes of an open file."""
    return _result(_sys.fstat(fd))


def access(
    path: Path,
    mode: int,
    *,
    dir_fd: DirFd = None,
    effective_ids: bool = False,
    follow_symlinks: bool = True,
) -> bool:
    """Whether the process may do mode to a file."""
    flag = (_fcntl.AT_EACCESS if effective_ids else 0) | (
        0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
    )
    try:
        if dir_fd is None and not flag:
            _sys.access(path, mode)
        else:
            _sys.faccessat(_at(dir_fd), path, mode, flag)
    except OSError:
        return False
    return True


def chmod(path: PathOrFd, mode: int, *, dir_fd: DirFd = None, follow_symlinks: bool = True) -> None:
    """Set the permissions of a file."""
    if isinstance(path, int):
        _sys.fchmod(path, mode)
    elif dir_fd is not None:
        flag = 0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
        _sys.fchmodat(dir_fd, path, mode, flag)
    else:
        (_sys.chmod if follow_symlinks else _sys.lchmod)(path, mode)


def fchmod(fd: int, mode: int) -> None:
    """Set the permissions of an open file."""
    _sys.fchmod(fd, mode)


def lchmod(path: Path, mode: int) -> None:
    """Set the permissions of a symbolic link itself."""
    _sys.lchmod(path, mode)


def chown(
    path: PathOrFd, uid: Id, gid: Id, *, dir_fd: DirFd = None, follow_symlinks: bool = True
) -> None:
    """Set owner and group of a file."""
    if isinstance(path, int):
        _alone("chown", dir_fd, follow_symlinks, "can't specify both dir_fd and fd")
        _sys.fchown(path, uid, gid)
    elif dir_fd is not None:
        flag = 0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
        _sys.fchownat(dir_fd, path, uid, gid, flag)
    else:
        (_sys.chown if follow_symlinks else _sys.lchown)(path, uid, gid)


def fchown(fd: int, uid: Id, gid: Id) -> None:
    """Set owner and group of an open file."""
    _sys.fchown(fd, uid, gid)


def lchown(path: Path, uid: Id, gid: Id) -> None:
    """Set owner and group of a symbolic link itself."""
    _sys.lchown(path, uid, gid)


def chflags(path: Path, flags: Word, follow_symlinks: bool = True) -> None:
    """Set the flags of a file."""
    (_sys.chflags if follow_symlinks else _sys.lchflags)(path, flags)


def lchflags(path: Path, flags: Word) -> None:
    """Set the flags of a symbolic link itself."""
    _sys.lchflags(path, flags)


def utime(
    path: PathOrFd,
    times: Any = None,
    *,
    ns: Any = (),
    dir_fd: DirFd = None,
    follow_symlinks: bool = True,
) -> None:
    """Set the times of a file, by default to now.

    Args:
        path: the file.
        times: (last access, last change) in seconds; None for now.
        ns: the same in nanoseconds.
        dir_fd: what path is relative to.
        follow_symlinks: not to set those of a symbolic link itself.
    """
    if times is not None and ns != ():
        raise ValueError("utime: you may specify either 'times' or 'ns' but not both")
    pair = None
    if times is not None:
        if not isinstance(times, tuple) or len(times) != 2:
            raise TypeError("utime: 'times' must be either a tuple of two ints or None")
        pair = (_of_seconds(times[0]), _of_seconds(times[1]))
    elif ns != ():
        if not isinstance(ns, tuple) or len(ns) != 2:
            raise TypeError("utime: 'ns' must be a tuple of two ints")
        pair = (_of_ns(ns[0]), _of_ns(ns[1]))
    if isinstance(path, int):
        _alone("utime", dir_fd, follow_symlinks)
        _libc.futimens(path, pair)
    else:
        flag = 0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
        _libc.utimensat(_at(dir_fd), path, pair, flag)


def _of_seconds(value: Any) -> _Timespec:
    """Return a time given in seconds; of a float the fraction is rounded down to ns."""
    if not isinstance(value, float):
        return _Timespec(_c_time(value), 0)
    if _isnan(value):
        raise ValueError("Invalid value NaN (not a number)")
    whole = _floor(value) if abs(value) < 2.0**63 else 1 << 64
    part = _floor((value - whole) * 1e9) if abs(value) < 2.0**63 else 0
    return _Timespec(_c_time(whole), part)


def _of_ns(value: Any) -> _Timespec:
    if type(value) is not int:
        seconds, ns = _divided(value)
        return _Timespec(_c_time(seconds), ns)
    return _Timespec(_c_time(value // _NS), value % _NS)


def _divided(value: Any) -> tuple[int, int]:
    """Return the seconds and the rest of what may be any object that can be divided."""
    if isinstance(value, float):
        raise TypeError("'float' object cannot be interpreted as an integer")
    found = divmod(value, _NS)
    if not isinstance(found, tuple) or len(found) != 2:
        kinds = f"{type(value).__name__}.__divmod__() must return a 2-tuple"
        raise TypeError(f"{kinds}, not {type(found).__name__}")
    return found


def _c_time(value: Any) -> int:
    try:
        return _c_off(value)
    except OverflowError:
        raise OverflowError("timestamp out of range for platform time_t") from None


def truncate(path: PathOrFd, length: Off) -> None:
    """Set the length of a file."""
    if isinstance(path, int):
        _sys.ftruncate(path, length)
    else:
        _sys.truncate(path, length)


def ftruncate(fd: int, length: Off, /) -> None:
    """Set the length of an open file."""
    _sys.ftruncate(fd, length)


def pathconf(path: PathOrFd, name: str | int) -> int:
    """Return a limit of a file, -1 for none."""
    which = _number(_pathconf_names, name)
    return _sys.fpathconf(path, which) if isinstance(path, int) else _sys.pathconf(path, which)


def fpathconf(fd: Fildes, name: str | int, /) -> int:
    """Return a limit of an open file, -1 for none."""
    return _sys.fpathconf(fd, _number(_pathconf_names, name))


def statvfs(path: PathOrFd) -> statvfs_result:
    """Return the state of the file system that a file is on."""
    if isinstance(path, int):
        return _vfs(_sys.fstatvfs1(path, _ST_WAIT))
    return _vfs(_sys.statvfs1(path, _ST_WAIT))


def fstatvfs(fd: int, /) -> statvfs_result:
    """Return the state of the file system that an open file is on."""
    return _vfs(_sys.fstatvfs1(fd, _ST_WAIT))


def _vfs(st: _Statvfs) -> statvfs_result:
    return statvfs_result(
        (
            st.f_bsize, st.f_frsize, st.f_blocks, st.f_bfree, st.f_bavail, st.f_files, st.f_ffree,
            st.f_favail, st.f_flag, st.f_namemax, st.f_fsid,
        )
    )  # fmt: skip
