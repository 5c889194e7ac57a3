# SPDX-License-Identifier: BSD-2-Clause
"""Mounting a directory of the host."""

import os
from weakref import WeakValueDictionary

from kernel.fs.hostfs.hostfs import HostfsArgs, HostMount, HostNode
from kernel.fs.hostfs.hostfs_subr import host_errors
from kernel.fs.hostfs.hostfs_vnops import hostfs_vnodeops
from kernel.kern.vfs_lookup import pathbuf_copyin
from kernel.kern.vfs_vnode import FORCECLOSE, WRITECLOSE, vflush
from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.mount import (
    IMNT_CAN_RWTORO,
    IMNT_WANTRDONLY,
    IMNT_WANTRDWR,
    MNT_FORCE,
    MNT_NODEV,
    MNT_NOSUID,
    MNT_RDONLY,
    MNT_UPDATE,
    Mount,
    VfsOps,
)
from kernel.sys.mount_args import hostfs_args
from kernel.sys.proc import Lwp
from kernel.sys.statvfs import Statvfs
from kernel.sys.vnode import VDIR, VV_ROOT, Vnode


def hostfs_copyargs(lwp: Lwp, mp: Mount, data: bytes | None) -> HostfsArgs | None:
    """Return what the embedding program offers by the name that struct hostfs_args points to.

    No path of the host ever comes from a program: System.offer gives a directory a name.

    Raises:
        KernelError: EINVAL, no data or too short; ENOENT, nothing is offered by that name;
            EFAULT; ENAMETOOLONG.
    """
    if mp.mnt_flag & MNT_UPDATE:
        return None
    if data is None or len(data) < sizeof(hostfs_args):
        raise KernelError(Errno.EINVAL)
    name = pathbuf_copyin(lwp, unpack_from(hostfs_args, data).name)
    args: HostfsArgs | None = lwp.l_kernel.hostdirs.get(name)
    if args is None:
        raise KernelError(Errno.ENOENT)
    mp.mnt_fromname = name
    return args


def hostfs_getargs(_lwp: Lwp, _mp: Mount, data: bytes | None) -> bytes:
    """Return a struct hostfs_args whose pointer is null: the name is f_mntfromname.

    Raises:
        KernelError: EINVAL, there is not room for it.
    """
    if data is None or len(data) < sizeof(hostfs_args):
        raise KernelError(Errno.EINVAL)
    return pack(hostfs_args())


def hostfs_mount(mp: Mount, args: HostfsArgs | None) -> None:
    """Open the directory, the only time that the host resolves a whole path.

    Set-id bits and devices of the host mean nothing to the guest.

    Raises:
        KernelError: EROFS, it is offered for reading only; EBUSY, it is to
            be read-only, and a file might be written; and as the host says:
            ENOENT, ENOTDIR, EACCES.
    """
    mp.mnt_flag |= MNT_NOSUID | MNT_NODEV
    if args is None:
        _update(mp)
        return
    if args.ha_readonly and not mp.mnt_flag & MNT_RDONLY:
        raise KernelError(Errno.EROFS)
    with host_errors():
        how = os.O_DIRECTORY | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
        dirfd = os.open(args.ha_path, how)
    root = Vnode(VDIR, mp, hostfs_vnodeops, HostNode(None, b".", dirfd), v_vflag=VV_ROOT)
    uid, gid = os.geteuid(), os.getegid()
    st = os.fstat(dirfd)
    mp.mnt_data = HostMount(
        root,
        (uid, uid if args.ha_uid is None else args.ha_uid),
        (gid, gid if args.ha_gid is None else args.ha_gid),
        args.ha_readonly,
        args.ha_sealed,
        args.ha_hidden,
        WeakValueDictionary(),
        st.st_dev,
    )
    mp.mnt_data.hm_nodes[st.st_dev, st.st_ino] = root
    mp.mnt_iflag |= IMNT_CAN_RWTORO


def _update(mp: Mount) -> None:
    """Become read-only, or not to be any more."""
    if mp.mnt_iflag & IMNT_WANTRDWR and mp.mnt_data.hm_readonly:
        raise KernelError(Errno.EROFS)
    if mp.mnt_iflag & IMNT_WANTRDONLY:
        vflush(mp, WRITECLOSE | (FORCECLOSE if mp.mnt_flag & MNT_FORCE else 0))


def hostfs_unmount(mp: Mount, _mntflags: int) -> None:
    """Forget the host's files; what is open stays so until its last user lets go."""
    mp.mnt_data.hm_nodes.clear()


def hostfs_root(mp: Mount) -> Vnode:
    """Return the root directory."""
    root: Vnode = mp.mnt_data.hm_root
    return root


def hostfs_statvfs(mp: Mount) -> Statvfs:
    """Return what the host says of its file system."""
    with host_errors():
        st = os.statvfs(mp.mnt_data.hm_root.v_data.hn_dirfd)
    return Statvfs(
        f_bsize=st.f_bsize,
        f_frsize=st.f_frsize,
        f_iosize=st.f_bsize,
        f_blocks=st.f_blocks,
        f_bfree=st.f_bfree,
        f_bavail=st.f_bavail,
        f_files=st.f_files,
        f_ffree=st.f_ffree,
        f_favail=st.f_favail,
        f_namemax=min(st.f_namemax, 255),
    )


def hostfs_sync(_mp: Mount, _waitfor: int) -> None:
    """The host has its own time for that."""


hostfs_vfsops = VfsOps(
    vfs_name="hostfs",
    vfs_mount=hostfs_mount,
    vfs_unmount=hostfs_unmount,
    vfs_root=hostfs_root,
    vfs_statvfs=hostfs_statvfs,
    vfs_sync=hostfs_sync,
    vfs_min_mount_data=sizeof(hostfs_args),
    vfs_args=hostfs_copyargs,
    vfs_getargs=hostfs_getargs,
)
