# SPDX-License-Identifier: BSD-2-Clause
"""Directories: os.scandir, os.listdir, os.chdir and their kin."""

from __future__ import annotations

from os import fspath as _fspath
from typing import TYPE_CHECKING

from kernel.sys.stat import S_ISDIR as _S_ISDIR
from kernel.sys.stat import S_ISLNK as _S_ISLNK
from kernel.sys.stat import S_ISREG as _S_ISREG
from userland import libc as _libc
from userland.libc import sys as _sys
from userland.libc.dirent import fdopendir as _fdopendir
from userland.libc.dirent import scandir as _scandir
from userland.python.posix.attributes import stat as _stat
from userland.python.posix.paths import like as _like

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Any, Self

    from userland.python.posix.attributes import stat_result
    from userland.python.posix.paths import Path

_DOTS = (b".", b"..")


class DirEntry:
    """What scandir() gives."""

    __slots__ = ("_at", "_inode", "name", "path")

    def __init__(self, directory: Path | int, name: bytes, inode: int) -> None:
        self._inode = inode
        self._at: int | None = None
        if isinstance(directory, int):
            self._at = directory
            self.name: Any = _like("", name)
            self.path: Any = self.name
            return
        where: Any = _fspath(directory)
        self.name = _like(where, name)
        slash: Any = _like(where, b"/")
        self.path = where + (where[:0] if where.endswith(slash) else slash) + self.name

    def inode(self) -> int:
        """Return the inode's number."""
        return self._inode

    def stat(self, *, follow_symlinks: bool = True) -> stat_result:
        """Return the attributes."""
        return _stat(self.path, dir_fd=self._at, follow_symlinks=follow_symlinks)

    def _is(self, kind: Callable[[int], bool], follow_symlinks: bool) -> bool:
        try:
            return kind(self.stat(follow_symlinks=follow_symlinks).st_mode)
        except FileNotFoundError:
            return False

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Whether it is a directory."""
        return self._is(_S_ISDIR, follow_symlinks)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """Whether it is a regular file."""
        return self._is(_S_ISREG, follow_symlinks)

    def is_symlink(self) -> bool:
        """Whether it is a symbolic link."""
        return self._is(_S_ISLNK, follow_symlinks=False)

    def is_junction(self) -> bool:
        """No file here is a junction."""
        return False

    def __fspath__(self) -> Any:
        return self.path

    def __repr__(self) -> str:
        return f"<DirEntry {self.name!r}>"


class _Scan:
    """The iterator of scandir(), a context manager too."""

    def __init__(self, entries: Iterator[DirEntry]) -> None:
        self._entries = entries

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> DirEntry:
        return next(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the directory back."""
        self._entries = iter(())


def _entries(path: Path | int) -> list[tuple[bytes, int]]:
    entries = _fdopendir(path) if isinstance(path, int) else _scandir(path)
    return [(entry.d_name, entry.d_fileno) for entry in entries if entry.d_name not in _DOTS]


def scandir(path: Path | int | None = None) -> _Scan:
    """Yield the entries of a directory."""
    where = "." if path is None else path
    found = _entries(where)
    return _Scan(DirEntry(where, name, inode) for name, inode in found)


def listdir(path: Path | int | None = None) -> list[Any]:
    """Return the names in a directory."""
    where = "." if path is None else path
    like = "" if isinstance(where, int) else where
    return [_like(like, name) for name, _ in _entries(where)]


def getcwd() -> str:
    """Return the current directory."""
    return _libc.getcwd()


def getcwdb() -> bytes:
    """Return the current directory as bytes."""
    return _libc.getcwd().encode("utf-8", "surrogateescape")


def chdir(path: Path | int) -> None:
    """Set the current directory."""
    if isinstance(path, int):
        _sys.fchdir(path)
    else:
        _sys.chdir(path)


def fchdir(fd: int) -> None:
    """Set the current directory to an open one."""
    _sys.fchdir(fd)


def chroot(path: Path) -> None:
    """Set the root directory."""
    _sys.chroot(path)


umask = _sys.umask
