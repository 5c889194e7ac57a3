# SPDX-License-Identifier: BSD-2-Clause
"""Vnode operations that kernel queues hear of: each does the operation, and posts what happened.

What NetBSD makes of sys/kern/vnode_if.src.  Operations that nobody can watch
are called without this: vp.v_op.vop_getattr.
"""

from kernel.kern.kern_event import knote
from kernel.sys.errno import KernelError
from kernel.sys.event import (
    NOTE_ATTRIB,
    NOTE_CLOSE,
    NOTE_CLOSE_WRITE,
    NOTE_DELETE,
    NOTE_EXTEND,
    NOTE_LINK,
    NOTE_OPEN,
    NOTE_READ,
    NOTE_RENAME,
    NOTE_WRITE,
)
from kernel.sys.fcntl import FWRITE
from kernel.sys.proc import Lwp
from kernel.sys.ucred import ROOT_CRED, Ucred
from kernel.sys.uio import Uio
from kernel.sys.vnode import VDIR, VNOVAL, Vattr, Vnode


def VN_KNOTE(vp: Vnode, hint: int) -> None:
    """Post hint, NOTE_*, to who watches vp."""
    if vp.v_klist:
        knote(vp.v_klist, hint)


def VOP_CREATE(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred) -> Vnode:
    """Make a regular file or a socket; as all below, it raises what the file system does."""
    vp = dvp.v_op.vop_create(dvp, name, vap, cred)
    VN_KNOTE(dvp, NOTE_WRITE)
    return vp


def VOP_MKNOD(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred) -> Vnode:
    """Make a device file or a FIFO."""
    vp = dvp.v_op.vop_mknod(dvp, name, vap, cred)
    VN_KNOTE(dvp, NOTE_WRITE)
    return vp


def VOP_MKDIR(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred) -> Vnode:
    """Make a directory."""
    vp = dvp.v_op.vop_mkdir(dvp, name, vap, cred)
    VN_KNOTE(dvp, NOTE_WRITE | NOTE_LINK)
    return vp


def VOP_SYMLINK(dvp: Vnode, name: bytes, vap: Vattr, target: bytes, cred: Ucred) -> Vnode:
    """Make a symbolic link."""
    vp = dvp.v_op.vop_symlink(dvp, name, vap, target, cred)
    VN_KNOTE(dvp, NOTE_WRITE)
    return vp


def VOP_LINK(dvp: Vnode, vp: Vnode, name: bytes, cred: Ucred) -> None:
    """Give vp one more name."""
    dvp.v_op.vop_link(dvp, vp, name, cred)
    VN_KNOTE(vp, NOTE_LINK)
    VN_KNOTE(dvp, NOTE_WRITE)


def VOP_REMOVE(dvp: Vnode, vp: Vnode, name: bytes, cred: Ucred) -> None:
    """Take a name of vp away."""
    dvp.v_op.vop_remove(dvp, vp, name, cred)
    VN_KNOTE(dvp, NOTE_WRITE)
    _unlinked(vp)


def VOP_RMDIR(dvp: Vnode, vp: Vnode, name: bytes, cred: Ucred) -> None:
    """Remove a directory."""
    dvp.v_op.vop_rmdir(dvp, vp, name, cred)
    VN_KNOTE(dvp, NOTE_WRITE | NOTE_LINK)
    VN_KNOTE(vp, NOTE_DELETE)


def VOP_RENAME(
    fdvp: Vnode,
    fvp: Vnode,
    fname: bytes,
    tdvp: Vnode,
    tvp: Vnode | None,
    tname: bytes,
    cred: Ucred,
) -> None:
    """Move fvp to a name, which tvp may have had.

    Source: genfs_rename_knote, NetBSD sys/miscfs/genfs/genfs_rename.c.
    """
    fdvp.v_op.vop_rename(fdvp, fvp, fname, tdvp, tvp, tname, cred)
    if fvp is tvp:
        return
    moved = NOTE_LINK if fvp.v_type == VDIR and fdvp is not tdvp else 0
    VN_KNOTE(fdvp, NOTE_WRITE | moved)
    VN_KNOTE(fvp, NOTE_RENAME)
    if fdvp is not tdvp:
        VN_KNOTE(tdvp, NOTE_WRITE | (NOTE_EXTEND | moved if tvp is None else 0))
    if tvp is not None:
        _unlinked(tvp)


def VOP_OPEN(lwp: Lwp, vp: Vnode, mode: int, cred: Ucred) -> None:
    """Open vp; may sleep."""
    vp.v_op.vop_open(lwp, vp, mode, cred)
    if vp.v_klist:
        knote(vp.v_klist, NOTE_OPEN)


def VOP_CLOSE(lwp: Lwp | None, vp: Vnode, fflag: int, cred: Ucred) -> None:
    """Undo one VOP_OPEN."""
    vp.v_op.vop_close(lwp, vp, fflag, cred)
    if vp.v_klist:
        knote(vp.v_klist, NOTE_CLOSE_WRITE if fflag & FWRITE else NOTE_CLOSE)


def VOP_SETATTR(vp: Vnode, vap: Vattr, cred: Ucred) -> None:
    """Set the attributes that vap gives."""
    if not vp.v_klist:
        vp.v_op.vop_setattr(vp, vap, cred)
        return
    size = _size(vp)
    vp.v_op.vop_setattr(vp, vap, cred)
    grown = vap.va_size != VNOVAL and vap.va_size > size
    VN_KNOTE(vp, NOTE_ATTRIB | (NOTE_EXTEND if grown else 0))


def VOP_READ(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, cred: Ucred) -> None:
    """Read vp."""
    vp.v_op.vop_read(lwp, vp, uio, ioflag, cred)
    VN_KNOTE(vp, NOTE_READ)


def VOP_WRITE(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, cred: Ucred) -> None:
    """Write vp; what was written is told of even if the rest failed."""
    if not vp.v_klist:
        vp.v_op.vop_write(lwp, vp, uio, ioflag, cred)
        return
    size, resid = _size(vp), uio.uio_resid
    try:
        vp.v_op.vop_write(lwp, vp, uio, ioflag, cred)
    finally:
        if uio.uio_resid != resid:
            VN_KNOTE(vp, NOTE_WRITE | (NOTE_EXTEND if _size(vp) > size else 0))


def VOP_APPEND(lwp: Lwp, vp: Vnode, data: bytes | bytearray | memoryview, cred: Ucred) -> None:
    """Write a trace's record at the end of vp."""
    vp.v_op.vop_append(lwp, vp, data, cred)
    VN_KNOTE(vp, NOTE_WRITE | NOTE_EXTEND)


def _size(vp: Vnode) -> int:
    """Return the bytes of vp; 0 if its file system cannot say."""
    try:
        return vp.v_op.vop_getattr(vp, ROOT_CRED).va_size
    except KernelError:
        return 0


def _unlinked(vp: Vnode) -> None:
    """A name of vp was removed: was it the last?"""
    if vp.v_klist:
        knote(vp.v_klist, NOTE_LINK if vp.v_op.vop_getattr(vp, ROOT_CRED).va_nlink else NOTE_DELETE)
