# SPDX-License-Identifier: BSD-2-Clause
"""The termios module of a program, with NetBSD's numbers."""

from __future__ import annotations

import sys as _host
from typing import TYPE_CHECKING, Any

from kernel.sys import ioccom as _ioccom
from kernel.sys import termios as _termios
from kernel.sys import ttycom as _ttycom
from userland.libc import include as _libc
from userland.python.arguments import c_off as _c_off

if TYPE_CHECKING:
    from collections.abc import Iterator

    from userland.python.arguments import Fildes

_USHRT_MAX = 0xFFFF
_SPEEDS = (
    0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400, 57600,
    115200, 230400, 460800, 500000, 921600, 1000000, 1500000, 2000000, 2500000, 3000000, 3500000,
    4000000,
)  # fmt: skip
_MORE_SPEEDS = (7200, 14400, 28800, 76800)  # since Python 3.13
# What of NetBSD's headers CPython looks for.
_NAMES = """
    BRKINT CBRK CDSUSP CEOF CEOL CEOT CERASE CFLUSH CINTR CKILL CLNEXT CLOCAL CQUIT CREAD CRPRNT
    CRTSCTS CS5 CS6 CS7 CS8 CSIZE CSTART CSTATUS CSTOP CSTOPB CSUSP CWERASE ECHO ECHOCTL ECHOE ECHOK
    ECHOKE ECHONL ECHOPRT EXTA EXTB FIOASYNC FIOCLEX FIONBIO FIONCLEX FIONREAD FLUSHO HUPCL ICANON
    ICRNL IEXTEN IGNBRK IGNCR IGNPAR IMAXBEL INLCR INPCK ISIG ISTRIP IXANY IXOFF IXON NCCS NOFLSH
    OCRNL ONLCR ONLRET ONOCR OPOST PARENB PARMRK PARODD PENDIN TCIFLUSH TCIOFF TCIOFLUSH TCION
    TCOFLUSH TCOOFF TCOON TCSADRAIN TCSAFLUSH TCSANOW TCSASOFT TIOCCONS TIOCEXCL TIOCGETD TIOCGPGRP
    TIOCGWINSZ TIOCMBIC TIOCMBIS TIOCMGET TIOCMSET TIOCM_CAR TIOCM_CD TIOCM_CTS TIOCM_DSR TIOCM_DTR
    TIOCM_LE TIOCM_RI TIOCM_RNG TIOCM_RTS TIOCM_SR TIOCM_ST TIOCNOTTY TIOCNXCL TIOCOUTQ TIOCPKT
    TIOCPKT_DATA TIOCPKT_DOSTOP TIOCPKT_FLUSHREAD TIOCPKT_FLUSHWRITE TIOCPKT_NOSTOP TIOCPKT_START
    TIOCPKT_STOP TIOCSCTTY TIOCSETD TIOCSPGRP TIOCSTART TIOCSTI TIOCSTOP TIOCSWINSZ TOSTOP VDISCARD
    VEOF VEOL VEOL2 VERASE VINTR VKILL VLNEXT VMIN VQUIT VREPRINT VSTART VSTOP VSUSP VTIME
    VWERASE"""
_MORE_NAMES = """
    ALTWERASE CDTRCTS CIGNORE EXTPROC MDMBUF NOKERNINFO ONOEOT OXTABS VDSUSP VSTATUS"""


class error(Exception):
    """A call on a terminal failed: (errno, text)."""


def _constants() -> Iterator[tuple[str, int]]:
    headers = {**vars(_ioccom), **vars(_termios), **vars(_ttycom)}
    new = _host.version_info >= (3, 13)
    for name in (_NAMES + (_MORE_NAMES if new else "")).split():
        yield name, headers[name]
    for speed in _SPEEDS + (_MORE_SPEEDS if new else ()):
        yield f"B{speed}", speed


_CONSTANTS = dict(_constants())
globals().update(_CONSTANTS)

__all__ = [  # noqa: PLE0604 - strings, all of them
    "error", "tcdrain", "tcflow", "tcflush", "tcgetattr", "tcgetwinsize", "tcsendbreak",
    "tcsetattr", "tcsetwinsize", *_CONSTANTS,
]  # fmt: skip


def _ask(function: Any, fd: Any, *args: Any) -> Any:
    """Call libc, its errors being this module's."""
    try:
        return function(fd, *args)
    except OSError as failure:
        raise error(failure.errno, failure.strerror) from None


def tcgetattr(fd: Fildes, /) -> list[Any]:
    """Return [iflag, oflag, cflag, lflag, ispeed, ospeed, cc], cc a list of bytes.

    Without ICANON cc[VMIN] and cc[VTIME] are numbers.
    """
    modes = _ask(_libc.tcgetattr, fd)
    cc: list[Any] = [bytes((char,)) for char in modes.c_cc]
    if not modes.c_lflag & _termios.ICANON:
        for index in (_termios.VMIN, _termios.VTIME):
            cc[index] = modes.c_cc[index]
    return [*modes[:4], modes.c_ispeed, modes.c_ospeed, cc]


def tcsetattr(fd: Fildes, when: int, attributes: list[Any], /) -> None:
    """Set what tcgetattr returns; when is TCSANOW, TCSADRAIN or TCSAFLUSH."""
    if not isinstance(attributes, list) or len(attributes) != 7:
        raise TypeError("tcsetattr, arg 3: must be 7 element list")
    iflag, oflag, cflag, lflag, ispeed, ospeed = (_c_off(value) for value in attributes[:6])
    cc = attributes[6]
    if not isinstance(cc, list) or len(cc) != _termios.NCCS:
        raise TypeError(f"tcsetattr: attributes[6] must be {_termios.NCCS} element list")
    chars = bytearray()
    for char in cc:
        if isinstance(char, bytes) and len(char) == 1:
            chars += char
        elif isinstance(char, int):
            chars.append(_c_off(char) & 0xFF)
        else:
            raise TypeError("tcsetattr: elements of attributes must be characters or integers")
    i, o, c, lo = (flag & 0xFFFFFFFF for flag in (iflag, oflag, cflag, lflag))
    speeds = (_signed(ispeed), _signed(ospeed))
    _ask(_libc.tcsetattr, fd, when, _termios.Termios(i, o, c, lo, bytes(chars), *speeds))


def _signed(value: int) -> int:
    """Return what C's int keeps of a number."""
    return (value + (1 << 31) & 0xFFFFFFFF) - (1 << 31)


def tcgetwinsize(fd: Fildes, /) -> tuple[int, int]:
    """Return (rows, columns)."""
    size: tuple[int, int] = _ask(_libc.tcgetwinsize, fd)
    return size


def tcsetwinsize(fd: Fildes, winsize: Any, /) -> None:
    """Set (rows, columns)."""
    if not hasattr(type(winsize), "__getitem__") or len(winsize) != 2:
        raise TypeError("tcsetwinsize, arg 2: must be a two-item sequence")
    rows, columns = (_c_off(value) for value in winsize)
    if not (0 <= rows <= _USHRT_MAX and 0 <= columns <= _USHRT_MAX):
        raise OverflowError("winsize value(s) out of range.")
    _ask(_libc.tcsetwinsize, fd, (rows, columns))


def tcsendbreak(fd: Fildes, duration: int, /) -> None:
    """Send a break."""
    _ask(_libc.tcsendbreak, fd, duration)


def tcdrain(fd: Fildes, /) -> None:
    """Wait until output has gone."""
    _ask(_libc.tcdrain, fd)


def tcflush(fd: Fildes, queue: int, /) -> None:
    """Throw away input, output or both."""
    _ask(_libc.tcflush, fd, queue)


def tcflow(fd: Fildes, action: int, /) -> None:
    """Stop output or input, or let it go on."""
    _ask(_libc.tcflow, fd, action)
