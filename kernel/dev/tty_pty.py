# SPDX-License-Identifier: BSD-2-Clause
"""Pseudo-terminals: a terminal whose other end is a file, too.  NetBSD sys/kern/tty_pty.c.

Minor N of PTS_MAJOR is the slave, a terminal; minor N of PTC_MAJOR its master.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from kernel.kern.kern_event import selrecord_knote
from kernel.kern.kern_subr import uiogather, uiomove
from kernel.kern.kern_synch import PCATCH, PZERO, tsleep, wakeup
from kernel.kern.sys_select import selrecord, selwakeup
from kernel.kern.tty import (
    ttpoll,
    ttread,
    ttwrite,
    ttybackground,
    ttyclose,
    ttykqfilter,
    ttylclose,
    ttylopen,
    ttymodem,
    ttyreset,
)
from kernel.kern.tty_input import ttyinput
from kernel.kern.tty_subr import ttwakeup, ttysleep
from kernel.sys.conf import D_TTY, PTC_MAJOR, PTS_MAJOR, Cdevsw
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import EVFILT_READ, EVFILT_WRITE, FilterOps, Knote
from kernel.sys.fcntl import FNONBLOCK, FREAD, FWRITE
from kernel.sys.file import POLLHUP, POLLIN, POLLOUT, POLLRDNORM
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.selinfo import Selinfo
from kernel.sys.signal import SIGTTIN
from kernel.sys.termios import EXTPROC, ICANON, Termios
from kernel.sys.tty import (
    TS_CARR_ON,
    TS_ISOPEN,
    TS_TTSTOP,
    TS_XCLUDE,
    TTYHOG,
    Tty,
    termios,
)
from kernel.sys.ttycom import TIOCPKT_IOCTL, TIOCPKT_START, TIOCPKT_STOP
from kernel.sys.types import makedev, minor
from kernel.sys.uio import Uio
from kernel.sys.vnode import IO_NDELAY, VCHR

MAXPTYS: Final = 992  # kern.maxptys

# pt_flags
PF_PKT: Final = 0x008  # packet mode
PF_STOPPED: Final = 0x010  # the user was told that output is stopped
PF_REMOTE: Final = 0x020  # input comes in records, and is not edited
PF_NOSTOP: Final = 0x040  # the user was told not to stop output by himself
PF_UCNTL: Final = 0x080  # user control mode

_BUFSIZ: Final = 1024  # bytes moved at a time


@dataclass(slots=True, eq=False, repr=False)
class PtSoftc:
    """A pseudo-terminal (struct pt_softc); who holds its master sleeps on (it, FREAD or FWRITE)."""

    pt_tty: Tty
    pt_flags: int = 0
    pt_selr: Selinfo = field(default_factory=Selinfo)
    pt_selw: Selinfo = field(default_factory=Selinfo)
    pt_send: int = 0  # TIOCPKT_*: what the master is to be told
    pt_ucntl: int = 0  # the user control command it is to be told
    pt_screen: Callable[[bytes], None] | None = None  # who shows output at once, if no process does


def ptyattach(
    kernel: Kernel, ioctl: Callable[[Kernel, bool, Lwp, int, int, bytes, int], bytes]
) -> None:
    """Give kernel pseudo-terminals, whose ioctls are another module's."""
    kernel.devsw[VCHR, PTS_MAJOR] = Cdevsw(
        d_name="pts",
        d_open=ptsopen,
        d_close=partial(ptsclose, kernel),
        d_read=partial(ptsread, kernel),
        d_write=partial(ptswrite, kernel),
        d_ioctl=partial(ioctl, kernel, False),
        d_poll=partial(ptspoll, kernel),
        d_kqfilter=partial(ptskqfilter, kernel),
        d_type=D_TTY,
    )
    kernel.devsw[VCHR, PTC_MAJOR] = Cdevsw(
        d_name="ptc",
        d_open=ptcopen,
        d_close=partial(ptcclose, kernel),
        d_read=partial(ptcread, kernel),
        d_write=partial(ptcwrite, kernel),
        d_ioctl=partial(ioctl, kernel, True),
        d_poll=partial(ptcpoll, kernel),
        d_kqfilter=partial(ptckqfilter, kernel),
        d_type=D_TTY,
    )


def pty_getfree(kernel: Kernel) -> int:
    """Return the number of a pseudo-terminal whose master nobody holds."""
    return next(n for n in range(MAXPTYS + 1) if pty_isfree(kernel, n))


def pty_isfree(kernel: Kernel, ptn: int) -> bool:
    """Return whether nobody holds the master of number ptn."""
    pti = kernel.ptys.get(ptn)
    return pti is None or pti.pt_tty.t_oproc is None


def pty_check(kernel: Kernel, ptn: int) -> PtSoftc:
    """Return the pseudo-terminal of number ptn, made if need be.

    Raises:
        KernelError: ENXIO, there cannot be so many.
    """
    pti: PtSoftc | None = kernel.ptys.get(ptn)
    if pti is None:
        if ptn >= MAXPTYS:
            raise KernelError(Errno.ENXIO)
        tp = Tty(kernel, makedev(PTS_MAJOR, ptn))
        pti = PtSoftc(tp)
        tp.t_stop = partial(ptsstop, pti)
        kernel.ptys[ptn] = pti
    return pti


def pty_softc(kernel: Kernel, dev: int) -> PtSoftc:
    """Return the pseudo-terminal of an open device.

    It may be another than was opened, if this is a file made by mknod(2) and
    the last of those of /dev/pts was closed.
    """
    return pty_check(kernel, minor(dev))


def pty_release(pti: PtSoftc) -> None:
    """Forget a pseudo-terminal that nobody has at either side; NetBSD keeps it for the next."""
    tp = pti.pt_tty
    kernel, ptn = tp.t_kernel, minor(tp.t_dev)
    if tp.t_oproc is None and not tp.t_state & TS_ISOPEN and not tp.t_wopen:
        if kernel.ptys.get(ptn) is pti:
            del kernel.ptys[ptn]
        if kernel.ptm is not None:
            kernel.ptm.forget(ptn)


def ptsopen(lwp: Lwp, dev: int, flag: int) -> None:
    """Open the slave, waiting for the master.

    Raises:
        KernelError: ENXIO. EBUSY, it is open for nobody else (TIOCEXCL). EINTR, ERESTART.
    """
    pti = pty_check(lwp.l_kernel, minor(dev))
    tp = pti.pt_tty
    if not tp.t_state & TS_ISOPEN and not tp.t_wopen:
        ttyreset(tp, Termios())
    elif tp.t_state & TS_XCLUDE and lwp.l_proc.p_cred.cr_uid:
        raise KernelError(Errno.EBUSY)
    if tp.t_oproc is not None:
        tp.t_state |= TS_CARR_ON
    while not (flag & FNONBLOCK or tp.t_state & TS_CARR_ON):
        tp.t_wopen += 1
        try:
            ttysleep(lwp, tp, (tp, FREAD), PZERO | PCATCH, "ttyopn")
        finally:
            tp.t_wopen -= 1
            pty_release(pti)
    ttylopen(tp)
    ptcwakeup(pti, FREAD | FWRITE)


def ptsclose(kernel: Kernel, lwp: Lwp | None, dev: int, flag: int) -> None:
    """The slave is closed for the last time."""
    pti = pty_softc(kernel, dev)
    ttylclose(pti.pt_tty, lwp, flag)
    ttyclose(pti.pt_tty)
    ptcwakeup(pti, FREAD | FWRITE)
    pty_release(pti)


def ptsread(kernel: Kernel, lwp: Lwp | None, dev: int, uio: Uio, ioflag: int) -> None:
    """Read from the slave.

    Raises:
        KernelError: as ttread.
    """
    pti = pty_softc(kernel, dev)
    tp = pti.pt_tty
    if pti.pt_flags & PF_REMOTE:
        if not _readremote(tp, lwp, uio, ioflag):
            return
    elif tp.t_oproc is not None:
        ttread(tp, lwp, uio, ioflag)
    ptcwakeup(pti, FWRITE)


def _readremote(tp: Tty, lwp: Lwp | None, uio: Uio, ioflag: int) -> bool:
    """Read from one record, as the master wrote it; return whether that was its end."""
    while True:
        if lwp is not None and not ttybackground(tp, lwp, SIGTTIN):
            raise KernelError(Errno.EIO)
        if tp.t_canq:
            break
        if lwp is None or ioflag & IO_NDELAY:
            raise KernelError(Errno.EAGAIN)
        ttysleep(lwp, tp, (tp, FREAD), PZERO | PCATCH, "ttyin")
    taken = tp.t_canq[: min(uio.uio_resid, len(tp.t_canq) - 1)]
    del tp.t_canq[: len(taken)]
    uiomove(bytes(taken), uio)
    if len(tp.t_canq) == 1:
        tp.t_canq.clear()
    return not tp.t_canq


def ptswrite(kernel: Kernel, lwp: Lwp | None, dev: int, uio: Uio, ioflag: int) -> None:
    """Write to the slave.

    Raises:
        KernelError: EIO, the master is closed; and as ttwrite.
    """
    tp = pty_softc(kernel, dev).pt_tty
    if tp.t_oproc is None:
        raise KernelError(Errno.EIO)
    ttwrite(tp, lwp, uio, ioflag)


def ptspoll(kernel: Kernel, lwp: Lwp, dev: int, events: int) -> int:
    """Return which of events are so for the slave."""
    tp = pty_softc(kernel, dev).pt_tty
    return POLLHUP if tp.t_oproc is None else ttpoll(tp, lwp, events)


def ptskqfilter(kernel: Kernel, dev: int, kn: Knote) -> None:
    """Watch the slave.

    Raises:
        KernelError: as ttykqfilter.
    """
    ttykqfilter(pty_softc(kernel, dev).pt_tty, kn)


def ptsstart(pti: PtSoftc, tp: Tty) -> None:
    """There is output: the master can read."""
    if tp.t_state & TS_TTSTOP:
        return
    if pti.pt_flags & PF_STOPPED:
        pti.pt_flags &= ~PF_STOPPED
        pti.pt_send = TIOCPKT_START
    if pti.pt_screen is not None and tp.t_outq:
        data = bytes(tp.t_outq)
        tp.t_outq.clear()
        pti.pt_screen(data)
        _drained(tp)
    ptcwakeup(pti, FREAD)


def ptsstop(pti: PtSoftc, _tp: Tty, flush: int) -> None:
    """Output is stopped, or queues were emptied: the master is told."""
    if flush:
        pti.pt_flags &= ~PF_STOPPED
    else:
        flush = TIOCPKT_STOP
        pti.pt_flags |= PF_STOPPED
    pti.pt_send |= flush
    ptcwakeup(pti, (FWRITE if flush & FREAD else 0) | (FREAD if flush & FWRITE else 0))


def ptcwakeup(pti: PtSoftc, flag: int) -> None:
    """Wake who wants to read from the master (FREAD), or write to it (FWRITE)."""
    kernel = pti.pt_tty.t_kernel
    if flag & FREAD:
        selwakeup(kernel, pti.pt_selr)
        wakeup(kernel, (pti, FREAD))
    if flag & FWRITE:
        selwakeup(kernel, pti.pt_selw)
        wakeup(kernel, (pti, FWRITE))


def _drained(tp: Tty) -> None:
    """Output has gone: wake writers, if there is much room."""
    if len(tp.t_outq) <= tp.t_lowat:
        wakeup(tp.t_kernel, (tp, FWRITE))
        selwakeup(tp.t_kernel, tp.t_wsel)


def ptcopen(lwp: Lwp, dev: int, _flag: int) -> None:
    """Open the master.

    Raises:
        KernelError: ENXIO. EIO, somebody has it.
    """
    ptcattach(pty_check(lwp.l_kernel, minor(dev)))


def ptcattach(pti: PtSoftc) -> None:
    """Take the master.

    Raises:
        KernelError: EIO, somebody has it.
    """
    tp = pti.pt_tty
    if tp.t_oproc is not None:
        raise KernelError(Errno.EIO)
    tp.t_oproc = partial(ptsstart, pti)
    ttymodem(tp, carrier=True)
    tp.t_lflag &= ~EXTPROC
    tp.t_column = 0  # another screen
    pti.pt_flags = pti.pt_send = pti.pt_ucntl = 0
    pti.pt_screen = None


def ptcclose(kernel: Kernel, _lwp: Lwp | None, dev: int, _flag: int) -> None:
    """The master is closed: the slave hangs up."""
    ptcdetach(pty_softc(kernel, dev))


def ptcdetach(pti: PtSoftc) -> None:
    """Give the master up."""
    tp = pti.pt_tty
    ttymodem(tp, carrier=False)
    tp.t_state &= ~TS_CARR_ON
    tp.t_oproc = None
    pti.pt_screen = None
    pty_release(pti)


def ptcread(kernel: Kernel, lwp: Lwp | None, dev: int, uio: Uio, ioflag: int) -> None:
    """Read what was written to the slave; in packet mode with a byte before it.

    At the end, nothing: the slave was open, and is no more.

    Raises:
        KernelError: EAGAIN, IO_NDELAY and nothing is there. EFAULT. EINTR, ERESTART.
    """
    pti = pty_softc(kernel, dev)
    tp = pti.pt_tty
    while True:
        if tp.t_state & TS_ISOPEN:
            if pti.pt_flags & PF_PKT and pti.pt_send:
                _control(pti, uio)
                return
            if pti.pt_flags & PF_UCNTL and pti.pt_ucntl:
                uiomove(bytes((pti.pt_ucntl,)), uio)
                pti.pt_ucntl = 0
                return
            if tp.t_outq and not tp.t_state & TS_TTSTOP:
                break
        if not tp.t_state & TS_CARR_ON:
            return
        if lwp is None or ioflag & IO_NDELAY:
            raise KernelError(Errno.EAGAIN)
        tsleep(lwp, (pti, FREAD), PZERO | PCATCH, "ttyin")
    if pti.pt_flags & (PF_PKT | PF_UCNTL):
        uiomove(b"\0", uio)
    data = bytes(tp.t_outq[: uio.uio_resid])
    del tp.t_outq[: len(data)]
    if data:
        uiomove(data, uio)
    _drained(tp)


def _control(pti: PtSoftc, uio: Uio) -> None:
    """Tell the master what has happened; after TIOCPKT_IOCTL the modes."""
    told = bytes((pti.pt_send,))
    if pti.pt_send & TIOCPKT_IOCTL:
        told += termios(pti.pt_tty).pack()
    uiomove(told[: uio.uio_resid], uio)
    pti.pt_send = 0


def ptcwrite(kernel: Kernel, lwp: Lwp | None, dev: int, uio: Uio, ioflag: int) -> None:
    """Write: that is what is typed at the slave.

    Raises:
        KernelError: EIO, the slave was open, and is no more. EAGAIN, IO_NDELAY and
            it takes no more. EFAULT. EINTR, ERESTART.
    """
    pti = pty_softc(kernel, dev)
    if pti.pt_flags & PF_REMOTE:
        _writeremote(pti, lwp, uio, ioflag)
        return
    chunk = memoryview(b"")
    while uio.uio_resid or chunk:
        tp = pti.pt_tty
        if not tp.t_state & TS_ISOPEN or _full(tp):
            wakeup(kernel, (tp, FREAD))
            try:
                _await_slave(pti, lwp, ioflag)
            except KernelError:
                uio.uio_resid += len(chunk)
                raise
            continue
        if not chunk:
            chunk = memoryview(bytes(uiogather(uio, min(uio.uio_resid, _BUFSIZ))))
        ttyinput(chunk[0], tp)
        chunk = chunk[1:]


def _full(tp: Tty) -> bool:
    """Return whether the slave takes no more input, as there is some to be read."""
    return len(tp.t_rawq) + len(tp.t_canq) >= TTYHOG - 2 and bool(
        tp.t_canq or not tp.t_lflag & ICANON
    )


def _writeremote(pti: PtSoftc, lwp: Lwp | None, uio: Uio, ioflag: int) -> None:
    """Write one record."""
    tp = pti.pt_tty
    while not tp.t_state & TS_ISOPEN or tp.t_canq:
        _await_slave(pti, lwp, ioflag)
    tp.t_canq += uiogather(uio, min(uio.uio_resid, TTYHOG - 1)) if uio.uio_resid else b""
    tp.t_canq.append(0)
    ttwakeup(tp)


def _await_slave(pti: PtSoftc, lwp: Lwp | None, ioflag: int) -> None:
    """Sleep until the slave may be open, and read."""
    if not pti.pt_tty.t_state & TS_CARR_ON:
        raise KernelError(Errno.EIO)
    if lwp is None or ioflag & IO_NDELAY:
        raise KernelError(Errno.EAGAIN)
    tsleep(lwp, (pti, FWRITE), PZERO | PCATCH, "ttyout")


def _canread(pti: PtSoftc) -> bool:
    """Return whether the master has something to read."""
    tp = pti.pt_tty
    return bool(tp.t_state & TS_ISOPEN) and bool(
        (tp.t_outq and not tp.t_state & TS_TTSTOP)
        or (pti.pt_flags & PF_PKT and pti.pt_send)
        or (pti.pt_flags & PF_UCNTL and pti.pt_ucntl)
    )


def _canwrite(pti: PtSoftc) -> bool:
    """Return whether the slave takes input."""
    tp = pti.pt_tty
    taken = bool(tp.t_canq) if pti.pt_flags & PF_REMOTE else _full(tp)
    return bool(tp.t_state & TS_ISOPEN) and not taken


def ptckqfilter(kernel: Kernel, dev: int, kn: Knote) -> None:
    """Watch the master.

    Raises:
        KernelError: EINVAL, another filter than for reading and for writing.
    """
    if kn.kn_filter not in {EVFILT_READ, EVFILT_WRITE}:
        raise KernelError(Errno.EINVAL)
    pti = kn.kn_hook = pty_softc(kernel, dev)
    reading = kn.kn_filter == EVFILT_READ
    kn.kn_fop = _ptcread_filtops if reading else _ptcwrite_filtops
    selrecord_knote(pti.pt_selr if reading else pti.pt_selw, kn)


def _filt_ptcread(kn: Knote, _hint: int) -> bool:
    pti: PtSoftc = kn.kn_hook
    tp = pti.pt_tty
    seen = tp.t_state & TS_ISOPEN and not tp.t_state & TS_TTSTOP
    kn.kn_data = len(tp.t_outq) if seen else 0
    kn.kn_data += bool(pti.pt_flags & PF_PKT and pti.pt_send)
    kn.kn_data += bool(pti.pt_flags & PF_UCNTL and pti.pt_ucntl)
    return _canread(pti)


def _filt_ptcwrite(kn: Knote, _hint: int) -> bool:
    pti: PtSoftc = kn.kn_hook
    tp = pti.pt_tty
    kn.kn_data = max(TTYHOG - 2 - len(tp.t_rawq) - len(tp.t_canq), 0)
    return _canwrite(pti)


_ptcread_filtops: Final = FilterOps(_filt_ptcread)
_ptcwrite_filtops: Final = FilterOps(_filt_ptcwrite)


def ptcpoll(kernel: Kernel, lwp: Lwp, dev: int, events: int) -> int:
    """Return which of events are so for the master; if none, have lwp woken."""
    pti = pty_softc(kernel, dev)
    tp = pti.pt_tty
    revents = 0
    if _canread(pti):
        revents |= events & (POLLIN | POLLRDNORM)
    if _canwrite(pti):
        revents |= events & POLLOUT
    if events & POLLHUP and not tp.t_state & TS_CARR_ON:
        revents |= POLLHUP
    if not revents:
        if events & (POLLIN | POLLHUP | POLLRDNORM):
            selrecord(lwp, pti.pt_selr)
        if events & POLLOUT:
            selrecord(lwp, pti.pt_selw)
    return revents
