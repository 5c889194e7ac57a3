# SPDX-License-Identifier: BSD-2-Clause
"""What is left to do with a file that was taken away.  NetBSD sys/miscfs/deadfs/dead_vnops.c.

It can be closed.  A terminal is at its end; all else is EIO or EBADF.
"""

from typing import Any, NoReturn

from kernel.fs.genfs.genfs_vnops import genfs_eopnotsupp, genfs_nullop
from kernel.fs.specfs.spec_vnops import spec_over
from kernel.kern.vfs_lockf import lf_advlock
from kernel.kern.vfs_vnode import Deadops
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import F_UNLCK, Flock
from kernel.sys.proc import Lwp
from kernel.sys.ucred import Ucred
from kernel.sys.uio import Uio
from kernel.sys.vnode import VV_ISTTY, Vnode, VnodeOps


def _dead_default(*_args: Any) -> NoReturn:
    raise KernelError(Errno.EBADF)


def _dead_lookup(*_args: Any) -> NoReturn:
    raise KernelError(Errno.ENOENT)


def _dead_open(*_args: Any) -> NoReturn:
    raise KernelError(Errno.ENXIO)


def _dead_eio(*_args: Any) -> NoReturn:
    raise KernelError(Errno.EIO)


def dead_read(_lwp: Lwp | None, vp: Vnode, _uio: Uio, _ioflag: int, _cred: Ucred) -> None:
    """Read: the end of file for what was a terminal.

    Raises:
        KernelError: EIO, it was none.
    """
    if not vp.v_vflag & VV_ISTTY:
        raise KernelError(Errno.EIO)


def dead_poll(_lwp: Lwp, _vp: Vnode, events: int) -> int:
    """Everything is so: let them come and find out."""
    return events


def dead_advlock(
    lwp: Lwp, vp: Vnode, owner: object, op: int, fl: Flock, flags: int
) -> Flock | None:
    """Give locks up, as a close does; there are no others to have.

    Raises:
        KernelError: EBADF.
    """
    if op != F_UNLCK:
        raise KernelError(Errno.EBADF)
    return lf_advlock(lwp, vp, owner, op, fl, flags, 0)


dead_vnodeops = VnodeOps(
    vop_lookup=_dead_lookup,
    vop_create=_dead_default,
    vop_mknod=_dead_default,
    vop_mkdir=_dead_default,
    vop_symlink=_dead_default,
    vop_link=_dead_eio,
    vop_remove=_dead_eio,
    vop_rmdir=_dead_eio,
    vop_rename=_dead_eio,
    vop_readdir=_dead_default,
    vop_readlink=_dead_default,
    vop_open=_dead_open,
    vop_close=genfs_nullop,
    vop_access=_dead_default,
    vop_getattr=_dead_default,
    vop_setattr=_dead_default,
    vop_read=dead_read,
    vop_write=_dead_eio,
    vop_append=_dead_eio,
    vop_window=genfs_nullop,
    vop_ioctl=_dead_default,
    vop_poll=dead_poll,
    vop_kqfilter=_dead_default,
    vop_mmap=_dead_default,
    vop_getpages=_dead_default,
    vop_putpages=genfs_nullop,
    vop_fsync=genfs_nullop,
    vop_fallocate=genfs_eopnotsupp,
    vop_fdiscard=genfs_eopnotsupp,
    vop_pathconf=_dead_default,
    vop_advlock=dead_advlock,
    vop_revoke=genfs_nullop,
    vop_inactive=genfs_nullop,
    vop_reclaim=genfs_nullop,
)

deadops = Deadops(dead_vnodeops, spec_over(dead_vnodeops))
