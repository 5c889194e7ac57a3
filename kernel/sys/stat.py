# SPDX-License-Identifier: BSD-2-Clause
"""What stat(2) tells of a file.  NetBSD sys/sys/stat.h (struct stat of NetBSD 6 and later)."""

from struct import Struct
from typing import Final, Self

from kernel.sys.namedtuple import NamedTuple

# Mode: type.
S_IFMT: Final = 0o170000
S_IFIFO: Final = 0o010000
S_IFCHR: Final = 0o020000
S_IFDIR: Final = 0o040000
S_IFBLK: Final = 0o060000
S_IFREG: Final = 0o100000
S_IFLNK: Final = 0o120000
S_IFSOCK: Final = 0o140000
S_IFWHT: Final = 0o160000

# Mode: permissions.
S_ISUID: Final = 0o4000
S_ISGID: Final = 0o2000
S_ISTXT: Final = 0o1000
S_ISVTX: Final = S_ISTXT
S_IRWXU: Final = 0o700
S_IRUSR: Final = 0o400
S_IWUSR: Final = 0o200
S_IXUSR: Final = 0o100
S_IRWXG: Final = 0o070
S_IRGRP: Final = 0o040
S_IWGRP: Final = 0o020
S_IXGRP: Final = 0o010
S_IRWXO: Final = 0o007
S_IROTH: Final = 0o004
S_IWOTH: Final = 0o002
S_IXOTH: Final = 0o001

ACCESSPERMS: Final = 0o777
ALLPERMS: Final = 0o7777
DEFFILEMODE: Final = 0o666

S_BLKSIZE: Final = 512  # bytes; what st_blocks counts

# st_flags: the owner's, and the superuser's.
UF_SETTABLE: Final = 0x0000FFFF
UF_NODUMP: Final = 0x00000001
UF_IMMUTABLE: Final = 0x00000002
UF_APPEND: Final = 0x00000004
UF_OPAQUE: Final = 0x00000008
SF_SETTABLE: Final = 0xFFFF0000
SF_ARCHIVED: Final = 0x00010000
SF_IMMUTABLE: Final = 0x00020000
SF_APPEND: Final = 0x00040000
SF_SNAPSHOT: Final = 0x00200000
SF_LOG: Final = 0x00400000
SF_SNAPINVAL: Final = 0x00800000

# tv_nsec in utimensat(2): take the present time, or leave as it is.
UTIME_NOW: Final = (1 << 30) - 1
UTIME_OMIT: Final = (1 << 30) - 2

_STAT: Final = Struct("<QI4xQIII4xQ8qqqiII12x")
SIZEOF_STAT: Final = _STAT.size  # bytes
_NS: Final = 10**9


class Stat(NamedTuple):
    """Attributes of a file (struct stat); times are ns since the epoch."""

    st_dev: int = 0
    st_mode: int = 0
    st_ino: int = 0
    st_nlink: int = 0
    st_uid: int = 0
    st_gid: int = 0
    st_rdev: int = 0
    st_atim: int = 0  # last access
    st_mtim: int = 0  # last change of the data
    st_ctim: int = 0  # last change of the attributes
    st_birthtim: int = 0  # creation
    st_size: int = 0  # bytes
    st_blocks: int = 0  # of S_BLKSIZE bytes
    st_blksize: int = 0  # bytes, best for I/O
    st_flags: int = 0  # UF_*, SF_*
    st_gen: int = 0

    def pack(self) -> bytes:
        """Return the bytes of the C struct (LP64)."""
        (
            dev, mode, ino, nlink, uid, gid, rdev, atim, mtim, ctim, birthtim,
            size, blocks, blksize, flags, gen,
        ) = self  # fmt: skip
        return _STAT.pack(
            dev, mode, ino, nlink, uid, gid, rdev,
            atim // _NS, atim % _NS, mtim // _NS, mtim % _NS,
            ctim // _NS, ctim % _NS, birthtim // _NS, birthtim % _NS,
            size, blocks, blksize, flags, gen,
        )  # fmt: skip

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return the attributes in the bytes of the C struct (LP64)."""
        (
            dev, mode, ino, nlink, uid, gid, rdev,
            asec, ansec, msec, mnsec, csec, cnsec, bsec, bnsec, size, blocks, blksize, flags, gen,
        ) = _STAT.unpack(data)  # fmt: skip
        times = asec * _NS + ansec, msec * _NS + mnsec, csec * _NS + cnsec, bsec * _NS + bnsec
        return tuple.__new__(
            cls,
            (dev, mode, ino, nlink, uid, gid, rdev, *times, size, blocks, blksize, flags, gen),
        )


def S_ISDIR(mode: int) -> bool:
    """Whether mode is a directory's."""
    return mode & S_IFMT == S_IFDIR


def S_ISCHR(mode: int) -> bool:
    """Whether mode is a character device's."""
    return mode & S_IFMT == S_IFCHR


def S_ISBLK(mode: int) -> bool:
    """Whether mode is a block device's."""
    return mode & S_IFMT == S_IFBLK


def S_ISREG(mode: int) -> bool:
    """Whether mode is a regular file's."""
    return mode & S_IFMT == S_IFREG


def S_ISFIFO(mode: int) -> bool:
    """Whether mode is a FIFO's or a pipe's."""
    return mode & S_IFMT == S_IFIFO


def S_ISLNK(mode: int) -> bool:
    """Whether mode is a symbolic link's."""
    return mode & S_IFMT == S_IFLNK


def S_ISSOCK(mode: int) -> bool:
    """Whether mode is a socket's."""
    return mode & S_IFMT == S_IFSOCK


def S_ISWHT(mode: int) -> bool:
    """Whether mode is a whiteout's."""
    return mode & S_IFMT == S_IFWHT
