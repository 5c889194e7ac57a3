# SPDX-License-Identifier: BSD-2-Clause
"""From a directory up to the root: its path, and whether it is below another.

NetBSD sys/kern/vfs_getcwd.c.
"""

from kernel.arch.python.copy import copyout
from kernel.kern.vfs_subr import vfs_covered
from kernel.sys.dirent import Dirent, dirents
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import MAXPATHLEN
from kernel.sys.proc import Lwp
from kernel.sys.ucred import ROOT_CRED, Ucred
from kernel.sys.uio import UIO_READ, uio_sysspace
from kernel.sys.vnode import VEXEC, VREAD, VV_ROOT, Vnode

_DIRBLKSIZ = 4096  # bytes read at once


def vn_isunder(lower: Vnode, upper: Vnode, rootvnode: Vnode) -> bool:
    """Return whether lower is upper or a directory below it."""
    vp = lower
    while vp is not upper:
        if vp is rootvnode:
            return False
        if vp.v_vflag & VV_ROOT:
            vp = vfs_covered(vp)
            continue
        try:
            parent = vp.v_op.vop_lookup(vp, b"..", ROOT_CRED)
        except KernelError:
            return False
        if parent is None:
            return False
        vp = parent
    return True


def getcwd_common(lwp: Lwp, vp: Vnode, root: Vnode, cred: Ucred | None) -> bytes:
    """Return the path of directory vp as seen from root.

    Args:
        lwp: the caller.
        vp: a directory.
        root: where paths start.
        cred: whose rights are checked on the way; None: nobody's.

    Raises:
        KernelError: ENOENT, vp or one above it was removed, or is not below
            root; EACCES, vp may not be searched, or one between it and root not
            be read and searched; root itself is not asked.
    """
    names: list[bytes] = []
    perms = VEXEC
    rootvnode = lwp.l_kernel.rootvnode
    while vp is not root:
        if cred is not None:
            vp.v_op.vop_access(vp, perms, cred)
        perms = VEXEC | VREAD
        while vp.v_vflag & VV_ROOT:
            if vp is rootvnode:
                raise KernelError(Errno.ENOENT)
            vp = vfs_covered(vp)
            if vp is root:
                break
        else:
            parent = vp.v_op.vop_lookup(vp, b"..", ROOT_CRED)
            if parent is None:
                raise KernelError(Errno.ENOENT)
            names.append(_getcwd_scandir(vp, parent))
            vp = parent
    return b"/" + b"/".join(reversed(names))


def _getcwd_scandir(vp: Vnode, dvp: Vnode) -> bytes:
    """Return the name that vp has in dvp."""
    fileid = vp.v_op.vop_getattr(vp, ROOT_CRED).va_fileid
    cookie, eof = 0, False
    while not eof:
        block = bytearray(_DIRBLKSIZ)
        uio = uio_sysspace(block, UIO_READ, cookie)
        eof = dvp.v_op.vop_readdir(dvp, uio, ROOT_CRED)
        filled = len(block) - uio.uio_resid
        if not filled:
            break
        for entry in dirents(bytes(block[:filled])):
            if _is_child(entry, fileid):
                return entry.d_name
        cookie = uio.uio_offset
    raise KernelError(Errno.ENOENT)


def _is_child(entry: Dirent, fileid: int) -> bool:
    return entry.d_fileno == fileid and entry.d_name not in {b".", b".."}


def sys___getcwd(lwp: Lwp, bufp: int, length: int) -> int:
    """getcwd(3)'s call: store the current directory's path; return its length with the NUL.

    Args:
        lwp: the caller.
        bufp: user address.
        length: bytes at bufp.

    Raises:
        KernelError: ERANGE, the path does not fit; ENOENT, the directory is
            removed; EACCES; EFAULT.
    """
    length = min(length, 4 * MAXPATHLEN)
    if length < 2:
        raise KernelError(Errno.ERANGE)
    p = lwp.l_proc
    root = p.p_cwdi.cwdi_rdir or lwp.l_kernel.rootvnode
    if root is None:
        raise KernelError(Errno.ENOENT)
    path = getcwd_common(lwp, p.p_cwdi.cwdi_cdir, root, p.p_cred) + b"\0"
    if len(path) > length:
        raise KernelError(Errno.ERANGE)
    copyout(p.p_vmspace, path, bufp)
    return len(path)
