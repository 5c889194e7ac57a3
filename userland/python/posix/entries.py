# SPDX-License-Identifier: BSD-2-Clause
"""os.scandir: the entries of a directory, one after the other."""

from __future__ import annotations

import sys as _host
from types import GenericAlias as _GenericAlias
from typing import TYPE_CHECKING

from kernel.sys import dirent as _dirent
from kernel.sys import fcntl as _fcntl
from kernel.sys.stat import S_IFMT as _S_IFMT
from kernel.sys.unistd import SEEK_SET as _SEEK_SET
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.libc.cerror import oserror as _oserror
from userland.libc.data import curdata as _curdata
from userland.libc.dirent import fdopendir as _fdopendir
from userland.libc.dirent import readdir as _readdir
from userland.python.gc import finalize as _finalize
from userland.python.posix.attributes import stat as _stat
from userland.python.warn import resource_warning as _resource_warning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Any, NoReturn, Self

    from userland.python.arguments import Directory

_DOTS = (b".", b"..")
_OPEN = _fcntl.O_RDONLY | _fcntl.O_DIRECTORY | _fcntl.O_CLOEXEC | _fcntl.O_NONBLOCK


class DirEntry:
    """What scandir() gives: a name, and what is known or found out of its file."""

    __slots__ = ("_dir_fd", "_inode", "_lstat", "_stat", "_type", "name", "path")
    __class_getitem__: Any = classmethod(_GenericAlias)

    name: Any
    path: Any
    _dir_fd: int | None
    _inode: int
    _type: int  # DT_*
    _stat: Any  # once it has been asked for
    _lstat: Any

    def __new__(cls, *_args: object, **_kwargs: object) -> Self:
        """Refuse: only scandir() makes them."""
        raise TypeError("cannot create 'posix.DirEntry' instances")

    def inode(self) -> int:
        """Return the inode's number."""
        return self._inode

    def stat(self, *, follow_symlinks: bool = True) -> Any:
        """Return the attributes, as they were when first asked for."""
        if follow_symlinks and self.is_symlink():
            if self._stat is None:
                self._stat = _stat(self.path, dir_fd=self._dir_fd)
            return self._stat
        if self._lstat is None:
            self._lstat = _stat(self.path, dir_fd=self._dir_fd, follow_symlinks=False)
        return self._lstat

    def _is(self, kind: int, follow_symlinks: bool) -> bool:
        """Whether its file is of a kind (DT_*); what is no more is of none."""
        known = self._type
        if known == _dirent.DT_UNKNOWN or (follow_symlinks and known == _dirent.DT_LNK):
            try:
                mode = self.stat(follow_symlinks=follow_symlinks).st_mode
            except FileNotFoundError:
                return False
            known = _dirent.IFTODT(mode & _S_IFMT)
        return known == kind

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Whether it is a directory."""
        return self._is(_dirent.DT_DIR, follow_symlinks)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """Whether it is a regular file."""
        return self._is(_dirent.DT_REG, follow_symlinks)

    def is_symlink(self) -> bool:
        """Whether it is a symbolic link."""
        return self._is(_dirent.DT_LNK, follow_symlinks=False)

    if _host.version_info >= (3, 12):

        def is_junction(self) -> bool:
            """No file here is a junction."""
            return False

    def __fspath__(self) -> Any:
        return self.path

    def __repr__(self) -> str:
        return f"<DirEntry {self.name!r}>"

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("cannot pickle 'DirEntry' object")


def _entry(base: Any, dir_fd: int | None, found: Any) -> DirEntry:
    """Make an entry: its path is base and its name, as str or bytes, whichever base is."""
    entry = object.__new__(DirEntry)
    entry._inode, entry._type, name = found
    if isinstance(base, str):
        name = name.decode("utf-8", "surrogateescape")
    entry.name = name
    entry.path = base + name
    entry._dir_fd = dir_fd
    entry._stat = entry._lstat = None
    return entry


class ScandirIterator:
    """The iterator of scandir(), a context manager too; at its end the directory is closed."""

    _fd: int
    _path: Any
    _base: Any  # what stands before each name in its path
    _dir_fd: int | None
    _number: int
    _owner: Any
    _found: Iterator[Any]

    def __new__(cls, *_args: object, **_kwargs: object) -> Self:
        """Refuse: only scandir() makes them."""
        raise TypeError("cannot create 'posix.ScandirIterator' instances")

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> DirEntry:
        if self._fd < 0:
            raise StopIteration
        try:
            for found in self._found:
                if found.d_name not in _DOTS:
                    return _entry(self._base, self._dir_fd, found)
        except OSError as exc:
            self.close()
            raise _oserror(exc.errno or 0, self._path) from None
        self.close()
        raise StopIteration

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
        fd, self._fd = self._fd, -1
        if fd >= 0:
            if isinstance(self._path, int):
                _sys.lseek(fd, 0, _SEEK_SET)
            _sys.close(fd)

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("cannot pickle 'posix.ScandirIterator' object")

    def __del__(self) -> None:
        if self._fd >= 0:
            _finalize(self._owner, self._number, self._left)

    def _left(self) -> None:
        _resource_warning(f"unclosed scandir iterator {self!r}", self)
        self.close()


for _class in (DirEntry, ScandirIterator):
    _class.__module__ = "posix"


def _slash(path: str | bytes) -> Any:
    return b"/" if isinstance(path, bytes) else "/"


def scandir(path: Directory = None) -> ScandirIterator:
    """Yield the entries of a directory."""
    scan = object.__new__(ScandirIterator)
    scan._fd = -1
    scan._owner = _curdata()
    scan._number = scan._owner.runtime.files.number()
    where: Any = "." if path is None else path
    scan._path = where
    if isinstance(where, int):
        scan._base, scan._dir_fd = "", where
        try:
            scan._fd = _libc.fcntl(where, _fcntl.F_DUPFD_CLOEXEC, 0)
            scan._found = _fdopendir(scan._fd)
        except OSError as exc:
            if scan._fd >= 0:
                _sys.close(scan._fd)
                scan._fd = -1
            raise _oserror(exc.errno or 0, where) from None
    else:
        if not isinstance(where, (str, bytes)):  # a buffer, which may change
            where = scan._path = bytes(where)
        scan._base = where if where[-1:] in ("/", b"/") else where + _slash(where)
        scan._dir_fd = None
        scan._fd = _sys.open(where, _OPEN)
        scan._found = _readdir(scan._fd)
    return scan
