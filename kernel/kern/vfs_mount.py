# SPDX-License-Identifier: BSD-2-Clause
"""Mounting and unmounting.  NetBSD sys/kern/vfs_mount.c."""

from typing import Any

from kernel.kern.kern_event import knote
from kernel.kern.vfs_cache import cache_purgeall
from kernel.kern.vfs_subr import vref, vrele
from kernel.kern.vfs_vnode import FORCECLOSE, vflush
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import VQ_MOUNT, VQ_UNMOUNT
from kernel.sys.kernel import Kernel
from kernel.sys.mount import (
    IMNT_GONE,
    MNT_BASIC_FLAGS,
    MNT_FORCE,
    MNT_IGNORE,
    MNT_OP_FLAGS,
    MNT_ROOTFS,
    MNT_VISFLAGMASK,
    Mount,
    VfsOps,
    makefstype,
)
from kernel.sys.statvfs import Statvfs
from kernel.sys.types import makedev
from kernel.sys.vnode import VDIR, Vnode


def vfs_attach(kernel: Kernel, *types: VfsOps) -> None:
    """Make types of file system known to mount(2)."""
    for vfsops in types:
        kernel.vfs_list[vfsops.vfs_name] = vfsops


def vfs_getopsbyname(kernel: Kernel, name: str) -> VfsOps | None:
    """Return the type of that name, None if there is none."""
    return kernel.vfs_list.get(name)


def vfs_getnewfsid(kernel: Kernel, vfsops: VfsOps) -> int:
    """Return an id that no mounted file system has, nor had one lately: what st_dev tells.

    Source: vfs_getnewfsid, NetBSD sys/kern/vfs_mount.c.
    """
    used = {mp.mnt_fsid for mp in kernel.mountlist}
    while True:
        kernel.mntid = kernel.mntid % 0xFFFF + 1
        fsid = makedev(makefstype(vfsops.vfs_name) & 0xFF, kernel.mntid)
        if fsid not in used:
            return fsid


def vfs_mountalloc(kernel: Kernel, vfsops: VfsOps, vp: Vnode | None, flags: int) -> Mount:
    """Return a file system that is not mounted yet.

    Args:
        kernel: where it will be.
        vfsops: its type.
        vp: the directory it will cover; None: it will be the root of the tree.
        flags: MNT_*.
    """
    return Mount(
        kernel,
        vfsops,
        vfs_getnewfsid(kernel, vfsops),
        flags & (MNT_BASIC_FLAGS | MNT_FORCE | MNT_IGNORE),
        vp,
        mnt_fromname=vfsops.vfs_name.encode(),
    )


def vfs_mountstart(mp: Mount) -> None:
    """Put mp, which its type has set up, on its directory."""
    kernel, covered = mp.mnt_kernel, mp.mnt_vnodecovered
    kernel.mountlist.append(mp)
    knote(kernel.fs_klist, VQ_MOUNT)
    root = mp.mnt_op.vfs_root(mp)
    if covered is None:
        kernel.rootvnode = root
        vref(root)
        return
    busy = bool(covered.v_usecount)
    vref(covered)
    covered.v_mountedhere = mp
    cache_purgeall(kernel)
    if busy:
        _checkdirs(kernel, covered, root)


def _checkdirs(kernel: Kernel, olddp: Vnode, newdp: Vnode) -> None:
    """Move those whose current or root directory has been covered to what covers it.

    Source: mount_checkdirs, NetBSD sys/kern/vfs_mount.c.
    """
    for p in kernel.allproc.values():
        cwdi = p.p_cwdi
        if cwdi.cwdi_cdir is olddp:
            vref(newdp)
            cwdi.cwdi_cdir = newdp
            vrele(olddp)
        if cwdi.cwdi_rdir is olddp:
            vref(newdp)
            cwdi.cwdi_rdir = newdp
            vrele(olddp)
    if kernel.rootvnode is olddp:
        vref(newdp)
        kernel.rootvnode = newdp
        vrele(olddp)


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
    """Mount a file system: mount(2) from the inside.

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
        KernelError: ENOTDIR; EBUSY, vp is covered, or there is a root already;
            and as vfs_mount.
    """
    if vp is None:
        if kernel.rootvnode is not None:
            raise KernelError(Errno.EBUSY)
    elif vp.v_type != VDIR:
        raise KernelError(Errno.ENOTDIR)
    elif vp.v_mountedhere is not None:
        raise KernelError(Errno.EBUSY)
    mp = vfs_mountalloc(kernel, vfsops, vp, flags)
    mp.mnt_onname, mp.mnt_owner = onname, owner
    if fromname is not None:
        mp.mnt_fromname = fromname
    vfsops.vfs_mount(mp, args)
    mp.mnt_flag &= ~MNT_OP_FLAGS
    if vp is None:
        mp.mnt_flag |= MNT_ROOTFS
    vfs_mountstart(mp)
    return mp


def dounmount(mp: Mount, flags: int) -> None:
    """Unmount.

    Args:
        mp: what.
        flags: MNT_FORCE: even if files of it are in use; they become dead.

    Raises:
        KernelError: EBUSY, in use, below a layer, or the root of the tree;
            ENOENT, it is unmounted; and as vfs_unmount.

    Source: dounmount, NetBSD sys/kern/vfs_mount.c.
    """
    covered = mp.mnt_vnodecovered
    mountlist = mp.mnt_kernel.mountlist
    if mp.mnt_iflag & IMNT_GONE:
        raise KernelError(Errno.ENOENT)
    if covered is None or any(other.mnt_lower is mp for other in mountlist):
        raise KernelError(Errno.EBUSY)
    vflush(mp, FORCECLOSE if flags & MNT_FORCE else 0)
    mp.mnt_op.vfs_unmount(mp, flags)
    mountlist.remove(mp)
    knote(mp.mnt_kernel.fs_klist, VQ_UNMOUNT)
    mp.mnt_iflag |= IMNT_GONE
    covered.v_mountedhere = None
    cache_purgeall(mp.mnt_kernel)
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
