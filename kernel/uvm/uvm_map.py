# SPDX-License-Identifier: BSD-2-Clause
"""The map of an address space: entering, removing and changing segments.  NetBSD sys/uvm/uvm_map.c.

What changes a map is noted in vm_log: a fork's replay does it again.  Buffers
of the program (map_buffer) and the stack are in the map too, but not for
these functions to change.
"""

from collections.abc import Callable, Iterator
from typing import Final

from kernel.sys.dataclasses import replace
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import PAGE_MASK, PAGE_SHIFT, PAGE_SIZE
from kernel.sys.vm import (
    NOWHERE,
    UVM_INH_COPY,
    UVM_INH_NONE,
    UVM_INH_SHARE,
    UVM_INH_ZERO,
    VM_PROT_NONE,
    VM_PROT_WRITE,
    Page,
    Segment,
    UvmObject,
    VmSpace,
)
from kernel.uvm.uvm_aobj import aobj_pager, uao_create
from kernel.uvm.uvm_fault import uvm_grow

_STACK_MAX: Final = 64 << 20  # bytes of the largest segment that may serve as a stack
_ZEROES: Final = bytes(PAGE_SIZE)


def uvm_map_enter(
    vm: VmSpace,
    start: int,
    size: int,
    prot: int,
    maxprot: int,
    uobj: UvmObject | None,
    offset: int,
    cow: bool,
) -> None:
    """Enter a segment of pages at [start, start + size), which must be free.

    Args:
        vm: the address space.
        start: a page's address.
        size: bytes, whole pages.
        prot: VM_PROT_*.
        maxprot: what mprotect(2) may set.
        uobj: what is mapped; the map takes a reference.  None: pages of 0.
        offset: where in uobj, bytes.
        cow: what is stored is the process's own, and its children get a copy.
    """
    if uobj is not None:
        uobj.pgops.pgo_reference(uobj)
    elif not cow:
        uobj = uao_create(size)
    inheritance = UVM_INH_COPY if cow else UVM_INH_SHARE

    def enter(vm: VmSpace) -> None:
        amap: dict[int, Page] | None = {} if cow else None
        _insert(
            vm,
            Segment(start, NOWHERE, prot, size, maxprot, inheritance, uobj, offset, amap),
        )

    _change(vm, enter)


def uvm_map_copy(vm: VmSpace, start: int, size: int, address: int) -> None:
    """Enter at address, which must be free, what is at [start, start + size) too: mremap(2)."""
    for segment in uvm_map_entries(vm, start, start + size):
        if segment.object is not None:
            segment.object.pgops.pgo_reference(segment.object)

    def copy(vm: VmSpace) -> None:
        for segment in _clipped(vm, start, start + size):
            _insert(vm, replace(segment, start=segment.start - start + address))

    _change(vm, copy)


def uvm_map_extend(vm: VmSpace, end: int, size: int) -> None:
    """Let the segment that ends at end have size more bytes, where the map is free.

    Memory without a file grows with it.
    """
    segment = next(uvm_map_entries(vm, end - 1, end))
    if segment.object is not None:
        segment.object.pgops.pgo_reference(segment.object)

    def extend(vm: VmSpace) -> None:
        segment = next(uvm_map_entries(vm, end - 1, end))
        offset = segment.offset + segment.size
        uobj = segment.object
        if uobj is not None and uobj.uo_vnode is None:
            uobj.uo_size = max(uobj.uo_size, offset + size)
        _insert(vm, replace(segment, start=end, size=size, mem=NOWHERE, offset=offset, wired=False))

    _change(vm, extend)


def uvm_unmap_remove(vm: VmSpace, start: int, end: int) -> None:
    """Remove all pages in [start, end), of which there may be none."""
    if next(uvm_map_entries(vm, start, end), None) is None:
        return

    def remove(vm: VmSpace) -> None:
        for segment in _clipped(vm, start, end):
            _delete(vm, segment)

    _change(vm, remove)


def uvm_map_protect(vm: VmSpace, start: int, end: int, prot: int) -> None:
    """Set the protection of what is mapped in [start, end).

    Raises:
        KernelError: EACCES, more than a segment may ever have; then none is changed.
    """
    if any(prot & ~segment.max_protection for segment in uvm_map_entries(vm, start, end)):
        raise KernelError(Errno.EACCES)
    _change_entries(vm, start, end, "prot", prot)


def uvm_map_inherit(vm: VmSpace, start: int, end: int, inheritance: int) -> None:
    """Set what children get of what is mapped in [start, end).

    Raises:
        KernelError: EINVAL, inheritance.
    """
    if inheritance not in {UVM_INH_NONE, UVM_INH_COPY, UVM_INH_SHARE, UVM_INH_ZERO}:
        raise KernelError(Errno.EINVAL)
    _change_entries(vm, start, end, "inheritance", inheritance)


def uvm_map_advice(vm: VmSpace, start: int, end: int, advice: int) -> None:
    """Note in which order what is mapped in [start, end) will be read."""
    _change_entries(vm, start, end, "advice", advice)


def uvm_map_pageable(vm: VmSpace, start: int, end: int, pageable: bool) -> None:
    """Wire the pages of [start, end), or let them be paged out again.

    Raises:
        KernelError: ENOMEM, nothing is mapped at start, or a page cannot be touched.
            EINVAL, there are holes, or what is to be unwired is not wired.
    """
    segments = list(uvm_map_entries(vm, start, end))
    if next(uvm_map_entries(vm, start, start + 1), None) is None:
        raise KernelError(Errno.ENOMEM)
    if uvm_map_hole(vm, start, end):
        raise KernelError(Errno.EINVAL)
    if pageable:
        if not all(segment.wired for segment in segments):
            raise KernelError(Errno.EINVAL)
    elif any(segment.prot == VM_PROT_NONE for segment in segments):
        raise KernelError(Errno.ENOMEM)
    _change_entries(vm, start, end, "wired", not pageable)


def uvm_map_free(vm: VmSpace, start: int, end: int) -> None:
    """Forget what was stored in pages of [start, end) that have no other place: MADV_FREE."""

    def forget(vm: VmSpace) -> None:
        for segment in _clipped(vm, start, end):
            pages = segment.amap
            if pages is None and segment.object is not None and vm.vm_forked is None:
                pages = segment.object.uo_pages
            first = segment.offset >> PAGE_SHIFT
            numbers = range(first, first + (segment.size >> PAGE_SHIFT))
            for number in [n for n in pages or () if n in numbers]:
                if pages:
                    del pages[number]

    _change(vm, forget)


def uvm_map_entries(vm: VmSpace, start: int, end: int) -> Iterator[Segment]:
    """Yield the segments of pages that have some in [start, end), lowest first."""
    for segment in vm.vm_map.between(start, end):
        if segment.size and segment.end > start:
            yield segment


def uvm_map_busy(vm: VmSpace, start: int, end: int) -> bool:
    """Whether there is anything in [start, end), be it pages or a buffer."""
    segment = vm.vm_map.at(end - 1)
    return (segment is not None and segment.end > start) or (
        start < vm.vm_stack.start and end > vm.vm_maxsaddr
    )


def uvm_map_hole(vm: VmSpace, start: int, end: int) -> bool:
    """Whether some of [start, end) is not mapped."""
    at = start
    for segment in uvm_map_entries(vm, start, end):
        if segment.start > at:
            return True
        at = segment.end
    return at < end


def uvm_map_object(vm: VmSpace, start: int, size: int) -> bool:
    """Whether some of [start, start + size) may be changed by others than the process."""
    return any(
        segment.object is not None for segment in uvm_map_entries(vm, start, start + max(size, 1))
    )


def uvm_map_stack(vm: VmSpace, end: int) -> Segment | None:
    """Return the segment that the page below end is in, for use as a stack: in one piece.

    None: it is not there, may not be written, or others can change it.
    """
    segment = vm.vm_map.at(end - 1)
    if segment is not None and segment is vm.vm_stack:
        uvm_grow(vm, vm.vm_maxsaddr)
    if segment is None or segment.end < end or not segment.prot & VM_PROT_WRITE:
        return None
    if segment.size and not segment.mem:
        if segment.amap is None or segment.object is not None or segment.size > _STACK_MAX:
            return None
        memory = memoryview(bytearray(segment.size))
        first = segment.offset >> PAGE_SHIFT
        for at in range(0, segment.size, PAGE_SIZE):
            page = memory[at : at + PAGE_SIZE]
            page[:] = segment.amap.get(first + (at >> PAGE_SHIFT), _ZEROES)
            segment.amap[first + (at >> PAGE_SHIFT)] = page
        segment.mem = memory
    return segment


def uvm_map_size(vm: VmSpace) -> int:
    """Return the bytes that are mapped."""
    untouched = vm.vm_stack.start - vm.vm_maxsaddr
    return sum(segment.end - segment.start for segment in vm.vm_map.values()) + untouched


def uvm_map_wired(vm: VmSpace) -> int:
    """Return the bytes that are wired."""
    return sum(segment.size for segment in vm.vm_map.values() if segment.wired)


def uvmspace_clone(vm: VmSpace, stack: Segment) -> VmSpace:
    """Return an address space with a copy of one LWP's stack and the same other memory as vm.

    For __clone: two processes must not push their arguments on one stack.
    """
    new = VmSpace(vm.vm_layout, vm.vm_map.copy(), vm_dsize=vm.vm_dsize, vm_shm=vm.vm_shm[:])
    new.vm_objects = vm.vm_objects
    new.vm_maxsaddr = vm.vm_maxsaddr if stack is vm.vm_stack else stack.start
    for segment in vm.vm_map.values():
        if segment.size:
            new.vm_map[segment.start] = replace(segment, wired=False)
            if segment.object is not None:
                segment.object.pgops.pgo_reference(segment.object)
    new.vm_stack = Segment(stack.start, memoryview(bytearray(stack.mem)), stack.prot)
    if next(uvm_map_entries(vm, stack.start, stack.end), None) is None:
        new.vm_map[stack.start] = new.vm_stack
    return new


def uvmspace_fork(vm: VmSpace) -> VmSpace:
    """Return what a forked child has of vm's pages, as each segment's inheritance says.

    Its stack and its buffers are the child's own affair (arch/python/replay).
    """
    if any(map(_to_share, vm.vm_map.values())):
        _change(vm, _share)
    new = VmSpace(vm.vm_layout, vm_dsize=vm.vm_dsize, vm_shm=vm.vm_shm[:])
    for segment in vm.vm_map.values():
        if not segment.size or segment.inheritance == UVM_INH_NONE:
            continue
        uobj, amap = segment.object, segment.amap
        if segment.inheritance == UVM_INH_ZERO:
            uobj, amap = None, dict[int, Page]()
        elif segment.inheritance == UVM_INH_COPY:
            if uobj is not None and uobj.uo_vnode is None:
                amap, uobj = uobj.uo_pages, None
            first = segment.offset >> PAGE_SHIFT
            pages = range(first, first + (segment.size >> PAGE_SHIFT))
            amap = {n: bytearray(page) for n, page in (amap or {}).items() if n in pages}
        if uobj is not None:
            uobj.pgops.pgo_reference(uobj)
        _insert(new, replace(segment, mem=NOWHERE, object=uobj, amap=amap, wired=False))
    return new


def uvmspace_adopt(vm: VmSpace) -> None:
    """A replay is over: what fork(2) has set aside takes the place of what was built up anew."""
    forked = vm.vm_forked
    if forked is None:
        return
    for segment in list(uvm_map_entries(vm, 0, vm.vm_layout.usrstack)):
        del vm.vm_map[segment.start]
        same = forked.vm_map.get(segment.start)
        if segment.mem and same is not None and same.size == segment.size:
            same.mem, same.amap = segment.mem, segment.amap  # a stack that is in use
    vm.vm_map.update(forked.vm_map)
    vm.vm_objects = forked.vm_objects
    vm.vm_dsize, vm.vm_shm = forked.vm_dsize, forked.vm_shm
    vm.vm_forked = None


def uvmspace_free(vm: VmSpace) -> None:
    """Let go of all that is mapped."""
    vm.vm_log = None
    if vm.vm_forked is not None:
        uvmspace_free(vm.vm_forked)
    for segment in list(uvm_map_entries(vm, 0, vm.vm_layout.usrstack)):
        _delete(vm, segment)
    vm.vm_forked = None


def _change(vm: VmSpace, change: Callable[[VmSpace], None]) -> None:
    """Make a change to vm, and note it for a replay."""
    if vm.vm_log is not None:
        vm.vm_log.append(change)
    change(vm)


def _change_entries(vm: VmSpace, start: int, end: int, name: str, value: int) -> None:
    def change(vm: VmSpace) -> None:
        for segment in _clipped(vm, start, end):
            setattr(segment, name, value)

    _change(vm, change)


def _share(vm: VmSpace) -> None:
    """Turn memory that children are to share, but is a process's own, into an object."""
    for segment in filter(_to_share, vm.vm_map.values()):
        pages = {} if segment.amap is None else segment.amap
        segment.object = UvmObject(aobj_pager, 1, segment.offset + segment.size, pages)
        segment.amap = None
        vm.vm_objects += 1


def _to_share(segment: Segment) -> bool:
    private = segment.size and segment.object is None
    return bool(private and segment.inheritance == UVM_INH_SHARE)


def _insert(vm: VmSpace, segment: Segment) -> None:
    vm.vm_map[segment.start] = segment
    if segment.object is not None:
        vm.vm_objects += 1


def _delete(vm: VmSpace, segment: Segment) -> None:
    del vm.vm_map[segment.start]
    if segment.object is not None:
        vm.vm_objects -= 1
        if vm.vm_forked is None:  # a replay holds nothing
            segment.object.pgops.pgo_detach(segment.object)


def _clipped(vm: VmSpace, start: int, end: int) -> list[Segment]:
    """Return the segments of pages in [start, end), split so that they do not reach beyond."""
    for at in (start, end):
        for segment in uvm_map_entries(vm, at, at + 1):
            if segment.start < at:
                _split(vm, segment, at)
    return list(uvm_map_entries(vm, start, end))


def _split(vm: VmSpace, segment: Segment, at: int) -> None:
    size = at - segment.start
    if segment.object is not None and vm.vm_forked is None:
        segment.object.pgops.pgo_reference(segment.object)
    rest = replace(segment, start=at, size=segment.size - size, offset=segment.offset + size)
    rest.mem, segment.mem = segment.mem[size:], segment.mem[:size]
    segment.size = size
    _insert(vm, rest)


def round_page(size: int) -> int:
    """Return size rounded up to whole pages."""
    return -(-size // PAGE_SIZE) * PAGE_SIZE


def trunc_page(address: int) -> int:
    """Return the start of the page that address is in."""
    return address & ~PAGE_MASK
