# SPDX-License-Identifier: BSD-2-Clause
"""System V shared memory.  NetBSD sys/kern/sysv_shm.c."""

from typing import Final

from kernel.arch.python.copy import copyin, copyout, uvm_findspace
from kernel.kern.sysv_ipc import ipc_bykey, ipc_find, ipc_fresh, ipc_set, ipcperm, seconds
from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ipc import IPC_M, IPC_PRIVATE, IPC_R, IPC_RMID, IPC_SET, IPC_STAT, IPC_W
from kernel.sys.kernel import Kernel
from kernel.sys.param import PAGE_SHIFT, PHYSMEM
from kernel.sys.proc import Lwp, Proc
from kernel.sys.shm import (
    SHM_LOCK,
    SHM_RDONLY,
    SHM_RND,
    SHM_UNLOCK,
    SHMLBA,
    SHMMNI,
    SHMSEG,
    ShmidDs,
    Shmseg,
)
from kernel.sys.vm import VM_MIN_ADDRESS, VM_PROT_READ, VM_PROT_WRITE, VmSpace
from kernel.uvm.uvm_aobj import uao_create, uao_detach
from kernel.uvm.uvm_map import round_page, uvm_map_busy, uvm_map_enter, uvm_unmap_remove

SHMMAX: Final = PHYSMEM // 4  # bytes of a segment
SHMALL: Final = SHMMAX >> PAGE_SHIFT  # pages of all


def sys_shmget(lwp: Lwp, key: int, size: int, shmflg: int) -> int:
    """shmget(2): return the segment that has key, or make one of size bytes.

    Raises:
        KernelError: EACCES. EEXIST. EINVAL, size is more than it has, or than there may be, or
            a new one's 0. ENOENT. ENOMEM, all memory for segments is used. ENOSPC, there are as
            many as there may be.
    """
    kernel = lwp.l_kernel
    found = ipc_bykey(lwp, _keyed(kernel), key, shmflg)
    if found is not None:
        if size > found.shm_segsz:
            raise KernelError(Errno.EINVAL)
        return found.id
    if not 0 < size <= SHMMAX:
        raise KernelError(Errno.EINVAL)
    if len(kernel.shmsegs) >= SHMMNI:
        raise KernelError(Errno.ENOSPC)
    pages = sum(round_page(seg.shm_segsz) >> PAGE_SHIFT for seg in kernel.shmsegs.values())
    if pages + (round_page(size) >> PAGE_SHIFT) > SHMALL:
        raise KernelError(Errno.ENOMEM)
    fresh = ipc_fresh(lwp, "shm", kernel.shmsegs, SHMMNI, key, shmflg)
    now = seconds(lwp)
    seg = Shmseg(*fresh, size, uao_create(round_page(size)), lwp.l_proc.p_pid, now)
    kernel.shmsegs[seg.ix] = seg
    return seg.id


def _keyed(kernel: Kernel) -> dict[int, Shmseg]:
    return {ix: seg for ix, seg in kernel.shmsegs.items() if not seg.shm_removed}


def _find(kernel: Kernel, shmid: int) -> Shmseg:
    seg = ipc_find(kernel.shmsegs, shmid)
    if seg.shm_removed:
        raise KernelError(Errno.EINVAL)
    return seg


def sys_shmat(lwp: Lwp, shmid: int, shmaddr: int, shmflg: int) -> int:
    """shmat(2): map a segment; return where.

    Raises:
        KernelError: EACCES. EINVAL, there is no such segment, or shmaddr is no page's. EMFILE,
            the process has as many as it may. ENOMEM, there is no room, or not at shmaddr.
    """
    p = lwp.l_proc
    vm = p.p_vmspace
    seg = _find(lwp.l_kernel, shmid)
    readonly = shmflg & SHM_RDONLY
    ipcperm(p.p_cred, seg, IPC_R if readonly else IPC_R | IPC_W)
    if len(vm.vm_shm) >= SHMSEG:
        raise KernelError(Errno.EMFILE)
    size = round_page(seg.shm_segsz)
    if shmaddr:
        if shmaddr % SHMLBA and not shmflg & SHM_RND:
            raise KernelError(Errno.EINVAL)
        va = shmaddr // SHMLBA * SHMLBA
        end = va + size
        if va < VM_MIN_ADDRESS or end > vm.vm_layout.usrstack or uvm_map_busy(vm, va, end):
            raise KernelError(Errno.ENOMEM)
    else:
        va = uvm_findspace(vm, size)
        if va < VM_MIN_ADDRESS:
            raise KernelError(Errno.ENOMEM)
    prot = VM_PROT_READ | (0 if readonly else VM_PROT_WRITE)
    uvm_map_enter(vm, va, size, prot, prot, seg.shm_object, 0, cow=False)
    vm.vm_shm.append((seg.id, va))
    seg.shm_lpid = p.p_pid
    seg.shm_atime = seconds(lwp)
    seg.shm_nattch += 1
    return va


def sys_shmdt(lwp: Lwp, shmaddr: int) -> int:
    """shmdt(2): take away the segment that is attached at shmaddr.

    Raises:
        KernelError: EINVAL, none is.
    """
    p = lwp.l_proc
    vm = p.p_vmspace
    for shmid, va in vm.vm_shm:
        if va == shmaddr:
            seg = lwp.l_kernel.shmsegs[shmid & 0xFFFF]
            uvm_unmap_remove(vm, va, va + round_page(seg.shm_segsz))
            vm.vm_shm.remove((shmid, va))
            seg.shm_dtime = seconds(lwp)
            seg.shm_lpid = p.p_pid
            _detached(lwp.l_kernel, seg)
            return 0
    raise KernelError(Errno.EINVAL)


def sys___shmctl50(lwp: Lwp, shmid: int, cmd: int, buf: int) -> int:
    """shmctl(2): tell of a segment, change its owner and permissions, or remove it.

    Raises:
        KernelError: EACCES. EFAULT. EINVAL, cmd, or no such segment. EPERM.
    """
    vm, cred = lwp.l_proc.p_vmspace, lwp.l_proc.p_cred
    new = unpack_from(ShmidDs, copyin(vm, buf, sizeof(ShmidDs))) if cmd == IPC_SET else None
    seg = _find(lwp.l_kernel, shmid)
    if cmd == IPC_STAT:
        ipcperm(cred, seg, IPC_R)
        copyout(vm, pack(shmid_ds(seg)), buf)
    elif new is not None:
        ipcperm(cred, seg, IPC_M)
        ipc_set(seg, new.shm_perm)
        seg.shm_ctime = seconds(lwp)
    elif cmd == IPC_RMID:
        ipcperm(cred, seg, IPC_M)
        seg.key = IPC_PRIVATE
        seg.shm_removed = True
        _release(lwp.l_kernel, seg)
    elif cmd in {SHM_LOCK, SHM_UNLOCK}:
        if cred.cr_uid:
            raise KernelError(Errno.EPERM)
    else:
        raise KernelError(Errno.EINVAL)
    return 0


def shmid_ds(seg: Shmseg) -> ShmidDs:
    """Return what shmctl(2) and ipcs(1) tell of a segment."""
    return ShmidDs(
        seg.perm(),
        seg.shm_segsz,
        seg.shm_lpid,
        seg.shm_cpid,
        seg.shm_nattch,
        seg.shm_atime,
        seg.shm_dtime,
        seg.shm_ctime,
    )


def shmfork(p: Proc) -> None:
    """A new process has what its parent has attached."""
    for shmid, _ in p.p_vmspace.vm_shm:
        p.p_kernel.shmsegs[shmid & 0xFFFF].shm_nattch += 1


def shmexit(p: Proc) -> None:
    """The address space of p goes, and what is attached with it."""
    _exit(p.p_kernel, p.p_vmspace)
    if p.p_vmspace.vm_forked is not None:
        _exit(p.p_kernel, p.p_vmspace.vm_forked)


def _exit(kernel: Kernel, vm: VmSpace) -> None:
    for shmid, _ in vm.vm_shm:
        _detached(kernel, kernel.shmsegs[shmid & 0xFFFF])
    vm.vm_shm = []


def _detached(kernel: Kernel, seg: Shmseg) -> None:
    seg.shm_nattch -= 1
    _release(kernel, seg)


def _release(kernel: Kernel, seg: Shmseg) -> None:
    """Free a segment that is removed, if nobody has it attached."""
    if seg.shm_removed and not seg.shm_nattch:
        del kernel.shmsegs[seg.ix]
        uao_detach(seg.shm_object)
