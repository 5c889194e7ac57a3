# SPDX-License-Identifier: BSD-2-Clause
"""timerfd_create(2) and its kin: timers that are read.  NetBSD sys/kern/sys_timerfd.c."""

from typing import Any, Final, NoReturn

from kernel.arch.python.clock import clock_gettime, nanotime
from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_descrip import falloc, fd_affix, fd_getfile, fnullop_fcntl
from kernel.kern.kern_event import selrecord_knote
from kernel.kern.kern_subr import uiomove
from kernel.kern.kern_synch import PCATCH, PSOCK, tsleep, wakeup
from kernel.kern.kern_timeout import callout_reset, callout_stop
from kernel.kern.sys_select import selrecord, selwakeup
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import EVFILT_READ, FilterOps, Knote
from kernel.sys.eventfd import (
    TFD_CLOEXEC,
    TFD_NONBLOCK,
    TFD_TIMER_ABSTIME,
    TFD_TIMER_CANCEL_ON_SET,
)
from kernel.sys.fcntl import FNONBLOCK, FREAD
from kernel.sys.file import DTYPE_TIMERFD, POLLIN, POLLRDNORM, File, FileOps
from kernel.sys.ioccom import FIONBIO, FIONREAD
from kernel.sys.kernel import Kernel
from kernel.sys.param import TICK
from kernel.sys.proc import Lwp
from kernel.sys.selinfo import Selinfo
from kernel.sys.stat import S_IFIFO, S_IRUSR, S_IWUSR, Stat
from kernel.sys.time import (
    CLOCK_MONOTONIC,
    CLOCK_REALTIME,
    SIZEOF_ITIMERSPEC,
    Itimerspec,
    Timespec,
)
from kernel.sys.uio import Uio

_SIZE: Final = 8  # bytes of what is read


@dataclass(slots=True, eq=False)
class Timerfd:
    """A timer (struct timerfd); times in ns."""

    tfd_kernel: Kernel
    tfd_clock: int
    tfd_btime: int
    tfd_atime: int = 0
    tfd_mtime: int = 0
    tfd_next: int = 0  # when it expires next, by its clock; 0: it is off
    tfd_interval: int = 0
    tfd_ticks: int = 0  # expirations nobody has read
    tfd_flags: int = 0  # TFD_TIMER_* of the last setting
    tfd_cancelled: bool = False  # the time of day was set, nobody has read it
    tfd_callout: Any = None
    tfd_sel: Selinfo = field(default_factory=Selinfo)


def sys_timerfd_create(lwp: Lwp, clock_id: int, flags: int) -> int:
    """timerfd_create(2): make a timer, which is off; return its descriptor.

    Raises:
        KernelError: EINVAL, flags other than TFD_CLOEXEC, TFD_NONBLOCK; no clock
            for timers. EMFILE, ENFILE.
    """
    if flags & ~(TFD_CLOEXEC | TFD_NONBLOCK) or clock_id not in (CLOCK_REALTIME, CLOCK_MONOTONIC):
        raise KernelError(Errno.EINVAL)
    fp, fd = falloc(lwp)
    fp.f_type, fp.f_ops = DTYPE_TIMERFD, timerfd_fileops
    fp.f_data = Timerfd(lwp.l_kernel, clock_id, nanotime(lwp.l_kernel))
    fp.f_flag = FREAD | flags & TFD_NONBLOCK
    fd_affix(lwp.l_proc, fp, fd, flags)
    return fd


def _get(lwp: Lwp, fd: int) -> Timerfd:
    """Return the timer open at fd.

    Raises:
        KernelError: EBADF; EINVAL, it is no timer.
    """
    fp = fd_getfile(lwp.l_proc, fd)
    if fp.f_type != DTYPE_TIMERFD:
        raise KernelError(Errno.EINVAL)
    tfd: Timerfd = fp.f_data
    return tfd


def sys_timerfd_gettime(lwp: Lwp, fd: int, curr_value: int) -> int:
    """timerfd_gettime(2): store the time until the timer expires, and its interval.

    Raises:
        KernelError: EBADF. EINVAL, fd is no timer. EFAULT.
    """
    copyout(lwp.l_proc.p_vmspace, _value(_get(lwp, fd)).pack(), curr_value)
    return 0


def sys_timerfd_settime(lwp: Lwp, fd: int, flags: int, new_value: int, old_value: int) -> int:
    """timerfd_settime(2): set the timer; a time of 0 turns it off.

    Args:
        lwp: the caller.
        fd: the timer.
        flags: TFD_TIMER_ABSTIME: until that time; TFD_TIMER_CANCEL_ON_SET: reading
            fails if CLOCK_REALTIME is set meanwhile.
        new_value: user address of a struct itimerspec.
        old_value: where what was left of it goes, or 0.

    Raises:
        KernelError: EFAULT. EINVAL, other flags, times that are none, or fd is no timer. EBADF.
    """
    vm = lwp.l_proc.p_vmspace
    if flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET):
        raise KernelError(Errno.EINVAL)
    new = Itimerspec.unpack(copyin(vm, new_value, SIZEOF_ITIMERSPEC))
    for time in new:
        if time.tv_sec < 0 or not 0 <= time.tv_nsec < 1_000_000_000:
            raise KernelError(Errno.EINVAL)
    tfd = _get(lwp, fd)
    old = _value(tfd)
    kernel = tfd.tfd_kernel
    _stop(tfd)
    tfd.tfd_flags, tfd.tfd_ticks, tfd.tfd_cancelled = flags, 0, False
    tfd.tfd_interval = new.it_interval.ns
    tfd.tfd_next = new.it_value.ns
    if tfd.tfd_next:
        if not flags & TFD_TIMER_ABSTIME:
            tfd.tfd_next += clock_gettime(kernel, tfd.tfd_clock)
        if tfd.tfd_clock == CLOCK_REALTIME:
            kernel.clock_steps[tfd] = lambda: _stepped(tfd)
        _start(tfd)
    if old_value:
        copyout(vm, old.pack(), old_value)
    return 0


def _value(tfd: Timerfd) -> Itimerspec:
    left = (
        max(tfd.tfd_next - clock_gettime(tfd.tfd_kernel, tfd.tfd_clock), 1) if tfd.tfd_next else 0
    )
    return Itimerspec(Timespec.from_ns(tfd.tfd_interval), Timespec.from_ns(left))


def _start(tfd: Timerfd) -> None:
    """Have the timer looked at when it expires, or now if that is past."""
    left = tfd.tfd_next - clock_gettime(tfd.tfd_kernel, tfd.tfd_clock)
    if left > 0:
        tfd.tfd_callout = callout_reset(tfd.tfd_kernel, left, _expire, tfd)
    else:
        _expire(tfd)


def _stop(tfd: Timerfd) -> None:
    if tfd.tfd_callout is not None:
        callout_stop(tfd.tfd_kernel, tfd.tfd_callout)
        tfd.tfd_callout = None
    tfd.tfd_kernel.clock_steps.pop(tfd, None)


def _expire(tfd: Timerfd) -> None:
    """Count the expirations up to now; one tick may hold many."""
    kernel = tfd.tfd_kernel
    tfd.tfd_callout = None
    now = clock_gettime(kernel, tfd.tfd_clock)
    if tfd.tfd_interval:
        missed = 1 + max(now - tfd.tfd_next, 0) // tfd.tfd_interval
        tfd.tfd_next += missed * tfd.tfd_interval
        delay = max(tfd.tfd_next - now, TICK)
        tfd.tfd_callout = callout_reset(kernel, delay, _expire, tfd)
    else:
        missed, tfd.tfd_next = 1, 0
    tfd.tfd_ticks = (tfd.tfd_ticks + missed) % (1 << 64)
    tfd.tfd_mtime = nanotime(kernel)
    _changed(tfd)


def _stepped(tfd: Timerfd) -> None:
    """The time of day was set: an absolute timer keeps its time, one from now on its distance."""
    if not tfd.tfd_next or not tfd.tfd_flags & TFD_TIMER_ABSTIME:
        return
    if tfd.tfd_flags & TFD_TIMER_CANCEL_ON_SET:
        tfd.tfd_cancelled = True
        _changed(tfd)
    if tfd.tfd_callout is not None:
        callout_stop(tfd.tfd_kernel, tfd.tfd_callout)
        _start(tfd)


def _changed(tfd: Timerfd) -> None:
    wakeup(tfd.tfd_kernel, tfd)
    selwakeup(tfd.tfd_kernel, tfd.tfd_sel)


def _readable(tfd: Timerfd) -> bool:
    return tfd.tfd_ticks != 0 or tfd.tfd_cancelled


def _read(lwp: Lwp, fp: File, uio: Uio, _flags: int) -> None:
    """Read how often the timer has expired since it was read, waiting until it has.

    Raises:
        KernelError: EINVAL, room for less than 8 bytes. EAGAIN. ECANCELED, the time
            of day was set. EINTR, ERESTART. EFAULT.
    """
    tfd: Timerfd = fp.f_data
    if uio.uio_resid < _SIZE:
        raise KernelError(Errno.EINVAL)
    while not _readable(tfd):
        if fp.f_flag & FNONBLOCK:
            raise KernelError(Errno.EAGAIN)
        tsleep(lwp, tfd, PSOCK | PCATCH, "tfdread")
    ticks, tfd.tfd_ticks = tfd.tfd_ticks, 0
    if tfd.tfd_cancelled:
        tfd.tfd_cancelled = False
        raise KernelError(Errno.ECANCELED)
    tfd.tfd_atime = nanotime(tfd.tfd_kernel)
    uiomove(ticks.to_bytes(_SIZE, "little"), uio)


def _ebadf(*_args: object) -> NoReturn:
    raise KernelError(Errno.EBADF)


def _ioctl(_lwp: Lwp, fp: File, com: int, _data: bytes) -> bytes:
    if com == FIONBIO:
        return b""
    if com == FIONREAD:
        return (_SIZE if _readable(fp.f_data) else 0).to_bytes(4, "little")
    raise KernelError(Errno.EPASSTHROUGH)


def _poll(lwp: Lwp, fp: File, events: int) -> int:
    revents = events & (POLLIN | POLLRDNORM)
    if revents and not _readable(fp.f_data):
        selrecord(lwp, fp.f_data.tfd_sel)
        return 0
    return revents


def _filt_timerfd(kn: Knote, _hint: int) -> bool:
    kn.kn_data = kn.kn_obj.f_data.tfd_ticks
    return _readable(kn.kn_obj.f_data)


_timerfd_filtops: Final = FilterOps(_filt_timerfd)


def _kqfilter(fp: File, kn: Knote) -> None:
    """Watch for the timer to expire.

    Raises:
        KernelError: EINVAL, another filter than that for reading.
    """
    if kn.kn_filter != EVFILT_READ:
        raise KernelError(Errno.EINVAL)
    kn.kn_fop = _timerfd_filtops
    selrecord_knote(fp.f_data.tfd_sel, kn)


def _stat(_lwp: Lwp, fp: File) -> Stat:
    """The size is what nobody has read."""
    tfd: Timerfd = fp.f_data
    return Stat(
        st_mode=S_IFIFO | S_IRUSR | S_IWUSR,
        st_uid=fp.f_cred.cr_uid,
        st_gid=fp.f_cred.cr_gid,
        st_atim=tfd.tfd_atime,
        st_mtim=tfd.tfd_mtime,
        st_ctim=tfd.tfd_btime,
        st_birthtim=tfd.tfd_btime,
        st_size=tfd.tfd_ticks,
        st_blocks=1,
        st_blksize=_SIZE,
    )


def _close(_lwp: Lwp | None, fp: File) -> None:
    _stop(fp.f_data)


timerfd_fileops: Final = FileOps(
    fo_name="timerfd",
    fo_read=_read,
    fo_write=_ebadf,
    fo_append=_ebadf,
    fo_ioctl=_ioctl,
    fo_fcntl=fnullop_fcntl,
    fo_poll=_poll,
    fo_stat=_stat,
    fo_close=_close,
    fo_kqfilter=_kqfilter,
)
