# SPDX-License-Identifier: BSD-2-Clause
"""Reading directories.  NetBSD include/dirent.h, lib/libc/gen/readdir.c."""

from collections.abc import Iterator

from kernel.sys.dirent import Dirent, dirents
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CLOEXEC, O_DIRECTORY, O_NONBLOCK, O_RDONLY
from kernel.sys.stat import S_ISDIR
from kernel.sys.unistd import SEEK_SET
from userland.libc import sys
from userland.libc.cerror import cerror
from userland.libc.stack import StrPath

__all__ = ["fdopendir", "listdir", "readdir", "scandir"]

_DIRBLKSIZ = 4096  # bytes read at once


def readdir(fd: int) -> Iterator[Dirent]:
    """Yield the entries of an open directory, "." and ".." among them.

    Raises:
        OSError: EBADF; EINVAL, not a directory.
    """
    while data := sys.getdents(fd, _DIRBLKSIZ):
        yield from dirents(data)


def fdopendir(fd: int) -> Iterator[Dirent]:
    """Return readdir() of an open directory, from its start.

    Raises:
        OSError: EBADF; ENOTDIR, not a directory.
    """
    if not S_ISDIR(sys.fstat(fd).st_mode):
        cerror(Errno.ENOTDIR, fd)
    sys.lseek(fd, 0, SEEK_SET)
    return readdir(fd)


def scandir(path: StrPath) -> Iterator[Dirent]:
    """Yield the entries of the directory path.

    Raises:
        OSError: ENOENT, ENOTDIR, EACCES ...
    """
    fd = sys.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK)
    try:
        yield from readdir(fd)
    finally:
        sys.close(fd)


def listdir(path: StrPath = ".") -> list[str]:
    """Return the names in a directory, without "." and "..", in its order.

    Raises:
        OSError: as scandir.
    """
    names = (entry.d_name for entry in scandir(path))
    return [name.decode("utf-8", "surrogateescape") for name in names if name not in (b".", b"..")]
