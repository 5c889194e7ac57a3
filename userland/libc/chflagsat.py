# SPDX-License-Identifier: BSD-2-Clause
"""chflagsat(2) of FreeBSD, which NetBSD's table does not have: made of what it has.

A relative path is looked up by going to its directory and back, so every kind
of file can be changed, also what may not be opened; ktrace shows the calls.
"""

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_RDONLY
from userland.libc.cerror import cerror
from userland.libc.stack import StrPath, pathbytes
from userland.libc.sys import chflags, close, fchdir, lchflags, open

__all__ = ["chflagsat"]


def chflagsat(fd: int, path: StrPath, flags: int, atflag: int = 0) -> int:
    """Set the file flags of path, a relative one starting at directory fd.

    Args:
        fd: an open directory, or AT_FDCWD.
        path: the file.
        flags: UF_*, SF_*.
        atflag: AT_SYMLINK_NOFOLLOW: of a symbolic link itself.

    Raises:
        OSError: EINVAL, atflag; EBADF, ENOTDIR, EACCES, fd cannot be gone to;
            EACCES, the current directory cannot be read, so there is no way
            back to it; and as chflags.
    """
    if atflag & ~AT_SYMLINK_NOFOLLOW:
        cerror(Errno.EINVAL)
    change = lchflags if atflag else chflags
    if fd == AT_FDCWD or pathbytes(path).startswith(b"/"):
        return change(path, flags)
    here = open(".", O_RDONLY)
    try:
        fchdir(fd)
        try:
            return change(path, flags)
        finally:
            fchdir(here)
    finally:
        close(here)
