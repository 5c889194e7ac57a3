# SPDX-License-Identifier: BSD-2-Clause
"""brk(2).  NetBSD sys/uvm/uvm_unix.c."""

from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import Lwp
from kernel.sys.resource import RLIMIT_DATA
from kernel.sys.vm import DATA_BASE, VM_PROT_ALL, VM_PROT_READ, VM_PROT_WRITE
from kernel.uvm.uvm_map import round_page, uvm_map_busy, uvm_map_enter, uvm_unmap_remove


def sys_obreak(lwp: Lwp, nsize: int) -> int:
    """break(2), behind brk(3) and sbrk(3): set where the data segment ends.

    Raises:
        KernelError: ENOMEM, RLIMIT_DATA, or something is mapped there.
    """
    p = lwp.l_proc
    vm = p.p_vmspace
    new = round_page(nsize)
    old = DATA_BASE + vm.vm_dsize
    if new > DATA_BASE and new - DATA_BASE > p.p_limit[RLIMIT_DATA][0]:
        raise KernelError(Errno.ENOMEM)
    if new > old:
        if new > vm.vm_layout.mmap_top or uvm_map_busy(vm, old, new):
            raise KernelError(Errno.ENOMEM)
        prot = VM_PROT_READ | VM_PROT_WRITE
        uvm_map_enter(vm, old, new - old, prot, VM_PROT_ALL, None, 0, cow=True)
    else:
        new = max(new, DATA_BASE)
        uvm_unmap_remove(vm, new, old)
    vm.vm_dsize = new - DATA_BASE
    return 0
