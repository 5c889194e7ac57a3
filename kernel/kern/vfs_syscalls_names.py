# SPDX-License-Identifier: BSD-2-Clause
"""System calls that make, remove and change names of files.  NetBSD sys/kern/vfs_syscalls.c."""

from typing import Final

from kernel.arch.python.copy import copyinstr, copyout
from kernel.kern.kern_ktrace import ktrkuser
from kernel.kern.vfs_lookup import fd_atdir, namei, namei_at, nameiat_simple, pathbuf_copyin
from kernel.kern.vnode_if import (
    VOP_CREATE,
    VOP_LINK,
    VOP_MKDIR,
    VOP_MKNOD,
    VOP_REMOVE,
    VOP_RENAME,
    VOP_RMDIR,
    VOP_SYMLINK,
)
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_FOLLOW
from kernel.sys.ktrace import KTRUSER_SYMLINK_TARGET
from kernel.sys.mount import MNT_SYMPERM
from kernel.sys.namei import (
    CREATE,
    CREATEDIR,
    DELETE,
    FOLLOW,
    NOFOLLOW,
    RENAME,
    Nameidata,
)
from kernel.sys.param import MAXPATHLEN
from kernel.sys.proc import Lwp
from kernel.sys.stat import ACCESSPERMS, ALLPERMS, S_IFBLK, S_IFCHR, S_IFIFO, S_IFMT, S_IFREG
from kernel.sys.types import NODEV
from kernel.sys.vnode import (
    VBLK,
    VCHR,
    VDIR,
    VFIFO,
    VLNK,
    VREAD,
    VREG,
    VV_ROOT,
    Vattr,
    Vnode,
)

_DEVICES: Final = {S_IFCHR: VCHR, S_IFBLK: VBLK}


def _create(lwp: Lwp, fdat: int, path: bytes, flags: int = 0) -> tuple[Vnode, bytes]:
    """Return the directory and the name of a file that is to be made.

    Raises:
        KernelError: EEXIST; and as fd_atdir and namei.
    """
    nd = Nameidata(CREATE, flags, path, fd_atdir(lwp, fdat))
    namei(lwp, nd)
    if nd.ni_vp is not None or nd.ni_dvp is None:
        raise KernelError(Errno.EEXIST)
    return nd.ni_dvp, nd.ni_name


def sys___mknod50(lwp: Lwp, path: int, mode: int, dev: int) -> int:
    """mknod(2): make a device, a FIFO (dev 0) or an empty file.

    Raises:
        KernelError: EPERM, not the superuser, which a FIFO does not need;
            EEXIST; EINVAL, the type or the device; and as namei, VOP_MKNOD.
    """
    return sys_mknodat(lwp, AT_FDCWD, path, mode, dev)


def sys_mknodat(lwp: Lwp, fd: int, path: int, mode: int, dev: int) -> int:
    """mknodat(2): as mknod, relative to the open directory fd."""
    if mode & S_IFIFO and dev == 0:
        return sys_mkfifoat(lwp, fd, path, mode)
    p = lwp.l_proc
    if p.p_cred.cr_uid:
        raise KernelError(Errno.EPERM)
    dvp, name = _create(lwp, fd, pathbuf_copyin(lwp, path))
    va = Vattr(va_mode=mode & ALLPERMS & ~p.p_cwdi.cwdi_cmask)
    kind = mode & S_IFMT
    if kind == S_IFREG:
        va.va_type = VREG
        VOP_CREATE(dvp, name, va, p.p_cred)
        return 0
    dev &= NODEV  # all 64 bits of a dev_t, none a sign
    if kind not in _DEVICES or dev == NODEV:
        raise KernelError(Errno.EINVAL)
    va.va_type, va.va_rdev = _DEVICES[kind], dev
    VOP_MKNOD(dvp, name, va, p.p_cred)
    return 0


def sys_mkfifo(lwp: Lwp, path: int, mode: int) -> int:
    """mkfifo(2): make a FIFO.

    Raises:
        KernelError: EEXIST; and as namei, VOP_MKNOD.
    """
    return sys_mkfifoat(lwp, AT_FDCWD, path, mode)


def sys_mkfifoat(lwp: Lwp, fd: int, path: int, mode: int) -> int:
    """mkfifoat(2): as mkfifo, relative to the open directory fd."""
    p = lwp.l_proc
    dvp, name = _create(lwp, fd, pathbuf_copyin(lwp, path))
    va = Vattr(VFIFO, mode & ALLPERMS & ~p.p_cwdi.cwdi_cmask)
    VOP_MKNOD(dvp, name, va, p.p_cred)
    return 0


def sys_link(lwp: Lwp, path: int, link: int) -> int:
    """link(2): give the file at path, links followed, the name link besides.

    Raises:
        KernelError: EEXIST; EPERM, a directory; EXDEV; EMLINK; and as namei, VOP_LINK.
    """
    return sys_linkat(lwp, AT_FDCWD, path, AT_FDCWD, link, AT_SYMLINK_FOLLOW)


def sys_linkat(lwp: Lwp, fd1: int, name1: int, fd2: int, name2: int, flags: int) -> int:
    """linkat(2): as link; a symbolic link is followed only with AT_SYMLINK_FOLLOW."""
    follow = FOLLOW if flags & AT_SYMLINK_FOLLOW else NOFOLLOW
    vp = namei_at(lwp, fd1, name1, follow)
    dvp, name = _create(lwp, fd2, pathbuf_copyin(lwp, name2))
    if vp.v_type == VDIR:
        raise KernelError(Errno.EPERM)
    if dvp.v_mount is not vp.v_mount:
        raise KernelError(Errno.EXDEV)
    VOP_LINK(dvp, vp, name, lwp.l_proc.p_cred)
    return 0


def sys_symlink(lwp: Lwp, path: int, link: int) -> int:
    """symlink(2): make link a symbolic link to path, which need not exist.

    Raises:
        KernelError: EEXIST; EFAULT, ENAMETOOLONG, of either; and as namei, VOP_SYMLINK.
    """
    return sys_symlinkat(lwp, path, AT_FDCWD, link)


def sys_symlinkat(lwp: Lwp, path1: int, fd: int, path2: int) -> int:
    """symlinkat(2): as symlink, the link relative to the open directory fd."""
    p = lwp.l_proc
    target = copyinstr(p.p_vmspace, path1, MAXPATHLEN)
    pathbuf = pathbuf_copyin(lwp, path2)
    ktrkuser(lwp, KTRUSER_SYMLINK_TARGET, target)
    dvp, name = _create(lwp, fd, pathbuf)
    va = Vattr(VLNK, ACCESSPERMS & ~p.p_cwdi.cwdi_cmask)
    VOP_SYMLINK(dvp, name, va, target, p.p_cred)
    return 0


def sys_readlink(lwp: Lwp, path: int, buf: int, count: int) -> int:
    """readlink(2): store the target of a symbolic link, cut to count bytes; return its length.

    Raises:
        KernelError: EINVAL, not a symbolic link; EFAULT; and as namei.
    """
    return sys_readlinkat(lwp, AT_FDCWD, path, buf, count)


def sys_readlinkat(lwp: Lwp, fd: int, path: int, buf: int, bufsize: int) -> int:
    """readlinkat(2): as readlink, relative to the open directory fd."""
    p = lwp.l_proc
    name = pathbuf_copyin(lwp, path)
    vp = nameiat_simple(lwp, fd_atdir(lwp, fd), name, NOFOLLOW)
    if vp.v_type != VLNK:
        raise KernelError(Errno.EINVAL)
    if vp.v_mount.mnt_flag & MNT_SYMPERM:
        vp.v_op.vop_access(vp, VREAD, p.p_cred)
    target = vp.v_op.vop_readlink(vp, p.p_cred)
    if bufsize >= 0:  # else a size_t beyond all links
        target = target[:bufsize]
    copyout(p.p_vmspace, target, buf)
    return len(target)


def sys_undelete(lwp: Lwp, path: int) -> int:
    """undelete(2): remove a whiteout; no file system here has any.

    Raises:
        KernelError: EEXIST, there is a file; and as namei.
    """
    namei(lwp, Nameidata(DELETE, NOFOLLOW, pathbuf_copyin(lwp, path)))
    raise KernelError(Errno.EEXIST)


def sys_unlink(lwp: Lwp, path: int) -> int:
    """unlink(2): remove a name, and the file with the last if nobody has it open.

    Raises:
        KernelError: EPERM, a directory, a flag or the sticky bit forbids it;
            EBUSY, a mount point; and as namei, VOP_REMOVE.
    """
    return sys_unlinkat(lwp, AT_FDCWD, path, 0)


def sys_rmdir(lwp: Lwp, path: int) -> int:
    """rmdir(2): remove an empty directory.

    Raises:
        KernelError: ENOTDIR; EINVAL, "."; EBUSY, a mount point; ENOTEMPTY;
            EPERM; and as namei, VOP_RMDIR.
    """
    return sys_unlinkat(lwp, AT_FDCWD, path, AT_REMOVEDIR)


def sys_unlinkat(lwp: Lwp, fd: int, path: int, flag: int) -> int:
    """unlinkat(2): unlink, or with AT_REMOVEDIR rmdir, relative to the open directory fd.

    Source: do_sys_unlinkat, NetBSD sys/kern/vfs_syscalls.c.
    """
    name = pathbuf_copyin(lwp, path)
    nd = Nameidata(DELETE, NOFOLLOW, name, fd_atdir(lwp, fd))
    namei(lwp, nd)
    vp, dvp = nd.ni_vp, nd.ni_dvp
    assert vp is not None
    assert dvp is not None  # DELETE
    if vp.v_vflag & VV_ROOT or vp.v_mountedhere is not None:
        raise KernelError(Errno.EBUSY)
    if dvp is vp:
        raise KernelError(Errno.EINVAL)
    cred = lwp.l_proc.p_cred
    if vp.v_type == VDIR:
        if not flag & AT_REMOVEDIR:
            raise KernelError(Errno.EPERM)
        if nd.ni_name == b"..":
            raise KernelError(Errno.ENOTEMPTY)
        VOP_RMDIR(dvp, vp, nd.ni_name, cred)
    elif flag & AT_REMOVEDIR:
        raise KernelError(Errno.ENOTDIR)
    else:
        VOP_REMOVE(dvp, vp, nd.ni_name, cred)
    return 0


def sys_mkdir(lwp: Lwp, path: int, mode: int) -> int:
    """mkdir(2): make a directory with permissions mode, less the umask.

    Raises:
        KernelError: EEXIST; EMLINK; and as namei, VOP_MKDIR.
    """
    return sys_mkdirat(lwp, AT_FDCWD, path, mode)


def sys_mkdirat(lwp: Lwp, fd: int, path: int, mode: int) -> int:
    """mkdirat(2): as mkdir, relative to the open directory fd."""
    p = lwp.l_proc
    dvp, name = _create(lwp, fd, pathbuf_copyin(lwp, path), CREATEDIR)
    va = Vattr(VDIR, mode & ACCESSPERMS & ~p.p_cwdi.cwdi_cmask)
    VOP_MKDIR(dvp, name, va, p.p_cred)
    return 0


def sys_rename(lwp: Lwp, from_: int, to: int) -> int:
    """rename(2): give a file another name, in place of what has that name.

    Two names of one file: from goes away, unless they are one and the same.

    Raises:
        KernelError: EINVAL, "." or "..", or into itself; EISDIR, onto ".", or
            a directory by something else; ENOTDIR, something else by a
            directory; EXDEV; ENOTEMPTY; EBUSY; EPERM; and as namei, VOP_RENAME.
    """
    return _renameat(lwp, AT_FDCWD, from_, AT_FDCWD, to, retain=False)


def sys_renameat(lwp: Lwp, fromfd: int, from_: int, tofd: int, to: int) -> int:
    """renameat(2): as rename, relative to open directories."""
    return _renameat(lwp, fromfd, from_, tofd, to, retain=False)


def sys___posix_rename(lwp: Lwp, from_: int, to: int) -> int:
    """POSIX's rename(2): two names of one file both stay."""
    return _renameat(lwp, AT_FDCWD, from_, AT_FDCWD, to, retain=True)


def _renameat(lwp: Lwp, fromfd: int, from_: int, tofd: int, to: int, *, retain: bool) -> int:
    """Rename.

    Source: do_sys_renameat, NetBSD sys/kern/vfs_syscalls.c.
    """
    frompath = pathbuf_copyin(lwp, from_)
    topath = pathbuf_copyin(lwp, to)
    fnd = Nameidata(DELETE, NOFOLLOW, frompath, fd_atdir(lwp, fromfd))
    namei(lwp, fnd)
    fdvp, fvp = fnd.ni_dvp, fnd.ni_vp
    assert fdvp is not None
    assert fvp is not None  # DELETE
    if fnd.ni_name in {b".", b".."}:
        raise KernelError(Errno.EINVAL)
    flags = CREATEDIR if fvp.v_type == VDIR else 0
    tnd = Nameidata(RENAME, flags, topath, fd_atdir(lwp, tofd))
    namei(lwp, tnd)
    tdvp, tvp = tnd.ni_dvp, tnd.ni_vp
    assert tdvp is not None  # RENAME
    if tnd.ni_name == b"..":  # of the root
        raise KernelError(Errno.EINVAL)
    if fdvp.v_mount is not tdvp.v_mount:
        raise KernelError(Errno.EXDEV)
    if tvp is not None and (fvp.v_type == VDIR) != (tvp.v_type == VDIR):
        raise KernelError(Errno.ENOTDIR if fvp.v_type == VDIR else Errno.EISDIR)
    if fvp is tdvp:
        raise KernelError(Errno.EINVAL)
    if fvp is tvp and (retain or (fdvp is tdvp and fnd.ni_name == tnd.ni_name)):
        return 0
    cred = lwp.l_proc.p_cred
    VOP_RENAME(fdvp, fvp, fnd.ni_name, tdvp, tvp, tnd.ni_name, cred)
    return 0
