# SPDX-License-Identifier: BSD-2-Clause
"""Nodes of a procfs, and reading and writing them.  NetBSD sys/miscfs/procfs/procfs_subr.c."""

from typing import TYPE_CHECKING, Final

from kernel.fs.procfs.procfs import (
    PFSchroot,
    PFScurproc,
    PFScwd,
    PFSenviron,
    PFSexe,
    PFSfd,
    Pfskey,
    PFSmap,
    PFSmaps,
    PFSmem,
    PfsNode,
    PFSnote,
    PFSnotepg,
    PFSproc,
    PFSroot,
    PFSself,
    PFStask,
    ProcfsMount,
)
from kernel.fs.procfs.procfs_fd import procfs_fdmode, procfs_fdtype, procfs_getfp
from kernel.kern.kern_proc import proc_find
from kernel.kern.kern_subr import uiomove
from kernel.kern.vfs_vnode import vgone
from kernel.sys.errno import Errno, KernelError
from kernel.sys.module import autoload
from kernel.sys.mount import MOUNT_PROCFS, Mount
from kernel.sys.mount_args import PROCFSMNT_LINUXCOMPAT
from kernel.sys.proc import P_SUGID, Lwp, Proc
from kernel.sys.ucred import Ucred
from kernel.sys.uio import UIO_READ, Uio
from kernel.sys.vnode import VDIR, VLNK, VREG, VV_FIXEDNAMES, VV_ROOT, Vnode

if TYPE_CHECKING:
    from kernel.fs.procfs import procfs_data
else:
    procfs_data = autoload("kernel.fs.procfs.procfs_data")

_MODE: Final = {  # of the nodes that are no regular file with mode 0444
    PFSroot: (VDIR, 0o555),
    PFSproc: (VDIR, 0o555),
    PFStask: (VDIR, 0o555),
    PFSfd: (VDIR, 0o500),
    PFScurproc: (VLNK, 0o555),
    PFSself: (VLNK, 0o555),
    PFScwd: (VLNK, 0o555),
    PFSchroot: (VLNK, 0o555),
    PFSexe: (VLNK, 0o555),
    PFSmem: (VREG, 0o600),
    PFSnote: (VREG, 0o200),
    PFSnotepg: (VREG, 0o200),
    PFSmap: (VREG, 0o400),
    PFSmaps: (VREG, 0o400),
    PFSenviron: (VREG, 0o400),
}


def procfs_allocvp(mp: Mount, key: Pfskey) -> Vnode:
    """Return the vnode that stands for key.

    Raises:
        KernelError: ENOENT, EBADF, EOPNOTSUPP: a descriptor that is not there, or of no
            known type.

    Source: procfs_loadvnode, NetBSD sys/miscfs/procfs/procfs_vfsops.c.
    """
    pmnt: ProcfsMount = mp.mnt_data
    vtype, mode = _MODE.get(key.pfs_type, (VREG, 0o444))
    if key.pfs_fd != -1 and key.pfs_type == PFSfd:
        fp = procfs_getfp(procfs_proc_find(mp, key.pfs_pid, Errno.ENOENT), key)
        vtype = procfs_fdtype(fp)
        mode = procfs_fdmode(vtype)
    elif key.pfs_fd != -1 and key.pfs_type == PFStask:
        vtype = VLNK
    vp = pmnt.pmnt_vnodes.get(key)
    if vp is None or vp.v_type != vtype:  # the descriptor was another file's before
        vp = Vnode(vtype, mp, pmnt.pmnt_ops, PfsNode(key, mode))
        if vtype == VDIR:
            vp.v_vflag |= VV_FIXEDNAMES
        if key.pfs_type == PFSroot:
            vp.v_vflag |= VV_ROOT
        pmnt.pmnt_vnodes[key] = vp
    return vp


def procfs_revoke_vnodes(p: Proc) -> None:
    """Take p's files away from all who have them open, if its ids have changed; for exec."""
    if not p.p_flag & P_SUGID:
        return
    for mp in p.p_kernel.mountlist:
        if mp.mnt_op.vfs_name == MOUNT_PROCFS:
            for key, vp in list(mp.mnt_data.pmnt_vnodes.items()):
                if key.pfs_pid == p.p_pid:
                    vgone(vp)


def procfs_use_linux_compat(mp: Mount) -> bool:
    """Return whether mp has Linux's files."""
    pmnt: ProcfsMount = mp.mnt_data
    return bool(pmnt.pmnt_flags & PROCFSMNT_LINUXCOMPAT)


def procfs_proc_find(mp: Mount, pid: int, notfound: Errno) -> Proc:
    """Return the live process pid (procfs_proc_lock).

    Raises:
        KernelError: notfound; a zombie is not found.
    """
    p = proc_find(mp.mnt_kernel, pid)
    if p is None:
        raise KernelError(notfound)
    return p


def procfs_curlwp(mp: Mount) -> Lwp:
    """Return who asks.

    Raises:
        KernelError: ESRCH, nobody does: the host is at work, not a process.
    """
    lwp = mp.mnt_kernel.curlwp
    if lwp is None:
        raise KernelError(Errno.ESRCH)
    return lwp


def procfs_authorize(lwp: Lwp, p: Proc, pfs: Pfskey) -> None:
    """Check that lwp may use a file of p; of what has a mode besides, only memory is guarded.

    Raises:
        KernelError: EPERM, memory of another real user's, or of one who has changed ids,
            and lwp's process is not root's.

    Source: procfs_listener_cb, NetBSD sys/miscfs/procfs/procfs_vfsops.c; securelevel is -1.
    """
    cred = lwp.l_proc.p_cred
    if pfs.pfs_type != PFSmem or not cred.cr_uid:
        return
    if cred.cr_ruid != p.p_cred.cr_ruid or p.p_flag & P_SUGID:
        raise KernelError(Errno.EPERM)


def procfs_rw(lwp: Lwp | None, vp: Vnode, uio: Uio, _ioflag: int, _cred: Ucred) -> None:
    """Read or write; what a file tells is made anew for each read.

    Raises:
        KernelError: EINVAL, uio_offset is negative. ESRCH, the process has ended.
            EPERM, as procfs_authorize. EOPNOTSUPP, no data to read, or not to
            write. EFAULT; and as the files say.
    """
    if uio.uio_offset < 0:
        raise KernelError(Errno.EINVAL)
    pfs: Pfskey = vp.v_data.pfs_key
    lwp = lwp or procfs_curlwp(vp.v_mount)
    p = lwp.l_proc
    if pfs.pfs_pid:
        p = procfs_proc_find(vp.v_mount, pfs.pfs_pid, Errno.ESRCH)
        procfs_authorize(lwp, p, pfs)
    transfer = procfs_data.TRANSFERS.get(pfs.pfs_type)
    if transfer is not None:
        transfer(lwp, p, pfs, uio)
        return
    contents = procfs_data.CONTENTS.get(pfs.pfs_type)
    if contents is None or uio.uio_rw != UIO_READ:
        raise KernelError(Errno.EOPNOTSUPP)
    data = contents(lwp, p, pfs)
    rest = memoryview(data)[uio.uio_offset : uio.uio_offset + uio.uio_resid]
    if rest:
        uiomove(rest, uio)
