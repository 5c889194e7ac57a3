# SPDX-License-Identifier: BSD-2-Clause
"""Mounting and unmounting.  NetBSD sys/kern/vfs_mount.c."""

from typing import Any

from kernel.kern.vfs_subr import vref, vrele
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel
from kernel.sys.mount import MNT_FORCE, MNT_ROOTFS, MNT_VISFLAGMASK, Mount, VfsOps
from kernel.sys.statvfs import Statvfs
from kernel.sys.vnode import VDIR, VV_ROOT, Vnode

_FSID_FIRST = 0x8000  # st_dev of the first file system


def domount(
    kernel: Kernel,
    vfsops: VfsOps,
    vp: Vnode | None,
    args: Any,
    *,
    flags: int = 0,
    onname: bytes = b"/",
    fromname: bytes | None = None,
    owner: int = 0,
) -> Mount:
    """Mount a file system.

    Args:
        kernel: where to.
        vfsops: its type.
        vp: the directory to cover; None: this is the root of the tree.
        args: what the type's vfs_mount takes.
        flags: MNT_*.
        onname: path of vp, for statvfs(2).
        fromname: what is mounted, for statvfs(2); None: the type's name.
        owner: uid of who mounts.

    Raises:
        KernelError: ENOTDIR; EBUSY, vp is covered or the root of a file
            system, or there is a root already; and as vfs_mount.

    Source: mount_domount, NetBSD sys/kern/vfs_mount.c.
    """
    if vp is None:
        if kernel.rootvnode is not None:
            raise KernelError(Errno.EBUSY)
        flags |= MNT_ROOTFS
    else:
        if vp.v_type != VDIR:
            raise KernelError(Errno.ENOTDIR)
        if vp.v_mountedhere is not None or vp.v_vflag & VV_ROOT:
            raise KernelError(Errno.EBUSY)
    fsid = max((mp.mnt_fsid for mp in kernel.mountlist), default=_FSID_FIRST - 1) + 1
    mp = Mount(
        kernel,
        vfsops,
        fsid,
        flags,
        vp,
        mnt_onname=onname,
        mnt_fromname=vfsops.vfs_name.encode() if fromname is None else fromname,
        mnt_owner=owner,
    )
    vfsops.vfs_mount(mp, args)
    kernel.mountlist.append(mp)
    if vp is None:
        kernel.rootvnode = vfsops.vfs_root(mp)
    else:
        vref(vp)
        vp.v_mountedhere = mp
    return mp


def dounmount(mp: Mount, flags: int) -> None:
    """Unmount.

    Args:
        mp: what.
        flags: MNT_FORCE: even if files of it are in use.

    Raises:
        KernelError: EBUSY, in use, or the root of the tree; and as vfs_unmount.
    """
    covered = mp.mnt_vnodecovered
    if covered is None or (mp.mnt_usecount and not flags & MNT_FORCE):
        raise KernelError(Errno.EBUSY)
    mp.mnt_op.vfs_unmount(mp, flags)
    mp.mnt_kernel.mountlist.remove(mp)
    covered.v_mountedhere = None
    mp.mnt_vnodecovered = None
    vrele(covered)


def dostatvfs(mp: Mount) -> Statvfs:
    """Return what statvfs(2) tells of mp.

    Raises:
        KernelError: as vfs_statvfs.
    """
    return mp.mnt_op.vfs_statvfs(mp)._replace(
        f_flag=mp.mnt_flag & MNT_VISFLAGMASK,
        f_fsid=mp.mnt_fsid,
        f_owner=mp.mnt_owner,
        f_fstypename=mp.mnt_op.vfs_name.encode(),
        f_mntonname=mp.mnt_onname,
        f_mntfromname=mp.mnt_fromname,
    )
