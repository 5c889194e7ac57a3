# SPDX-License-Identifier: BSD-2-Clause
"""Terminals: what their queues hold, who waits, and how output looks.  NetBSD sys/kern/tty.c."""

from typing import Final

from kernel.kern.kern_sig import pgsignal
from kernel.kern.kern_synch import tsleep, wakeup
from kernel.kern.sys_select import selwakeup
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.proc import P_CONTROLT, Lwp
from kernel.sys.signal import SIGIO
from kernel.sys.termios import (
    _POSIX_VDISABLE,
    ECHO,
    ECHOCTL,
    ECHOE,
    ECHONL,
    ECHOPRT,
    EXTPROC,
    FLUSHO,
    OCRNL,
    ONLCR,
    ONLRET,
    ONOCR,
    ONOEOT,
    OPOST,
    OXTABS,
    VERASE,
    VREPRINT,
)
from kernel.sys.tty import (
    CLSIZE,
    TS_ASYNC,
    TS_CNTTB,
    TS_ERASE,
    TS_TTSTOP,
    TTMAXHIWAT,
    TTMAXLOWAT,
    TTMINHIWAT,
    TTMINLOWAT,
    TTROUND,
    TTY_CHARMASK,
    TTY_QUOTE,
    Tty,
)

_BS, _TAB, _NL, _VT, _CR, _CEOT, _DEL = 0x08, 0x09, 0x0A, 0x0C, 0x0D, 0x04, 0x7F
_ECHOED_AS_ONE: Final = frozenset((_TAB, _NL))
_BACKSLASH: Final = ord("\\")
_CARET: Final = ord("^")
_SHOWN_BY_CARET: Final = frozenset((_BS, _NL, _CR, _VT, *range(0x20), _DEL)) - {_TAB}


def ttysleep(lwp: Lwp, tp: Tty, chan: object, priority: int, wmesg: str, timo: int = 0) -> None:
    """Sleep as tsleep does.

    Raises:
        KernelError: as tsleep; ERESTART, the terminal was closed meanwhile, so that
            the call looks anew at what it was given.
    """
    gen = tp.t_gen
    tsleep(lwp, chan, priority, wmesg, timo)
    if tp.t_gen != gen:
        raise KernelError(Errno.ERESTART)


def ttysig(tp: Tty, signo: int) -> None:
    """Send signo to the foreground process group, if there is one."""
    if tp.t_pgrp is not None:
        pgsignal(tp.t_pgrp, signo, P_CONTROLT)


def ttwakeup(tp: Tty) -> None:
    """Wake who waits for input."""
    selwakeup(tp.t_kernel, tp.t_rsel)
    if tp.t_state & TS_ASYNC:
        ttysig(tp, SIGIO)
    wakeup(tp.t_kernel, (tp, FREAD))


def ttstart(tp: Tty) -> None:
    """Have the driver take output."""
    if tp.t_oproc is not None:
        tp.t_oproc(tp)


def ttyflush(tp: Tty, rw: int) -> None:
    """Empty the queues of input (FREAD) and output (FWRITE); wake who waits there."""
    if rw & FREAD:
        tp.t_canq.clear()
        tp.t_rawq.clear()
        tp.t_rocount = tp.t_rocol = 0
        ttwakeup(tp)
    if rw & FWRITE:
        tp.t_state &= ~TS_TTSTOP
        if tp.t_stop is not None:
            tp.t_stop(tp, rw)
        tp.t_outq.clear()
        wakeup(tp.t_kernel, (tp, FWRITE))
        selwakeup(tp.t_kernel, tp.t_wsel)


def ttsetwater(tp: Tty) -> None:
    """Set how much output writers may be ahead: about a second's."""
    cps = tp.t_ospeed // 10
    tp.t_lowat = _clamp(cps // 2, TTMINLOWAT, TTMAXLOWAT)
    hiwat = _clamp(tp.t_lowat + cps, TTMINHIWAT, TTMAXHIWAT)
    tp.t_hiwat = -(-hiwat // TTROUND) * TTROUND


def _clamp(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))


def ttyoutput(c: int, tp: Tty) -> bool:
    """Put c into the output, processed as t_oflag says; return whether there was room."""
    oflag = tp.t_oflag
    flushed = tp.t_lflag & FLUSHO
    if not flushed and len(tp.t_outq) >= CLSIZE:
        return False
    c &= TTY_CHARMASK
    if not oflag & OPOST:
        if not flushed:
            tp.t_outq.append(c)
        return True
    if c == _TAB and oflag & OXTABS and not tp.t_lflag & EXTPROC:
        width = 8 - (tp.t_column & 7)
        if not flushed:
            tp.t_outq += b" " * width
        tp.t_column += width
        return True
    if (c == _CEOT and oflag & ONOEOT) or (
        c == _CR and oflag & (OCRNL | ONOCR) == ONOCR and not tp.t_column
    ):
        return True
    if c == _CR and oflag & OCRNL:
        c = _NL
    elif c == _NL and oflag & ONLCR and not flushed:
        tp.t_outq.append(_CR)
    if not flushed:
        tp.t_outq.append(c)
    _advance(c, tp)
    return True


def _advance(c: int, tp: Tty) -> None:
    """Note in which column output is after c."""
    if c == _BS:
        tp.t_column = max(0, tp.t_column - 1)
    elif c == _TAB:
        tp.t_column = tp.t_column + 8 & ~7
    elif c == _CR or (c == _NL and tp.t_oflag & (ONLCR | ONLRET)):
        tp.t_column = 0
    elif c >= 0x20 and c != _DEL:
        tp.t_column += 1


def ttyecho(c: int, tp: Tty) -> None:
    """Show a typed character, as t_lflag says."""
    if not tp.t_state & TS_CNTTB:
        tp.t_lflag &= ~FLUSHO
    lflag = tp.t_lflag
    if lflag & EXTPROC or not (lflag & ECHO or (lflag & ECHONL and c == _NL)):
        return
    low = c & TTY_CHARMASK
    if (lflag & ECHOCTL and low < 0x20 and c not in _ECHOED_AS_ONE) or low == _DEL:
        ttyoutput(_CARET, tp)
        c = ord("?") if low == _DEL else low + ord("A") - 1
    ttyoutput(c, tp)


def ttyrub(c: int, tp: Tty) -> None:
    """Show that c, the last of the line, is erased; it has left t_rawq."""
    lflag = tp.t_lflag
    if not lflag & ECHO or lflag & EXTPROC:
        return
    tp.t_lflag &= ~FLUSHO
    if lflag & ECHOE:
        if not tp.t_rocount:
            ttyretype(tp)  # output has come between
            return
        if c == _TAB:
            if tp.t_rocount < len(tp.t_rawq):
                ttyretype(tp)
                return
            _rubtab(tp)
        else:
            _rubo(tp, _width(c, lflag))
    elif lflag & ECHOPRT:
        if not tp.t_state & TS_ERASE:
            tp.t_state |= TS_ERASE
            ttyoutput(_BACKSLASH, tp)
        ttyecho(c, tp)
    else:
        ttyecho(tp.t_cc[VERASE], tp)
    tp.t_rocount -= 1


def _width(c: int, lflag: int) -> int:
    """Return how many columns the echo of c has."""
    if c in {_TAB | TTY_QUOTE, _NL | TTY_QUOTE}:
        return 2
    if c & TTY_CHARMASK in _SHOWN_BY_CARET:
        return 2 if lflag & ECHOCTL else 0
    return 1


def _rubo(tp: Tty, count: int) -> None:
    """Go back over count columns and clear them."""
    for c in b"\b \b" * count:
        ttyoutput(c, tp)


def _rubtab(tp: Tty) -> None:
    """Go back to where the line would end without its last tab."""
    column = tp.t_column
    tp.t_state |= TS_CNTTB
    tp.t_lflag |= FLUSHO
    tp.t_column = tp.t_rocol
    for c in tp.t_rawq:
        ttyecho(c, tp)
    tp.t_lflag &= ~FLUSHO
    tp.t_state &= ~TS_CNTTB
    width = column - tp.t_column
    tp.t_column = column
    for _ in range(min(width, 8)):
        ttyoutput(_BS, tp)


def ttyretype(tp: Tty) -> None:
    """Show all input that is not yet read once more, on a new line."""
    if tp.t_cc[VREPRINT] != _POSIX_VDISABLE:
        ttyecho(tp.t_cc[VREPRINT], tp)
    ttyoutput(_NL, tp)
    for c in (*tp.t_canq, *tp.t_rawq):
        ttyecho(c, tp)
    tp.t_state &= ~TS_ERASE
    tp.t_rocount = len(tp.t_rawq)
    tp.t_rocol = 0
