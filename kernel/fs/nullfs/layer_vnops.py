# SPDX-License-Identifier: BSD-2-Clause
"""Vnode operations of a layer: those below it, and what its own mount flags forbid.

NetBSD sys/miscfs/genfs/layer_vnops.c.
"""

from kernel.fs.genfs.genfs_vnops import genfs_nullop, genfs_vnodeops
from kernel.fs.nullfs.layer import layer_node_create, lower
from kernel.kern.vfs_subr import vrele
from kernel.kern.vnode_if import (
    VOP_APPEND,
    VOP_CLOSE,
    VOP_CREATE,
    VOP_LINK,
    VOP_MKDIR,
    VOP_MKNOD,
    VOP_OPEN,
    VOP_READ,
    VOP_REMOVE,
    VOP_RENAME,
    VOP_RMDIR,
    VOP_SETATTR,
    VOP_SYMLINK,
    VOP_WRITE,
)
from kernel.sys.dataclasses import replace
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import Knote
from kernel.sys.fcntl import Flock
from kernel.sys.mount import MNT_NODEV, MNT_RDONLY
from kernel.sys.proc import Lwp
from kernel.sys.ucred import Ucred
from kernel.sys.uio import Uio
from kernel.sys.vnode import (
    VBLK,
    VCHR,
    VDIR,
    VLNK,
    VNOVAL,
    VREG,
    VWRITE,
    Vattr,
    Vnode,
)
from native.record import CLOSED, Window

_STORED = (VDIR, VLNK, VREG)  # what a read-only mount keeps from being written


def layer_lookup(dvp: Vnode, name: bytes, cred: Ucred) -> Vnode | None:
    """Find name below; what is mounted there is not seen through the layer."""
    ldvp = lower(dvp)
    lvp = ldvp.v_op.vop_lookup(ldvp, name, cred)
    if lvp is None:
        return None
    return dvp if lvp is ldvp else layer_node_create(dvp.v_mount, lvp)


def layer_create(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred) -> Vnode:
    """Make a file below."""
    ldvp = lower(dvp)
    return layer_node_create(dvp.v_mount, VOP_CREATE(ldvp, name, vap, cred))


def layer_mknod(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred) -> Vnode:
    """Make a device or a FIFO below."""
    ldvp = lower(dvp)
    return layer_node_create(dvp.v_mount, VOP_MKNOD(ldvp, name, vap, cred))


def layer_mkdir(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred) -> Vnode:
    """Make a directory below."""
    ldvp = lower(dvp)
    return layer_node_create(dvp.v_mount, VOP_MKDIR(ldvp, name, vap, cred))


def layer_symlink(dvp: Vnode, name: bytes, vap: Vattr, target: bytes, cred: Ucred) -> Vnode:
    """Make a symbolic link below."""
    ldvp = lower(dvp)
    return layer_node_create(dvp.v_mount, VOP_SYMLINK(ldvp, name, vap, target, cred))


def layer_link(dvp: Vnode, vp: Vnode, name: bytes, cred: Ucred) -> None:
    """Give a file one more name below."""
    ldvp = lower(dvp)
    VOP_LINK(ldvp, lower(vp), name, cred)


def layer_remove(dvp: Vnode, vp: Vnode, name: bytes, cred: Ucred) -> None:
    """Take a name away below."""
    ldvp = lower(dvp)
    VOP_REMOVE(ldvp, lower(vp), name, cred)


def layer_rmdir(dvp: Vnode, vp: Vnode, name: bytes, cred: Ucred) -> None:
    """Remove a directory below.

    Raises:
        KernelError: EBUSY, something is mounted there; and as below.
    """
    ldvp = lower(dvp)
    VOP_RMDIR(ldvp, _uncovered(lower(vp)), name, cred)


def layer_rename(
    fdvp: Vnode,
    fvp: Vnode,
    fname: bytes,
    tdvp: Vnode,
    tvp: Vnode | None,
    tname: bytes,
    cred: Ucred,
) -> None:
    """Rename below.

    Raises:
        KernelError: EBUSY, something is mounted on what would go; and as below.
    """
    lfdvp = lower(fdvp)
    ltvp = None if tvp is None else _uncovered(lower(tvp))
    VOP_RENAME(lfdvp, _uncovered(lower(fvp)), fname, lower(tdvp), ltvp, tname, cred)


def _uncovered(lvp: Vnode) -> Vnode:
    if lvp.v_mountedhere is not None:
        raise KernelError(Errno.EBUSY)
    return lvp


def layer_readdir(vp: Vnode, uio: Uio, cred: Ucred) -> bool:
    """Read entries of the directory below."""
    lvp = lower(vp)
    return lvp.v_op.vop_readdir(lvp, uio, cred)


def layer_readlink(vp: Vnode, cred: Ucred) -> bytes:
    """Return the target of a symbolic link, which leads wherever it leads above."""
    lvp = lower(vp)
    return lvp.v_op.vop_readlink(lvp, cred)


def layer_mmap(vp: Vnode, prot: int, cred: Ucred) -> Vnode:
    """Return the file below: it is that which is mapped."""
    lvp = lower(vp)
    return lvp.v_op.vop_mmap(lvp, prot, cred)


def layer_open(lwp: Lwp, vp: Vnode, mode: int, cred: Ucred) -> None:
    """Open below.

    Raises:
        KernelError: ENXIO, a device, and the layer is mounted MNT_NODEV; and as below.
    """
    lvp = lower(vp)
    if lvp.v_type in {VBLK, VCHR} and vp.v_mount.mnt_flag & MNT_NODEV:
        raise KernelError(Errno.ENXIO)
    VOP_OPEN(lwp, lvp, mode, cred)


def layer_close(lwp: Lwp | None, vp: Vnode, fflag: int, cred: Ucred) -> None:
    """Close below."""
    lvp = lower(vp)
    VOP_CLOSE(lwp, lvp, fflag, cred)


def layer_access(vp: Vnode, accmode: int, cred: Ucred) -> None:
    """Check accmode below.

    Raises:
        KernelError: EROFS, the layer is mounted read-only; and as below.
    """
    if accmode & VWRITE and vp.v_type in _STORED and vp.v_mount.mnt_flag & MNT_RDONLY:
        raise KernelError(Errno.EROFS)
    lvp = lower(vp)
    lvp.v_op.vop_access(lvp, accmode, cred)


def layer_getattr(vp: Vnode, cred: Ucred) -> Vattr:
    """Return the attributes below; only the file system is the layer."""
    lvp = lower(vp)
    va = lvp.v_op.vop_getattr(lvp, cred)
    va.va_fsid = vp.v_mount.mnt_fsid
    return va


def layer_setattr(vp: Vnode, vap: Vattr, cred: Ucred) -> None:
    """Change attributes below.

    Raises:
        KernelError: EROFS, the layer is mounted read-only; EISDIR, the size
            of a directory; and as below.
    """
    rdonly = vp.v_mount.mnt_flag & MNT_RDONLY
    changed = {vap.va_flags, vap.va_uid, vap.va_gid, vap.va_atime, vap.va_mtime, vap.va_mode}
    if rdonly and changed != {VNOVAL}:
        raise KernelError(Errno.EROFS)
    if vap.va_size != VNOVAL:
        if vp.v_type == VDIR:
            raise KernelError(Errno.EISDIR)
        if vp.v_type not in _STORED:
            return
        if rdonly:
            raise KernelError(Errno.EROFS)
    lvp = lower(vp)
    VOP_SETATTR(lvp, vap, cred)


def layer_read(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, cred: Ucred) -> None:
    """Read below."""
    lvp = lower(vp)
    VOP_READ(lwp, lvp, uio, ioflag, cred)


def layer_write(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, cred: Ucred) -> None:
    """Write below."""
    lvp = lower(vp)
    VOP_WRITE(lwp, lvp, uio, ioflag, cred)


def layer_append(lwp: Lwp, vp: Vnode, data: bytes | bytearray | memoryview, cred: Ucred) -> None:
    """Append a trace's record below."""
    lvp = lower(vp)
    VOP_APPEND(lwp, lvp, data, cred)


def layer_window(vp: Vnode, window: Window) -> None:
    """Open window below: whoever looks at the file, through the layer or not, does so there."""
    lvp = lower(vp)
    lvp.v_op.vop_window(lvp, window)


def layer_ioctl(lwp: Lwp, vp: Vnode, com: int, data: bytes, fflag: int, cred: Ucred) -> bytes:
    """Have com done below."""
    lvp = lower(vp)
    return lvp.v_op.vop_ioctl(lwp, lvp, com, data, fflag, cred)


def layer_poll(lwp: Lwp, vp: Vnode, events: int) -> int:
    """Return which of events are so below."""
    lvp = lower(vp)
    return lvp.v_op.vop_poll(lwp, lvp, events)


def layer_kqfilter(vp: Vnode, kn: Knote) -> None:
    """Hang kn below, where it hears as well of those who do not come through the layer."""
    lvp = lower(vp)
    lvp.v_op.vop_kqfilter(lvp, kn)


def layer_fsync(vp: Vnode, cred: Ucred, flags: int, offlo: int, offhi: int) -> None:
    """Bring the file below to its storage."""
    lvp = lower(vp)
    lvp.v_op.vop_fsync(lvp, cred, flags, offlo, offhi)


def layer_fallocate(vp: Vnode, pos: int, length: int) -> None:
    """Give the file below storage."""
    lvp = lower(vp)
    lvp.v_op.vop_fallocate(lvp, pos, length)


def layer_fdiscard(vp: Vnode, pos: int, length: int) -> None:
    """Make a hole below."""
    lvp = lower(vp)
    lvp.v_op.vop_fdiscard(lvp, pos, length)


def layer_pathconf(vp: Vnode, name: int) -> int:
    """Return a limit of the file below."""
    lvp = lower(vp)
    return lvp.v_op.vop_pathconf(lvp, name)


def layer_advlock(
    lwp: Lwp, vp: Vnode, owner: object, op: int, fl: Flock, flags: int
) -> Flock | None:
    """Lock below, where those lock who do not come through the layer."""
    lvp = lower(vp)
    return lvp.v_op.vop_advlock(lwp, lvp, owner, op, fl, flags)


def layer_revoke(vp: Vnode) -> None:
    """Take the file below away from everybody."""
    lvp = lower(vp)
    lvp.v_op.vop_revoke(lvp)


def layer_reclaim(vp: Vnode) -> None:
    """Forget vp, and let go of what it held below."""
    lvp = lower(vp)
    lvp.v_op.vop_window(lvp, CLOSED)  # the records of a trace through vp end here
    lmp = vp.v_mount.mnt_data
    if lmp.layerm_nodes.get(lvp) is vp:
        del lmp.layerm_nodes[lvp]
    if lmp.layerm_rootvp is vp:
        lmp.layerm_rootvp = None
    if vp.v_usecount:
        vrele(lvp)


layer_vnodeops = replace(
    genfs_vnodeops,
    vop_lookup=layer_lookup,
    vop_create=layer_create,
    vop_mknod=layer_mknod,
    vop_mkdir=layer_mkdir,
    vop_symlink=layer_symlink,
    vop_link=layer_link,
    vop_remove=layer_remove,
    vop_rmdir=layer_rmdir,
    vop_rename=layer_rename,
    vop_readdir=layer_readdir,
    vop_readlink=layer_readlink,
    vop_open=layer_open,
    vop_mmap=layer_mmap,
    vop_close=layer_close,
    vop_access=layer_access,
    vop_getattr=layer_getattr,
    vop_setattr=layer_setattr,
    vop_read=layer_read,
    vop_write=layer_write,
    vop_append=layer_append,
    vop_window=layer_window,
    vop_ioctl=layer_ioctl,
    vop_poll=layer_poll,
    vop_kqfilter=layer_kqfilter,
    vop_fsync=layer_fsync,
    vop_fallocate=layer_fallocate,
    vop_fdiscard=layer_fdiscard,
    vop_pathconf=layer_pathconf,
    vop_advlock=layer_advlock,
    vop_revoke=layer_revoke,
    vop_inactive=genfs_nullop,
    vop_reclaim=layer_reclaim,
)
