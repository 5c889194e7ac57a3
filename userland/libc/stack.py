# SPDX-License-Identifier: BSD-2-Clause
"""Arguments in user memory: pushed on the caller's stack, popped when the call returns.

A stub marks the stack pointer, pushes, traps and puts the mark back:

    lwp = curlwp()
    mark = lwp.l_ustack
    try:
        error, value = trap(SYS_chdir, pushstr(lwp, path))
    finally:
        lwp.l_ustack = mark

so signal handlers that run inside the trap push below and leave nothing behind.
What is longer than SMALL is not copied but mapped in place (map_buffer).
"""

from __future__ import annotations

from mmap import mmap
from os import PathLike, fspath
from typing import TYPE_CHECKING, Final, Self, TypeVar

from kernel.sys.vm import VM_PROT_READ, VM_PROT_WRITE
from userland.libc.machine import curlwp, grow_stack, map_buffer, unmap_buffer
from userland.libc.records import sizeof

if TYPE_CHECKING:
    from kernel.sys.proc import Lwp
    from userland.libc.records import Record

    _Record = TypeVar("_Record", bound=Record)

StrPath = str | bytes | PathLike[str] | PathLike[bytes]
Readable = bytes | bytearray | memoryview

SMALL: Final = 4096  # bytes: longer buffers are mapped, not copied
LARGEST: Final = 1 << 30  # bytes of the largest buffer that a call is given, whatever it is told
_MAPPED: Final = 1 << 22  # bytes from which on a buffer is mapped, not allocated
_ALIGN: Final = -16  # the psABI's stack alignment, as a mask
_STRING_MAX: Final = 4096  # no call reads a longer string, so no more is pushed


def pathbytes(path: StrPath) -> bytes:
    """Return a path, or any string argument, as the bytes the kernel sees.

    Raises:
        TypeError: it is neither str, bytes nor PathLike.
        ValueError: it contains a NUL.
    """
    if not isinstance(path, (str, bytes)):
        path = bytes(path) if isinstance(path, (bytearray, memoryview)) else fspath(path)
    data = path if isinstance(path, bytes) else path.encode("utf-8", "surrogateescape")
    if 0 in data:
        raise ValueError("embedded null byte")
    return data


class Frame:
    """A piece of the user stack: what is pushed within its block is gone after it.

    with Frame() as lwp:
        call("chroot", pushstr(lwp, path))
    """

    __slots__ = ("_lwp", "_mark")

    def __enter__(self) -> Lwp:
        self._lwp = curlwp()
        self._mark = self._lwp.l_ustack
        return self._lwp

    def __exit__(self, *_exc: object) -> None:
        self._lwp.l_ustack = self._mark


class Arena(Frame):
    """A Frame for memory of any size: what is longer than SMALL is mapped.

    with Arena() as memory:
        at = memory.room(size)
        return memory.get(at, call("recvfrom", s, at, size, flags, 0, 0))
    """

    __slots__ = ("_mapped",)

    def __enter__(self) -> Self:  # type: ignore[override]  # what is within is reached through it
        super().__enter__()
        self._mapped: dict[int, memoryview] = {}
        return self

    def __exit__(self, *_exc: object) -> None:
        super().__exit__()
        for address in self._mapped:
            unmap_buffer(address)

    def put(self, data: object) -> int:
        """Store data, any bytes-like object; return its address, 0 if there is none.

        A call may store something else there if it is a bytearray, or not longer than SMALL.
        """
        raw = bytesof(data)
        if len(raw) <= SMALL:
            return pushbytes(self._lwp, raw) if raw else 0
        write = VM_PROT_WRITE if isinstance(raw, bytearray) else 0
        return self._map(memoryview(raw), VM_PROT_READ | write)

    def room(self, size: int) -> int:
        """Return the address of size bytes, which a call may fill."""
        if size <= SMALL:
            return reserve(self._lwp, max(size, 0))
        return self._map(room(size), VM_PROT_READ | VM_PROT_WRITE)

    def get(self, address: int, size: int) -> bytes:
        """Return the first size bytes of what room() gave out."""
        if address in self._mapped:
            return bytes(self._mapped[address][:size])
        return fetch(self._lwp, address, size)

    def _map(self, view: memoryview, prot: int) -> int:
        address = map_buffer(view, prot)
        self._mapped[address] = view
        return address


def reserve(lwp: Lwp, size: int) -> int:
    """Move the stack pointer down by size bytes; return it.

    Raises:
        RecursionError: the user stack is used up.
    """
    sp: int = (lwp.l_ustack - size) & _ALIGN
    if sp < lwp.l_stack.start:
        grow_stack(lwp, sp)
    lwp.l_ustack = sp
    return sp


def room(size: int) -> memoryview:
    """Return memory of size bytes, at most LARGEST, all 0; pages of a large one cost when used."""
    size = min(size, LARGEST)
    return memoryview(bytearray(size) if size < _MAPPED else mmap(-1, size))


def pushbytes(lwp: Lwp, data: Readable) -> int:
    """Push data; return its address."""
    segment = lwp.l_stack
    size = len(data)
    sp: int = (lwp.l_ustack - size) & _ALIGN
    offset = sp - segment.start
    if offset < 0:
        grow_stack(lwp, sp)
        offset = sp - segment.start
    segment.mem[offset : offset + size] = data
    lwp.l_ustack = sp
    return sp


def pushstr(lwp: Lwp, path: StrPath) -> int:
    """Push a string and its NUL; return its address."""
    if type(path) is str:  # as in pathbytes and pushbytes, in one
        data = path.encode("utf-8", "surrogateescape")
        size = len(data) + 1
        segment = lwp.l_stack
        sp: int = (lwp.l_ustack - size) & _ALIGN
        offset = sp - segment.start
        if offset >= 0 and size <= _STRING_MAX and 0 not in data:
            segment.mem[offset : offset + size] = data + b"\0"
            lwp.l_ustack = sp
            return sp
    return pushbytes(lwp, pathbytes(path)[:_STRING_MAX] + b"\0")


def pushrecord(lwp: Lwp, record: Record | None) -> int:
    """Push a struct; return its address, 0 (NULL) for None."""
    return 0 if record is None else pushbytes(lwp, record.pack())


def fetch(lwp: Lwp, address: int, size: int) -> bytes:
    """Return size bytes of what reserve() gave out and a call has filled."""
    segment = lwp.l_stack
    offset = address - segment.start
    return segment.mem[offset : offset + size].tobytes()


def fetchrecord(lwp: Lwp, cls: type[_Record], address: int) -> _Record:
    """Return the struct that a call has stored at address."""
    segment = lwp.l_stack
    offset = address - segment.start
    return cls.unpack(segment.mem[offset : offset + sizeof(cls)].tobytes())


def bytesof(buf: object) -> Readable:
    """Return any bytes-like object as one whose len() is its size in bytes."""
    if isinstance(buf, (bytes, bytearray)):
        return buf
    view = memoryview(buf)  # type: ignore[arg-type]  # raises TypeError as os.write does
    return view if view.format == "B" and view.ndim == 1 and view.contiguous else view.cast("B")
