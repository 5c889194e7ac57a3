# SPDX-License-Identifier: BSD-2-Clause
"""mem: the memory of a process, offsets being addresses.  NetBSD sys/miscfs/procfs/procfs_mem.c."""

from kernel.arch.python.copy import copyin, copyout
from kernel.fs.procfs.procfs import Pfskey
from kernel.kern.kern_subr import uiogather, uiomove
from kernel.sys.param import MAXBSIZE, PAGE_SIZE
from kernel.sys.proc import Lwp, Proc
from kernel.sys.uio import UIO_READ, Uio


def procfs_domem(_lwp: Lwp, p: Proc, _pfs: Pfskey, uio: Uio) -> None:
    """Move bytes out of p's memory, or into it.

    Raises:
        KernelError: EFAULT, some of it is not there or, written, protected; what lies
            MAXBSIZE bytes before has moved.

    Source: process_domem, uvm_io.
    """
    vm = p.p_vmspace
    end = vm.vm_layout.usrstack + PAGE_SIZE  # VM_MAXUSER_ADDRESS: there the file ends
    left = min(uio.uio_resid, end - uio.uio_offset)
    while left > 0:
        address, count = uio.uio_offset, min(left, MAXBSIZE)
        if uio.uio_rw == UIO_READ:
            uiomove(copyin(vm, address, count), uio)
        else:
            copyin(vm, address, count)
            copyout(vm, uiogather(uio, count), address)
        left -= count
