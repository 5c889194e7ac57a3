# SPDX-License-Identifier: BSD-2-Clause
"""Memory: mmap and the calls beside it, and access to it.  NetBSD sys/sys/mman.h, atomic_ops(3).

An address is an int.  What is there is reached by load and store, by the
atomic operations, and as a window:

    at = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_ANON | MAP_SHARED, -1, 0)
    page = mapped(at, 4096)
    page[0:5] = b"hello"
    atomic_add_32_nv(at + 8, 1)
"""

from collections.abc import Iterator
from typing import SupportsIndex, overload

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CLOEXEC, O_NOFOLLOW
from kernel.sys.mman import PROT_READ, PROT_WRITE
from kernel.sys.param import NAME_MAX, PAGE_SIZE
from kernel.sys.vm import DATA_BASE
from userland.libc.cerror import cerror
from userland.libc.data import curdata
from userland.libc.machine import atomic, load, store
from userland.libc.stack import Frame, Readable, StrPath, fetch, pathbytes, reserve
from userland.libc.sys import open as _open
from userland.libc.sys import unlink
from userland.libc.syscall import call

__all__ = [
    "atomic_add_32",
    "atomic_add_32_nv",
    "atomic_add_64",
    "atomic_add_64_nv",
    "atomic_cas_32",
    "atomic_cas_64",
    "atomic_swap_32",
    "atomic_swap_64",
    "brk",
    "madvise",
    "mapped",
    "mincore",
    "minherit",
    "mlock",
    "mmap",
    "mprotect",
    "mremap",
    "msync",
    "munlock",
    "munmap",
    "sbrk",
    "shm_open",
    "shm_unlink",
]

_PATH_SHM = b"/var/shm/.shmobj_"


def mmap(
    addr: int,
    len: int,
    prot: int = PROT_READ | PROT_WRITE,
    flags: int = 0,
    fd: int = -1,
    offset: int = 0,
) -> int:
    """Map a file, or with MAP_ANON memory without a name; return its address.

    Raises:
        OSError: EACCES, EBADF, EINVAL, ENODEV, ENOMEM, EOVERFLOW, EPERM.
    """
    return call("mmap", addr, len, prot, flags, fd, offset)


def munmap(addr: int, len: int) -> int:
    """Take the pages that a range touches away.

    Raises:
        OSError: EINVAL.
    """
    return call("munmap", addr, len)


def mprotect(addr: int, len: int, prot: int) -> int:
    """Set what may be done with pages: PROT_*.

    Raises:
        OSError: EACCES, EINVAL.
    """
    return call("mprotect", addr, len, prot)


def msync(addr: int, len: int, flags: int) -> int:
    """Write what was stored in pages to their file: MS_SYNC or MS_ASYNC, MS_INVALIDATE.

    Raises:
        OSError: EBUSY, EFAULT, EINVAL.
    """
    return call("__msync13", addr, len, flags)


def madvise(addr: int, len: int, behav: int) -> int:
    """Tell how pages will be used: MADV_*.

    Raises:
        OSError: EBUSY, EFAULT, EINVAL.
    """
    return call("madvise", addr, len, behav)


def minherit(addr: int, len: int, inherit: int) -> int:
    """Set what children get of pages: MAP_INHERIT_*.

    Raises:
        OSError: EINVAL.
    """
    return call("minherit", addr, len, inherit)


def mincore(addr: int, len: int) -> bytes:
    """Return a byte for each page of a range: 1 if it is in memory.

    Raises:
        OSError: EINVAL, ENOMEM.
    """
    size = -(-len // PAGE_SIZE)
    with Frame() as lwp:
        vec = reserve(lwp, size)
        call("mincore", addr, len, vec)
        return fetch(lwp, vec, size)


def mlock(addr: int, len: int) -> int:
    """Keep pages in memory.

    Raises:
        OSError: EAGAIN, EINVAL, ENOMEM.
    """
    return call("mlock", addr, len)


def munlock(addr: int, len: int) -> int:
    """Undo mlock.

    Raises:
        OSError: EINVAL, ENOMEM.
    """
    return call("munlock", addr, len)


def mremap(oldaddr: int, oldsize: int, newaddr: int, newsize: int, flags: int = 0) -> int:
    """Move a mapping or give it another size; return its address.

    Raises:
        OSError: EFAULT, EINVAL, ENOMEM.
    """
    return call("mremap", oldaddr, oldsize, newaddr, newsize, flags)


def brk(addr: int) -> int:
    """Set the end of the data segment.

    Raises:
        OSError: ENOMEM.
    """
    call("break", addr)
    curdata().curbrk = addr
    return 0


def sbrk(incr: int) -> int:
    """Move the end of the data segment by incr bytes; return where it was.

    Raises:
        OSError: ENOMEM.
    """
    data = curdata()
    old = data.curbrk or DATA_BASE
    if incr:
        call("break", old + incr)
    data.curbrk = old + incr
    return old


def shm_open(path: StrPath, flags: int, mode: int = 0o600) -> int:
    """Open a shared memory object, a file below /var/shm; return its descriptor.

    Raises:
        OSError: EINVAL, a name with a slash in it. ENAMETOOLONG. As open(2).
    """
    return _open(_shm_path(path), flags | O_CLOEXEC | O_NOFOLLOW, mode)


def shm_unlink(path: StrPath) -> int:
    """Take the name of a shared memory object away.

    Raises:
        OSError: as shm_open and unlink(2).
    """
    return unlink(_shm_path(path))


def _shm_path(path: StrPath) -> bytes:
    """Return the file of an object.

    Raises:
        OSError: EINVAL, ENAMETOOLONG.

    Source: _shm_get_path, NetBSD lib/librt/shm.c.
    """
    name = pathbytes(path).lstrip(b"/")
    if not name or b"/" in name:
        cerror(Errno.EINVAL, path)
    if len(name) + len(b".shmobj_") > NAME_MAX:
        cerror(Errno.ENAMETOOLONG, path)
    return _PATH_SHM + name


class mapped:
    """A window on the process's memory: slices are read and written as those of a bytearray."""

    __slots__ = ("address", "size")

    def __init__(self, address: int, size: int) -> None:
        self.address = address
        self.size = size

    def __len__(self) -> int:
        return self.size

    def __bytes__(self) -> bytes:
        return load(self.address, self.size)

    def __iter__(self) -> Iterator[int]:
        return iter(bytes(self))

    @overload
    def __getitem__(self, where: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, where: slice) -> bytes: ...
    def __getitem__(self, where: SupportsIndex | slice) -> int | bytes:
        if not isinstance(where, slice):
            return load(self.address + self._index(where), 1)[0]
        start, stop, step = where.indices(self.size)
        if step == 1:
            return load(self.address + start, stop - start) if stop > start else b""
        return bytes(self)[where]

    @overload
    def __setitem__(self, where: SupportsIndex, value: int) -> None: ...
    @overload
    def __setitem__(self, where: slice, value: Readable) -> None: ...
    def __setitem__(self, where: SupportsIndex | slice, value: int | Readable) -> None:
        if isinstance(where, slice):
            start, stop, step = where.indices(self.size)
            data = bytes(value)
            if len(data) != len(range(start, stop, step)):
                raise ValueError("memory cannot change its size")
            if step == 1:
                store(self.address + start, data)
            else:
                for at, byte in zip(range(start, stop, step), data, strict=True):
                    store(self.address + at, bytes((byte,)))
        else:
            store(self.address + self._index(where), bytes((value,)))  # type: ignore[arg-type]  # its TypeError

    def _index(self, where: SupportsIndex) -> int:
        at = where.__index__()
        at += self.size if at < 0 else 0
        if not 0 <= at < self.size:
            raise IndexError("address out of range")
        return at


def atomic_cas_32(at: int, old: int, new: int) -> int:
    """If the uint32_t at an address is old, make it new; return what it was."""
    return atomic(at, 4, lambda was: new if was == old else was)


def atomic_cas_64(at: int, old: int, new: int) -> int:
    """If the uint64_t at an address is old, make it new; return what it was."""
    return atomic(at, 8, lambda was: new if was == old else was)


def atomic_swap_32(at: int, new: int) -> int:
    """Make the uint32_t at an address new; return what it was."""
    return atomic(at, 4, lambda _was: new)


def atomic_swap_64(at: int, new: int) -> int:
    """Make the uint64_t at an address new; return what it was."""
    return atomic(at, 8, lambda _was: new)


def atomic_add_32(at: int, delta: int) -> None:
    """Add delta to the uint32_t at an address."""
    atomic(at, 4, lambda was: was + delta)


def atomic_add_32_nv(at: int, delta: int) -> int:
    """Add delta to the uint32_t at an address; return what it is now."""
    return atomic(at, 4, lambda was: was + delta) + delta & 0xFFFF_FFFF


def atomic_add_64(at: int, delta: int) -> None:
    """Add delta to the uint64_t at an address."""
    atomic(at, 8, lambda was: was + delta)


def atomic_add_64_nv(at: int, delta: int) -> int:
    """Add delta to the uint64_t at an address; return what it is now."""
    return atomic(at, 8, lambda was: was + delta) + delta & 0xFFFF_FFFF_FFFF_FFFF
