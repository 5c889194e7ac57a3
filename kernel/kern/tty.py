# SPDX-License-Identifier: BSD-2-Clause
"""Terminals: reading, writing, waiting; opening and closing.  NetBSD sys/kern/tty.c."""

import re
from typing import Final

from kernel.arch.python.clock import clock_uptime
from kernel.kern.kern_event import selrecord_knote
from kernel.kern.kern_sig import pgsignal, psignal
from kernel.kern.kern_subr import uiogather, uiomove
from kernel.kern.kern_synch import PCATCH, PZERO
from kernel.kern.sys_select import selrecord
from kernel.kern.tty_input import TTBREAKC, ttypend
from kernel.kern.tty_subr import (
    ttsetwater,
    ttstart,
    ttwakeup,
    ttyflush,
    ttyoutput,
    ttysig,
    ttysleep,
)
from kernel.sys.dataclasses import dataclass
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import EVFILT_READ, EVFILT_WRITE, FilterOps, Knote
from kernel.sys.fcntl import FNONBLOCK, FREAD, FWRITE
from kernel.sys.file import POLLHUP, POLLIN, POLLOUT, POLLRDNORM
from kernel.sys.proc import P_CONTROLT, P_PPWAIT, P_WEXIT, Lwp
from kernel.sys.signal import SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH
from kernel.sys.signalvar import sigismasked
from kernel.sys.termios import (
    _POSIX_VDISABLE,
    CCEQ,
    FLUSHO,
    ICANON,
    IEXTEN,
    ISIG,
    IXOFF,
    OPOST,
    PENDIN,
    TOSTOP,
    VDSUSP,
    VEOF,
    VMIN,
    VSTART,
    VTIME,
    Termios,
    Winsize,
)
from kernel.sys.tty import (
    CLSIZE,
    CONNECTED,
    NO_SIZE,
    OBUFSIZ,
    TS_CARR_ON,
    TS_ISOPEN,
    TS_TBLOCK,
    TTY_CHARMASK,
    TTYHOG,
    Tty,
    isbackground,
)
from kernel.sys.uio import Uio
from kernel.sys.vnode import IO_NDELAY

_SECOND: Final = 1_000_000_000  # ns of a pause in the background
_DECISECOND: Final = 100_000_000  # ns
_NOW: Final = -1  # no need to wait
_ORDINARY: Final = re.compile(rb"[^\x00-\x1f\x7f]+")  # what output processing leaves alone


@dataclass(slots=True)
class _Patience:
    """How long a read without ICANON has waited, with VTIME."""

    since: int | None = None  # ns
    had: int = 0  # characters at that time


def ttyreset(tp: Tty, modes: Termios) -> None:
    """Set the modes, as a driver does at the first open."""
    tp.t_iflag, tp.t_oflag, tp.t_cflag, tp.t_lflag = modes[:4]
    tp.t_cc, tp.t_ispeed, tp.t_ospeed = modes[4:]
    ttsetwater(tp)


def ttylopen(tp: Tty) -> None:
    """Open the line discipline; a terminal newly opened has no size."""
    if not tp.t_state & TS_ISOPEN:
        tp.t_state |= TS_ISOPEN
        tp.t_winsize = NO_SIZE


def ttylclose(tp: Tty, lwp: Lwp | None, flag: int) -> None:
    """Close the line discipline: output that is under way arrives, without FNONBLOCK.

    A signal ends the wait, and the output; who was killed does not begin it.
    """
    if lwp is None or flag & FNONBLOCK or (lwp.l_proc.p_flag & P_WEXIT and lwp.l_proc.p_xsig):
        ttyflush(tp, FREAD | FWRITE)
        return
    try:
        ttywait(tp, lwp)
    except KernelError:
        return
    ttyflush(tp, FREAD)


def ttyclose(tp: Tty) -> None:
    """The last close: nobody's terminal, and whoever sleeps on it looks again."""
    ttyflush(tp, FREAD | FWRITE)
    tp.t_gen += 1
    tp.t_pgrp = tp.t_session = None
    tp.t_state = 0


def ttymodem(tp: Tty, carrier: bool) -> None:
    """The other end has come, or gone: that hangs up the session."""
    if carrier:
        tp.t_state |= TS_CARR_ON
        ttwakeup(tp)
        return
    if not tp.t_state & TS_CARR_ON:
        return
    tp.t_state &= ~TS_CARR_ON
    if tp.t_state & TS_ISOPEN and not CONNECTED(tp):
        ttyhup(tp)
        ttyflush(tp, FREAD | FWRITE)


def ttyhup(tp: Tty) -> None:
    """Tell the session's leader that the terminal has hung up."""
    if tp.t_session is not None and tp.t_session.s_leader is not None:
        psignal(tp.t_session.s_leader, SIGHUP)


def ttypause(tp: Tty, lwp: Lwp) -> None:
    """Wait a second for what a signal does to a background process.

    Raises:
        KernelError: EINTR, ERESTART.
    """
    try:
        ttysleep(lwp, tp, (tp, "background"), PZERO | PCATCH, "ttybg", _SECOND)
    except KernelError as exc:
        if exc.errno is not Errno.EWOULDBLOCK:
            raise


def ttybackground(tp: Tty, lwp: Lwp, signo: int) -> bool:
    """Stop lwp's group by signo (SIGTTIN, SIGTTOU) if it is in the background; wait.

    Returns:
        False if it is, and the signal would do nothing: ignored or blocked, or
        the group is orphaned, or the parent waits in vfork.

    Raises:
        KernelError: EINTR, ERESTART.
    """
    p = lwp.l_proc
    while isbackground(p, tp):
        masked = sigismasked(lwp, signo)
        if masked or p.p_flag & P_PPWAIT or not p.p_pgrp.pg_jobc:
            return False
        pgsignal(p.p_pgrp, signo, P_CONTROLT)
        ttypause(tp, lwp)
    return True


def ttread(tp: Tty, lwp: Lwp | None, uio: Uio, ioflag: int) -> None:
    """Read: a line, or what there is without ICANON; nothing at its end.

    Raises:
        KernelError: EIO, in the background and SIGTTIN would do nothing. EAGAIN,
            IO_NDELAY and nothing is there. EFAULT. EINTR, ERESTART.
    """
    patience = _Patience()
    while True:
        if tp.t_lflag & PENDIN:
            ttypend(tp)
        if lwp is not None and not ttybackground(tp, lwp, SIGTTIN):
            raise KernelError(Errno.EIO)
        wait = _wait(tp, patience)
        if wait == _NOW:
            if _consume(tp, lwp, uio):
                break
            continue
        carrier = CONNECTED(tp)
        if not carrier and tp.t_state & TS_ISOPEN:
            return
        if lwp is None or ioflag & IO_NDELAY:
            raise KernelError(Errno.EAGAIN)
        try:
            message = "ttyin" if carrier else "ttyopn"
            ttysleep(lwp, tp, (tp, FREAD), PZERO | PCATCH, message, wait)
        except KernelError as exc:
            if exc.errno is not Errno.EWOULDBLOCK:
                raise
            if not tp.t_cc[VMIN]:
                return
    if tp.t_state & TS_TBLOCK and len(tp.t_rawq) < TTYHOG // 5:
        _unblock(tp)


def _wait(tp: Tty, patience: _Patience) -> int:
    """Return for how many ns to wait for input, 0 for ever; _NOW if there is enough."""
    if tp.t_lflag & ICANON:
        return _NOW if tp.t_canq else 0
    least, time = tp.t_cc[VMIN], tp.t_cc[VTIME] * _DECISECOND
    have = len(tp.t_rawq)
    if not time:
        return _NOW if have >= least else 0
    if have >= max(least, 1):
        return _NOW
    if least and not have:
        return 0
    now = clock_uptime(tp.t_kernel)
    if patience.since is None or (least and have > patience.had):
        patience.since = now  # between characters, or since the call
    patience.had = have
    left = patience.since + time - now
    return left if left > 0 else _NOW


def _consume(tp: Tty, lwp: Lwp | None, uio: Uio) -> bool:
    """Move input to uio, up to the end of a line; return False to begin again (VDSUSP)."""
    canonical = tp.t_lflag & ICANON
    queue = tp.t_canq if canonical else tp.t_rawq
    suspends = tp.t_lflag & (IEXTEN | ISIG) == IEXTEN | ISIG
    cc, room = tp.t_cc, uio.uio_resid
    out = bytearray()
    taken = 0
    suspended = False
    for c in queue:
        taken += 1
        if suspends and CCEQ(cc[VDSUSP], c):
            suspended = True
            break
        if canonical and CCEQ(cc[VEOF], c):
            break
        out.append(c & TTY_CHARMASK)
        if len(out) == room or (canonical and TTBREAKC(tp, c)):
            break
    del queue[:taken]
    if suspended:
        ttysig(tp, SIGTSTP)
        if not out and lwp is not None:
            ttypause(tp, lwp)
            return False
    uiomove(out, uio)
    return True


def _unblock(tp: Tty) -> None:
    """Tell the other end to go on, if it was told to stop."""
    if tp.t_iflag & IXOFF and tp.t_cc[VSTART] != _POSIX_VDISABLE:
        tp.t_outq.append(tp.t_cc[VSTART])
        tp.t_state &= ~TS_TBLOCK
        ttstart(tp)


def ttwrite(tp: Tty, lwp: Lwp | None, uio: Uio, ioflag: int) -> None:
    """Write, waiting for room.

    Raises:
        KernelError: EIO, the other end has gone. EAGAIN, IO_NDELAY and there is
            no room for more. EFAULT. EINTR, ERESTART.
    """
    chunk = memoryview(b"")
    while uio.uio_resid or chunk:
        try:
            if not _writable(tp, lwp, ioflag):
                continue
            if tp.t_lflag & FLUSHO:
                uio.uio_resid = 0
                return
            if len(tp.t_outq) > tp.t_hiwat:
                ttstart(tp)
                if len(tp.t_outq) > tp.t_hiwat:
                    _await_room(tp, lwp, ioflag)
                continue
        except KernelError:
            uio.uio_resid += len(chunk)
            raise
        if not chunk:
            chunk = memoryview(bytes(uiogather(uio, min(uio.uio_resid, OBUFSIZ))))
        while chunk and len(tp.t_outq) <= tp.t_hiwat:
            chunk = chunk[_output(tp, chunk) :]
        ttstart(tp)


def _writable(tp: Tty, lwp: Lwp | None, ioflag: int) -> bool:
    """Return whether lwp may write now; False to look again."""
    if not CONNECTED(tp):
        if tp.t_state & TS_ISOPEN:
            raise KernelError(Errno.EIO)
        if lwp is None or ioflag & IO_NDELAY:
            raise KernelError(Errno.EAGAIN)
        ttysleep(lwp, tp, (tp, FREAD), PZERO | PCATCH, "ttyopn")
        return False
    if lwp is not None and tp.t_lflag & TOSTOP:
        ttybackground(tp, lwp, SIGTTOU)
    return True


def _await_room(tp: Tty, lwp: Lwp | None, ioflag: int) -> None:
    if lwp is None or ioflag & IO_NDELAY:
        raise KernelError(Errno.EAGAIN)
    ttysleep(lwp, tp, (tp, FWRITE), PZERO | PCATCH, "ttyout")


def _output(tp: Tty, chunk: memoryview) -> int:
    """Put the beginning of chunk into the output; return how many characters that were."""
    tp.t_rocount = 0
    if not tp.t_oflag & OPOST:
        tp.t_outq += chunk
        return len(chunk)
    plain = _ORDINARY.match(chunk)
    if plain is None:
        ttyoutput(chunk[0], tp)
        return 1
    tp.t_outq += plain[0]
    tp.t_column += plain.end()
    return plain.end()


def ttywait(tp: Tty, lwp: Lwp) -> None:
    """Wait until all output has gone.

    Raises:
        KernelError: EINTR, ERESTART.
    """
    while tp.t_outq and CONNECTED(tp) and tp.t_oproc is not None:
        tp.t_oproc(tp)
        if tp.t_outq:
            ttysleep(lwp, tp, (tp, FWRITE), PZERO | PCATCH, "ttyout")


def ttnread(tp: Tty) -> int:
    """Return how many characters a read would get at once."""
    if tp.t_lflag & PENDIN:
        ttypend(tp)
    count = len(tp.t_canq)
    if not tp.t_lflag & ICANON:
        count += len(tp.t_rawq)
        if count < tp.t_cc[VMIN] and not tp.t_cc[VTIME]:
            return 0
    return count


def ttpoll(tp: Tty, lwp: Lwp, events: int) -> int:
    """Return which of events (POLL*) are so; if none, have lwp woken."""
    revents = 0
    if events & (POLLIN | POLLRDNORM) and ttnread(tp):
        revents |= events & (POLLIN | POLLRDNORM)
    if events & POLLOUT and len(tp.t_outq) <= tp.t_lowat:
        revents |= POLLOUT
    if events & POLLHUP and not CONNECTED(tp):
        revents |= POLLHUP
    if not revents:
        if events & (POLLIN | POLLHUP | POLLRDNORM):
            selrecord(lwp, tp.t_rsel)
        if events & POLLOUT:
            selrecord(lwp, tp.t_wsel)
    return revents


def ttykqfilter(tp: Tty, kn: Knote) -> None:
    """Watch for characters to be read, or for room.

    Raises:
        KernelError: EINVAL, another filter.

    Source: ttykqfilter, NetBSD sys/kern/tty.c.
    """
    if kn.kn_filter not in {EVFILT_READ, EVFILT_WRITE}:
        raise KernelError(Errno.EINVAL)
    kn.kn_hook = tp
    reading = kn.kn_filter == EVFILT_READ
    kn.kn_fop = ttyread_filtops if reading else ttywrite_filtops
    selrecord_knote(tp.t_rsel if reading else tp.t_wsel, kn)


def _filt_ttyread(kn: Knote, _hint: int) -> bool:
    kn.kn_data = ttnread(kn.kn_hook)
    return kn.kn_data > 0


def _filt_ttywrite(kn: Knote, _hint: int) -> bool:
    tp: Tty = kn.kn_hook
    kn.kn_data = len(tp.t_outq)
    return kn.kn_data <= tp.t_lowat and CONNECTED(tp)


ttyread_filtops: Final = FilterOps(_filt_ttyread)
ttywrite_filtops: Final = FilterOps(_filt_ttywrite)


def ttsetsize(tp: Tty, size: Winsize) -> None:
    """Set the size of the screen; if that is another, the foreground process group hears of it."""
    if size != tp.t_winsize:
        tp.t_winsize = size
        ttysig(tp, SIGWINCH)


def ttnspace(tp: Tty) -> int:
    """Return how many characters of output there is room for."""
    return max(0, CLSIZE - len(tp.t_outq))
