# SPDX-License-Identifier: BSD-2-Clause
"""The page at an address, found or made when it is touched.  NetBSD sys/uvm/uvm_fault.c."""

from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import PAGE_MASK, PAGE_SHIFT, PAGE_SIZE
from kernel.sys.signal import BUS_ADRERR, SEGV_ACCERR, SEGV_MAPERR, SIGBUS, SIGSEGV
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.vm import VM_PROT_WRITE, Page, Segment, VmSpace


def uvm_fault(segment: Segment, uaddr: int, size: int, prot: int) -> memoryview:
    """Return memory in place from uaddr, which is in a segment of pages; up to the page's end.

    Raises:
        KernelError: EFAULT, not with prot, or the page is behind the end of a file.
    """
    if segment.prot & prot != prot:
        raise KernelError(Errno.EFAULT)
    at = uaddr - segment.start + segment.offset
    page = uvm_page(segment, at & ~PAGE_MASK, bool(prot & VM_PROT_WRITE))
    if page is None:
        raise KernelError(Errno.EFAULT)
    within = at & PAGE_MASK
    return page[within : within + size]


def uvm_grow(vm: VmSpace, uaddr: int) -> bool:
    """Let the stack reach down to uaddr, and all the way then; return whether it may.

    Most processes never touch more of it than they begin with.

    Source: uvm_grow, NetBSD sys/uvm/uvm_unix.c.
    """
    stack = vm.vm_stack
    if not vm.vm_maxsaddr <= uaddr < stack.start:
        return False
    grown = memoryview(bytearray(stack.end - vm.vm_maxsaddr))
    grown[stack.start - vm.vm_maxsaddr :] = stack.mem
    if vm.vm_map.get(stack.start) is stack:
        del vm.vm_map[stack.start]
        vm.vm_map[vm.vm_maxsaddr] = stack
    stack.start, stack.mem = vm.vm_maxsaddr, grown
    return True


def uvm_page(segment: Segment, offset: int, write: bool) -> memoryview | None:
    """Return the page at offset of what the segment shows; None behind the end of a file."""
    amap, uobj = segment.amap, segment.object
    if amap is None:
        return None if uobj is None else uobj.pgops.pgo_get(uobj, offset, write)
    anon: Page | None = amap.get(offset >> PAGE_SHIFT)
    if anon is None:
        if uobj is None:
            anon = bytearray(PAGE_SIZE)
        else:
            lower = uobj.pgops.pgo_get(uobj, offset, False)
            if lower is None or not write:
                return lower
            anon = bytearray(lower)
        amap[offset >> PAGE_SHIFT] = anon
    return memoryview(anon)


def uvm_fault_signal(vm: VmSpace, uaddr: int, size: int, prot: int) -> Ksiginfo:
    """Return the signal for an access that has failed, with the first address at fault."""
    stop = uaddr + max(size, 1)
    at = uaddr
    while at < stop:
        segment = vm.vm_map.at(at)
        if segment is None or at >= segment.end:
            return Ksiginfo(SIGSEGV, SEGV_MAPERR, ksi_addr=at)
        if segment.prot & prot != prot:
            return Ksiginfo(SIGSEGV, SEGV_ACCERR, ksi_addr=at)
        if segment.size:
            page = at - segment.start + segment.offset & ~PAGE_MASK
            if uvm_page(segment, page, bool(prot & VM_PROT_WRITE)) is None:
                return Ksiginfo(SIGBUS, BUS_ADRERR, ksi_addr=at)
            at = (at | PAGE_MASK) + 1
        else:
            at = segment.end
    return Ksiginfo(SIGSEGV, SEGV_MAPERR, ksi_addr=uaddr)
