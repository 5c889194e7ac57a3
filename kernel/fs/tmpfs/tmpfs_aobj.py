# SPDX-License-Identifier: BSD-2-Clause
"""The bytes of a file: memory in extents, so that holes cost nothing.

What NetBSD's tmpfs leaves to uvm_aobj.  An extent starts on a page boundary,
its last page may be cut short, and no two share a page; so an extent grows
only up to the start of the next, and extents are never merged.  One that is
large grows no further.  A file that has one, from 0 on, as most have, needs no
map of them.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kernel.kern.kern_subr import uiomove
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.module import autoload
from kernel.sys.param import PAGE_MASK, PAGE_SIZE
from kernel.sys.uio import Uio

if TYPE_CHECKING:
    import sortedcontainers
    from sortedcontainers import SortedDict
else:
    sortedcontainers = autoload("sortedcontainers")

_ZEROES = bytes(64 * 1024)
_NO_LIMIT = 1 << 63  # no extent follows
_KEPT = 32 * 1024  # bytes of an array that is worth an extent of its own
_FULL = 256 * 1024  # bytes of an extent behind which another begins: what grows is copied


@dataclass(slots=True, eq=False, repr=False)
class Aobj:
    """A file's memory.

    ao_tail is the last extent, so that appending need not search for it.
    """

    ao_extents: "SortedDict | None" = None  # start: bytearray; None: ao_tail is all, from 0 on
    ao_pages: int = 0  # pages in use
    ao_tail: bytearray = field(default_factory=bytearray)
    ao_end: int = 0  # offset of the end of ao_tail
    ao_room: int = 0  # offset up to which ao_tail may grow in its last page


def round_page(size: int) -> int:
    """Return size rounded up to whole pages."""
    return size + PAGE_MASK & ~PAGE_MASK


def aobj_missing(ao: Aobj, start: int, end: int) -> int:
    """Return how many pages a write of [start, end) would add."""
    first = start & ~PAGE_MASK
    missing = (round_page(end) - first) // PAGE_SIZE
    if first >= ao.ao_room:
        return missing
    for at, extent in _overlapping(ao, first, end):
        upto = min(round_page(at + len(extent)), round_page(end))
        missing -= (upto - max(at, first)) // PAGE_SIZE
    return missing


def aobj_write(ao: Aobj, offset: int, data: bytes | bytearray | memoryview) -> None:
    """Store data at offset."""
    end = offset + len(data)
    grows = offset <= ao.ao_room and len(ao.ao_tail) < _FULL
    if ao.ao_extents is None and (grows or end <= ao.ao_room or offset < PAGE_SIZE):
        _store(ao.ao_tail, offset, data)
        _settail(ao)
        return
    extents = _map(ao)
    view = memoryview(data)
    while view:
        start, extent, limit = _extent_for(ao, extents, offset)
        piece = view[: limit - offset]
        before = len(extent)
        _store(extent, offset - start, piece)
        ao.ao_pages += (round_page(len(extent)) - round_page(before)) // PAGE_SIZE
        offset += len(piece)
        view = view[len(piece) :]
    _settail(ao)


def aobj_extents(ao: Aobj) -> Iterable[tuple[int, bytearray]]:
    """Return the extents, each with where it starts, in order."""
    if ao.ao_extents is not None:
        extents: Iterable[tuple[int, bytearray]] = ao.ao_extents.items()
        return extents
    return ((0, ao.ao_tail),) if ao.ao_tail else ()


def aobj_append(ao: Aobj, data: bytes | bytearray | memoryview) -> None:
    """Store data at the end, which is that of the last extent; a large bytearray is kept."""
    room = ao.ao_room - ao.ao_end
    kept = isinstance(data, bytearray) and len(data) >= _KEPT
    if len(data) <= room or not (kept or len(ao.ao_tail) >= _FULL):
        ao.ao_tail += data
        ao.ao_end += len(data)
    else:
        ao.ao_tail += data[:room]
        if isinstance(data, bytearray):
            del data[:room]  # which moves nothing
        else:
            data = bytearray(data[room:])
        _map(ao)[ao.ao_room] = data
        ao.ao_tail = data
        ao.ao_end = ao.ao_room + len(data)
    room = round_page(ao.ao_end)
    ao.ao_pages += (room - ao.ao_room) // PAGE_SIZE
    ao.ao_room = room


def aobj_read(ao: Aobj, uio: Uio, size: int) -> None:
    """Move what is between uio_offset and size, as far as uio has room.

    Raises:
        KernelError: EFAULT.
    """
    offset = uio.uio_offset
    end = min(size, offset + uio.uio_resid)
    if offset >= end:
        return
    at = offset - ao.ao_end + len(ao.ao_tail)
    if at >= 0 and end <= ao.ao_end:  # the common case: all of it is in the last extent
        uiomove(memoryview(ao.ao_tail)[at : at + end - offset], uio)
        return
    for start, extent in _overlapping(ao, offset, end):
        if offset < start:
            _readhole(uio, start - offset)
            offset = start
        upto = min(end, start + len(extent))
        if offset < upto:
            uiomove(memoryview(extent)[offset - start : upto - start], uio)
            offset = upto
    if offset < end:
        _readhole(uio, end - offset)


def aobj_truncate(ao: Aobj, size: int) -> None:
    """Forget all from size on; pages behind it are free again."""
    extents = ao.ao_extents
    if extents is None:
        del ao.ao_tail[size:]
        _settail(ao)
        return
    index = extents.bisect_left(size)
    doomed = list(extents.islice(index))
    ao.ao_pages -= sum(round_page(len(extents[start])) for start in doomed) // PAGE_SIZE
    if len(doomed) > index:  # what stays is less than what goes
        ao.ao_extents = extents = sortedcontainers.SortedDict(
            (at, extents[at]) for at in extents.islice(0, index)
        )
    else:
        for start in doomed:
            del extents[start]
    if extents:
        start, extent = extents.peekitem()
        before = round_page(len(extent))
        del extent[max(size - start, 0) :]
        ao.ao_pages -= (before - round_page(len(extent))) // PAGE_SIZE
    _settail(ao)


def aobj_page(ao: Aobj, offset: int, write: bool) -> memoryview | None:
    """Return the page at offset, in place; None is a hole, where write makes a page.

    It is to be used at once: the next write to the file may put it elsewhere.
    """
    extents = _map(ao)
    index = extents.bisect_right(offset) - 1
    start, extent = extents.peekitem(index) if index >= 0 else (0, bytearray())
    if index < 0 or offset >= round_page(start + len(extent)):
        if not write:
            return None
        start, extent = offset, bytearray(PAGE_SIZE)
        extents[offset] = extent
        ao.ao_pages += 1
        _settail(ao)
    at = offset - start
    if len(extent) < at + PAGE_SIZE:
        extents[start] = extent = extent.ljust(at + PAGE_SIZE, b"\0")
        _settail(ao)
    return memoryview(extent)[at : at + PAGE_SIZE]


def _settail(ao: Aobj) -> None:
    """Note where the last extent ends; if it is the only one, how many pages it has."""
    if ao.ao_extents is None:
        ao.ao_end = len(ao.ao_tail)
        ao.ao_room = round_page(ao.ao_end)
        ao.ao_pages = ao.ao_room // PAGE_SIZE
    elif ao.ao_extents:
        start, ao.ao_tail = ao.ao_extents.peekitem()
        ao.ao_end = start + len(ao.ao_tail)
        ao.ao_room = round_page(ao.ao_end)
    else:
        ao.ao_extents, ao.ao_tail, ao.ao_end, ao.ao_room = None, bytearray(), 0, 0


def _map(ao: Aobj) -> "SortedDict":
    """Return the map of the extents, which from now on there is."""
    if ao.ao_extents is None:
        ao.ao_extents = sortedcontainers.SortedDict(aobj_extents(ao))
    return ao.ao_extents


def _store(extent: bytearray, at: int, data: bytes | bytearray | memoryview) -> None:
    """Store data in extent, which grows as far as need be."""
    before = len(extent)
    if at == before:
        extent += data
    else:
        if at > before:
            extent += bytes(at - before)
        extent[at : at + len(data)] = data


def _readhole(uio: Uio, size: int) -> None:
    while size:
        count = min(size, len(_ZEROES))
        uiomove(memoryview(_ZEROES)[:count], uio)
        size -= count


def _overlapping(ao: Aobj, start: int, end: int) -> Iterator[tuple[int, bytearray]]:
    """Yield the extents with a page in [start, end), in order."""
    extents = ao.ao_extents
    if extents is None:
        if ao.ao_room > start and end > 0:
            yield 0, ao.ao_tail
        return
    index = max(extents.bisect_right(start) - 1, 0)
    for at in extents.islice(index):
        if at >= end:
            return
        extent = extents[at]
        if round_page(at + len(extent)) > start:
            yield at, extent


def _extent_for(ao: Aobj, extents: "SortedDict", offset: int) -> tuple[int, bytearray, int]:
    """Return start and bytes of the extent to write offset to, and where the next one starts."""
    limit = _NO_LIMIT
    if offset <= ao.ao_room:  # not behind all that is there
        index = extents.bisect_right(offset)
        if index < len(extents):
            limit = extents.peekitem(index)[0]
        if index:
            start, extent = extents.peekitem(index - 1)
            room = round_page(start + len(extent))
            if len(extent) < _FULL and offset <= room:
                return start, extent, limit
            if offset < room:
                return start, extent, room
    start = offset & ~PAGE_MASK
    extents[start] = extent = bytearray()
    return start, extent, limit
