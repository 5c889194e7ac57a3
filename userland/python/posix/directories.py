# SPDX-License-Identifier: BSD-2-Clause
"""Directories: os.listdir, os.chdir and their kin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.sys import fcntl as _fcntl
from kernel.sys.unistd import SEEK_SET as _SEEK_SET
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.libc.cerror import oserror as _oserror
from userland.libc.dirent import fdopendir as _fdopendir
from userland.libc.dirent import scandir as _scandir

if TYPE_CHECKING:
    from typing import Any

    from userland.python.arguments import Directory, Fildes, Path, PathOrFd

_DOTS = (b".", b"..")


def listdir(path: Directory = None) -> list[Any]:
    """Return the names in a directory."""
    if isinstance(path, int):
        names = _names_of(path)
    else:
        names = [entry.d_name for entry in _scandir("." if path is None else path)]
    found = [name for name in names if name not in _DOTS]
    if path is None or isinstance(path, (int, str)):
        return [name.decode("utf-8", "surrogateescape") for name in found]
    return found


def _names_of(fd: int) -> list[bytes]:
    """Return the names in an open directory, whose offset goes back to its start."""
    try:
        own = _libc.fcntl(fd, _fcntl.F_DUPFD_CLOEXEC, 0)
        try:
            names = [entry.d_name for entry in _fdopendir(own)]
            _sys.lseek(own, 0, _SEEK_SET)
        finally:
            _sys.close(own)
    except OSError as exc:
        raise _oserror(exc.errno or 0, fd) from None
    return names


def getcwd() -> str:
    """Return the current directory."""
    return _libc.getcwd()


def getcwdb() -> bytes:
    """Return the current directory as bytes."""
    return _libc.getcwd().encode("utf-8", "surrogateescape")


def chdir(path: PathOrFd) -> None:
    """Set the current directory."""
    if isinstance(path, int):
        _sys.fchdir(path)
    else:
        _sys.chdir(path)


def fchdir(fd: Fildes) -> None:
    """Set the current directory to an open one."""
    _sys.fchdir(fd)


def chroot(path: Path) -> None:
    """Set the root directory."""
    _sys.chroot(path)


def umask(mask: int, /) -> int:
    """Set the file creation mask; return the one it replaces."""
    return _sys.umask(mask)
