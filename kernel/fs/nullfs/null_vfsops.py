# SPDX-License-Identifier: BSD-2-Clause
"""Null mounts.  NetBSD sys/miscfs/nullfs/null_vfsops.c, sys/miscfs/genfs/layer_vfsops.c."""

from kernel.fs.nullfs.layer import LayerMount, layer_node_create
from kernel.fs.nullfs.layer_vnops import layer_vnodeops
from kernel.kern.vfs_lookup import namei_simple, pathbuf_copyin
from kernel.kern.vfs_subr import vref, vrele
from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.mount import MNT_LOCAL, MNT_UPDATE, MOUNT_NULL, Mount, VfsOps
from kernel.sys.mount_args import null_args
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.proc import Lwp
from kernel.sys.statvfs import Statvfs
from kernel.sys.vnode import VDIR, VV_ROOT, Vnode


class NullArgs(NamedTuple):
    """What a null mount shows."""

    lowerrootvp: Vnode
    target: bytes  # its path


def nullfs_args(lwp: Lwp, mp: Mount, data: bytes | None) -> NullArgs:
    """Look up the directory that struct null_args points to.

    Raises:
        KernelError: EINVAL, no data or too short; EOPNOTSUPP, MNT_UPDATE; and as namei.
    """
    if data is None or len(data) < sizeof(null_args):
        raise KernelError(Errno.EINVAL)
    if mp.mnt_flag & MNT_UPDATE:
        raise KernelError(Errno.EOPNOTSUPP)
    target = unpack_from(null_args, data).target
    return NullArgs(namei_simple(lwp, target), pathbuf_copyin(lwp, target))


def nullfs_getargs(_lwp: Lwp, _mp: Mount, data: bytes | None) -> bytes:
    """Return a struct null_args whose pointer is null: the path belongs to who gave it.

    Raises:
        KernelError: EINVAL, there is not room for it.
    """
    if data is None or len(data) < sizeof(null_args):
        raise KernelError(Errno.EINVAL)
    return pack(unpack_from(null_args, data)._replace(target=0))


def nullfs_mount(mp: Mount, args: NullArgs) -> None:
    """Show a directory, and what is below it but for mounts, at another place, too.

    Raises:
        KernelError: ENOTDIR.
    """
    lowervp = args.lowerrootvp
    if lowervp.v_type != VDIR:
        raise KernelError(Errno.ENOTDIR)
    mp.mnt_lower = lowervp.v_mount
    mp.mnt_flag |= mp.mnt_lower.mnt_flag & MNT_LOCAL
    mp.mnt_fromname = args.target
    mp.mnt_data = lmp = LayerMount(layer_vnodeops, lowervp)
    vref(lowervp)
    lmp.layerm_rootvp = layer_node_create(mp, lowervp)
    lmp.layerm_rootvp.v_vflag |= VV_ROOT


def nullfs_unmount(mp: Mount, _mntflags: int) -> None:
    """Let go of what is below."""
    mp.mnt_data.layerm_rootvp = None
    mp.mnt_lower = None
    vrele(mp.mnt_data.layerm_lowervp)


def layerfs_root(mp: Mount) -> Vnode:
    """Return the root directory.

    Raises:
        KernelError: ENOENT, it was revoked.
    """
    root: Vnode | None = mp.mnt_data.layerm_rootvp
    if root is None:
        raise KernelError(Errno.ENOENT)
    return root


def layerfs_statvfs(mp: Mount) -> Statvfs:
    """Return what the file system below says."""
    below = mp.mnt_lower
    if below is None:
        raise KernelError(Errno.ENOENT)
    return below.mnt_op.vfs_statvfs(below)


def layerfs_sync(_mp: Mount, _waitfor: int) -> None:
    """What is below is brought to its storage there."""


nullfs_vfsops = VfsOps(
    vfs_name=MOUNT_NULL,
    vfs_mount=nullfs_mount,
    vfs_unmount=nullfs_unmount,
    vfs_root=layerfs_root,
    vfs_statvfs=layerfs_statvfs,
    vfs_sync=layerfs_sync,
    vfs_min_mount_data=sizeof(null_args),
    vfs_args=nullfs_args,
    vfs_getargs=nullfs_getargs,
)
