# SPDX-License-Identifier: BSD-2-Clause
"""Mounting a tmpfs.  NetBSD sys/fs/tmpfs/tmpfs_vfsops.c."""

from typing import Final

from kernel.fs.tmpfs.tmpfs import (
    SIZEOF_TMPFS_NODE,
    TmpfsArgs,
    TmpfsMount,
)
from kernel.fs.tmpfs.tmpfs_subr import tmpfs_node_get
from kernel.fs.tmpfs.tmpfs_vnops import tmpfs_vnodeops
from kernel.fs.tmpfs.tmpfs_window import tmpfs_settle_all
from kernel.kern.vfs_cache import cache_enter_id
from kernel.kern.vfs_vnode import FORCECLOSE, WRITECLOSE, vflush
from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.mount import (
    IMNT_CAN_RWTORO,
    IMNT_NCLOOKUP,
    IMNT_WANTRDONLY,
    MNT_FORCE,
    MNT_LOCAL,
    MNT_UPDATE,
    MOUNT_TMPFS,
    Mount,
    VfsOps,
)
from kernel.sys.mount_args import TMPFS_ARGS_VERSION
from kernel.sys.mount_args import tmpfs_args as TmpfsArgsLayout
from kernel.sys.param import KERNEL_NAME_MAX, PAGE_SIZE
from kernel.sys.proc import Lwp
from kernel.sys.stat import ALLPERMS
from kernel.sys.statvfs import Statvfs
from kernel.sys.vnode import VDIR, VV_ROOT, Vattr, Vnode

_NOBODY: Final = 0xFFFFFFFF  # VNOVAL as a uid_t
_INT_MAX: Final = 0x7FFFFFFF
_NODES_MIN: Final = 3  # fewer nodes than that are no limit


def tmpfs_args(lwp: Lwp, mp: Mount, data: bytes | None) -> TmpfsArgs:
    """Return what struct tmpfs_args asks for.

    A size below a page is no limit: then as much as the root file system may
    hold.  Without a limit of nodes there is one for each 1024 bytes.  For
    MNT_UPDATE, what is not limited stays as it is.

    Raises:
        KernelError: EINVAL, too short, another version, or owned by nobody.
    """
    args = _args_of(data)
    if _NOBODY in {args.ta_root_uid, args.ta_root_gid}:
        raise KernelError(Errno.EINVAL)
    tmp: TmpfsMount | None = mp.mnt_data
    size, nodes = args.ta_size_max, args.ta_nodes_max
    if size < PAGE_SIZE:
        size = lwp.l_kernel.limits.fs_size if tmp is None else tmp.tm_mem_limit
    if nodes <= _NODES_MIN:
        nodes = _NODES_MIN + size // 1024 if tmp is None else tmp.tm_nodes_max
    return TmpfsArgs(
        size,
        min(nodes, _INT_MAX),
        args.ta_root_uid,
        args.ta_root_gid,
        args.ta_root_mode & ALLPERMS,
    )


def _args_of(data: bytes | None) -> TmpfsArgsLayout:
    """Return the struct tmpfs_args in data.

    Raises:
        KernelError: EINVAL, too short, or another version.
    """
    if data is None or len(data) < sizeof(TmpfsArgsLayout):
        raise KernelError(Errno.EINVAL)
    args = unpack_from(TmpfsArgsLayout, data)
    if args.ta_version != TMPFS_ARGS_VERSION:
        raise KernelError(Errno.EINVAL)
    return args


def tmpfs_getargs(_lwp: Lwp, mp: Mount, data: bytes | None) -> bytes:
    """Return the struct tmpfs_args of a mounted tmpfs.

    Raises:
        KernelError: EINVAL, what is to be filled in is too short, or of another version.
    """
    _args_of(data)
    tmp: TmpfsMount = mp.mnt_data
    root = tmp.tm_root
    if root is None:
        raise KernelError(Errno.EIO)
    return pack(
        TmpfsArgsLayout(
            TMPFS_ARGS_VERSION,
            tmp.tm_nodes_max,
            tmp.tm_mem_limit,
            root.tn_uid,
            root.tn_gid,
            root.tn_mode,
        )
    )


def tmpfs_mount(mp: Mount, args: TmpfsArgs) -> None:
    """Make an empty file system, or with MNT_UPDATE change the limits of one.

    Raises:
        KernelError: EINVAL, limits too small; EBUSY, below what is in use.
    """
    if args.ta_nodes_max < 1 or args.ta_size_max < SIZEOF_TMPFS_NODE:
        raise KernelError(Errno.EINVAL)
    if mp.mnt_flag & MNT_UPDATE:
        _update(mp, args)
        return
    mp.mnt_data = tmp = TmpfsMount(args.ta_size_max, args.ta_nodes_max)
    mp.mnt_flag |= MNT_LOCAL
    mp.mnt_iflag |= IMNT_CAN_RWTORO | IMNT_NCLOOKUP
    vap = Vattr(VDIR, args.ta_root_mode)
    root = tmpfs_node_get(mp, tmpfs_vnodeops, vap, args.ta_root_uid, args.ta_root_gid)
    root.tn_vnode.v_vflag |= VV_ROOT
    root.tn_dir.tn_parent = root
    root.tn_links += 1
    tmp.tm_root = root


def _update(mp: Mount, args: TmpfsArgs) -> None:
    """Change the limits and the root directory's owner and mode; become read-only.

    Raises:
        KernelError: EBUSY, below what is in use, or a file might be written.
    """
    tmp: TmpfsMount = mp.mnt_data
    if args.ta_nodes_max < tmp.tm_nodes_cnt:
        raise KernelError(Errno.EBUSY)
    if mp.mnt_iflag & IMNT_WANTRDONLY:
        vflush(mp, WRITECLOSE | (FORCECLOSE if mp.mnt_flag & MNT_FORCE else 0))
    tmpfs_settle_all(tmp)
    if args.ta_size_max < tmp.tm_mem_used:
        raise KernelError(Errno.EBUSY)
    tmp.tm_mem_limit, tmp.tm_nodes_max = args.ta_size_max, args.ta_nodes_max
    root = tmp.tm_root
    if root is not None:
        root.tn_uid, root.tn_gid, root.tn_mode = args[2:]
        cache_enter_id(root.tn_vnode, root.tn_mode)


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
    tmpfs_settle_all(tmp)
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
    vfs_name=MOUNT_TMPFS,
    vfs_mount=tmpfs_mount,
    vfs_unmount=tmpfs_unmount,
    vfs_root=tmpfs_root,
    vfs_statvfs=tmpfs_statvfs,
    vfs_sync=tmpfs_sync,
    vfs_min_mount_data=sizeof(TmpfsArgsLayout),
    vfs_args=tmpfs_args,
    vfs_getargs=tmpfs_getargs,
)
