# SPDX-License-Identifier: BSD-2-Clause
"""Mounting a procfs.  NetBSD sys/miscfs/procfs/procfs_vfsops.c."""

from kernel.fs.procfs.procfs import (
    PROCFS_MAXNAMLEN,
    Pfskey,
    PFSroot,
    ProcfsMount,
)
from kernel.fs.procfs.procfs_subr import procfs_allocvp
from kernel.fs.procfs.procfs_vnops import procfs_vnodeops
from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.mount import MNT_LOCAL, MNT_UPDATE, MOUNT_PROCFS, Mount, VfsOps
from kernel.sys.mount_args import PROCFS_ARGSVERSION, procfs_args
from kernel.sys.param import PAGE_SIZE
from kernel.sys.proc import Lwp
from kernel.sys.statvfs import Statvfs
from kernel.sys.vnode import Vnode


def procfs_copyargs(_lwp: Lwp, mp: Mount, data: bytes | None) -> procfs_args:
    """Return the struct procfs_args in data; without all of it there are no flags.

    Raises:
        KernelError: EINVAL, a null pointer.
    """
    if data is None:
        raise KernelError(Errno.EINVAL)
    if mp.mnt_flag & MNT_UPDATE or len(data) < sizeof(procfs_args):
        return procfs_args()
    return unpack_from(procfs_args, data)


def procfs_getargs(_lwp: Lwp, mp: Mount, data: bytes | None) -> bytes:
    """Return the struct procfs_args of a mounted one.

    Raises:
        KernelError: EINVAL, no room for it.
    """
    if data is None or len(data) < sizeof(procfs_args):
        raise KernelError(Errno.EINVAL)
    return pack(procfs_args(flags=mp.mnt_data.pmnt_flags))


def procfs_mount(mp: Mount, args: procfs_args) -> None:
    """Mount; there is nothing to set up but the flags.

    Raises:
        KernelError: EOPNOTSUPP, MNT_UPDATE. EINVAL, args of another version.
    """
    if mp.mnt_flag & MNT_UPDATE:
        raise KernelError(Errno.EOPNOTSUPP)
    if args.version != PROCFS_ARGSVERSION:
        raise KernelError(Errno.EINVAL)
    mp.mnt_flag |= MNT_LOCAL
    mp.mnt_data = ProcfsMount(args.flags, procfs_vnodeops)


def procfs_unmount(mp: Mount, _mntflags: int) -> None:
    """Forget the nodes."""
    mp.mnt_data.pmnt_vnodes.clear()


def procfs_root(mp: Mount) -> Vnode:
    """Return the root directory."""
    return procfs_allocvp(mp, Pfskey(PFSroot))


def procfs_statvfs(mp: Mount) -> Statvfs:
    """Return how many processes there are, and may be, as files."""
    maxproc = mp.mnt_kernel.limits.maxproc
    free = maxproc - len(mp.mnt_kernel.allproc)
    return Statvfs(
        f_bsize=PAGE_SIZE,
        f_frsize=PAGE_SIZE,
        f_iosize=PAGE_SIZE,
        f_blocks=1,
        f_files=maxproc,
        f_ffree=free,
        f_favail=free,
        f_namemax=PROCFS_MAXNAMLEN,
    )


def procfs_sync(_mp: Mount, _waitfor: int) -> None:
    """Nothing is ever stored."""


procfs_vfsops = VfsOps(
    vfs_name=MOUNT_PROCFS,
    vfs_mount=procfs_mount,
    vfs_unmount=procfs_unmount,
    vfs_root=procfs_root,
    vfs_statvfs=procfs_statvfs,
    vfs_sync=procfs_sync,
    vfs_min_mount_data=sizeof(procfs_args),
    vfs_args=procfs_copyargs,
    vfs_getargs=procfs_getargs,
)
