# SPDX-License-Identifier: BSD-2-Clause
"""Mounting a tmpfs.  NetBSD sys/fs/tmpfs/tmpfs_vfsops.c."""

from kernel.fs.tmpfs.tmpfs import SIZEOF_TMPFS_NODE, TmpfsArgs, TmpfsMount
from kernel.fs.tmpfs.tmpfs_subr import tmpfs_node_get
from kernel.fs.tmpfs.tmpfs_vnops import tmpfs_vnodeops
from kernel.sys.errno import Errno, KernelError
from kernel.sys.mount import MNT_LOCAL, MNT_UPDATE, Mount, VfsOps
from kernel.sys.param import KERNEL_NAME_MAX, PAGE_SIZE
from kernel.sys.statvfs import Statvfs
from kernel.sys.vnode import VDIR, VV_ROOT, Vattr, Vnode


def tmpfs_mount(mp: Mount, args: TmpfsArgs) -> None:
    """Make an empty file system, or with MNT_UPDATE change the limits of one.

    Raises:
        KernelError: EINVAL, limits too small; EBUSY, below what is in use.
    """
    if args.ta_nodes_max < 1 or args.ta_size_max < SIZEOF_TMPFS_NODE:
        raise KernelError(Errno.EINVAL)
    if mp.mnt_flag & MNT_UPDATE:
        tmp: TmpfsMount = mp.mnt_data
        if args.ta_nodes_max < tmp.tm_nodes_cnt or args.ta_size_max < tmp.tm_mem_used:
            raise KernelError(Errno.EBUSY)
        tmp.tm_mem_limit, tmp.tm_nodes_max = args.ta_size_max, args.ta_nodes_max
        return
    mp.mnt_data = tmp = TmpfsMount(args.ta_size_max, args.ta_nodes_max)
    mp.mnt_flag |= MNT_LOCAL
    vap = Vattr(VDIR, args.ta_root_mode)
    root = tmpfs_node_get(mp, tmpfs_vnodeops, vap, args.ta_root_uid, args.ta_root_gid)
    root.tn_vnode.v_vflag |= VV_ROOT
    root.tn_dir.tn_parent = root
    root.tn_links += 1
    tmp.tm_root = root


def tmpfs_unmount(mp: Mount, _mntflags: int) -> None:
    """Forget the file system and all in it."""
    mp.mnt_data.tm_root = None


def tmpfs_root(mp: Mount) -> Vnode:
    """Return the root directory."""
    root: Vnode = mp.mnt_data.tm_root.tn_vnode
    return root


def tmpfs_statvfs(mp: Mount) -> Statvfs:
    """Return sizes and counts."""
    tmp: TmpfsMount = mp.mnt_data
    free = (tmp.tm_mem_limit - tmp.tm_mem_used) // PAGE_SIZE
    nodes = min(tmp.tm_nodes_max, tmp.tm_nodes_cnt + free * PAGE_SIZE // SIZEOF_TMPFS_NODE)
    return Statvfs(
        f_bsize=PAGE_SIZE,
        f_frsize=PAGE_SIZE,
        f_iosize=PAGE_SIZE,
        f_blocks=tmp.tm_mem_limit // PAGE_SIZE,
        f_bfree=free,
        f_bavail=free,
        f_files=nodes,
        f_ffree=nodes - tmp.tm_nodes_cnt,
        f_favail=nodes - tmp.tm_nodes_cnt,
        f_namemax=KERNEL_NAME_MAX,
    )


def tmpfs_sync(_mp: Mount, _waitfor: int) -> None:
    """Memory is always up to date."""


tmpfs_vfsops = VfsOps(
    vfs_name="tmpfs",
    vfs_mount=tmpfs_mount,
    vfs_unmount=tmpfs_unmount,
    vfs_root=tmpfs_root,
    vfs_statvfs=tmpfs_statvfs,
    vfs_sync=tmpfs_sync,
)
