# SPDX-License-Identifier: BSD-2-Clause
"""State of a terminal.  NetBSD sys/sys/tty.h."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.proc import P_CONTROLT
from kernel.sys.selinfo import Selinfo
from kernel.sys.termios import (
    CLOCAL,
    TTYDEF_CFLAG,
    TTYDEF_IFLAG,
    TTYDEF_LFLAG,
    TTYDEF_OFLAG,
    TTYDEF_SPEED,
    Termios,
    Winsize,
    ttydefchars,
)
from kernel.sys.types import NODEV

if TYPE_CHECKING:
    from kernel.sys.kernel import Kernel
    from kernel.sys.proc import Pgrp, Proc, Session

# t_state
TS_ASYNC: Final = 0x00002  # SIGIO when there is input
TS_CARR_ON: Final = 0x00008  # the other end is there
TS_ISOPEN: Final = 0x00020
TS_TBLOCK: Final = 0x00040  # the other end was told to stop (IXOFF)
TS_TTSTOP: Final = 0x00100  # output is stopped (^S)
TS_XCLUDE: Final = 0x00400  # open for nobody else
TS_ERASE: Final = 0x01000  # within a \.../ of ECHOPRT
TS_LNCH: Final = 0x02000  # the next character is literal
TS_TYPEN: Final = 0x04000  # pending input is taken again
TS_CNTTB: Final = 0x10000  # the width of a tab is being counted

# Characters of input queues.
TTY_CHARMASK: Final = 0xFF
TTY_QUOTE: Final = 0x100  # literal

TTYHOG: Final = 1024  # characters of input at most
OBUFSIZ: Final = 100  # characters of output processed at a time
TTMAXLOWAT: Final = 256
TTMINLOWAT: Final = 32
TTMAXHIWAT: Final = 2048
TTMINHIWAT: Final = 128
TTROUND: Final = 64
NO_SIZE: Final = Winsize(0, 0)
CLSIZE: Final = 4096  # characters that t_outq holds at most


@dataclass(slots=True, eq=False, repr=False)
class Tty:
    """A terminal (struct tty).

    t_oproc is called when there is output, and None where the other end has
    gone; t_stop(tp, flush) when output is stopped (0) or queues are emptied
    (FREAD, FWRITE).  Who waits for input sleeps on (tp, FREAD), for room on
    (tp, FWRITE).
    """

    t_kernel: "Kernel"
    t_dev: int = NODEV
    t_oproc: "Callable[[Tty], None] | None" = None
    t_stop: "Callable[[Tty, int], None] | None" = None
    t_rawq: list[int] = field(default_factory=list)  # the line being typed; all, without ICANON
    t_canq: list[int] = field(default_factory=list)  # whole lines
    t_outq: bytearray = field(default_factory=bytearray)
    t_iflag: int = TTYDEF_IFLAG
    t_oflag: int = TTYDEF_OFLAG
    t_cflag: int = TTYDEF_CFLAG
    t_lflag: int = TTYDEF_LFLAG
    t_cc: bytes = ttydefchars
    t_ispeed: int = TTYDEF_SPEED
    t_ospeed: int = TTYDEF_SPEED
    t_winsize: Winsize = NO_SIZE
    t_state: int = 0
    t_session: "Session | None" = None  # whose controlling terminal it is
    t_pgrp: "Pgrp | None" = None  # the foreground process group
    t_rsel: Selinfo = field(default_factory=Selinfo)
    t_wsel: Selinfo = field(default_factory=Selinfo)
    t_column: int = 0  # where output is
    t_rocount: int = 0  # characters typed since output came last
    t_rocol: int = 0  # the column where they begin
    t_hiwat: int = 0  # characters of output beyond which writers wait
    t_lowat: int = 0  # and go on
    t_wopen: int = 0  # who waits in open
    t_gen: int = 0  # counts closes, so that sleepers see that they are of another life


def termios(tp: Tty) -> Termios:
    """Return the modes (t_termios)."""
    return Termios(
        tp.t_iflag, tp.t_oflag, tp.t_cflag, tp.t_lflag, tp.t_cc, tp.t_ispeed, tp.t_ospeed
    )


def CONNECTED(tp: Tty) -> bool:
    """Return whether there is somebody at the other end, or that does not matter."""
    return bool(tp.t_state & TS_CARR_ON or tp.t_cflag & CLOCAL)


def tpgid(session: "Session") -> int:
    """Return the foreground process group of session's terminal, -1 if there is none."""
    tp = session.s_ttyp
    return tp.t_pgrp.pg_id if tp is not None and tp.t_pgrp is not None else -1


def isctty(p: "Proc", tp: Tty) -> bool:
    """Return whether tp is p's controlling terminal."""
    return bool(p.p_flag & P_CONTROLT) and p.p_pgrp.pg_session is tp.t_session


def isbackground(p: "Proc", tp: Tty) -> bool:
    """Return whether p is a background process of its controlling terminal tp."""
    return isctty(p, tp) and p.p_pgrp is not tp.t_pgrp
