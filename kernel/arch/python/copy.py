# SPDX-License-Identifier: BSD-2-Clause
"""User memory and the only doors to it: copyin, copyout, copyinstr.  NetBSD copy(9)."""

from kernel.sys.errno import Errno, KernelError
from kernel.sys.vm import (
    VM_PROT_READ,
    VM_PROT_WRITE,
    Segment,
    VmSpace,
)
from kernel.uvm.uvm_fault import uvm_fault, uvm_grow

_PAGE = 4096
_SHORT = 256  # bytes of a string that are looked at first


def uvm_map(vm: VmSpace, start: int, mem: memoryview, prot: int) -> Segment:
    """Enter mem at start, which must be free; return the segment."""
    segment = Segment(start, mem, prot)
    vm.vm_map[start] = segment
    return segment


def uvm_findspace(vm: VmSpace, size: int, top: int = 0, align: int = _PAGE) -> int:
    """Return where size bytes fit highest under top, 0 meaning the layout's mmap_top.

    The address is a multiple of align; it is not above 0 if there is no such place.
    """
    size = max(size, 1)
    limit = top or vm.vm_layout.mmap_top
    full = limit == vm.vm_layout.mmap_top
    if vm.vm_map.full:
        limit = min(limit, vm.vm_map.full)
    for segment in vm.vm_map.below(limit):
        floor = -(-segment.end // _PAGE) * _PAGE
        start = (limit - size) // align * align
        if start >= floor:
            return start
        if full := full and limit - floor < _PAGE:
            vm.vm_map.full = segment.start
        limit = segment.start
    return (limit - size) // align * align


def uvm_unmap(vm: VmSpace, start: int) -> None:
    """Forget the segment that begins at start."""
    del vm.vm_map[start]


def useracc(vm: VmSpace, uaddr: int, size: int, prot: int) -> memoryview:
    """Return user memory in place, from uaddr, size bytes or fewer if the segment ends.

    At least one byte unless size is 0.

    Raises:
        KernelError: EFAULT, uaddr is not mapped, or not with prot.
    """
    segment = vm.vm_stack
    offset = uaddr - segment.start
    if not 0 <= offset < len(segment.mem):
        if not size:
            return memoryview(bytearray())  # copyout may store nothing in it
        found = vm.vm_map.at(uaddr)
        if found is None or uaddr >= found.end:
            if not uvm_grow(vm, uaddr):
                raise KernelError(Errno.EFAULT)
            found = vm.vm_stack
        segment = found
        offset = uaddr - segment.start
        if segment.size > offset:
            return uvm_fault(segment, uaddr, size, prot)
    if segment.prot & prot != prot:
        raise KernelError(Errno.EFAULT)
    return segment.mem[offset : offset + size]


def uvm_voaddr(vm: VmSpace, uaddr: int) -> tuple[object, int]:
    """Return the memory at uaddr as all who map it know it: whose it is, the offset in it.

    Raises:
        KernelError: EFAULT, there is none.
    """
    segment = vm.vm_map.at(uaddr)
    if segment is not None:
        at = uaddr - segment.start
        if segment.size > at:
            whose = segment.object if segment.amap is None else id(segment.amap)
            return whose, at + segment.offset
        if uaddr < segment.end:
            return segment, at
    raise KernelError(Errno.EFAULT)


def copyin(vm: VmSpace, uaddr: int, size: int) -> bytes:
    """Return size bytes of user memory.

    Raises:
        KernelError: EFAULT, some of it cannot be read.
    """
    piece = useracc(vm, uaddr, size, VM_PROT_READ)
    if len(piece) == size:
        return bytes(piece)
    whole = bytearray(piece)
    while len(whole) < size:
        whole += useracc(vm, uaddr + len(whole), size - len(whole), VM_PROT_READ)
    return bytes(whole)


def copyout(vm: VmSpace, data: bytes | bytearray | memoryview, uaddr: int) -> None:
    """Store data in user memory.

    Raises:
        KernelError: EFAULT, some of it cannot be written; what could be, is.
    """
    size = len(data)
    segment = vm.vm_stack
    at = uaddr - segment.start
    if size and at >= 0 and at + size <= len(segment.mem) and segment.prot & VM_PROT_WRITE:
        segment.mem[at : at + size] = data
    else:
        piece = useracc(vm, uaddr, size, VM_PROT_WRITE)
        done = len(piece)
        view = memoryview(data)
        piece[:] = view[:done]
        while done < size:
            piece = useracc(vm, uaddr + done, size - done, VM_PROT_WRITE)
            piece[:] = view[done : done + len(piece)]
            done += len(piece)
    if vm.vm_log is not None:
        vm.vm_log.append((uaddr, data if type(data) is bytes else bytes(data)))


def copyinstr(vm: VmSpace, uaddr: int, maxlen: int) -> bytes:
    """Return the string at uaddr without its NUL.

    Args:
        vm: the address space.
        uaddr: where the string starts.
        maxlen: bytes, the NUL included.

    Raises:
        KernelError: EFAULT, it runs into memory that cannot be read.
            ENAMETOOLONG, no NUL within maxlen bytes.
    """
    segment = vm.vm_stack
    offset = uaddr - segment.start
    if offset >= 0 and maxlen >= _SHORT and segment.prot & VM_PROT_READ:
        # the common case: a short one on the stack
        string, nul, _ = segment.mem[offset : offset + _SHORT].tobytes().partition(b"\0")
        if nul:
            return string
    whole = b""
    while True:
        piece = bytes(useracc(vm, uaddr + len(whole), maxlen - len(whole), VM_PROT_READ))
        end = piece.find(0)
        if end >= 0:
            return whole + piece[:end]
        whole += piece
        if len(whole) >= maxlen:
            raise KernelError(Errno.ENAMETOOLONG)
