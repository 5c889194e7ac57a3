# SPDX-License-Identifier: BSD-2-Clause
"""Attributes of the host's files, as the guest sees and changes them."""

from kernel.fs.genfs.genfs_vnops import (
    genfs_can_access,
    genfs_can_chmod,
    genfs_can_chown,
    genfs_can_chtimes,
)
from kernel.fs.hostfs.hostfs_pages import hostfs_flush
from kernel.fs.hostfs.hostfs_subr import (
    host_chmod,
    host_chown,
    host_errors,
    host_getattr,
    host_stat,
    host_truncate,
    host_utime,
    host_writable,
)
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ucred import Ucred
from kernel.sys.vnode import VDIR, VLNK, VNON, VNOVAL, VREG, VWRITE, Vattr, Vnode

_STORED = (VDIR, VLNK, VREG)  # what a read-only mount keeps from being written


def hostfs_access(vp: Vnode, accmode: int, cred: Ucred) -> None:
    """Check accmode (VREAD, VWRITE, VEXEC) by the attributes the guest sees.

    Raises:
        KernelError: EROFS, EACCES.
    """
    if accmode & VWRITE and vp.v_type in _STORED:
        host_writable(vp)
    va = hostfs_getattr(vp, cred)
    genfs_can_access(vp.v_type, va.va_mode, va.va_uid, va.va_gid, accmode, cred)


def hostfs_getattr(vp: Vnode, _cred: Ucred) -> Vattr:
    """Return the host's attributes as the guest sees them."""
    with host_errors():
        return host_getattr(vp, host_stat(vp))


def hostfs_setattr(vp: Vnode, vap: Vattr, cred: Ucred) -> None:
    """Change the attributes that are given.

    Raises:
        KernelError: EINVAL, one that nobody can set; EOPNOTSUPP, flags; EROFS;
            EPERM, EACCES; and as the host says.
    """
    fixed = (vap.va_nlink, vap.va_fsid, vap.va_fileid, vap.va_blocksize, vap.va_ctime)
    if vap.va_type != VNON or {*fixed, vap.va_gen, vap.va_rdev, vap.va_bytes} != {VNOVAL}:
        raise KernelError(Errno.EINVAL)
    if vap.va_flags != VNOVAL:
        raise KernelError(Errno.EOPNOTSUPP)
    host_writable(vp)
    va = hostfs_getattr(vp, cred)
    with host_errors():
        if vap.va_size != VNOVAL and vp.v_type == VREG:
            hostfs_flush(vp)
            host_truncate(vp, vap.va_size)
        if vap.va_uid != VNOVAL or vap.va_gid != VNOVAL:
            _chown(vp, va, vap, cred)
        if vap.va_mode != VNOVAL:
            genfs_can_chmod(vp.v_type, va.va_uid, va.va_gid, vap.va_mode, cred)
            host_chmod(vp, vap.va_mode)
        if vap.va_atime != VNOVAL or vap.va_mtime != VNOVAL:
            genfs_can_chtimes(vp, vap.va_vaflags, va.va_uid, cred)
            atime = va.va_atime if vap.va_atime == VNOVAL else vap.va_atime
            mtime = va.va_mtime if vap.va_mtime == VNOVAL else vap.va_mtime
            host_utime(vp, atime, mtime)


def _chown(vp: Vnode, va: Vattr, vap: Vattr, cred: Ucred) -> None:
    uid = va.va_uid if vap.va_uid == VNOVAL else vap.va_uid
    gid = va.va_gid if vap.va_gid == VNOVAL else vap.va_gid
    genfs_can_chown(va.va_uid, va.va_gid, uid, gid, cred)
    host_chown(vp, uid, gid)
