# SPDX-License-Identifier: BSD-2-Clause
"""System calls on the current and the root directory.  NetBSD sys/kern/vfs_syscalls.c."""

from kernel.kern.kern_descrip import fd_getvnode
from kernel.kern.vfs_getcwd import vn_isunder
from kernel.kern.vfs_lookup import namei, namei_simple
from kernel.kern.vfs_subr import vn_rootdir, vref, vrele
from kernel.sys.errno import Errno, KernelError
from kernel.sys.namei import FOLLOW, LOOKUP, Nameidata
from kernel.sys.proc import Lwp
from kernel.sys.vnode import VDIR, VEXEC, Vnode


def sys_chdir(lwp: Lwp, path: int) -> int:
    """chdir(2): make path the current directory.

    Raises:
        KernelError: ENOTDIR; EACCES, it may not be searched; and as namei.
    """
    _change_cwd(lwp, _check_dir(lwp, namei_simple(lwp, path)))
    return 0


def do_sys_chdir(lwp: Lwp, path: bytes) -> None:
    """Make path the current directory: chdir(2) from the inside.

    Raises:
        KernelError: as chdir(2).
    """
    nd = Nameidata(LOOKUP, FOLLOW, path)
    namei(lwp, nd)
    if nd.ni_vp is None:
        raise KernelError(Errno.ENOENT)
    _change_cwd(lwp, _check_dir(lwp, nd.ni_vp))


def sys_fchdir(lwp: Lwp, fd: int) -> int:
    """fchdir(2): make the open directory fd the current directory.

    Raises:
        KernelError: EBADF; EINVAL, not a file; ENOTDIR; EACCES; EPERM, outside
            of the process's root directory.
    """
    p = lwp.l_proc
    vp = vn_rootdir(_check_dir(lwp, fd_getvnode(p, fd).f_data))
    rdir = p.p_cwdi.cwdi_rdir
    rootvnode = lwp.l_kernel.rootvnode
    if rdir is not None and rootvnode is not None and not vn_isunder(vp, rdir, rootvnode):
        raise KernelError(Errno.EPERM)
    _change_cwd(lwp, vp)
    return 0


def sys_chroot(lwp: Lwp, path: int) -> int:
    """chroot(2): make path the root directory, and the current one unless that is below it.

    Raises:
        KernelError: EPERM, not the superuser; ENOTDIR; EACCES; and as namei.
    """
    _suser(lwp)
    _change_root(lwp, _check_dir(lwp, namei_simple(lwp, path)))
    return 0


def sys_fchroot(lwp: Lwp, fd: int) -> int:
    """fchroot(2): as chroot, to the open directory fd.

    Raises:
        KernelError: EPERM; EBADF; EINVAL, not a file; ENOTDIR; EACCES.
    """
    _suser(lwp)
    _change_root(lwp, _check_dir(lwp, fd_getvnode(lwp.l_proc, fd).f_data))
    return 0


def _suser(lwp: Lwp) -> None:
    if lwp.l_proc.p_cred.cr_uid:
        raise KernelError(Errno.EPERM)


def _check_dir(lwp: Lwp, vp: Vnode) -> Vnode:
    """Return vp, a directory that the caller may search."""
    if vp.v_type != VDIR:
        raise KernelError(Errno.ENOTDIR)
    vp.v_op.vop_access(vp, VEXEC, lwp.l_proc.p_cred)
    return vp


def _change_cwd(lwp: Lwp, vp: Vnode) -> None:
    cwdi = lwp.l_proc.p_cwdi
    vref(vp)
    cwdi.cwdi_cdir, old = vp, cwdi.cwdi_cdir
    vrele(old)


def _change_root(lwp: Lwp, vp: Vnode) -> None:
    cwdi = lwp.l_proc.p_cwdi
    vref(vp)
    cwdi.cwdi_rdir, old = vp, cwdi.cwdi_rdir
    if old is not None:
        vrele(old)
    rootvnode = lwp.l_kernel.rootvnode
    if rootvnode is not None and not vn_isunder(cwdi.cwdi_cdir, vp, rootvnode):
        _change_cwd(lwp, vp)
