# SPDX-License-Identifier: BSD-2-Clause
"""fd/N: what a process has open.  NetBSD sys/miscfs/procfs/procfs_fd.c, procfs_vfsops.c.

A descriptor of a file is that file: lookup finds its vnode.  Only for what is
no vnode, and for directories, which are links so that no walk goes round, has
procfs nodes of its own.
"""

from typing import Final

from kernel.fs.procfs.procfs import Pfskey
from kernel.kern.kern_descrip import FILE_UNUSE, FILE_USE, fd_getfile
from kernel.kern.vfs_getcwd import getcwd_common
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.file import (
    DTYPE_EVENTFD,
    DTYPE_KQUEUE,
    DTYPE_MISC,
    DTYPE_PIPE,
    DTYPE_SOCKET,
    DTYPE_TIMERFD,
    DTYPE_VNODE,
    File,
)
from kernel.sys.mount import MOUNT_PROCFS
from kernel.sys.proc import Lwp, Proc
from kernel.sys.uio import UIO_READ, Uio
from kernel.sys.vnode import VDIR, VFIFO, VLNK, VSOCK, Vnode

_VTYPE: Final = {
    DTYPE_PIPE: VFIFO,
    DTYPE_SOCKET: VSOCK,
    DTYPE_KQUEUE: VLNK,
    DTYPE_MISC: VLNK,
    DTYPE_EVENTFD: VLNK,
    DTYPE_TIMERFD: VLNK,
}
_TARGET: Final = {
    DTYPE_KQUEUE: b"[kqueue]",
    DTYPE_MISC: b"[misc]",
    DTYPE_EVENTFD: b"[eventfd]",
    DTYPE_TIMERFD: b"[timerfd]",
}


def procfs_getfp(p: Proc, pfs: Pfskey) -> File:
    """Return the file that p has open at pfs_fd.

    Raises:
        KernelError: EBADF.
    """
    return fd_getfile(p, pfs.pfs_fd)


def procfs_fdtype(fp: File) -> int:
    """Return the v_type of an open file as fd/ shows it.

    Raises:
        KernelError: EOPNOTSUPP, it is nothing that has one.
    """
    if fp.f_type == DTYPE_VNODE:
        vtype: int = fp.f_data.v_type
        return VLNK if vtype == VDIR else vtype
    found = _VTYPE.get(fp.f_type)
    if found is None:
        raise KernelError(Errno.EOPNOTSUPP)
    return found


def procfs_fdmode(vtype: int) -> int:
    """Return the mode of a node of that v_type in fd/."""
    return 0o555 if vtype == VLNK else 0o600


def procfs_fdlink(lwp: Lwp, fp: File) -> bytes:
    """Return where the link that stands for an open file leads.

    Raises:
        KernelError: EINVAL, it is no link; and as getcwd_common.
    """
    if fp.f_type != DTYPE_VNODE:
        target = _TARGET.get(fp.f_type)
        if target is None:
            raise KernelError(Errno.EINVAL)
        return target
    vp: Vnode = fp.f_data
    if vp.v_type != VDIR:
        raise KernelError(Errno.EINVAL)
    return procfs_path(lwp, vp)


def procfs_path(lwp: Lwp, vp: Vnode) -> bytes:
    """Return the path of a directory as lwp sees it; "/" for those of a procfs, as NetBSD has it.

    Raises:
        KernelError: ENOENT, it was removed, or is out of lwp's root.
    """
    if vp.v_mount.mnt_op.vfs_name == MOUNT_PROCFS:
        return b"/"
    root = lwp.l_proc.p_cwdi.cwdi_rdir or lwp.l_kernel.rootvnode
    if root is None:
        raise KernelError(Errno.ENOENT)
    return getcwd_common(lwp, vp, root, None)


def procfs_dofd(lwp: Lwp, p: Proc, pfs: Pfskey, uio: Uio) -> None:
    """Read or write the open file itself; may sleep.

    Raises:
        KernelError: EBADF, it is open no more, or not for that; and as the file says.
    """
    fp = fd_getfile(p, pfs.pfs_fd, FREAD if uio.uio_rw == UIO_READ else FWRITE)
    FILE_USE(fp)
    try:
        move = fp.f_ops.fo_read if uio.uio_rw == UIO_READ else fp.f_ops.fo_write
        move(lwp, fp, uio, 0)
    finally:
        FILE_UNUSE(fp, lwp)
