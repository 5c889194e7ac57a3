# SPDX-License-Identifier: BSD-2-Clause
"""Attributes of files: os.stat, os.chmod, os.utime and their kin."""

from __future__ import annotations

import posix as _host
from typing import TYPE_CHECKING

from kernel.sys import fcntl as _fcntl
from kernel.sys import unistd as _unistd
from kernel.sys.time import Timespec as _Timespec
from userland import libc as _libc
from userland.libc import sys as _sys
from userland.python.posix.paths import at as _at
from userland.python.posix.paths import number as _number

if TYPE_CHECKING:
    from kernel.sys.stat import Stat as _Stat
    from kernel.sys.statvfs import Statvfs as _Statvfs
    from userland.python.posix.paths import Path

stat_result = _host.stat_result
statvfs_result = _host.statvfs_result
pathconf_names = {n[1:]: v for n, v in vars(_unistd).items() if n.startswith("_PC_")}
_NS = 1_000_000_000
_ST_WAIT = 1


def _result(st: _Stat) -> stat_result:
    seconds = tuple(t / _NS for t in (st.st_atim, st.st_mtim, st.st_ctim))
    whole = tuple(t // _NS for t in (st.st_atim, st.st_mtim, st.st_ctim))
    named = {
        "st_atime": seconds[0], "st_mtime": seconds[1], "st_ctime": seconds[2],
        "st_atime_ns": st.st_atim, "st_mtime_ns": st.st_mtim, "st_ctime_ns": st.st_ctim,
        "st_blksize": st.st_blksize, "st_blocks": st.st_blocks, "st_rdev": st.st_rdev,
    }  # fmt: skip
    head = (st.st_mode, st.st_ino, st.st_dev, st.st_nlink, st.st_uid, st.st_gid, st.st_size)
    return stat_result((*head, *whole), named)


def stat(
    path: Path | int, *, dir_fd: int | None = None, follow_symlinks: bool = True
) -> stat_result:
    """Return a file's attributes."""
    if isinstance(path, int):
        return fstat(path)
    if dir_fd is not None:
        flag = 0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
        return _result(_sys.fstatat(dir_fd, path, flag))
    return _result(_sys.stat(path) if follow_symlinks else _sys.lstat(path))


def lstat(path: Path, *, dir_fd: int | None = None) -> stat_result:
    """Return the attributes of a file, of a symbolic link itself."""
    return stat(path, dir_fd=dir_fd, follow_symlinks=False)


def fstat(fd: int) -> stat_result:
    """Return the attributes of an open file."""
    return _result(_sys.fstat(fd))


def access(
    path: Path,
    mode: int,
    *,
    dir_fd: int | None = None,
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


def chmod(
    path: Path | int, mode: int, *, dir_fd: int | None = None, follow_symlinks: bool = True
) -> None:
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
    path: Path | int, uid: int, gid: int, *, dir_fd: int | None = None, follow_symlinks: bool = True
) -> None:
    """Set owner and group of a file."""
    if isinstance(path, int):
        _sys.fchown(path, uid, gid)
    elif dir_fd is not None:
        flag = 0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
        _sys.fchownat(dir_fd, path, uid, gid, flag)
    else:
        (_sys.chown if follow_symlinks else _sys.lchown)(path, uid, gid)


def fchown(fd: int, uid: int, gid: int) -> None:
    """Set owner and group of an open file."""
    _sys.fchown(fd, uid, gid)


def lchown(path: Path, uid: int, gid: int) -> None:
    """Set owner and group of a symbolic link itself."""
    _sys.lchown(path, uid, gid)


def chflags(path: Path, flags: int, follow_symlinks: bool = True) -> None:
    """Set the flags of a file."""
    (_sys.chflags if follow_symlinks else _sys.lchflags)(path, flags)


def utime(
    path: Path | int,
    times: tuple[float, float] | None = None,
    *,
    ns: tuple[int, int] | None = None,
    dir_fd: int | None = None,
    follow_symlinks: bool = True,
) -> None:
    """Set the times of a file, by default to now."""
    if times is not None and ns is not None:
        raise ValueError("utime: you may specify either 'times' or 'ns' but not both")
    if times is not None:
        ns = (round(times[0] * _NS), round(times[1] * _NS))
    pair = None if ns is None else (_Timespec.from_ns(ns[0]), _Timespec.from_ns(ns[1]))
    if isinstance(path, int):
        _libc.futimens(path, pair)
    else:
        flag = 0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
        _libc.utimensat(_at(dir_fd), path, pair, flag)


def truncate(path: Path | int, length: int) -> None:
    """Set the length of a file."""
    if isinstance(path, int):
        _sys.ftruncate(path, length)
    else:
        _sys.truncate(path, length)


def ftruncate(fd: int, length: int, /) -> None:
    """Set the length of an open file."""
    _sys.ftruncate(fd, length)


def pathconf(path: Path | int, name: str | int) -> int:
    """Return a limit of a file."""
    if isinstance(path, int):
        return fpathconf(path, name)
    return _sys.pathconf(path, _number(pathconf_names, name))


def fpathconf(fd: int, name: str | int, /) -> int:
    """Return a limit of an open file."""
    return _sys.fpathconf(fd, _number(pathconf_names, name))


def statvfs(path: Path | int) -> statvfs_result:
    """Return the state of the file system that a file is on."""
    return fstatvfs(path) if isinstance(path, int) else _vfs(_sys.statvfs1(path, _ST_WAIT))


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
