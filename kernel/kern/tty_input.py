# SPDX-License-Identifier: BSD-2-Clause
"""Terminals: what becomes of a typed character.  NetBSD sys/kern/tty.c, ttyinput."""

from typing import Final

from kernel.kern.tty_info import ttygetinfo, ttyputinfo
from kernel.kern.tty_subr import (
    ttstart,
    ttwakeup,
    ttyecho,
    ttyflush,
    ttyoutput,
    ttyretype,
    ttyrub,
    ttysig,
)
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.signal import SIGINFO, SIGINT, SIGQUIT, SIGTSTP
from kernel.sys.termios import (
    _POSIX_VDISABLE,
    ALTWERASE,
    CCEQ,
    CREAD,
    ECHO,
    ECHOE,
    ECHOK,
    ECHOKE,
    ECHOPRT,
    EXTPROC,
    FLUSHO,
    ICANON,
    ICRNL,
    IEXTEN,
    IGNCR,
    IGNPAR,
    IMAXBEL,
    INLCR,
    INPCK,
    ISIG,
    ISTRIP,
    IXANY,
    IXOFF,
    IXON,
    NOFLSH,
    NOKERNINFO,
    PARMRK,
    PENDIN,
    VDISCARD,
    VEOF,
    VEOL,
    VEOL2,
    VERASE,
    VINTR,
    VKILL,
    VLNEXT,
    VQUIT,
    VREPRINT,
    VSTART,
    VSTATUS,
    VSTOP,
    VSUSP,
    VWERASE,
)
from kernel.sys.tty import (
    TS_ERASE,
    TS_LNCH,
    TS_TBLOCK,
    TS_TTSTOP,
    TS_TYPEN,
    TTY_QUOTE,
    TTYHOG,
    Tty,
)

_BS, _TAB, _NL, _CR, _BEL, _SPACE = 0x08, 0x09, 0x0A, 0x0D, 0x07, 0x20
_BLANK: Final = frozenset((_SPACE, _TAB))


def TTBREAKC(tp: Tty, c: int) -> bool:
    """Return whether c ends a line."""
    cc = tp.t_cc
    return (
        c == _NL
        or CCEQ(cc[VEOF], c)
        or CCEQ(cc[VEOL], c)
        or (CCEQ(cc[VEOL2], c) and bool(tp.t_lflag & IEXTEN))
    )


def ttyinput(c: int, tp: Tty) -> None:
    """Take a character that was typed."""
    if tp.t_cflag & CREAD:
        _input(c, tp)


def ttypend(tp: Tty) -> None:
    """Take what was typed without ICANON anew, with it."""
    tp.t_lflag &= ~PENDIN
    tp.t_state |= TS_TYPEN
    typed, tp.t_rawq = tp.t_rawq, []
    for c in typed:
        _input(c, tp)
    tp.t_state &= ~TS_TYPEN


def _input(c: int, tp: Tty) -> None:
    if tp.t_lflag & PENDIN:
        ttypend(tp)
    iflag = tp.t_iflag
    if c == 0xFF and iflag & (ISTRIP | IGNPAR | INPCK | PARMRK) == INPCK | PARMRK:
        tp.t_rawq += (c | TTY_QUOTE, c | TTY_QUOTE)  # \377 would begin a report of an error
        _restart(tp)
        return
    if iflag & IXOFF:
        _block(tp)
    if iflag & ISTRIP and not tp.t_state & TS_TYPEN:
        c &= ~0x80
    if not tp.t_lflag & EXTPROC:
        if tp.t_state & TS_LNCH:
            c |= TTY_QUOTE
            tp.t_state &= ~TS_LNCH
        if _control(c, tp):
            return
        if c == _CR:
            if iflag & IGNCR:
                _restart(tp)
                return
            if iflag & ICRNL:
                c = _NL
        elif c == _NL and iflag & INLCR:
            c = _CR
        if tp.t_lflag & ICANON and _edit(c, tp):
            _restart(tp)
            return
    _store(c, tp)
    _restart(tp)


def _restart(tp: Tty) -> None:
    """After a character: with IXANY it lets stopped output go on."""
    cc = tp.t_cc
    if tp.t_state & TS_TTSTOP and not tp.t_iflag & IXANY and cc[VSTART] != cc[VSTOP]:
        return
    tp.t_lflag &= ~FLUSHO
    tp.t_state &= ~TS_TTSTOP
    ttstart(tp)


def _control(c: int, tp: Tty) -> bool:
    """Obey c if it is a control character whatever the mode; return whether it was."""
    cc, lflag = tp.t_cc, tp.t_lflag
    if lflag & IEXTEN:
        if CCEQ(cc[VLNEXT], c):
            _lnext(c, tp)
            _restart(tp)
            return True
        if CCEQ(cc[VDISCARD], c):
            _discard(c, tp)
            ttstart(tp)
            return True
    if lflag & ISIG and _signal(c, tp):
        _restart(tp)
        return True
    if tp.t_iflag & IXON:
        if CCEQ(cc[VSTOP], c):
            if not tp.t_state & TS_TTSTOP:
                tp.t_state |= TS_TTSTOP
                if tp.t_stop is not None:
                    tp.t_stop(tp, 0)
            elif CCEQ(cc[VSTART], c):
                _restart(tp)  # one key for both
            return True
        if CCEQ(cc[VSTART], c):
            tp.t_lflag &= ~FLUSHO
            tp.t_state &= ~TS_TTSTOP
            ttstart(tp)
            return True
    return False


def _lnext(c: int, tp: Tty) -> None:
    """The next character is literal."""
    if tp.t_lflag & ECHO:
        if tp.t_lflag & ECHOE:
            ttyoutput(ord("^"), tp)
            ttyoutput(_BS, tp)
        else:
            ttyecho(c, tp)
    tp.t_state |= TS_LNCH


def _discard(c: int, tp: Tty) -> None:
    """Throw output away until told again."""
    if tp.t_lflag & FLUSHO:
        tp.t_lflag &= ~FLUSHO
        return
    ttyflush(tp, FWRITE)
    ttyecho(c, tp)
    if tp.t_rawq or tp.t_canq:
        ttyretype(tp)
    tp.t_lflag |= FLUSHO


def _signal(c: int, tp: Tty) -> bool:
    """Send the signal that c stands for; return whether it does for one."""
    cc = tp.t_cc
    for index, signo, flushed in (
        (VINTR, SIGINT, FREAD | FWRITE),
        (VQUIT, SIGQUIT, FREAD | FWRITE),
        (VSUSP, SIGTSTP, FREAD),
    ):
        if CCEQ(cc[index], c):
            if not tp.t_lflag & NOFLSH:
                ttyflush(tp, flushed)
            ttyecho(c, tp)
            ttysig(tp, signo)
            return True
    return False


def _edit(c: int, tp: Tty) -> bool:
    """Change the line as c says; return False if c is to become part of it."""
    cc = tp.t_cc
    if CCEQ(cc[VERASE], c):
        if tp.t_rawq:
            ttyrub(tp.t_rawq.pop(), tp)
        return True
    if CCEQ(cc[VKILL], c):
        _kill(c, tp)
        return True
    if not tp.t_lflag & IEXTEN:
        return False
    if CCEQ(cc[VWERASE], c):
        _werase(tp)
        return True
    if CCEQ(cc[VREPRINT], c):
        ttyretype(tp)
        return True
    if CCEQ(cc[VSTATUS], c):
        if not tp.t_lflag & NOKERNINFO:
            ttyputinfo(tp, ttygetinfo(tp, fromsig=True))
        if tp.t_lflag & ISIG:
            ttysig(tp, SIGINFO)
        return True
    return False


def _kill(c: int, tp: Tty) -> None:
    """Throw the line away."""
    lflag = tp.t_lflag
    if lflag & ECHOKE and len(tp.t_rawq) == tp.t_rocount and not lflag & ECHOPRT:
        while tp.t_rawq:
            ttyrub(tp.t_rawq.pop(), tp)
        return
    ttyecho(c, tp)
    if lflag & (ECHOK | ECHOKE):
        ttyecho(_NL, tp)
    tp.t_rawq.clear()
    tp.t_rocount = 0


def _werase(tp: Tty) -> None:
    """Erase the last word and the blanks after it; with ALTWERASE as far as it is of one kind."""
    queue = tp.t_rawq
    while queue and queue[-1] in _BLANK:
        ttyrub(queue.pop(), tp)
    if not queue:
        return
    ttyrub(queue.pop(), tp)
    if not queue or queue[-1] in _BLANK:
        return
    kind = _isalpha(queue[-1])
    while queue and queue[-1] not in _BLANK:
        if tp.t_lflag & ALTWERASE and _isalpha(queue[-1]) != kind:
            return
        ttyrub(queue.pop(), tp)


def _isalpha(c: int) -> bool:
    """Return whether c belongs to words."""
    char = chr(c & 0xFF)
    return char.isascii() and (char.isalnum() or char == "_")


def _store(c: int, tp: Tty) -> None:
    """Make c part of the input, if there is room; a whole line can be read."""
    if len(tp.t_rawq) + len(tp.t_canq) >= TTYHOG:
        if not tp.t_iflag & IMAXBEL:
            ttyflush(tp, FREAD | FWRITE)
        elif len(tp.t_outq) < tp.t_hiwat:
            ttyoutput(_BEL, tp)
        return
    tp.t_rawq.append(c)
    if not tp.t_lflag & ICANON:
        ttwakeup(tp)
        ttyecho(c, tp)
        return
    if TTBREAKC(tp, c):
        tp.t_rocount = 0
        tp.t_canq += tp.t_rawq
        tp.t_rawq.clear()
        ttwakeup(tp)
    else:
        if not tp.t_rocount:
            tp.t_rocol = tp.t_column
        tp.t_rocount += 1
    if tp.t_state & TS_ERASE:
        tp.t_state &= ~TS_ERASE
        ttyoutput(ord("/"), tp)
    column = tp.t_column
    ttyecho(c, tp)
    if CCEQ(tp.t_cc[VEOF], c) and tp.t_lflag & ECHO:
        for _ in range(min(2, tp.t_column - column)):  # the cursor stands on the ^ of ^D
            ttyoutput(_BS, tp)


def _block(tp: Tty) -> None:
    """Tell the other end to stop if there is much input that nobody reads."""
    if len(tp.t_rawq) > TTYHOG:
        ttyflush(tp, FREAD | FWRITE)
        tp.t_state &= ~TS_TBLOCK
    if (
        len(tp.t_rawq) + len(tp.t_canq) >= TTYHOG // 2
        and not tp.t_state & TS_TBLOCK
        and (not tp.t_lflag & ICANON or tp.t_canq)
        and tp.t_cc[VSTOP] != _POSIX_VDISABLE
    ):
        tp.t_outq.append(tp.t_cc[VSTOP])
        tp.t_state |= TS_TBLOCK
        ttstart(tp)
