# SPDX-License-Identifier: BSD-2-Clause
"""Directory entries as getdents(2) gives them.  NetBSD sys/sys/dirent.h."""

from collections.abc import Iterator
from struct import Struct
from typing import Final

from kernel.sys.namedtuple import NamedTuple

MAXNAMLEN: Final = 511  # bytes of d_name, NUL not included

# d_type
DT_UNKNOWN: Final = 0
DT_FIFO: Final = 1
DT_CHR: Final = 2
DT_DIR: Final = 4
DT_BLK: Final = 6
DT_REG: Final = 8
DT_LNK: Final = 10
DT_SOCK: Final = 12
DT_WHT: Final = 14

_HEAD: Final = Struct("<QHHB")  # d_fileno, d_reclen, d_namlen, d_type
_HEAD_SIZE: Final = _HEAD.size  # bytes before the name, which ends with a NUL
_ALIGN: Final = 8  # bytes; each entry starts on such an address


class Dirent(NamedTuple):
    """One entry (struct dirent); d_reclen and d_namlen follow from the name."""

    d_fileno: int
    d_type: int  # DT_*
    d_name: bytes  # without its NUL

    def pack(self, reclen: int = 0) -> bytes:
        """Return the entry's bytes, padded with zeros to reclen; 0: as few as there may be."""
        fileno, kind, name = self
        namlen = len(name)
        reclen = reclen or _HEAD_SIZE + namlen + _ALIGN & -_ALIGN  # dirent_reclen
        return (_HEAD.pack(fileno, reclen, namlen, kind) + name).ljust(reclen, b"\0")


def dirent_reclen(namlen: int) -> int:
    """Return the bytes that an entry with a name of namlen bytes takes (_DIRENT_RECLEN)."""
    return _HEAD_SIZE + namlen + _ALIGN & -_ALIGN


def dirents(data: bytes) -> Iterator[Dirent]:
    """Yield the entries in a buffer that getdents(2) filled."""
    offset, size = 0, len(data)
    unpack = _HEAD.unpack_from
    while offset < size:
        fileno, reclen, namlen, kind = unpack(data, offset)
        name = offset + _HEAD_SIZE
        yield tuple.__new__(Dirent, (fileno, kind, data[name : name + namlen]))
        offset += reclen


def IFTODT(mode: int) -> int:
    """Return the DT_* of a file mode."""
    return mode >> 12 & 0o17


def DTTOIF(dirtype: int) -> int:
    """Return the S_IF* of a DT_*."""
    return dirtype << 12
