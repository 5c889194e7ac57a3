# SPDX-License-Identifier: BSD-2-Clause
"""Memory-mapped files.  CPython Modules/mmapmodule.c.

A mapping is a buffer from Python 3.12 on (PEP 688): whoever takes it gets the bytes as
they are then, and what he writes to them is stored when he lets go of them.  Before,
what is in it goes in and out by slices and methods, and bytes() gives all of it.
"""

from collections.abc import Iterator
from operator import index
from sys import maxsize, version_info
from typing import Final, NoReturn, Self, SupportsIndex

from kernel.sys.errno import Errno
from kernel.sys.fcntl import F_DUPFD_CLOEXEC
from kernel.sys.mman import (
    MADV_DONTNEED,
    MADV_FREE,
    MADV_NORMAL,
    MADV_RANDOM,
    MADV_SEQUENTIAL,
    MADV_WILLNEED,
    MAP_ANON,
    MAP_ANONYMOUS,
    MAP_NORESERVE,
    MAP_PRIVATE,
    MAP_SHARED,
    MAP_STACK,
    MS_SYNC,
    PROT_EXEC,
    PROT_READ,
    PROT_WRITE,
)
from kernel.sys.param import PAGE_SIZE
from userland.libc import include as libc
from userland.libc.cerror import cerror

__all__ = [
    "ACCESS_COPY", "ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ALLOCATIONGRANULARITY",
    "MADV_DONTNEED", "MADV_FREE", "MADV_NORMAL", "MADV_RANDOM", "MADV_SEQUENTIAL", "MADV_WILLNEED",
    "MAP_ANON", "MAP_ANONYMOUS", "MAP_NORESERVE", "MAP_PRIVATE", "MAP_SHARED", "MAP_STACK",
    "PAGESIZE", "PROT_EXEC", "PROT_READ", "PROT_WRITE", "error", "mmap",
]  # fmt: skip

ACCESS_DEFAULT: Final = 0
ACCESS_READ: Final = 1
ACCESS_WRITE: Final = 2
ACCESS_COPY: Final = 3
PAGESIZE: Final = PAGE_SIZE
ALLOCATIONGRANULARITY: Final = PAGE_SIZE
error = OSError

_RW: Final = PROT_READ | PROT_WRITE
_NAMES: Final = ("ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY")
_HOW: Final = {
    ACCESS_READ: (MAP_SHARED, PROT_READ),
    ACCESS_WRITE: (MAP_SHARED, _RW),
    ACCESS_COPY: (MAP_PRIVATE, _RW),
}


class mmap:
    """A file in memory, or memory without a file (fileno -1)."""

    __slots__ = (
        "__weakref__", "_access", "_at", "_exports", "_fd", "_offset", "_pos", "_size", "_trackfd",
    )  # fmt: skip

    _access: int
    _at: int  # address, -1 when it is closed
    _exports: list[tuple[memoryview, bytes]]  # buffers that are taken, with what was in them
    _fd: int  # a duplicate, -1 without a file
    _offset: int
    _pos: int
    _size: int
    _trackfd: bool

    def __new__(
        cls,
        fileno: int,
        length: int,
        flags: int = MAP_SHARED,
        prot: int = _RW,
        access: int = ACCESS_DEFAULT,
        offset: int = 0,
        **options: bool,
    ) -> Self:
        """Map a file.

        Args:
            fileno: its descriptor.
            length: bytes, 0 for all.
            flags: MAP_*.
            prot: PROT_*.
            access: ACCESS_*, instead of both.
            offset: where in the file, a multiple of ALLOCATIONGRANULARITY.
            options: trackfd, from 3.13 on: whether to keep the file open, to resize it.

        Raises:
            OSError: as mmap(2). ValueError, TypeError, OverflowError: the arguments make no sense.
        """
        trackfd = options.pop("trackfd", True) if version_info >= (3, 13) else True
        if options:
            text = f"mmap() got an unexpected keyword argument {next(iter(options))!r}"
            raise TypeError(text)
        self = super().__new__(cls)
        self._at = self._fd = -1
        self._exports = []
        self._trackfd = trackfd
        if length < 0:
            raise OverflowError("memory mapped length must be positive")
        if offset < 0:
            raise OverflowError("memory mapped offset must be positive")
        if access != ACCESS_DEFAULT:
            if (flags, prot) != (MAP_SHARED, _RW):
                raise ValueError("mmap can't specify both access and flags, prot.")
            if access not in _HOW:
                raise ValueError("mmap invalid access parameter.")
            flags, prot = _HOW[access]
        elif not prot & PROT_WRITE:
            access = ACCESS_READ
        if fileno == -1:
            flags |= MAP_ANON
        else:
            length = _fitting(fileno, length, offset)
        if not length:
            cerror(Errno.EINVAL)
        self._access, self._offset, self._pos, self._size = access, offset, 0, length
        if fileno != -1 and trackfd:
            self._fd = libc.fcntl(fileno, F_DUPFD_CLOEXEC, 0)
        fd = self._fd if trackfd else fileno
        try:
            self._at = libc.mmap(0, length, prot, flags, fd, offset)
        except OSError:
            self.close()
            raise
        return self

    def __bytes__(self) -> bytes:
        return self._load(0, len(self))

    def __buffer__(self, _flags: int, /) -> memoryview:
        data = self._load(0, len(self))
        view = memoryview(data if self._access == ACCESS_READ else bytearray(data))
        self._exports.append((view, data))
        return view

    def __release_buffer__(self, view: memoryview, /) -> None:
        for number, (export, before) in enumerate(self._exports):
            if export is view or export.obj is view.obj:
                del self._exports[number]
                if export != before:
                    self._store(0, bytes(export))
                export.release()
                return

    def __enter__(self) -> Self:
        self._address()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._at < 0:
            return "<mmap.mmap closed=True>"
        return (
            f"<mmap.mmap closed=False, access={_NAMES[self._access]}, length={self._size}, "
            f"pos={self._pos}, offset={self._offset}>"
        )

    def close(self) -> None:
        """Unmap the memory."""
        if self._exports:
            raise BufferError("cannot close exported pointers exist")
        if self._fd >= 0:
            libc.close(self._fd)
        if self._at >= 0:
            libc.munmap(self._at, self._size)
        self._at = self._fd = -1

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return self._at < 0

    def _address(self, write: bool = False) -> int:
        if self._at < 0:
            raise ValueError("mmap closed or invalid")
        if write and self._access == ACCESS_READ:
            raise TypeError("mmap can't modify a readonly memory map.")
        return self._at

    def _load(self, start: int, stop: int) -> bytes:
        return libc.load(self._address() + start, stop - start) if stop > start else b""

    def _store(self, start: int, data: bytes) -> None:
        at = self._address(write=True)
        if data:
            libc.store(at + start, data)

    def __len__(self) -> int:
        self._address()
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        for at in range(len(self)):
            yield self._load(at, at + 1)

    def __contains__(self, byte: object) -> bool:
        return byte in self._load(0, self._size)  # type: ignore[operator]  # its TypeError

    def _index(self, where: SupportsIndex) -> int:
        try:
            at = where.__index__()
        except AttributeError:
            raise TypeError("mmap indices must be integers") from None
        at += self._size if at < 0 else 0
        if not 0 <= at < self._size:
            raise IndexError("mmap index out of range")
        return at

    def __getitem__(self, where: SupportsIndex | slice) -> int | bytes:
        self._address()
        if isinstance(where, slice):
            start, stop, step = where.indices(self._size)
            return self._load(start, stop) if step == 1 else self._load(0, self._size)[where]
        at = self._index(where)
        return self._load(at, at + 1)[0]

    def __setitem__(self, where: SupportsIndex | slice, value: object) -> None:
        self._address(write=True)
        if not isinstance(where, slice):
            at = self._index(where)
            if not isinstance(value, int):
                raise TypeError("'value' must be an integer")
            if not 0 <= value < 256:
                raise ValueError("mmap item value must be in range(0, 256)")
            self._store(at, bytes((value,)))
            return
        data = bytes(memoryview(value))  # type: ignore[arg-type]  # a TypeError if it is none
        start, stop, step = where.indices(self._size)
        places = range(start, stop, step)
        if len(data) != len(places):
            raise IndexError("mmap slice assignment is wrong size")
        if step == 1:
            self._store(start, data)
        else:
            for at, byte in zip(places, data, strict=True):
                self._store(at, bytes((byte,)))

    def __delitem__(self, _where: object) -> NoReturn:
        self._address(write=True)
        raise TypeError("mmap doesn't support item deletion")

    def find(self, sub: bytes, start: int | None = None, end: int | None = None) -> int:
        """Return where sub is first, from the position on if start is not given; -1."""
        first, data = self._piece(start, end)
        at = data.find(sub)
        return at if at < 0 else first + at

    def rfind(self, sub: bytes, start: int | None = None, end: int | None = None) -> int:
        """Return where sub is last; -1."""
        first, data = self._piece(start, end)
        at = data.rfind(sub)
        return at if at < 0 else first + at

    def _piece(self, start: int | None, end: int | None) -> tuple[int, bytes]:
        """Return what is looked through, and where that is."""
        size = len(self)
        first, last, _ = slice(self._pos if start is None else start, end).indices(size)
        self._address()
        return first, self._load(first, last)

    def read(self, n: int | None = None) -> bytes:
        """Return the next n bytes, or all that are left."""
        n = n if n is None else index(n)
        left = max(len(self) - self._pos, 0)
        count = left if n is None or n < 0 or n > left else n
        data = self._load(self._pos, self._pos + count)
        self._pos += count
        return data

    def read_byte(self) -> int:
        """Return the next byte."""
        if self._pos >= len(self):
            raise ValueError("read byte out of range")
        return self.read(1)[0]

    def readline(self) -> bytes:
        """Return what there is up to the end of the line."""
        end = self.find(b"\n")
        return self.read(None if end < 0 else end + 1 - self._pos)

    def write(self, data: bytes) -> int:
        """Store data at the position; return its size."""
        data = bytes(memoryview(data))
        self._address(write=True)
        if self._pos + len(data) > self._size:
            raise ValueError("data out of range")
        self._store(self._pos, data)
        self._pos += len(data)
        return len(data)

    def write_byte(self, byte: int) -> None:
        """Store a byte at the position."""
        byte = index(byte)
        self._address(write=True)
        if self._pos >= self._size:
            raise ValueError("write byte out of range")
        self[self._pos] = byte
        self._pos += 1

    def seek(self, pos: int, whence: int = 0) -> int | None:
        """Set the position; from 3.13 on, return it."""
        pos, whence = index(pos), index(whence)
        size = len(self)
        if whence not in {0, 1, 2}:
            raise ValueError("unknown seek type")
        pos += (0, self._pos, size)[whence]
        if not 0 <= pos <= size:
            raise ValueError("seek out of range")
        self._pos = pos
        return pos if version_info >= (3, 13) else None

    def tell(self) -> int:
        """Return the position."""
        self._address()
        return self._pos

    def seekable(self) -> bool:
        """Return True."""
        return True

    def size(self) -> int:
        """Return the size of the file."""
        self._address()
        if self._fd < 0:
            cerror(Errno.EBADF)
        return libc.fstat(self._fd).st_size

    def flush(self, offset: int = 0, size: int | None = None) -> None:
        """Write what was stored to the file."""
        count = len(self) - offset if size is None else size
        if offset < 0 or count < 0 or offset + count > self._size:
            raise ValueError("flush values out of range")
        if self._access not in {ACCESS_READ, ACCESS_COPY}:
            libc.msync(self._at + offset, count, MS_SYNC)

    def move(self, dest: int, src: int, count: int) -> None:
        """Copy count bytes from src to dest."""
        dest, src, count = index(dest), index(src), index(count)
        self._address(write=True)
        if min(dest, src, count) < 0 or max(dest, src) + count > self._size:
            raise ValueError("source, destination, or count out of range")
        self._store(dest, self._load(src, src + count))

    def resize(self, newsize: int) -> None:
        """Give the mapping, and its file, another size."""
        newsize = index(newsize)
        self._address()
        if self._exports:
            raise BufferError("mmap can't resize with extant buffers exported.")
        if not self._trackfd:
            raise ValueError("mmap can't resize with trackfd=False.")
        if self._access in {ACCESS_READ, ACCESS_COPY}:
            raise TypeError("mmap can't resize a readonly or copy-on-write memory map.")
        if newsize < 0 or self._offset + newsize < 0:
            raise ValueError("new size out of range")
        if self._fd >= 0:
            libc.ftruncate(self._fd, self._offset + newsize)
        self._at = libc.mremap(self._at, self._size, 0, newsize)
        self._size = newsize

    def madvise(self, option: int, start: int = 0, length: int | None = None) -> None:
        """Tell how the memory will be used."""
        size = len(self)
        if not 0 <= start < size:
            raise ValueError("madvise start out of bounds")
        count = size - start if length is None else length
        if count < 0:
            raise ValueError("madvise length invalid")
        if count > maxsize - start:
            raise OverflowError("madvise length too large")
        libc.madvise(self._at + start, min(count, size - start), option)


def _fitting(fileno: int, length: int, offset: int) -> int:
    """Return how much of a file is to be mapped; 0 as length means all of it.

    Raises:
        ValueError: there is not so much.
        OSError: EBADF.
    """
    st = libc.fstat(fileno)
    if not libc.S_ISREG(st.st_mode):
        return length
    if not length:
        if not st.st_size:
            raise ValueError("cannot mmap an empty file")
        if offset >= st.st_size:
            raise ValueError("mmap offset is greater than file size")
        return st.st_size - offset
    if offset > st.st_size or st.st_size - offset < length:
        raise ValueError("mmap length is greater than file size")
    return length
