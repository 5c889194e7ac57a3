# SPDX-License-Identifier: BSD-2-Clause
"""System calls on file systems.  NetBSD sys/kern/vfs_syscalls.c."""

from kernel.arch.python.copy import copyout
from kernel.kern.kern_descrip import fd_getvnode
from kernel.kern.vfs_lookup import namei_simple
from kernel.kern.vfs_mount import dostatvfs
from kernel.sys.mount import MNT_NOWAIT, Mount
from kernel.sys.proc import Lwp
from kernel.sys.statvfs import SIZEOF_STATVFS


def sys___statvfs190(lwp: Lwp, path: int, buf: int, flags: int) -> int:
    """statvfs1(2): store the state of the file system that path is on.

    Args:
        lwp: the caller.
        path: user address.
        buf: user address of a struct statvfs.
        flags: ST_WAIT, ST_NOWAIT: the state is always the present one.

    Raises:
        KernelError: EFAULT; and as namei.
    """
    del flags
    return _copystatvfs(lwp, namei_simple(lwp, path).v_mount, buf)


def sys___fstatvfs190(lwp: Lwp, fd: int, buf: int, flags: int) -> int:
    """fstatvfs1(2): as statvfs1, of an open file.

    Raises:
        KernelError: EBADF; EINVAL, not a file; EFAULT.
    """
    del flags
    return _copystatvfs(lwp, fd_getvnode(lwp.l_proc, fd).f_data.v_mount, buf)


def sys___getvfsstat90(lwp: Lwp, buf: int, bufsize: int, flags: int) -> int:
    """getvfsstat(2): store the state of all file systems; return how many.

    Args:
        lwp: the caller.
        buf: user address of an array of struct statvfs; 0: only count.
        bufsize: bytes at buf.
        flags: as for statvfs1.

    Raises:
        KernelError: EFAULT.
    """
    del flags
    mounts = lwp.l_kernel.mountlist
    if not buf:
        return len(mounts)
    count = min(len(mounts), bufsize // SIZEOF_STATVFS)
    for index, mp in enumerate(mounts[:count]):
        _copystatvfs(lwp, mp, buf + index * SIZEOF_STATVFS)
    return count


def _copystatvfs(lwp: Lwp, mp: Mount, buf: int) -> int:
    copyout(lwp.l_proc.p_vmspace, dostatvfs(mp).pack(), buf)
    return 0


def sys_sync(lwp: Lwp) -> int:
    """sync(2): bring all file systems to their storage."""
    for mp in lwp.l_kernel.mountlist:
        mp.mnt_op.vfs_sync(mp, MNT_NOWAIT)
    return 0
