# SPDX-License-Identifier: BSD-2-Clause
"""mremap(2).  NetBSD sys/uvm/uvm_mremap.c."""

from kernel.sys.errno import Errno, KernelError
from kernel.sys.mman import MAP_ALIGNMENT_MASK, MAP_FIXED, MAP_REMAPDUP
from kernel.sys.param import PAGE_MASK
from kernel.sys.proc import Lwp
from kernel.sys.vm import VM_MIN_ADDRESS, VmSpace
from kernel.uvm.uvm_map import (
    round_page,
    uvm_map_busy,
    uvm_map_copy,
    uvm_map_entries,
    uvm_map_extend,
    uvm_map_hole,
    uvm_unmap_remove,
)
from kernel.uvm.uvm_mmap import uvm_alignment, uvm_map_findspace

_ADDRESS_MAX = (1 << 64) - 1


def sys_mremap(
    lwp: Lwp, old_address: int, old_size: int, new_address: int, new_size: int, flags: int
) -> int:
    """mremap(2): move a mapping, or give it another size; return where it is.

    Args:
        lwp: the caller.
        old_address: a page's address.
        old_size: bytes, rounded up to pages.
        new_address: where to, with MAP_FIXED.
        new_size: bytes, rounded up to pages.
        flags: MAP_FIXED, MAP_REMAPDUP (the old one stays), MAP_ALIGNED.

    Raises:
        KernelError: EINVAL, flags, a size of 0, or an address that is not aligned. ENOMEM, there
            is no room, or with MAP_FIXED not there. EFAULT, some of the old one is not mapped.
    """
    vm = lwp.l_proc.p_vmspace
    fixed, dup = bool(flags & MAP_FIXED), bool(flags & MAP_REMAPDUP)
    if flags & ~(MAP_FIXED | MAP_REMAPDUP | MAP_ALIGNMENT_MASK):
        raise KernelError(Errno.EINVAL)
    oldsize, newsize = round_page(old_size), round_page(new_size)
    newva = new_address if fixed else 0
    if (old_address | newva) & PAGE_MASK or oldsize <= 0 or newsize <= 0:
        raise KernelError(Errno.EINVAL)
    if old_address + oldsize > _ADDRESS_MAX or newva + newsize > _ADDRESS_MAX:
        raise KernelError(Errno.EINVAL)
    align = uvm_alignment(vm, newva, flags)
    inplace = (not fixed or newva == old_address) and not old_address % align and not dup
    if inplace and newsize <= oldsize:
        uvm_unmap_remove(vm, old_address + newsize, old_address + oldsize)
        return old_address
    _check_mapped(vm, old_address, oldsize)
    if inplace:
        end = old_address + oldsize
        if _free(vm, end, old_address + newsize):
            uvm_map_extend(vm, end, newsize - oldsize)
            return old_address
        if fixed:
            raise KernelError(Errno.ENOMEM)
    if not fixed:
        newva = uvm_map_findspace(vm, 0, newsize, align)
    elif not _free(vm, newva, newva + newsize):
        raise KernelError(Errno.ENOMEM)
    moved = min(oldsize, newsize)
    uvm_map_copy(vm, old_address, moved, newva)
    if newsize > moved:
        uvm_map_extend(vm, newva + moved, newsize - moved)
    if not dup:
        uvm_unmap_remove(vm, old_address, old_address + oldsize)
    return newva


def _check_mapped(vm: VmSpace, start: int, size: int) -> None:
    """Refuse to move what is not there.

    Raises:
        KernelError: EFAULT.
    """
    if next(uvm_map_entries(vm, start, start + size), None) is None or uvm_map_hole(
        vm, start, start + size
    ):
        raise KernelError(Errno.EFAULT)


def _free(vm: VmSpace, start: int, end: int) -> bool:
    return VM_MIN_ADDRESS <= start <= end <= vm.vm_layout.usrstack and not uvm_map_busy(
        vm, start, end
    )
