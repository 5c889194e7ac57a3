# SPDX-License-Identifier: BSD-2-Clause
"""The console: the host's stdin, stdout and stderr as one terminal.  NetBSD sys/dev/cons.c.

Minor 0 reads the host's stdin and writes its stdout, minor 2 writes its
stderr.  Lines are edited by the host's terminal, if it is one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from struct import Struct
from typing import Final

from kernel.kern.kern_subr import uiogather, uiomove
from kernel.kern.kern_synch import PCATCH, PZERO, tsleep
from kernel.kern.sys_select import selchannel
from kernel.sys.conf import CONS_MAJOR, D_TTY, Cdevsw
from kernel.sys.errno import Errno, KernelError
from kernel.sys.file import POLLIN, POLLOUT, POLLRDNORM
from kernel.sys.ioccom import (
    FIOASYNC,
    FIONBIO,
    FIONREAD,
    TIOCDRAIN,
    TIOCFLUSH,
    TIOCGETA,
    TIOCGPGRP,
    TIOCGSID,
    TIOCGWINSZ,
    TIOCOUTQ,
    TIOCSCTTY,
    TIOCSETA,
    TIOCSETAF,
    TIOCSETAW,
    TIOCSPGRP,
)
from kernel.sys.kernel import Kernel
from kernel.sys.proc import P_CONTROLT, Lwp, Pgrp, Session
from kernel.sys.termios import Termios, Winsize
from kernel.sys.types import minor
from kernel.sys.uio import Uio
from kernel.sys.vnode import IO_NDELAY, VCHR

STDOUT_MINOR: Final = 1  # what ConsoleDevice.write calls the host's stdout
STDERR_MINOR: Final = 2
_INT: Final = Struct("<i")
_CHUNK: Final = 65536  # bytes written to the host at a time


@dataclass(slots=True, eq=False)
class Tty:
    """The console of one kernel (struct tty); its foreground group is Kernel.foreground."""

    t_kernel: Kernel
    t_termios: Termios = field(default_factory=Termios)
    t_session: Session | None = None  # whose controlling terminal it is
    t_pgrp: Pgrp | None = None  # the foreground process group
    t_rawq: bytes = b""  # read from the host and not yet by a process


def cnattach(kernel: Kernel) -> None:
    """Give kernel its console."""
    tp = Tty(kernel)
    kernel.devsw[VCHR, CONS_MAJOR] = Cdevsw(
        d_name="cons",
        d_read=partial(cnread, tp),
        d_write=partial(cnwrite, tp),
        d_ioctl=partial(cnioctl, tp),
        d_poll=partial(cnpoll, tp),
        d_type=D_TTY,
    )


def cnread(tp: Tty, lwp: Lwp | None, _dev: int, uio: Uio, ioflag: int) -> None:
    """Read what is there, waiting for the first byte; at the end of input, nothing.

    Raises:
        KernelError: EAGAIN, IO_NDELAY and nothing is there. EFAULT. EINTR, ERESTART.
    """
    console = tp.t_kernel.console
    while not (tp.t_rawq or console.read_ready(False)):
        if lwp is None or ioflag & IO_NDELAY:
            raise KernelError(Errno.EAGAIN)
        _await_input(tp.t_kernel, tp)
        tsleep(lwp, tp, PZERO | PCATCH, "ttyin")
    if not tp.t_rawq:
        tp.t_rawq = console.read(uio.uio_resid)
    taken = tp.t_rawq[: uio.uio_resid]
    uiomove(taken, uio)
    tp.t_rawq = tp.t_rawq[len(taken) :]


def cnwrite(tp: Tty, _lwp: Lwp | None, dev: int, uio: Uio, _ioflag: int) -> None:
    """Write all to the host.

    Raises:
        KernelError: EFAULT.
    """
    console = tp.t_kernel.console
    unit = STDERR_MINOR if minor(dev) == STDERR_MINOR else STDOUT_MINOR
    while uio.uio_resid:
        data = memoryview(uiogather(uio, min(uio.uio_resid, _CHUNK)))
        while data:
            data = data[console.write(data, unit) :]


def cnioctl(tp: Tty, lwp: Lwp, dev: int, com: int, data: bytes, _flag: int) -> bytes:
    """Do what terminals do.

    Raises:
        KernelError: EPASSTHROUGH, com is not for terminals. ENOTTY, the host has a
            file or pipe there, or com is for the controlling terminal, which this
            is not. EPERM, not a session leader, or no process group of the session.
    """
    handler = _IOCTLS.get(com)
    if handler is None:
        raise KernelError(Errno.EPASSTHROUGH)
    if com in _OF_TERMINALS and not tp.t_kernel.console.isatty(minor(dev)):
        raise KernelError(Errno.ENOTTY)
    return handler(tp, lwp, data)


def cnpoll(tp: Tty, lwp: Lwp, _dev: int, events: int) -> int:
    """Return which of events are so: there is always room to write."""
    revents = events & POLLOUT
    if events & (POLLIN | POLLRDNORM):
        if tp.t_rawq or tp.t_kernel.console.read_ready(False):
            revents |= events & (POLLIN | POLLRDNORM)
        elif not revents:
            _await_input(tp.t_kernel, selchannel(lwp))
    return revents


def _await_input(kernel: Kernel, chan: object) -> None:
    """Have the idle loop wake chan when there is input; until then nobody need sleep on it."""

    def ready(block: bool) -> bool:
        if chan not in kernel.sleepq:
            return True  # whoever slept there has gone: this is forgotten
        return kernel.console.read_ready(block)

    kernel.inputs[chan] = ready


def _iscontrolling(tp: Tty, lwp: Lwp) -> None:
    """Check that the console is lwp's controlling terminal."""
    p = lwp.l_proc
    if not p.p_flag & P_CONTROLT or p.p_pgrp.pg_session is not tp.t_session:
        raise KernelError(Errno.ENOTTY)


def _nothing(_tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return b""


def _outq(_tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return _INT.pack(0)


def _nread(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return _INT.pack(len(tp.t_rawq))


def _geta(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return tp.t_termios.pack()


def _seta(tp: Tty, _lwp: Lwp, data: bytes) -> bytes:
    tp.t_termios = Termios.unpack(data)
    return b""


def _setaf(tp: Tty, lwp: Lwp, data: bytes) -> bytes:
    tp.t_rawq = b""
    return _seta(tp, lwp, data)


def _winsize(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return Winsize(*tp.t_kernel.console.winsize()).pack()


def _gpgrp(tp: Tty, lwp: Lwp, _data: bytes) -> bytes:
    _iscontrolling(tp, lwp)
    return _INT.pack(tp.t_kernel.foreground)


def _spgrp(tp: Tty, lwp: Lwp, data: bytes) -> bytes:
    _iscontrolling(tp, lwp)
    group = tp.t_kernel.pgrps.get(_INT.unpack(data)[0])
    if group is None:
        raise KernelError(Errno.EINVAL)
    if group.pg_session is not tp.t_session:
        raise KernelError(Errno.EPERM)
    tp.t_pgrp = group
    tp.t_kernel.foreground = group.pg_id
    return b""


def _gsid(tp: Tty, lwp: Lwp, _data: bytes) -> bytes:
    _iscontrolling(tp, lwp)
    return _INT.pack(lwp.l_proc.p_pgrp.pg_session.s_sid)


def _sctty(tp: Tty, lwp: Lwp, _data: bytes) -> bytes:
    """Make it the session's controlling terminal; spec_ioctl notes the vnode."""
    p = lwp.l_proc
    session = p.p_pgrp.pg_session
    taken = tp.t_session is not None and tp.t_session.s_leader is not None
    if session.s_leader is not p or (taken and tp.t_session is not session):
        raise KernelError(Errno.EPERM)
    tp.t_session = session
    session.s_ttyp = tp
    tp.t_pgrp = p.p_pgrp
    tp.t_kernel.foreground = p.p_pgrp.pg_id
    p.p_flag |= P_CONTROLT
    return b""


_IOCTLS: Final[dict[int, Callable[[Tty, Lwp, bytes], bytes]]] = {
    FIONBIO: _nothing,
    FIOASYNC: _nothing,
    FIONREAD: _nread,
    TIOCDRAIN: _nothing,
    TIOCFLUSH: _nothing,
    TIOCOUTQ: _outq,
    TIOCGETA: _geta,
    TIOCSETA: _seta,
    TIOCSETAW: _seta,
    TIOCSETAF: _setaf,
    TIOCGWINSZ: _winsize,
    TIOCGPGRP: _gpgrp,
    TIOCSPGRP: _spgrp,
    TIOCGSID: _gsid,
    TIOCSCTTY: _sctty,
}

# What isatty(3) and programs ask of a terminal that a file does not have.
_OF_TERMINALS: Final = frozenset((TIOCGETA, TIOCSETA, TIOCSETAW, TIOCSETAF, TIOCGWINSZ))
