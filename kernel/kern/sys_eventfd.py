# SPDX-License-Identifier: BSD-2-Clause
"""eventfd(2): a counter to wait for.  NetBSD sys/kern/sys_eventfd.c."""

from typing import Final

from kernel.arch.python.clock import nanotime
from kernel.kern.kern_descrip import falloc, fd_affix, fnullop_fcntl
from kernel.kern.kern_event import knote_setfilter, selrecord_knote
from kernel.kern.kern_subr import uiogather, uiomove
from kernel.kern.kern_synch import PCATCH, PSOCK, tsleep, wakeup
from kernel.kern.sys_select import selrecord, selwakeup
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import EVFILT_READ, EVFILT_WRITE, FilterOps, Knote
from kernel.sys.eventfd import EFD_CLOEXEC, EFD_NONBLOCK, EFD_SEMAPHORE
from kernel.sys.fcntl import FNONBLOCK, FREAD, FWRITE
from kernel.sys.file import (
    DTYPE_EVENTFD,
    POLLIN,
    POLLOUT,
    POLLRDNORM,
    POLLWRNORM,
    File,
    FileOps,
)
from kernel.sys.ioccom import FIONBIO, FIONREAD, FIONSPACE, FIONWRITE
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.selinfo import Selinfo
from kernel.sys.stat import S_IFIFO, S_IRUSR, S_IWUSR, Stat
from kernel.sys.uio import UIO_WRITE, Uio, uio_sysspace

MAXVAL: Final = (1 << 64) - 2  # the counter goes no higher
_SIZE: Final = 8  # bytes of a value


@dataclass(slots=True, eq=False)
class Eventfd:
    """A counter (struct eventfd)."""

    efd_kernel: Kernel
    efd_val: int
    efd_is_semaphore: bool
    efd_btime: int  # ns since the epoch, as the two below
    efd_atime: int = 0
    efd_mtime: int = 0
    efd_sel: Selinfo = field(default_factory=Selinfo)


def sys_eventfd(lwp: Lwp, val: int, flags: int) -> int:
    """eventfd(2): make a counter that starts at val; return its descriptor.

    Args:
        lwp: the caller.
        val: an unsigned int.
        flags: EFD_CLOEXEC, EFD_NONBLOCK; EFD_SEMAPHORE: each read takes 1, not all.

    Raises:
        KernelError: EINVAL, other flags. EMFILE, ENFILE.
    """
    if flags & ~(EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE):
        raise KernelError(Errno.EINVAL)
    fp, fd = falloc(lwp)
    kernel = lwp.l_kernel
    fp.f_type, fp.f_ops = DTYPE_EVENTFD, eventfd_fileops
    fp.f_data = Eventfd(kernel, val & 0xFFFFFFFF, bool(flags & EFD_SEMAPHORE), nanotime(kernel))
    fp.f_flag = FREAD | FWRITE | flags & EFD_NONBLOCK
    fd_affix(lwp.l_proc, fp, fd, flags)
    return fd


def _changed(efd: Eventfd) -> None:
    wakeup(efd.efd_kernel, efd)
    selwakeup(efd.efd_kernel, efd.efd_sel)


def _read(lwp: Lwp, fp: File, uio: Uio, _flags: int) -> None:
    """Take the counter's value, waiting until it is not 0.

    Raises:
        KernelError: EINVAL, room for less than 8 bytes. EAGAIN. EINTR, ERESTART. EFAULT.
    """
    efd: Eventfd = fp.f_data
    if uio.uio_resid < _SIZE:
        raise KernelError(Errno.EINVAL)
    while not efd.efd_val:
        if fp.f_flag & FNONBLOCK:
            raise KernelError(Errno.EAGAIN)
        tsleep(lwp, efd, PSOCK | PCATCH, "eventrd")
    taken = 1 if efd.efd_is_semaphore else efd.efd_val
    efd.efd_val -= taken
    efd.efd_atime = nanotime(efd.efd_kernel)
    _changed(efd)
    uiomove(taken.to_bytes(_SIZE, "little"), uio)


def _write(lwp: Lwp | None, fp: File, uio: Uio, _flags: int) -> None:
    """Add to the counter, waiting until there is room.

    Raises:
        KernelError: EINVAL, less than 8 bytes, or the largest number. EAGAIN. EINTR,
            ERESTART. EFAULT.
    """
    efd: Eventfd = fp.f_data
    if uio.uio_resid < _SIZE:
        raise KernelError(Errno.EINVAL)
    value = int.from_bytes(uiogather(uio, _SIZE), "little")
    try:
        if value > MAXVAL:
            raise KernelError(Errno.EINVAL)
        while MAXVAL - efd.efd_val < value:
            if fp.f_flag & FNONBLOCK or lwp is None:
                raise KernelError(Errno.EAGAIN)
            tsleep(lwp, efd, PSOCK | PCATCH, "eventwr")
    except KernelError:
        uio.uio_resid += _SIZE  # nothing was written
        raise
    efd.efd_val += value
    efd.efd_mtime = nanotime(efd.efd_kernel)
    _changed(efd)


def _append(_lwp: Lwp, fp: File, data: bytes | bytearray | memoryview) -> None:
    _write(None, fp, uio_sysspace(data, UIO_WRITE), 0)


def _ioctl(_lwp: Lwp, fp: File, com: int, _data: bytes) -> bytes:
    efd: Eventfd = fp.f_data
    if com == FIONBIO:
        return b""
    answers = {
        FIONREAD: _SIZE if efd.efd_val else 0,
        FIONWRITE: 0,
        FIONSPACE: _SIZE if efd.efd_val < MAXVAL else 0,
    }
    if com not in answers:
        raise KernelError(Errno.EPASSTHROUGH)
    return answers[com].to_bytes(4, "little")


def _poll(lwp: Lwp, fp: File, events: int) -> int:
    efd: Eventfd = fp.f_data
    revents = 0
    if efd.efd_val:
        revents |= events & (POLLIN | POLLRDNORM)
    if efd.efd_val < MAXVAL:
        revents |= events & (POLLOUT | POLLWRNORM)
    if not revents:
        selrecord(lwp, efd.efd_sel)
    return revents


def _filt_read(kn: Knote, _hint: int) -> bool:
    kn.kn_data = kn.kn_obj.f_data.efd_val
    return kn.kn_data > 0


def _filt_write(kn: Knote, _hint: int) -> bool:
    kn.kn_data = MAXVAL - kn.kn_obj.f_data.efd_val
    return kn.kn_data > 0


_FILTOPS: Final = {EVFILT_READ: FilterOps(_filt_read), EVFILT_WRITE: FilterOps(_filt_write)}


def _kqfilter(fp: File, kn: Knote) -> None:
    """Watch for something to take, or for room.

    Raises:
        KernelError: EINVAL, another filter.
    """
    knote_setfilter(kn, _FILTOPS)
    selrecord_knote(fp.f_data.efd_sel, kn)


def _stat(_lwp: Lwp, fp: File) -> Stat:
    """The size is the counter's value."""
    efd: Eventfd = fp.f_data
    return Stat(
        st_mode=S_IFIFO | S_IRUSR | S_IWUSR,
        st_uid=fp.f_cred.cr_uid,
        st_gid=fp.f_cred.cr_gid,
        st_atim=efd.efd_atime,
        st_mtim=efd.efd_mtime,
        st_ctim=efd.efd_btime,
        st_birthtim=efd.efd_btime,
        st_size=efd.efd_val,
        st_blocks=1,
        st_blksize=_SIZE,
    )


def _close(_lwp: Lwp | None, _fp: File) -> None:
    """Nobody can wait for it any more."""


eventfd_fileops: Final = FileOps(
    fo_name="eventfd",
    fo_read=_read,
    fo_write=_write,
    fo_append=_append,
    fo_ioctl=_ioctl,
    fo_fcntl=fnullop_fcntl,
    fo_poll=_poll,
    fo_stat=_stat,
    fo_close=_close,
    fo_kqfilter=_kqfilter,
)
