# SPDX-License-Identifier: BSD-2-Clause
"""Mounting a ptyfs.  NetBSD sys/fs/ptyfs/ptyfs_vfsops.c."""

from kernel.fs.ptyfs.ptyfs import (
    PtyfsKey,
    PtyfsMount,
    PTYFSptc,
    PTYFSpts,
    PTYFSroot,
    ptyfs_allocvp,
)
from kernel.fs.ptyfs.ptyfs_vnops import ptyfs_specops, ptyfs_vnodeops
from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.mount import MNT_LOCAL, MNT_UPDATE, MOUNT_PTYFS, Mount, VfsOps
from kernel.sys.mount_args import PTYFS_ARGSVERSION, ptyfs_args
from kernel.sys.param import PAGE_SIZE
from kernel.sys.proc import Lwp
from kernel.sys.pty import PtmPty
from kernel.sys.stat import ALLPERMS
from kernel.sys.statvfs import Statvfs
from kernel.sys.vnode import Vattr, Vnode


def ptyfs_copyargs(_lwp: Lwp, _mp: Mount, data: bytes | None) -> ptyfs_args:
    """Return the struct ptyfs_args in data.

    Raises:
        KernelError: EINVAL, a null pointer, or too few bytes.
    """
    if data is None or len(data) < sizeof(ptyfs_args):
        raise KernelError(Errno.EINVAL)
    return unpack_from(ptyfs_args, data)


def ptyfs_getargs(_lwp: Lwp, mp: Mount, data: bytes | None) -> bytes:
    """Return the struct ptyfs_args of a mounted one.

    Raises:
        KernelError: EINVAL, no room for it.
    """
    if data is None or len(data) < sizeof(ptyfs_args):
        raise KernelError(Errno.EINVAL)
    pmnt: PtyfsMount = mp.mnt_data
    return pack(ptyfs_args(gid=pmnt.pmnt_gid, mode=pmnt.pmnt_mode))


def ptyfs_mount(mp: Mount, args: ptyfs_args) -> None:
    """Mount; the first of a kernel is where pseudo-terminals are.

    Raises:
        KernelError: EOPNOTSUPP, MNT_UPDATE. EINVAL, args of another version.
    """
    if mp.mnt_flag & MNT_UPDATE:
        raise KernelError(Errno.EOPNOTSUPP)
    if args.version != PTYFS_ARGSVERSION:
        raise KernelError(Errno.EINVAL)
    mp.mnt_flag |= MNT_LOCAL
    mp.mnt_data = PtyfsMount(args.gid, args.mode & ALLPERMS, ptyfs_vnodeops, ptyfs_specops)
    mp.mnt_data.pmnt_handler = _handler(mp)
    if mp.mnt_kernel.ptm is None:
        mp.mnt_kernel.ptm = mp.mnt_data.pmnt_handler


def _handler(mp: Mount) -> PtmPty:
    """What the driver finds the files of mp with."""
    pmnt: PtyfsMount = mp.mnt_data

    def allocvp(ptn: int, slave: bool) -> Vnode:
        return ptyfs_allocvp(mp, PtyfsKey(PTYFSpts if slave else PTYFSptc, ptn))

    def makename(ptn: int, slave: bool) -> bytes:
        where: bytes = mp.mnt_onname
        return b"%s/%d" % (where, ptn) if slave else b"/dev/null"

    def forget(ptn: int) -> None:
        for kind in (PTYFSpts, PTYFSptc):
            pmnt.pmnt_nodes.pop(PtyfsKey(kind, ptn), None)

    def getvattr(lwp: Lwp) -> Vattr:
        return Vattr(va_uid=lwp.l_proc.p_cred.cr_ruid, va_gid=pmnt.pmnt_gid, va_mode=pmnt.pmnt_mode)

    return PtmPty(allocvp, makename, forget, getvattr)


def ptyfs_unmount(mp: Mount, mntflags: int) -> None:
    """Forget the nodes; pseudo-terminals are nowhere then."""
    del mntflags
    mp.mnt_data.pmnt_vnodes.clear()
    if mp.mnt_kernel.ptm is mp.mnt_data.pmnt_handler:
        mp.mnt_kernel.ptm = None


def ptyfs_root(mp: Mount) -> Vnode:
    """Return the directory."""
    return ptyfs_allocvp(mp, PtyfsKey(PTYFSroot))


def ptyfs_statvfs(_mp: Mount) -> Statvfs:
    """Return sizes that say nothing."""
    return Statvfs(
        f_bsize=PAGE_SIZE, f_frsize=PAGE_SIZE, f_iosize=PAGE_SIZE, f_blocks=2, f_files=1024,
        f_namemax=255,
    )  # fmt: skip


def ptyfs_sync(_mp: Mount, _waitfor: int) -> None:
    """Nothing is ever stored."""


ptyfs_vfsops = VfsOps(
    vfs_name=MOUNT_PTYFS,
    vfs_mount=ptyfs_mount,
    vfs_unmount=ptyfs_unmount,
    vfs_root=ptyfs_root,
    vfs_statvfs=ptyfs_statvfs,
    vfs_sync=ptyfs_sync,
    vfs_min_mount_data=sizeof(ptyfs_args),
    vfs_args=ptyfs_copyargs,
    vfs_getargs=ptyfs_getargs,
)
