# SPDX-License-Identifier: BSD-2-Clause
"""Terminals: what ioctl(2) does to all of them.  NetBSD sys/kern/tty.c, ttioctl."""

from collections.abc import Callable
from struct import Struct
from typing import Final

from kernel.kern.kern_proc import pgrp_find, proc_find
from kernel.kern.tty import ttnread, ttnspace, ttsetsize, ttybackground, ttyhup, ttywait
from kernel.kern.tty_info import ttygetinfo, ttyputinfo
from kernel.kern.tty_input import ttyinput
from kernel.kern.tty_subr import ttsetwater, ttstart, ttwakeup, ttyflush
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.ioccom import (
    FIOASYNC,
    FIOGETOWN,
    FIONBIO,
    FIONREAD,
    FIONSPACE,
    FIONWRITE,
    FIOSETOWN,
    TIOCDRAIN,
    TIOCEXCL,
    TIOCFLUSH,
    TIOCGETA,
    TIOCGETD,
    TIOCGLINED,
    TIOCGPGRP,
    TIOCGSID,
    TIOCGWINSZ,
    TIOCNXCL,
    TIOCOUTQ,
    TIOCSCTTY,
    TIOCSETA,
    TIOCSETAF,
    TIOCSETAW,
    TIOCSETD,
    TIOCSLINED,
    TIOCSPGRP,
    TIOCSTART,
    TIOCSTAT,
    TIOCSTI,
    TIOCSTOP,
    TIOCSWINSZ,
)
from kernel.sys.proc import P_CONTROLT, Lwp, Pgrp
from kernel.sys.signal import SIGTTOU
from kernel.sys.termios import CIGNORE, EXTPROC, FLUSHO, ICANON, PENDIN, Termios, Winsize
from kernel.sys.tty import (
    TS_ASYNC,
    TS_TTSTOP,
    TS_XCLUDE,
    Tty,
    isctty,
    termios,
)
from kernel.sys.ttycom import TTLINEDNAMELEN, TTYDISC

_INT: Final = Struct("<i")
_TERMIOS_NAME: Final = b"termios".ljust(TTLINEDNAMELEN, b"\0")  # the line discipline's
NO_PGID: Final = -1

# What a background process must not do.
_CHANGES: Final = frozenset((
    TIOCFLUSH, TIOCDRAIN, TIOCSTART, TIOCSETA, TIOCSETD, TIOCSLINED, TIOCSETAF, TIOCSETAW,
    TIOCSTAT, TIOCSTI, TIOCSWINSZ,
))  # fmt: skip


def ttioctl(tp: Tty, lwp: Lwp, com: int, data: bytes, flag: int) -> bytes:
    """Do com; flag is the file's.

    Raises:
        KernelError: EPASSTHROUGH, com is unknown. ENOTTY, com is for the controlling
            terminal, which this is not. EINVAL, EPERM, ESRCH: no such process group,
            or not of this session; TIOCSCTTY by who leads no session, or of another's
            terminal. ENXIO, no such line discipline. EINTR, ERESTART.
    """
    if com == TIOCSTI:
        _may_type(tp, lwp, flag)
    handler = _IOCTLS.get(com)
    if handler is None:
        raise KernelError(Errno.EPASSTHROUGH)
    if com in _CHANGES:
        ttybackground(tp, lwp, SIGTTOU)
    return handler(tp, lwp, data)


def _int(data: bytes) -> int:
    value: int = _INT.unpack_from(data)[0]
    return value


def _nothing(_tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return b""


def _async(tp: Tty, _lwp: Lwp, data: bytes) -> bytes:
    _state(tp, TS_ASYNC, on=bool(_int(data)))
    return b""


def _excl(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    _state(tp, TS_XCLUDE, on=True)
    return b""


def _nxcl(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    _state(tp, TS_XCLUDE, on=False)
    return b""


def _state(tp: Tty, bit: int, *, on: bool) -> None:
    tp.t_state = tp.t_state | bit if on else tp.t_state & ~bit


def _nread(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return _INT.pack(ttnread(tp))


def _outq(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return _INT.pack(len(tp.t_outq))


def _space(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return _INT.pack(ttnspace(tp))


def _flush(tp: Tty, _lwp: Lwp, data: bytes) -> bytes:
    ttyflush(tp, _int(data) & (FREAD | FWRITE) if _int(data) else FREAD | FWRITE)
    return b""


def _drain(tp: Tty, lwp: Lwp, _data: bytes) -> bytes:
    ttywait(tp, lwp)
    return b""


def _geta(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return termios(tp).pack()


def _seta(tp: Tty, _lwp: Lwp, data: bytes) -> bytes:
    modes = Termios.unpack(data)
    _setc(tp, modes)
    if (modes.c_lflag ^ tp.t_lflag) & ICANON:
        if modes.c_lflag & ICANON:
            tp.t_lflag |= PENDIN
            ttwakeup(tp)
        else:
            tp.t_rawq = tp.t_canq + tp.t_rawq
            tp.t_canq = []
            tp.t_lflag &= ~PENDIN
    _setl(tp, modes)
    return b""


def _setaw(tp: Tty, lwp: Lwp, data: bytes) -> bytes:
    ttywait(tp, lwp)
    return _seta(tp, lwp, data)


def _setaf(tp: Tty, lwp: Lwp, data: bytes) -> bytes:
    ttywait(tp, lwp)
    ttyflush(tp, FREAD)
    modes = Termios.unpack(data)
    _setc(tp, modes)
    _setl(tp, modes)
    return b""


def _setc(tp: Tty, modes: Termios) -> None:
    """Set what concerns the line; speed 0 hangs up."""
    if modes.c_cflag & CIGNORE:
        return
    tp.t_cflag, tp.t_ispeed, tp.t_ospeed = modes.c_cflag, modes.c_ispeed, modes.c_ospeed
    if not tp.t_ospeed:
        ttyhup(tp)
    ttsetwater(tp)


def _setl(tp: Tty, modes: Termios) -> None:
    """Set what concerns the line discipline; EXTPROC is not for processes to set."""
    kept = tp.t_lflag & (EXTPROC | PENDIN)
    tp.t_iflag, tp.t_oflag, tp.t_cc = modes.c_iflag, modes.c_oflag, modes.c_cc
    tp.t_lflag = modes.c_lflag & ~EXTPROC | kept


def _getd(_tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return _INT.pack(TTYDISC)


def _setd(_tp: Tty, _lwp: Lwp, data: bytes) -> bytes:
    if _int(data) != TTYDISC:
        raise KernelError(Errno.EINVAL if _int(data) < 0 else Errno.ENXIO)
    return b""


def _glined(_tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return _TERMIOS_NAME


def _slined(_tp: Tty, _lwp: Lwp, data: bytes) -> bytes:
    if data[: TTLINEDNAMELEN - 1].split(b"\0", 1)[0] != _TERMIOS_NAME.rstrip(b"\0"):
        raise KernelError(Errno.ENXIO)
    return b""


def _start(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    if tp.t_state & TS_TTSTOP or tp.t_lflag & FLUSHO:
        tp.t_lflag &= ~FLUSHO
        tp.t_state &= ~TS_TTSTOP
        ttstart(tp)
    return b""


def _stop(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    if not tp.t_state & TS_TTSTOP:
        tp.t_state |= TS_TTSTOP
        if tp.t_stop is not None:
            tp.t_stop(tp, 0)
    return b""


def _stat(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    ttyputinfo(tp, ttygetinfo(tp, fromsig=False))
    ttstart(tp)
    return b""


def _may_type(tp: Tty, lwp: Lwp, flag: int) -> None:
    """Check that lwp may pretend to type."""
    if lwp.l_proc.p_cred.cr_uid:
        if not flag & FREAD:
            raise KernelError(Errno.EPERM)
        if not isctty(lwp.l_proc, tp):
            raise KernelError(Errno.EACCES)


def _sti(tp: Tty, _lwp: Lwp, data: bytes) -> bytes:
    ttyinput(data[0], tp)
    return b""


def _gwinsz(tp: Tty, _lwp: Lwp, _data: bytes) -> bytes:
    return tp.t_winsize.pack()


def _swinsz(tp: Tty, _lwp: Lwp, data: bytes) -> bytes:
    ttsetsize(tp, Winsize.unpack(data))
    return b""


def _controlling(tp: Tty, lwp: Lwp) -> None:
    if not isctty(lwp.l_proc, tp):
        raise KernelError(Errno.ENOTTY)


def _getown(tp: Tty, lwp: Lwp, _data: bytes) -> bytes:
    _controlling(tp, lwp)
    return _INT.pack(-tp.t_pgrp.pg_id if tp.t_pgrp is not None else 0)


def _setown(tp: Tty, lwp: Lwp, data: bytes) -> bytes:
    _controlling(tp, lwp)
    owner = _int(data)
    if owner < 0:
        return _foreground(tp, lwp, pgrp_find(lwp.l_kernel, -owner))
    p = proc_find(lwp.l_kernel, owner)
    if p is None:
        raise KernelError(Errno.ESRCH)
    return _foreground(tp, lwp, p.p_pgrp)


def _gpgrp(tp: Tty, lwp: Lwp, _data: bytes) -> bytes:
    _controlling(tp, lwp)
    return _INT.pack(tp.t_pgrp.pg_id if tp.t_pgrp is not None else NO_PGID)


def _spgrp(tp: Tty, lwp: Lwp, data: bytes) -> bytes:
    _controlling(tp, lwp)
    return _foreground(tp, lwp, pgrp_find(lwp.l_kernel, _int(data)))


def _foreground(tp: Tty, lwp: Lwp, group: Pgrp | None) -> bytes:
    """Make group the foreground process group."""
    if group is None:
        raise KernelError(Errno.EINVAL)
    if group.pg_session is not lwp.l_proc.p_pgrp.pg_session:
        raise KernelError(Errno.EPERM)
    tp.t_pgrp = group
    return b""


def _gsid(tp: Tty, lwp: Lwp, _data: bytes) -> bytes:
    _controlling(tp, lwp)
    return _INT.pack(lwp.l_proc.p_pgrp.pg_session.s_sid)


def _sctty(tp: Tty, lwp: Lwp, _data: bytes) -> bytes:
    """Become the controlling terminal; spec_ioctl notes the vnode."""
    p = lwp.l_proc
    session = p.p_pgrp.pg_session
    taken = session.s_ttyvp is not None or tp.t_session is not None
    if session.s_leader is not p or (taken and tp.t_session is not session):
        raise KernelError(Errno.EPERM)
    tp.t_session, tp.t_pgrp = session, p.p_pgrp
    session.s_ttyp = tp
    p.p_flag |= P_CONTROLT
    return b""


_IOCTLS: Final[dict[int, Callable[[Tty, Lwp, bytes], bytes]]] = {
    FIOASYNC: _async,
    FIONBIO: _nothing,
    FIONREAD: _nread,
    FIONWRITE: _outq,
    FIONSPACE: _space,
    FIOGETOWN: _getown,
    FIOSETOWN: _setown,
    TIOCEXCL: _excl,
    TIOCNXCL: _nxcl,
    TIOCFLUSH: _flush,
    TIOCDRAIN: _drain,
    TIOCGETA: _geta,
    TIOCSETA: _seta,
    TIOCSETAW: _setaw,
    TIOCSETAF: _setaf,
    TIOCGETD: _getd,
    TIOCSETD: _setd,
    TIOCGLINED: _glined,
    TIOCSLINED: _slined,
    TIOCSTART: _start,
    TIOCSTOP: _stop,
    TIOCSTAT: _stat,
    TIOCSTI: _sti,
    TIOCOUTQ: _outq,
    TIOCGWINSZ: _gwinsz,
    TIOCSWINSZ: _swinsz,
    TIOCGPGRP: _gpgrp,
    TIOCSPGRP: _spgrp,
    TIOCGSID: _gsid,
    TIOCSCTTY: _sctty,
}
