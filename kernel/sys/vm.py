# SPDX-License-Identifier: BSD-2-Clause
"""The address space of a process: sorted segments.  NetBSD sys/uvm/uvm_extern.h, uvm_map.h."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import Any, Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.namedtuple import NamedTuple

VM_PROT_NONE: Final = 0
VM_PROT_READ: Final = 1
VM_PROT_WRITE: Final = 2
VM_PROT_EXECUTE: Final = 4
VM_PROT_ALL: Final = VM_PROT_READ | VM_PROT_WRITE | VM_PROT_EXECUTE

# What a forked child gets of a segment; minherit(2)'s numbers.
UVM_INH_SHARE: Final = 0
UVM_INH_COPY: Final = 1
UVM_INH_NONE: Final = 2
UVM_INH_ZERO: Final = 4

VM_MIN_ADDRESS: Final = 0x1000  # page 0 is never mapped
DATA_BASE: Final = 0x0100_0000  # where the memory of brk(2) begins

TEXT_BASE: Final = 0x40_0000  # where functions have their addresses
TEXT_INTERRUPT: Final = TEXT_BASE - 32  # where a Python program has its handler of SIGINT


class VmLayout(NamedTuple):
    """Where things are in an address space; amd64 for LP64, i386 for ILP32."""

    mmap_top: int  # mappings grow down from here
    usrstack: int  # the end of the stack


VM_LAYOUT: Final = {
    8: VmLayout(0x7F7F_F000_0000, 0x7F7F_FFFF_F000),
    4: VmLayout(0xBB00_0000, 0xBFBF_F000),
}


Page = bytearray | memoryview

_PAGE: Final = 4096
NOWHERE: Final = memoryview(b"")  # the memory of a segment that has its pages elsewhere


@dataclass(slots=True, frozen=True, eq=False)
class UvmPagerops:
    """What can be done with memory that has a life of its own (struct uvm_pagerops)."""

    pgo_reference: "Callable[[UvmObject], None]"
    pgo_detach: "Callable[[UvmObject], None]"
    pgo_get: "Callable[[UvmObject, int, bool], memoryview | None]"
    """(object, offset, write): the page at offset, in place; None: it is behind the end.
    One that is only read may be a page of zeroes that stands for many."""
    pgo_put: "Callable[[UvmObject, int, int], None]"
    """(object, start, end): see that what was stored in these pages is where it belongs."""
    pgo_incore: "Callable[[UvmObject, int], bool]"
    """(object, offset): whether the page is in memory."""


@dataclass(slots=True, eq=False, repr=False)
class UvmObject:
    """Memory that several processes may map: a file's, or without a name (struct uvm_object)."""

    pgops: UvmPagerops
    uo_refs: int = 1
    uo_size: int = 0  # bytes, of memory without a file
    uo_pages: dict[int, Page] = field(default_factory=dict)  # of that, by number
    uo_vnode: Any = None  # the file


@dataclass(slots=True, eq=False)
class Segment:
    """A run of mapped memory (struct vm_map_entry).

    Either a buffer of the program in place, mem, or size bytes of pages that
    are found, or made, when they are touched: first those in amap, the
    process's own, then those of object.  The page at address a has the number
    (a - start + offset) / PAGE_SIZE in both.  Pages that serve as a stack are
    in one piece, which is mem.
    """

    start: int
    mem: memoryview  # writable only if prot has VM_PROT_WRITE
    prot: int = VM_PROT_READ | VM_PROT_WRITE
    size: int = 0  # bytes, of a segment of pages
    max_protection: int = VM_PROT_ALL
    inheritance: int = UVM_INH_COPY
    object: UvmObject | None = None
    offset: int = 0  # bytes
    amap: dict[int, Page] | None = None  # None: what is stored, all see
    wired: bool = False
    advice: int = 0

    @property
    def end(self) -> int:
        """The first address past the segment."""
        return self.start + (self.size or len(self.mem))


class VmMap:
    """Segments in order of their addresses; the key of one is its start.

    A SortedDict would do the same, for seven times the memory: a process has some five segments.
    """

    __slots__ = ("_segments", "_starts", "full")

    def __init__(self) -> None:
        self.full = 0  # no page is free from here to where mappings begin; 0: not known
        self._starts: list[int] = []
        self._segments: list[Segment] = []

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[int]:
        return iter(self._starts)

    def __contains__(self, start: int) -> bool:
        return self.get(start) is not None

    def __getitem__(self, start: int) -> Segment:
        segment = self.get(start)
        if segment is None:
            raise KeyError(start)
        return segment

    def __setitem__(self, start: int, segment: Segment) -> None:
        at = bisect_left(self._starts, start)
        if at < len(self._starts) and self._starts[at] == start:
            self._segments[at] = segment
        else:
            self._starts.insert(at, start)
            self._segments.insert(at, segment)

    def __delitem__(self, start: int) -> None:
        at = bisect_left(self._starts, start)
        if at == len(self._starts) or self._starts[at] != start:
            raise KeyError(start)
        if self.full:
            self.full = max(self.full, -(-self._segments[at].end // _PAGE) * _PAGE)
        del self._starts[at], self._segments[at]

    def get(self, start: int) -> Segment | None:
        """Return the segment that begins at start, if there is one."""
        at = bisect_left(self._starts, start)
        found = at < len(self._starts) and self._starts[at] == start
        return self._segments[at] if found else None

    def at(self, address: int) -> Segment | None:
        """Return the last segment that begins at address or below."""
        at = bisect_right(self._starts, address)
        return self._segments[at - 1] if at else None

    def between(self, low: int, high: int) -> list[Segment]:
        """Return the last segment that begins at low or below, and those that begin below high."""
        first = max(bisect_right(self._starts, low) - 1, 0)
        return self._segments[first : bisect_left(self._starts, high)]

    def below(self, address: int) -> Iterator[Segment]:
        """Yield the segments that begin below address, the highest first."""
        for at in range(bisect_left(self._starts, address) - 1, -1, -1):
            yield self._segments[at]

    def values(self) -> list[Segment]:
        """Return the segments."""
        return self._segments[:]

    def update(self, other: "VmMap") -> None:
        """Enter all of another's."""
        for segment in other.values():
            self[segment.start] = segment

    def copy(self) -> "VmMap":
        """Return a map of the same segments."""
        new = VmMap()
        new._starts = self._starts[:]
        new._segments = self._segments[:]
        new.full = self.full
        return new


NO_STACK: Final = Segment(0, memoryview(b""), VM_PROT_NONE)


@dataclass(slots=True, eq=False)
class VmSpace:
    """A process's vm_map, keyed by start address; segments do not overlap.

    vm_stack is the segment most arguments are in, looked at before the map; it begins where
    the stack has been touched (uvm_grow).
    vm_log, when a list, receives (address, bytes) for each copyout, and what
    changes the map as a function of a VmSpace: what a fork's replay has to do
    again (kern_fork).
    """

    vm_layout: VmLayout
    vm_map: VmMap = field(default_factory=VmMap)
    vm_stack: Segment = NO_STACK
    vm_maxsaddr: int = 0  # how far down vm_stack may grow
    vm_log: list[object] | None = None
    vm_refcnt: int = 1
    vm_objects: int = 0  # segments that have an object
    vm_dsize: int = 0  # bytes of brk(2)
    vm_wirefuture: bool = False  # mlockall(MCL_FUTURE)
    vm_shm: list[tuple[int, int]] = field(default_factory=list)  # (shmid, address), sysv_shm
    vm_forked: "VmSpace | None" = None  # in a replay: what the process will have after it

    @property
    def vm_ssize(self) -> int:
        """Bytes of the stack, also of what has not been touched yet."""
        return self.vm_stack.end - self.vm_maxsaddr
