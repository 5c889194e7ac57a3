# SPDX-License-Identifier: BSD-2-Clause
"""Flags of open(2) and of open files, commands of fcntl(2).  NetBSD sys/sys/fcntl.h."""

from struct import Struct
from typing import Final, Self

from kernel.sys.namedtuple import NamedTuple

# open(2)
O_RDONLY: Final = 0x00000000
O_WRONLY: Final = 0x00000001
O_RDWR: Final = 0x00000002
O_ACCMODE: Final = 0x00000003  # mask of the three above
O_NONBLOCK: Final = 0x00000004
O_APPEND: Final = 0x00000008
O_SHLOCK: Final = 0x00000010  # take a shared flock(2)
O_EXLOCK: Final = 0x00000020  # take an exclusive flock(2)
O_ASYNC: Final = 0x00000040  # SIGIO when ready
O_SYNC: Final = 0x00000080
O_NOFOLLOW: Final = 0x00000100  # fail on a symbolic link
O_CREAT: Final = 0x00000200
O_TRUNC: Final = 0x00000400
O_EXCL: Final = 0x00000800  # fail if it exists
O_NOCTTY: Final = 0x00008000  # not to become the controlling terminal
O_DSYNC: Final = 0x00010000
O_RSYNC: Final = 0x00020000
O_ALT_IO: Final = 0x00040000
O_DIRECT: Final = 0x00080000
O_DIRECTORY: Final = 0x00200000  # fail unless a directory
O_CLOEXEC: Final = 0x00400000
O_SEARCH: Final = 0x00800000
O_NOSIGPIPE: Final = 0x01000000  # EPIPE without SIGPIPE
O_REGULAR: Final = 0x02000000  # fail unless a regular file
O_EXEC: Final = 0x04000000  # fail if not to be executed
O_FSYNC: Final = O_SYNC
O_NDELAY: Final = O_NONBLOCK

# f_flag: the same bits, but for reading and writing, which are one bit each.
FREAD: Final = 0x00000001
FWRITE: Final = 0x00000002
FNONBLOCK: Final = O_NONBLOCK
FNDELAY: Final = O_NONBLOCK
FAPPEND: Final = O_APPEND
FASYNC: Final = O_ASYNC
FFSYNC: Final = O_SYNC
FDSYNC: Final = O_DSYNC
FRSYNC: Final = O_RSYNC
FALTIO: Final = O_ALT_IO
FDIRECT: Final = O_DIRECT
FNOSIGPIPE: Final = O_NOSIGPIPE
FHASLOCK: Final = 0x00004000  # holds a flock(2)
FEXEC: Final = O_EXEC
FKIOCTL: Final = 0x80000000  # an ioctl of the kernel's own

FCNTLFLAGS: Final = (  # what F_SETFL may change
    FAPPEND | FASYNC | FFSYNC | FNONBLOCK | FDSYNC | FRSYNC | FALTIO | FDIRECT | FNOSIGPIPE
)
FMASK: Final = FREAD | FWRITE | FCNTLFLAGS | FEXEC  # what open(2) keeps in f_flag
O_MASK: Final = (  # what open(2) takes
    O_ACCMODE | O_NONBLOCK | O_APPEND | O_SHLOCK | O_EXLOCK | O_ASYNC | O_SYNC | O_CREAT
    | O_TRUNC | O_EXCL | O_DSYNC | O_RSYNC | O_NOCTTY | O_ALT_IO | O_NOFOLLOW | O_DIRECT
    | O_DIRECTORY | O_CLOEXEC | O_NOSIGPIPE | O_REGULAR | O_EXEC
)  # fmt: skip


def FFLAGS(oflags: int) -> int:
    """Turn open(2)'s flags into those of f_flag."""
    return oflags + 1


def OFLAGS(fflags: int) -> int:
    """Turn f_flag's flags into those of open(2)."""
    return fflags - 1


# fcntl(2)
F_DUPFD: Final = 0
F_GETFD: Final = 1
F_SETFD: Final = 2
F_GETFL: Final = 3
F_SETFL: Final = 4
F_GETOWN: Final = 5
F_SETOWN: Final = 6
F_GETLK: Final = 7
F_SETLK: Final = 8
F_SETLKW: Final = 9  # F_SETLK that waits
F_CLOSEM: Final = 10  # close all from this one up
F_MAXFD: Final = 11  # the highest one open
F_DUPFD_CLOEXEC: Final = 12
F_GETNOSIGPIPE: Final = 13
F_SETNOSIGPIPE: Final = 14
F_GETPATH: Final = 15
F_FSCTL: Final = -0x80000000  # in a command: it is for the file system, with bytes of argument
F_PARAM_MASK: Final = 0x1FFF  # these bytes, from bit 16 on
F_PARAM_MAX: Final = 4095

FD_CLOEXEC: Final = 1  # F_SETFD: close on exec

# Record locks: l_type, and the flags of VOP_ADVLOCK.
F_RDLCK: Final = 1
F_UNLCK: Final = 2
F_WRLCK: Final = 3
F_WAIT: Final = 0x010
F_FLOCK: Final = 0x020
F_POSIX: Final = 0x040

# flock(2)
LOCK_SH: Final = 0x01
LOCK_EX: Final = 0x02
LOCK_NB: Final = 0x04  # fail instead of waiting
LOCK_UN: Final = 0x08

# The calls that take a directory descriptor.
AT_FDCWD: Final = -100  # the current directory
AT_EACCESS: Final = 0x100
AT_SYMLINK_NOFOLLOW: Final = 0x200
AT_SYMLINK_FOLLOW: Final = 0x400
AT_REMOVEDIR: Final = 0x800

# posix_fadvise(2)
POSIX_FADV_NORMAL: Final = 0
POSIX_FADV_RANDOM: Final = 1
POSIX_FADV_SEQUENTIAL: Final = 2
POSIX_FADV_WILLNEED: Final = 3
POSIX_FADV_DONTNEED: Final = 4
POSIX_FADV_NOREUSE: Final = 5

_FLOCK: Final = Struct("<qqihh")


class Flock(NamedTuple):
    """A record lock (struct flock)."""

    l_start: int  # bytes, from where l_whence says
    l_len: int  # bytes; 0: to the end of the file
    l_pid: int
    l_type: int  # F_RDLCK, F_UNLCK, F_WRLCK
    l_whence: int  # SEEK_SET, SEEK_CUR, SEEK_END

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _FLOCK.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return the lock described by the bytes of the C struct."""
        return cls(*_FLOCK.unpack(data))


SIZEOF_FLOCK: Final = _FLOCK.size
