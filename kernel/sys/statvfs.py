# SPDX-License-Identifier: BSD-2-Clause
"""What statvfs(2) tells of a file system.  NetBSD sys/sys/statvfs.h, as of NetBSD 10."""

from struct import Struct
from typing import Final, Self

from kernel.sys.namedtuple import NamedTuple

VFS_NAMELEN: Final = 32  # bytes of f_fstypename, NUL included
VFS_MNAMELEN: Final = 1024  # bytes of the three names of files

ST_RDONLY: Final = 0x00000001
ST_SYNCHRONOUS: Final = 0x00000002
ST_NOEXEC: Final = 0x00000004
ST_NOSUID: Final = 0x00000008
ST_NODEV: Final = 0x00000010
ST_RELATIME: Final = 0x00020000
ST_NOATIME: Final = 0x04000000
ST_WAIT: Final = 1
ST_NOWAIT: Final = 2

_STATVFS: Final = Struct(
    f"<4Q 4Q 4Q 4Q 2i Q Q I I 4Q {VFS_NAMELEN}s {VFS_MNAMELEN}s {VFS_MNAMELEN}s {VFS_MNAMELEN}s"
)
SIZEOF_STATVFS: Final = _STATVFS.size  # bytes
_SPARE: Final = (0, 0, 0, 0)


class Statvfs(NamedTuple):
    """State of a file system (struct statvfs)."""

    f_flag: int = 0  # MNT_*
    f_bsize: int = 0  # bytes of a block
    f_frsize: int = 0  # bytes of a fragment, the unit of the next three
    f_iosize: int = 0  # bytes, best for I/O
    f_blocks: int = 0
    f_bfree: int = 0
    f_bavail: int = 0  # free to others than the superuser
    f_bresvd: int = 0
    f_files: int = 0  # inodes
    f_ffree: int = 0
    f_favail: int = 0
    f_fresvd: int = 0
    f_fsid: int = 0
    f_namemax: int = 0  # bytes of the longest name
    f_owner: int = 0
    f_fstypename: bytes = b""
    f_mntonname: bytes = b""
    f_mntfromname: bytes = b""
    f_mntfromlabel: bytes = b""

    def pack(self) -> bytes:
        """Return the bytes of the C struct (LP64)."""
        io = (0, 0, 0, 0)  # f_syncreads, f_syncwrites, f_asyncreads, f_asyncwrites
        fsidx = (self.f_fsid & 0x7FFFFFFF, 0)
        ids = (self.f_fsid, self.f_namemax, self.f_owner, 0)
        return _STATVFS.pack(*self[:12], *io, *fsidx, *ids, *_SPARE, *self[15:])

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return the state in the bytes of the C struct (LP64)."""
        words = _STATVFS.unpack(data)
        names = (name.partition(b"\0")[0] for name in words[-4:])
        return cls(*words[:12], *words[18:21], *names)
