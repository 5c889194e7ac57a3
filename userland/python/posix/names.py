# SPDX-License-Identifier: BSD-2-Clause
"""Names of files: os.mkdir, os.rename, os.symlink and their kin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.sys import fcntl as _fcntl
from kernel.sys.param import PATH_MAX as _PATH_MAX
from userland.libc import sys as _sys
from userland.python.arguments import at as _at
from userland.python.arguments import like as _like

if TYPE_CHECKING:
    from typing import Any

    from userland.python.arguments import Dev, DirFd, Path


def mkdir(path: Path, mode: int = 0o777, *, dir_fd: DirFd = None) -> None:
    """Make a directory."""
    if dir_fd is None:
        _sys.mkdir(path, mode)
    else:
        _sys.mkdirat(dir_fd, path, mode)


def rmdir(path: Path, *, dir_fd: DirFd = None) -> None:
    """Remove a directory."""
    if dir_fd is None:
        _sys.rmdir(path)
    else:
        _sys.unlinkat(dir_fd, path, _fcntl.AT_REMOVEDIR)


def unlink(path: Path, *, dir_fd: DirFd = None) -> None:
    """Remove a name."""
    if dir_fd is None:
        _sys.unlink(path)
    else:
        _sys.unlinkat(dir_fd, path, 0)


def remove(path: Path, *, dir_fd: DirFd = None) -> None:
    """Remove a name."""
    unlink(path, dir_fd=dir_fd)


def rename(src: Path, dst: Path, *, src_dir_fd: DirFd = None, dst_dir_fd: DirFd = None) -> None:
    """Give a file another name."""
    if src_dir_fd is None and dst_dir_fd is None:
        _sys.rename(src, dst)
    else:
        _sys.renameat(_at(src_dir_fd), src, _at(dst_dir_fd), dst)


def replace(src: Path, dst: Path, *, src_dir_fd: DirFd = None, dst_dir_fd: DirFd = None) -> None:
    """Give a file another name, that of another file perhaps."""
    rename(src, dst, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)


def link(
    src: Path,
    dst: Path,
    *,
    src_dir_fd: DirFd = None,
    dst_dir_fd: DirFd = None,
    follow_symlinks: bool = True,
) -> None:
    """Give a file one more name."""
    if src_dir_fd is None and dst_dir_fd is None and follow_symlinks:
        _sys.link(src, dst)
    else:
        flag = _fcntl.AT_SYMLINK_FOLLOW if follow_symlinks else 0
        _sys.linkat(_at(src_dir_fd), src, _at(dst_dir_fd), dst, flag)


def symlink(
    src: Path, dst: Path, target_is_directory: bool = False, *, dir_fd: DirFd = None
) -> None:
    """Make a symbolic link."""
    del target_is_directory
    if dir_fd is None:
        _sys.symlink(src, dst)
    else:
        _sys.symlinkat(src, dir_fd, dst)


def readlink(path: Path, *, dir_fd: DirFd = None) -> Any:
    """Return where a symbolic link points."""
    if dir_fd is None:
        return _like(path, _sys.readlink(path, _PATH_MAX))
    return _like(path, _sys.readlinkat(dir_fd, path, _PATH_MAX))


def mkfifo(path: Path, mode: int = 0o666, *, dir_fd: DirFd = None) -> None:
    """Make a FIFO."""
    if dir_fd is None:
        _sys.mkfifo(path, mode)
    else:
        _sys.mkfifoat(dir_fd, path, mode)


def mknod(path: Path, mode: int = 0o600, device: Dev = 0, *, dir_fd: DirFd = None) -> None:
    """Make a device, a FIFO or a file."""
    if dir_fd is None:
        _sys.mknod(path, mode, device)
    else:
        _sys.mknodat(dir_fd, path, mode, device)
