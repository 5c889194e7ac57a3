# SPDX-License-Identifier: BSD-2-Clause
"""System calls that move data through descriptors, and ioctl.  NetBSD sys/kern/sys_generic.c.

pread and its kin, which NetBSD has in vfs_syscalls.c, are here beside read.
"""

from collections.abc import Callable
from itertools import starmap
from struct import Struct
from typing import Final

from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_descrip import FILE_UNUSE, fd_getfile, fd_set_exclose
from kernel.kern.kern_ktrace import ktrgenio, ktrpoint
from kernel.kern.kern_sig import psignal
from kernel.kern.vfs_vnops import vn_seek
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FASYNC, FNONBLOCK, FNOSIGPIPE, FREAD, FWRITE
from kernel.sys.file import DTYPE_VNODE, FOF_UPDATE_OFFSET, File
from kernel.sys.ioccom import (
    FIOASYNC,
    FIOCLEX,
    FIONBIO,
    FIONCLEX,
    IOC_IN,
    IOC_OUT,
    IOC_VOID,
    IOCPARM_LEN,
    IOCPARM_MAX,
)
from kernel.sys.ktrace import KTR_GENIO
from kernel.sys.param import IOV_MAX, SSIZE_MAX
from kernel.sys.proc import Lwp
from kernel.sys.signal import SIGPIPE
from kernel.sys.uio import UIO_READ, UIO_WRITE, Iovec, Uio
from kernel.sys.unistd import SEEK_SET

INTERRUPTED: Final = frozenset({Errno.ERESTART, Errno.EINTR, Errno.EWOULDBLOCK})
_IOVEC: Final = Struct("<QQ")
_SETTINGS: Final = {FIONBIO: FNONBLOCK, FIOASYNC: FASYNC}  # ioctls that are kept in f_flag


def sys_read(lwp: Lwp, fd: int, buf: int, nbyte: int) -> int:
    """read(2): take up to nbyte bytes from fd into buf; return how many came.

    Args:
        lwp: the caller.
        fd: a descriptor open for reading.
        buf: user address.
        nbyte: bytes, at most SSIZE_MAX.

    Raises:
        KernelError: EBADF, fd is not open for reading. EINVAL, nbyte is too
            large. EFAULT. EAGAIN, nothing is there and fd does not block.
            EINTR. What the file says: EISDIR, EIO.
            An interrupted transfer fails only if no byte has moved.

    Source: sys_read, NetBSD sys/kern/sys_generic.c.
    """
    fp = fd_getfile(lwp.l_proc, fd, FREAD)
    return dofileread(lwp, fd, fp, buf, nbyte, 0, FOF_UPDATE_OFFSET)


def sys_write(lwp: Lwp, fd: int, buf: int, nbyte: int) -> int:
    """write(2): send nbyte bytes at buf to fd; return how many went.

    Args:
        lwp: the caller.
        fd: a descriptor open for writing.
        buf: user address.
        nbyte: bytes, at most SSIZE_MAX.

    Raises:
        KernelError: EBADF, fd is not open for writing. EINVAL, nbyte is too
            large. EFAULT. EPIPE, the other end is closed; SIGPIPE is posted
            too. EAGAIN, there is no room and fd does not block. EINTR. What
            the file says: ENOSPC, EDQUOT, EFBIG, EIO.
            An interrupted transfer fails only if no byte has moved.

    Source: sys_write, NetBSD sys/kern/sys_generic.c.
    """
    fp = fd_getfile(lwp.l_proc, fd, FWRITE)
    return dofilewrite(lwp, fd, fp, buf, nbyte, 0, FOF_UPDATE_OFFSET)


def sys_readv(lwp: Lwp, fd: int, iovp: int, iovcnt: int) -> int:
    """readv(2): read into several buffers, one after the other; return the bytes read.

    Raises:
        KernelError: as read; EINVAL too for iovcnt outside 1..IOV_MAX or a
            sum of lengths beyond SSIZE_MAX.
    """
    return dofilereadv(lwp, fd, iovp, iovcnt, None)


def sys_writev(lwp: Lwp, fd: int, iovp: int, iovcnt: int) -> int:
    """writev(2): write several buffers as one; return the bytes written.

    Raises:
        KernelError: as write; EINVAL too for iovcnt outside 1..IOV_MAX or a
            sum of lengths beyond SSIZE_MAX.
    """
    return dofilewritev(lwp, fd, iovp, iovcnt, None)


def sys_pread(lwp: Lwp, fd: int, buf: int, nbyte: int, offset: int) -> int:
    """pread(2): read at offset (bytes), leaving the file's own offset alone.

    Raises:
        KernelError: as read; ESPIPE, fd has no offset; EINVAL, offset < 0.
    """
    fp = fd_getfile(lwp.l_proc, fd, FREAD)
    _seek(fp, offset)
    return dofileread(lwp, fd, fp, buf, nbyte, offset, 0)


def sys_pwrite(lwp: Lwp, fd: int, buf: int, nbyte: int, offset: int) -> int:
    """pwrite(2): write at offset (bytes), leaving the file's own offset alone.

    Raises:
        KernelError: as write; ESPIPE, fd has no offset; EINVAL, offset < 0.
    """
    fp = fd_getfile(lwp.l_proc, fd, FWRITE)
    _seek(fp, offset)
    return dofilewrite(lwp, fd, fp, buf, nbyte, offset, 0)


def sys_preadv(lwp: Lwp, fd: int, iovp: int, iovcnt: int, offset: int) -> int:
    """preadv(2): readv at offset (bytes), leaving the file's own offset alone.

    Raises:
        KernelError: as readv; ESPIPE, fd has no offset; EINVAL, offset < 0.
    """
    return dofilereadv(lwp, fd, iovp, iovcnt, offset)


def sys_pwritev(lwp: Lwp, fd: int, iovp: int, iovcnt: int, offset: int) -> int:
    """pwritev(2): writev at offset (bytes), leaving the file's own offset alone.

    Raises:
        KernelError: as writev; ESPIPE, fd has no offset; EINVAL, offset < 0.
    """
    return dofilewritev(lwp, fd, iovp, iovcnt, offset)


def dofileread(lwp: Lwp, fd: int, fp: File, buf: int, nbyte: int, offset: int, flags: int) -> int:
    """Read nbyte bytes of fp into user memory at buf; return how many came.

    Args:
        lwp: the caller.
        fd: the number the trace shows.
        fp: open for reading.
        buf: user address.
        nbyte: bytes.
        offset: where to read, bytes; unused with FOF_UPDATE_OFFSET.
        flags: FOF_UPDATE_OFFSET or 0.

    Raises:
        KernelError: as sys_read.
    """
    if not 0 <= nbyte <= SSIZE_MAX:
        raise KernelError(Errno.EINVAL)
    p = lwp.l_proc
    uio = Uio(buf, nbyte, UIO_READ, p.p_vmspace, offset)
    moved = _transfer(lwp, fp, fp.f_ops.fo_read, uio, flags)
    if p.p_traceflag and ktrpoint(lwp, KTR_GENIO):
        ktrgenio(lwp, fd, UIO_READ, [Iovec(buf, nbyte)], moved)
    return moved


def dofilewrite(lwp: Lwp, fd: int, fp: File, buf: int, nbyte: int, offset: int, flags: int) -> int:
    """Write nbyte bytes of user memory at buf to fp; return how many went.

    Arguments as dofileread's.

    Raises:
        KernelError: as sys_write.
    """
    if not 0 <= nbyte <= SSIZE_MAX:
        raise KernelError(Errno.EINVAL)
    p = lwp.l_proc
    uio = Uio(buf, nbyte, UIO_WRITE, p.p_vmspace, offset)
    moved = _transfer(lwp, fp, fp.f_ops.fo_write, uio, flags)
    if p.p_traceflag and ktrpoint(lwp, KTR_GENIO):
        ktrgenio(lwp, fd, UIO_WRITE, [Iovec(buf, nbyte)], moved)
    return moved


def dofilereadv(lwp: Lwp, fd: int, iovp: int, iovcnt: int, offset: int | None) -> int:
    """Read into the iovcnt buffers described at iovp; offset None means the file's own.

    Raises:
        KernelError: as sys_readv and sys_preadv.

    Source: do_filereadv, NetBSD sys/kern/sys_generic.c.
    """
    fp, uio, ktriov = _vector(lwp, fd, FREAD, iovp, iovcnt, offset)
    flags = FOF_UPDATE_OFFSET if offset is None else 0
    moved = _transfer(lwp, fp, fp.f_ops.fo_read, uio, flags)
    if ktrpoint(lwp, KTR_GENIO):
        ktrgenio(lwp, fd, UIO_READ, list(starmap(Iovec, ktriov)), moved)
    return moved


def dofilewritev(lwp: Lwp, fd: int, iovp: int, iovcnt: int, offset: int | None) -> int:
    """Write the iovcnt buffers described at iovp; offset None means the file's own.

    Raises:
        KernelError: as sys_writev and sys_pwritev.

    Source: do_filewritev, NetBSD sys/kern/sys_generic.c.
    """
    fp, uio, ktriov = _vector(lwp, fd, FWRITE, iovp, iovcnt, offset)
    flags = FOF_UPDATE_OFFSET if offset is None else 0
    moved = _transfer(lwp, fp, fp.f_ops.fo_write, uio, flags)
    if ktrpoint(lwp, KTR_GENIO):
        ktrgenio(lwp, fd, UIO_WRITE, list(starmap(Iovec, ktriov)), moved)
    return moved


def sys_ioctl(lwp: Lwp, fd: int, com: int, data: int) -> int:
    """ioctl(2): do to the file what com says, with an argument at data.

    The size and direction of the argument are in com: what goes in is traced
    once it is copied in, what comes out once it is copied out.

    Raises:
        KernelError: EBADF. EFAULT. ENOTTY, com is not for this kind of file,
            or its argument is larger than IOCPARM_MAX. What the file says.

    Source: sys_ioctl, NetBSD sys/kern/sys_generic.c.
    """
    p = lwp.l_proc
    fp = fd_getfile(p, fd)
    com &= 0xFFFFFFFF
    if not fp.f_flag & (FREAD | FWRITE):
        raise KernelError(Errno.EBADF)
    if com in (FIOCLEX, FIONCLEX):
        fd_set_exclose(p, fd, com == FIOCLEX)
        return 0
    size = IOCPARM_LEN(com)
    if size > IOCPARM_MAX:
        raise KernelError(Errno.ENOTTY)
    argument = b""
    if com & IOC_IN and size:
        argument = copyin(p.p_vmspace, data, size)
        if ktrpoint(lwp, KTR_GENIO):
            ktrgenio(lwp, fd, UIO_WRITE, [Iovec(data, size)], size)
    elif com & (IOC_IN | IOC_VOID):
        argument = (data & (1 << 64) - 1).to_bytes(8, "little")
    result = _fo_ioctl(lwp, fp, com, argument)
    if com & IOC_OUT and size and com not in _SETTINGS:
        copyout(p.p_vmspace, result, data)
        if ktrpoint(lwp, KTR_GENIO):
            ktrgenio(lwp, fd, UIO_READ, [Iovec(data, size)], size)
    return 0


def _fo_ioctl(lwp: Lwp, fp: File, com: int, argument: bytes) -> bytes:
    """Ask the file; FIONBIO and FIOASYNC are noted in f_flag first, as in sys_ioctl."""
    setting = _SETTINGS.get(com, 0)
    if setting:
        fp.f_flag = fp.f_flag | setting if any(argument) else fp.f_flag & ~setting
    fp.f_usecount += 1
    try:
        return fp.f_ops.fo_ioctl(lwp, fp, com, argument)
    except KernelError as exc:
        if exc.errno is Errno.EPASSTHROUGH:
            exc.errno = Errno.ENOTTY
        raise
    finally:
        if fp.f_count:
            fp.f_usecount -= 1
        else:  # closed meanwhile
            FILE_UNUSE(fp, lwp)


def _transfer(
    lwp: Lwp, fp: File, move: Callable[[Lwp, File, Uio, int], None], uio: Uio, flags: int
) -> int:
    """Run fo_read or fo_write; return the bytes moved, also of a transfer cut short."""
    asked = uio.uio_resid
    fp.f_usecount += 1
    try:
        move(lwp, fp, uio, flags)
    except KernelError as exc:
        if exc.errno is Errno.EPIPE and not fp.f_flag & FNOSIGPIPE:
            psignal(lwp.l_proc, SIGPIPE)
        if uio.uio_resid == asked or exc.errno not in INTERRUPTED:
            raise
    finally:
        if fp.f_count:
            fp.f_usecount -= 1
        else:  # closed meanwhile
            FILE_UNUSE(fp, lwp)
    return asked - uio.uio_resid


def _vector(
    lwp: Lwp, fd: int, need: int, iovp: int, iovcnt: int, offset: int | None
) -> tuple[File, Uio, list[tuple[int, int]]]:
    """Check a vectored call; return the file, the transfer, and a copy of its iovec."""
    if not iovcnt:
        raise KernelError(Errno.EINVAL)
    fp = fd_getfile(lwp.l_proc, fd, need)
    if offset is not None:
        _seek(fp, offset)
    if not 0 < iovcnt <= IOV_MAX:
        raise KernelError(Errno.EINVAL)
    vm = lwp.l_proc.p_vmspace
    pairs = list(_IOVEC.iter_unpack(copyin(vm, iovp, iovcnt * _IOVEC.size)))
    resid = sum(length for _, length in pairs)
    if resid > SSIZE_MAX:
        raise KernelError(Errno.EINVAL)
    rw = UIO_READ if need == FREAD else UIO_WRITE
    return fp, Uio(0, resid, rw, vm, offset or 0, list(starmap(Iovec, pairs))), pairs


def _seek(fp: File, offset: int) -> None:
    """Check that fp can be read or written at offset."""
    if fp.f_type != DTYPE_VNODE:
        raise KernelError(Errno.ESPIPE)
    vn_seek(fp, offset, SEEK_SET)
