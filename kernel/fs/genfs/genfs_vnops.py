# SPDX-License-Identifier: BSD-2-Clause
"""Vnode operations that file systems share, and the table to start from.

NetBSD sys/miscfs/genfs/genfs_vnops.c.
"""

from typing import Any, NoReturn

from kernel.kern.kern_event import knote_setfilter
from kernel.kern.vfs_lockf import lf_advlock
from kernel.kern.vfs_vnode import vrevoke
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import (
    EV_EOF,
    EV_ONESHOT,
    EVFILT_READ,
    EVFILT_VNODE,
    EVFILT_WRITE,
    NOTE_REVOKE,
    FilterOps,
    Knote,
    klist_insert,
)
from kernel.sys.fcntl import Flock
from kernel.sys.file import POLLIN, POLLOUT, POLLRDNORM
from kernel.sys.param import PATH_MAX
from kernel.sys.proc import Lwp
from kernel.sys.stat import S_ISGID, S_ISTXT, S_IXGRP, S_IXOTH, S_IXUSR
from kernel.sys.ucred import ROOT_CRED, Ucred
from kernel.sys.uio import UIO_WRITE, uio_sysspace
from kernel.sys.unistd import _PC_ACL_EXTENDED, _PC_ACL_NFS4, _PC_PATH_MAX
from kernel.sys.vnode import (
    IO_APPEND,
    IO_NDELAY,
    IO_UNIT,
    VA_UTIMES_NULL,
    VBLK,
    VCHR,
    VDIR,
    VEXEC,
    VREAD,
    VREG,
    VWRITE,
    Vnode,
    VnodeOps,
)

_SEEABLE = POLLIN | POLLOUT | POLLRDNORM


def genfs_eopnotsupp(*_args: Any) -> NoReturn:
    """Refuse: EOPNOTSUPP."""
    raise KernelError(Errno.EOPNOTSUPP)


def genfs_einval(*_args: Any) -> NoReturn:
    """Refuse: EINVAL."""
    raise KernelError(Errno.EINVAL)


def genfs_enoioctl(*_args: Any) -> NoReturn:
    """No ioctl of this file system's own: EPASSTHROUGH."""
    raise KernelError(Errno.EPASSTHROUGH)


def genfs_nullop(*_args: Any) -> None:
    """Succeed; there is nothing to do."""


def genfs_pathconf(_vp: Vnode, name: int) -> int:
    """Return a limit that holds everywhere; there are no access control lists.

    Raises:
        KernelError: EINVAL, name is not one of them.
    """
    if name == _PC_PATH_MAX:
        return PATH_MAX
    if name in {_PC_ACL_EXTENDED, _PC_ACL_NFS4}:
        return 0
    raise KernelError(Errno.EINVAL)


def genfs_append(lwp: Lwp, vp: Vnode, data: bytes | bytearray | memoryview, cred: Ucred) -> None:
    """Write at the end as any write does.

    Raises:
        KernelError: as VOP_WRITE.
    """
    uio = uio_sysspace(data, UIO_WRITE)
    vp.v_op.vop_write(lwp, vp, uio, IO_UNIT | IO_APPEND | IO_NDELAY, cred)


def genfs_mmap(vp: Vnode, _prot: int, _cred: Ucred) -> Vnode:
    """Let a regular file be mapped.

    Raises:
        KernelError: EOPNOTSUPP, another kind of file.
    """
    if vp.v_type != VREG:
        raise KernelError(Errno.EOPNOTSUPP)
    return vp


def genfs_poll(_lwp: Lwp, _vp: Vnode, events: int) -> int:
    """Files on disk are always ready to be read and written."""
    return events & _SEEABLE


def genfs_advlock(
    lwp: Lwp, vp: Vnode, owner: object, op: int, fl: Flock, flags: int
) -> Flock | None:
    """Keep advisory locks with the vnode.

    Raises:
        KernelError: as lf_advlock.
    """
    size = vp.v_op.vop_getattr(vp, ROOT_CRED).va_size
    return lf_advlock(lwp, vp, owner, op, fl, flags, size)


def genfs_can_access(vtype: int, mode: int, uid: int, gid: int, accmode: int, cred: Ucred) -> None:
    """Check accmode against the permissions of a file.

    Args:
        vtype: VDIR, VREG ...
        mode: the file's permission bits.
        uid: its owner.
        gid: its group.
        accmode: VREAD, VWRITE, VEXEC, all of which are wanted.
        cred: who asks; the superuser may do all but execute what nobody may.

    Raises:
        KernelError: EACCES.
    """
    if not cred.cr_uid:
        if accmode & VEXEC and vtype != VDIR and not mode & (S_IXUSR | S_IXGRP | S_IXOTH):
            raise KernelError(Errno.EACCES)
        return
    if cred.cr_uid == uid:
        granted = mode
    elif cred.groupmember(gid):
        granted = mode << 3
    else:
        granted = mode << 6
    if accmode & (VREAD | VWRITE | VEXEC) & ~granted:
        raise KernelError(Errno.EACCES)


def genfs_can_chmod(vtype: int, uid: int, gid: int, mode: int, cred: Ucred) -> None:
    """Check that cred may give mode to a file of type vtype, owner uid and group gid.

    Raises:
        KernelError: EPERM; EFTYPE, the sticky bit on what is no directory.
    """
    if not cred.cr_uid:
        return
    if cred.cr_uid != uid:
        raise KernelError(Errno.EPERM)
    if vtype != VDIR and mode & S_ISTXT:
        raise KernelError(Errno.EFTYPE)
    if mode & S_ISGID and not cred.groupmember(gid):
        raise KernelError(Errno.EPERM)


def genfs_can_chown(uid: int, gid: int, new_uid: int, new_gid: int, cred: Ucred) -> None:
    """Check that cred may change owner and group: the owner may, to a group of its own.

    Raises:
        KernelError: EPERM.
    """
    if not cred.cr_uid:
        return
    if cred.cr_uid != uid or new_uid != uid:
        raise KernelError(Errno.EPERM)
    if new_gid != gid and not cred.groupmember(new_gid):
        raise KernelError(Errno.EPERM)


def genfs_can_chtimes(vp: Vnode, vaflags: int, uid: int, cred: Ucred) -> None:
    """Check that cred may set the times of vp, whose owner is uid.

    Raises:
        KernelError: EPERM; EACCES, "now" (VA_UTIMES_NULL) without write permission.
    """
    if cred.cr_uid in {0, uid}:
        return
    if not vaflags & VA_UTIMES_NULL:
        raise KernelError(Errno.EPERM)
    vp.v_op.vop_access(vp, VWRITE, cred)


def genfs_can_chflags(vtype: int, uid: int, sysflags: bool, cred: Ucred) -> None:
    """Check that cred may change the flags of a file of owner uid.

    Args:
        vtype: its type: only the superuser changes those of devices.
        uid: its owner.
        sysflags: whether flags other than UF_SETTABLE change.
        cred: who asks.

    Raises:
        KernelError: EPERM.
    """
    if cred.cr_uid and (cred.cr_uid != uid or sysflags or vtype in {VCHR, VBLK}):
        raise KernelError(Errno.EPERM)


def genfs_can_sticky(dir_mode: int, dir_uid: int, file_uid: int, cred: Ucred) -> None:
    """Check that a name may be taken from a directory whose sticky bit may be set.

    Raises:
        KernelError: EPERM, neither the directory nor the file is cred's.
    """
    if dir_mode & S_ISTXT and cred.cr_uid not in {0, dir_uid, file_uid}:
        raise KernelError(Errno.EPERM)


def genfs_kqfilter(vp: Vnode, kn: Knote) -> None:
    """Watch a file: what is left to read, room to write, what happens to it.

    Raises:
        KernelError: EINVAL, another filter.
    """
    knote_setfilter(kn, _FILTOPS)
    kn.kn_hook = vp
    if vp.v_klist is None:
        vp.v_klist = {}
    klist_insert(vp.v_klist, kn)


def _filt_genfsread(kn: Knote, hint: int) -> bool:
    if hint == NOTE_REVOKE:
        kn.kn_flags |= EV_EOF | EV_ONESHOT
        return True
    try:
        size = kn.kn_hook.v_op.vop_getattr(kn.kn_hook, ROOT_CRED).va_size
    except KernelError:  # the file system has gone
        return False
    kn.kn_data = size - kn.kn_obj.f_offset
    return kn.kn_data != 0


def _filt_genfswrite(kn: Knote, hint: int) -> bool:
    if hint == NOTE_REVOKE:
        kn.kn_flags |= EV_EOF | EV_ONESHOT
    kn.kn_data = 0
    return True


def _filt_genfsvnode(kn: Knote, hint: int) -> bool:
    if kn.kn_sfflags & hint:
        kn.kn_fflags |= hint  # all that happened at once
    if hint == NOTE_REVOKE:
        kn.kn_flags |= EV_EOF
        return True
    return kn.kn_fflags != 0


_FILTOPS = {
    EVFILT_READ: FilterOps(_filt_genfsread),
    EVFILT_WRITE: FilterOps(_filt_genfswrite),
    EVFILT_VNODE: FilterOps(_filt_genfsvnode),
}

genfs_vnodeops = VnodeOps(
    vop_lookup=genfs_eopnotsupp,
    vop_create=genfs_eopnotsupp,
    vop_mknod=genfs_eopnotsupp,
    vop_mkdir=genfs_eopnotsupp,
    vop_symlink=genfs_eopnotsupp,
    vop_link=genfs_eopnotsupp,
    vop_remove=genfs_eopnotsupp,
    vop_rmdir=genfs_eopnotsupp,
    vop_rename=genfs_eopnotsupp,
    vop_readdir=genfs_eopnotsupp,
    vop_readlink=genfs_eopnotsupp,
    vop_open=genfs_nullop,
    vop_close=genfs_nullop,
    vop_access=genfs_eopnotsupp,
    vop_getattr=genfs_eopnotsupp,
    vop_setattr=genfs_eopnotsupp,
    vop_read=genfs_eopnotsupp,
    vop_write=genfs_eopnotsupp,
    vop_append=genfs_append,
    vop_window=genfs_nullop,
    vop_ioctl=genfs_enoioctl,
    vop_poll=genfs_poll,
    vop_kqfilter=genfs_kqfilter,
    vop_mmap=genfs_eopnotsupp,
    vop_getpages=genfs_eopnotsupp,
    vop_putpages=genfs_nullop,
    vop_fsync=genfs_nullop,
    vop_fallocate=genfs_eopnotsupp,
    vop_fdiscard=genfs_eopnotsupp,
    vop_pathconf=genfs_pathconf,
    vop_advlock=genfs_advlock,
    vop_revoke=vrevoke,
    vop_inactive=genfs_nullop,
    vop_reclaim=genfs_nullop,
)
