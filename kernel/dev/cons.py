# SPDX-License-Identifier: BSD-2-Clause
"""The console: the host's stdin, stdout and stderr as one terminal.  NetBSD sys/dev/cons.c.

Minor 0 reads the host's stdin and writes its stdout, minor 2 writes its
stderr.  Lines are edited by the host's terminal, if it is one.
"""

from functools import partial
from struct import Struct
from typing import Final

from kernel.kern.kern_event import knote_activate
from kernel.kern.kern_subr import uiogather, uiomove
from kernel.kern.kern_synch import PCATCH, PZERO, tsleep
from kernel.kern.sys_select import selchannel
from kernel.kern.tty import ttybackground
from kernel.kern.tty_ioctl import ttioctl
from kernel.kern.tty_subr import ttsetwater
from kernel.sys.conf import CONS_MAJOR, D_TTY, Cdevsw, seltrue_kqfilter
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import EVFILT_READ, FilterOps, Klist, Knote, klist_insert
from kernel.sys.file import POLLIN, POLLOUT, POLLRDNORM
from kernel.sys.ioccom import (
    FIONREAD,
    TIOCGETA,
    TIOCGWINSZ,
    TIOCSCTTY,
    TIOCSETA,
    TIOCSETAF,
    TIOCSETAW,
    TIOCSPGRP,
    TIOCSTI,
    TIOCSWINSZ,
)
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.signal import SIGTTIN, SIGTTOU
from kernel.sys.termios import ICANON, TOSTOP, VMIN, VTIME, Winsize
from kernel.sys.tty import NO_SIZE, TS_CARR_ON, TS_ISOPEN, Tty, termios
from kernel.sys.types import makedev, minor
from kernel.sys.uio import Uio
from kernel.sys.vnode import IO_NDELAY, VCHR

STDOUT_MINOR: Final = 1  # what ConsoleDevice.write calls the host's stdout
STDERR_MINOR: Final = 2
_INT: Final = Struct("<i")
_DECISECOND: Final = 100_000_000  # ns
_CHUNK: Final = 65536  # bytes written to the host at a time


@dataclass(slots=True, eq=False)
class Console:
    """The console of one kernel; its foreground process group is Kernel.foreground, too."""

    cn_tty: Tty
    cn_rawq: bytes = b""  # read from the host and not yet by a process
    cn_klist: Klist = field(default_factory=dict)  # who watches for input


def cnattach(kernel: Kernel) -> None:
    """Give kernel its console."""
    tp = Tty(kernel, makedev(CONS_MAJOR, 0), t_state=TS_ISOPEN | TS_CARR_ON)
    ttsetwater(tp)
    cn = Console(tp)
    kernel.devsw[VCHR, CONS_MAJOR] = Cdevsw(
        d_name="cons",
        d_read=partial(cnread, cn),
        d_write=partial(cnwrite, cn),
        d_ioctl=partial(cnioctl, cn),
        d_poll=partial(cnpoll, cn),
        d_kqfilter=partial(cnkqfilter, cn),
        d_type=D_TTY,
    )


def cnread(cn: Console, lwp: Lwp | None, _dev: int, uio: Uio, ioflag: int) -> None:
    """Read what is there, waiting for the first byte; at the end of input, nothing.

    Raises:
        KernelError: EIO, in the background and SIGTTIN would do nothing. EAGAIN,
            IO_NDELAY and nothing is there. EFAULT. EINTR, ERESTART.
    """
    kernel = cn.cn_tty.t_kernel
    console = kernel.console
    if lwp is not None and not ttybackground(cn.cn_tty, lwp, SIGTTIN):
        raise KernelError(Errno.EIO)
    while not (cn.cn_rawq or console.read_ready(False)):
        wait = _wait(cn.cn_tty)
        if wait is None:
            return
        if lwp is None or ioflag & IO_NDELAY:
            raise KernelError(Errno.EAGAIN)
        _await_input(kernel, cn)
        try:
            tsleep(lwp, cn, PZERO | PCATCH, "ttyin", wait)
        except KernelError as exc:
            if exc.errno is not Errno.EWOULDBLOCK:
                raise
            return
    if not cn.cn_rawq:
        cn.cn_rawq = console.read(uio.uio_resid)
    taken = cn.cn_rawq[: uio.uio_resid]
    uiomove(taken, uio)
    cn.cn_rawq = cn.cn_rawq[len(taken) :]


def _wait(tp: Tty) -> int | None:
    """Return how many ns to wait for a first byte, 0 for ever; None not to wait."""
    if tp.t_lflag & ICANON or tp.t_cc[VMIN]:
        return 0
    return tp.t_cc[VTIME] * _DECISECOND or None


def cnwrite(cn: Console, lwp: Lwp | None, dev: int, uio: Uio, _ioflag: int) -> None:
    """Write all to the host.

    Raises:
        KernelError: EFAULT. EINTR, ERESTART: in the background, with TOSTOP.
    """
    tp = cn.cn_tty
    console = tp.t_kernel.console
    if lwp is not None and tp.t_lflag & TOSTOP:
        ttybackground(tp, lwp, SIGTTOU)
    unit = STDERR_MINOR if minor(dev) == STDERR_MINOR else STDOUT_MINOR
    while uio.uio_resid:
        data = memoryview(uiogather(uio, min(uio.uio_resid, _CHUNK)))
        while data:
            data = data[console.write(data, unit) :]


def cnioctl(cn: Console, lwp: Lwp, dev: int, com: int, data: bytes, flag: int) -> bytes:
    """Do what terminals do; what is typed, and the size, the host knows.

    Raises:
        KernelError: ENOTTY, the host has a file or pipe there; and as ttioctl.
    """
    tp = cn.cn_tty
    kernel = tp.t_kernel
    if com in _OF_TERMINALS and not kernel.console.isatty(minor(dev)):
        raise KernelError(Errno.ENOTTY)
    if com == FIONREAD:
        return _INT.pack(len(cn.cn_rawq))
    if com == TIOCSTI:
        raise KernelError(Errno.EPASSTHROUGH)
    if com == TIOCGWINSZ and tp.t_winsize == NO_SIZE:
        return Winsize(*kernel.console.winsize()).pack()
    answer = ttioctl(tp, lwp, com, data, flag)
    if com == TIOCSETAF:
        cn.cn_rawq = b""
    if com in _SETTING:
        kernel.console.setmodes(termios(tp))
    if com in _OF_GROUPS and tp.t_pgrp is not None:
        kernel.foreground = tp.t_pgrp.pg_id
    return answer


def cnpoll(cn: Console, lwp: Lwp, _dev: int, events: int) -> int:
    """Return which of events are so: there is always room to write."""
    kernel = cn.cn_tty.t_kernel
    revents = events & POLLOUT
    if events & (POLLIN | POLLRDNORM):
        if cn.cn_rawq or kernel.console.read_ready(False):
            revents |= events & (POLLIN | POLLRDNORM)
        elif not revents:
            _await_input(kernel, selchannel(lwp))
    return revents


def cnkqfilter(cn: Console, dev: int, kn: Knote) -> None:
    """Watch for input; there is always room to write.

    Raises:
        KernelError: EINVAL, another filter.
    """
    if kn.kn_filter == EVFILT_READ:
        kn.kn_fop = _cnread_filtops
        kn.kn_hook = cn
        klist_insert(cn.cn_klist, kn)
    else:
        seltrue_kqfilter(dev, kn)


def _filt_cnread(kn: Knote, _hint: int) -> bool:
    """The host does not say how much there is; while there is none, the idle loop looks."""
    cn: Console = kn.kn_hook
    kernel = cn.cn_tty.t_kernel
    kn.kn_data = len(cn.cn_rawq)
    if cn.cn_rawq or kernel.console.read_ready(False):
        return True

    def ready(block: bool) -> bool:
        if kn not in cn.cn_klist:
            return True  # deleted: this is forgotten
        if kernel.console.read_ready(block):
            knote_activate(kn)
            return True
        return False

    kernel.inputs[kn] = ready
    return False


_cnread_filtops: Final = FilterOps(_filt_cnread)


def _await_input(kernel: Kernel, chan: object) -> None:
    """Have the idle loop wake chan when there is input; until then nobody need sleep on it."""

    def ready(block: bool) -> bool:
        if chan not in kernel.sleepq:
            return True  # whoever slept there has gone: this is forgotten
        return kernel.console.read_ready(block)

    kernel.inputs[chan] = ready


# What isatty(3) and programs ask of a terminal that a file does not have.
_SETTING: Final = frozenset((TIOCSETA, TIOCSETAW, TIOCSETAF))
_OF_TERMINALS: Final = _SETTING | {TIOCGETA, TIOCGWINSZ, TIOCSWINSZ}
_OF_GROUPS: Final = frozenset((TIOCSCTTY, TIOCSPGRP))
