# SPDX-License-Identifier: BSD-2-Clause
"""System calls that open files and work on open ones.  NetBSD sys/kern/vfs_syscalls.c."""

from typing import Final

from kernel.kern.kern_descrip import (
    closef,
    falloc,
    fd_abort,
    fd_affix,
    fd_dupopen,
    fd_getfile,
    fd_getvnode,
    fd_moveopen,
)
from kernel.kern.kern_ktrace import ktrgenio, ktrpoint
from kernel.kern.vfs_lookup import fd_atdir, pathbuf_copyin
from kernel.kern.vfs_vnops import vn_open, vn_readdir, vn_seek, vnops
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import (
    F_FLOCK,
    F_RDLCK,
    F_SETLK,
    F_WAIT,
    F_WRLCK,
    FFLAGS,
    FHASLOCK,
    FMASK,
    FNONBLOCK,
    FREAD,
    FWRITE,
    O_CREAT,
    O_EXLOCK,
    O_SEARCH,
    O_SHLOCK,
    Flock,
)
from kernel.sys.file import DTYPE_VNODE, File
from kernel.sys.ktrace import KTR_GENIO
from kernel.sys.proc import Lwp
from kernel.sys.stat import ALLPERMS, S_ISTXT
from kernel.sys.uio import UIO_READ, Iovec, Uio
from kernel.sys.unistd import FDATASYNC, FFILESYNC, SEEK_SET
from kernel.sys.vnode import FSYNC_DATAONLY, FSYNC_WAIT, VDIR, Vnode

_OFF_MAX: Final = (1 << 63) - 1


def sys_open(lwp: Lwp, path: int, flags: int, mode: int) -> int:
    """open(2): open, and with O_CREAT make, a file; return a descriptor.

    Args:
        lwp: the caller.
        path: user address.
        flags: O_RDONLY, O_WRONLY or O_RDWR, and O_CREAT, O_EXCL, O_TRUNC,
            O_APPEND, O_NONBLOCK, O_NOFOLLOW, O_DIRECTORY, O_REGULAR,
            O_CLOEXEC, O_SHLOCK, O_EXLOCK ...
        mode: permissions of a file that is made, less the umask.

    Raises:
        KernelError: EINVAL, neither read nor write, or O_CREAT with
            O_DIRECTORY; EMFILE; ENFILE; EINTR; and as vn_open.

    Source: do_open, NetBSD sys/kern/vfs_syscalls.c.
    """
    return do_open(lwp, None, pathbuf_copyin(lwp, path), flags, mode)


def sys_openat(lwp: Lwp, fd: int, path: int, oflags: int, mode: int) -> int:
    """openat(2): as open, a relative path starting at the open directory fd.

    Raises:
        KernelError: EBADF; EINVAL, fd is not a file; ENOTDIR; and as sys_open.
    """
    name = pathbuf_copyin(lwp, path)
    return do_open(lwp, fd_atdir(lwp, fd), name, oflags, mode)


def do_open(lwp: Lwp, atdir: Vnode | None, path: bytes, oflags: int, mode: int) -> int:
    """Open path and return a descriptor: open(2) from the inside.

    Raises:
        KernelError: as sys_open.
    """
    flags = FFLAGS(oflags & ~O_SEARCH)
    if not flags & (FREAD | FWRITE):
        raise KernelError(Errno.EINVAL)
    p = lwp.l_proc
    fp, fd = falloc(lwp)
    cmode = mode & ~p.p_cwdi.cwdi_cmask & ALLPERMS & ~S_ISTXT if flags & O_CREAT else 0
    try:
        vp = vn_open(lwp, atdir, path, flags, cmode, dupfd=True)
    except KernelError as exc:
        fd_abort(p, fp, fd)
        if exc.errno is Errno.EDUPFD:
            return fd_dupopen(lwp, lwp.l_dupfd, flags, oflags)
        if exc.errno is Errno.EMOVEFD:
            return fd_moveopen(lwp, lwp.l_dupfd, oflags)
        if exc.errno == Errno.ERESTART:
            raise KernelError(Errno.EINTR) from None
        raise
    fp.f_type = DTYPE_VNODE
    fp.f_ops = vnops
    fp.f_data = vp
    fp.f_flag = flags & FMASK
    if flags & (O_EXLOCK | O_SHLOCK):
        _open_lock(lwp, fp, fd, flags)
    fd_affix(p, fp, fd, oflags)
    return fd


def _open_lock(lwp: Lwp, fp: File, fd: int, flags: int) -> None:
    """Take the flock that open was asked for; without it the file is closed again."""
    kind = F_WRLCK if flags & O_EXLOCK else F_RDLCK
    wait = 0 if flags & FNONBLOCK else F_WAIT
    vp: Vnode = fp.f_data
    fp.f_count += 1
    try:
        whole = Flock(0, 0, 0, kind, SEEK_SET)
        vp.v_op.vop_advlock(lwp, vp, fp, F_SETLK, whole, F_FLOCK | wait)
    except KernelError:
        fd_abort(lwp.l_proc, None, fd)
        closef(lwp, fp)
        raise
    fp.f_count -= 1
    fp.f_flag |= FHASLOCK


def sys_lseek(lwp: Lwp, fd: int, offset: int, whence: int) -> int:
    """lseek(2): move the file's offset; return the new one, bytes.

    Raises:
        KernelError: EBADF; ESPIPE, a pipe or a socket; and as vn_seek.
    """
    fp = fd_getfile(lwp.l_proc, fd)
    if fp.f_type != DTYPE_VNODE:
        raise KernelError(Errno.ESPIPE)
    fp.f_offset = vn_seek(fp, offset, whence)
    return fp.f_offset


def sys___getdents30(lwp: Lwp, fd: int, buf: int, count: int) -> int:
    """getdents(2): read directory entries (struct dirent); return the bytes, 0 at the end.

    Args:
        lwp: the caller.
        fd: a directory open for reading; its offset is a cookie.
        buf: user address.
        count: bytes at buf, of which the lower 32 bits count.

    Raises:
        KernelError: EBADF; EINVAL, not a directory, or the offset is no cookie; EFAULT.
    """
    p = lwp.l_proc
    fp = fd_getvnode(p, fd)
    if not fp.f_flag & FREAD:
        raise KernelError(Errno.EBADF)
    count &= 0xFFFFFFFF
    uio = Uio(buf, count, UIO_READ, p.p_vmspace)
    vn_readdir(fp, uio)
    done = count - uio.uio_resid
    if ktrpoint(lwp, KTR_GENIO):
        ktrgenio(lwp, fd, UIO_READ, [Iovec(buf, count)], done)
    return done


def sys_umask(lwp: Lwp, newmask: int) -> int:
    """umask(2): set the file creation mask; return the one it replaces."""
    cwdi = lwp.l_proc.p_cwdi
    previous, cwdi.cwdi_cmask = cwdi.cwdi_cmask, newmask & ALLPERMS
    return previous


def sys_fsync(lwp: Lwp, fd: int) -> int:
    """fsync(2): bring the file's data and attributes to its storage.

    Raises:
        KernelError: EBADF; EINVAL, not a file; and as VOP_FSYNC.
    """
    _fsync(fd_getvnode(lwp.l_proc, fd), FSYNC_WAIT)
    return 0


def sys_fdatasync(lwp: Lwp, fd: int) -> int:
    """fdatasync(2): bring the file's data to its storage.

    Raises:
        KernelError: EBADF; EINVAL, not a file; and as VOP_FSYNC.
    """
    _fsync(fd_getvnode(lwp.l_proc, fd), FSYNC_WAIT | FSYNC_DATAONLY)
    return 0


def sys_fsync_range(lwp: Lwp, fd: int, flags: int, start: int, length: int) -> int:
    """fsync_range(2): bring part of a file to its storage.

    Args:
        lwp: the caller.
        fd: a file open for writing.
        flags: FDATASYNC or FFILESYNC, and FDISKSYNC.
        start: offset, bytes.
        length: bytes; 0: the whole file.

    Raises:
        KernelError: EBADF, also if fd is not open for writing; EINVAL, the
            flags, the range, or not a file.

    Source: sys_fsync_range, NetBSD sys/kern/vfs_syscalls.c 1.559: unlike fsync and fdatasync.
    """
    fp = fd_getvnode(lwp.l_proc, fd)
    if not fp.f_flag & FWRITE:
        raise KernelError(Errno.EBADF)
    kind = flags & (FDATASYNC | FFILESYNC)
    if kind not in {FDATASYNC, FFILESYNC}:
        raise KernelError(Errno.EINVAL)
    end = start + length if length else 0
    if length and (end < start or end > _OFF_MAX):
        raise KernelError(Errno.EINVAL)
    nflags = FSYNC_WAIT | (FSYNC_DATAONLY if kind == FDATASYNC else 0)
    _fsync(fp, nflags, start if length else 0, end)
    return 0


def _fsync(fp: File, flags: int, start: int = 0, end: int = 0) -> None:
    vp: Vnode = fp.f_data
    vp.v_op.vop_fsync(vp, fp.f_cred, flags, start, end)


def sys_posix_fallocate(lwp: Lwp, fd: int, pos: int, len: int) -> int:
    """posix_fallocate(2): give a range of a file storage; the error is what is returned."""
    try:
        vp = _range_of(lwp, fd, pos, len)
        vp.v_op.vop_fallocate(vp, pos, len)
    except KernelError as exc:
        return exc.errno
    return 0


def sys_fdiscard(lwp: Lwp, fd: int, pos: int, len: int) -> int:
    """fdiscard(2): take the storage of a range, which becomes a hole.

    Raises:
        KernelError: EINVAL, the range; EBADF, not open for writing; EISDIR;
            EOPNOTSUPP, the file system cannot.
    """
    vp = _range_of(lwp, fd, pos, len)
    vp.v_op.vop_fdiscard(vp, pos, len)
    return 0


def _range_of(lwp: Lwp, fd: int, pos: int, size: int) -> Vnode:
    """Return the file of fd, which is open for writing, after checking the range."""
    if pos < 0 or size < 0 or pos + size > _OFF_MAX:
        raise KernelError(Errno.EINVAL)
    fp = fd_getvnode(lwp.l_proc, fd)
    if not fp.f_flag & FWRITE:
        raise KernelError(Errno.EBADF)
    vp: Vnode = fp.f_data
    if vp.v_type == VDIR:
        raise KernelError(Errno.EISDIR)
    return vp
