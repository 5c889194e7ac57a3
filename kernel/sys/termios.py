# SPDX-License-Identifier: BSD-2-Clause
"""Terminal settings.  NetBSD sys/sys/termios.h, ttydefaults.h."""

from struct import Struct
from typing import Final, Self

from kernel.sys.namedtuple import NamedTuple

NCCS: Final = 20  # special characters

# Indices of c_cc; two numbers are spare.
VEOF: Final = 0
VEOL: Final = 1
VEOL2: Final = 2
VERASE: Final = 3
VWERASE: Final = 4
VKILL: Final = 5
VREPRINT: Final = 6
VINTR: Final = 8
VQUIT: Final = 9
VSUSP: Final = 10
VDSUSP: Final = 11
VSTART: Final = 12
VSTOP: Final = 13
VLNEXT: Final = 14
VDISCARD: Final = 15
VMIN: Final = 16
VTIME: Final = 17  # tenths of a second
VSTATUS: Final = 18

# c_iflag
IGNBRK: Final = 0x0001
BRKINT: Final = 0x0002
IGNPAR: Final = 0x0004
PARMRK: Final = 0x0008
INPCK: Final = 0x0010
ISTRIP: Final = 0x0020
INLCR: Final = 0x0040
IGNCR: Final = 0x0080
ICRNL: Final = 0x0100
IXON: Final = 0x0200
IXOFF: Final = 0x0400
IXANY: Final = 0x0800
IMAXBEL: Final = 0x2000
# c_oflag
OPOST: Final = 0x0001
ONLCR: Final = 0x0002
OXTABS: Final = 0x0004
ONOEOT: Final = 0x0008
OCRNL: Final = 0x0010
ONOCR: Final = 0x0020
ONLRET: Final = 0x0040
# c_cflag
CIGNORE: Final = 0x0001  # leave c_cflag and the speeds as they are
CSIZE: Final = 0x0300
CS5: Final = 0x0000
CS6: Final = 0x0100
CS7: Final = 0x0200
CS8: Final = 0x0300
CSTOPB: Final = 0x0400
CREAD: Final = 0x0800
PARENB: Final = 0x1000
PARODD: Final = 0x2000
HUPCL: Final = 0x4000
CLOCAL: Final = 0x8000
CRTSCTS: Final = 0x10000
CDTRCTS: Final = 0x20000
MDMBUF: Final = 0x100000
# c_lflag
ECHOKE: Final = 0x0001
ECHOE: Final = 0x0002
ECHOK: Final = 0x0004
ECHO: Final = 0x0008
ECHONL: Final = 0x0010
ECHOPRT: Final = 0x0020
ECHOCTL: Final = 0x0040
ISIG: Final = 0x0080
ICANON: Final = 0x0100
ALTWERASE: Final = 0x0200
IEXTEN: Final = 0x0400
EXTPROC: Final = 0x0800
TOSTOP: Final = 0x00400000
FLUSHO: Final = 0x00800000
NOKERNINFO: Final = 0x02000000
PENDIN: Final = 0x20000000
NOFLSH: Final = 0x80000000

# What tcsetattr(3), tcflush(3) and tcflow(3) are told.
TCSANOW: Final = 0
TCSADRAIN: Final = 1
TCSAFLUSH: Final = 2
TCSASOFT: Final = 0x10
TCIFLUSH: Final = 1
TCOFLUSH: Final = 2
TCIOFLUSH: Final = 3
TCOOFF: Final = 1
TCOON: Final = 2
TCIOFF: Final = 3
TCION: Final = 4

TTYDEF_IFLAG: Final = BRKINT | ICRNL | IMAXBEL | IXON | IXANY
TTYDEF_OFLAG: Final = OPOST | ONLCR | OXTABS
TTYDEF_LFLAG: Final = ECHO | ICANON | ISIG | IEXTEN | ECHOE | ECHOKE | ECHOCTL
TTYDEF_CFLAG: Final = CREAD | CS8 | HUPCL
TTYDEF_SPEED: Final = 9600  # bits per second

_POSIX_VDISABLE: Final = 0xFF  # no character
_NONE: Final = _POSIX_VDISABLE
ttydefchars: Final = bytes(
    [
        *(0x04, _NONE, _NONE, 0x7F, 0x17, 0x15, 0x12, _NONE),  # VEOF ... VREPRINT, spare
        *(0x03, 0x1C, 0x1A, 0x19, 0x11, 0x13, 0x16, 0x0F),  # VINTR ... VDISCARD
        *(1, 0, 0x14, _NONE),  # VMIN, VTIME, VSTATUS, spare
    ]
)
# The characters that a new terminal has, by name, and speeds that were called external.
CEOF: Final = 0x04
CEOL: Final = _POSIX_VDISABLE
CERASE: Final = 0x7F
CINTR: Final = 0x03
CSTATUS: Final = 0x14
CKILL: Final = 0x15
CMIN: Final = 1
CQUIT: Final = 0x1C
CSUSP: Final = 0x1A
CTIME: Final = 0
CDSUSP: Final = 0x19
CSTART: Final = 0x11
CSTOP: Final = 0x13
CLNEXT: Final = 0x16
CDISCARD: Final = 0x0F
CWERASE: Final = 0x17
CREPRINT: Final = 0x12
CEOT: Final = CEOF
CBRK: Final = CEOL
CRPRNT: Final = CREPRINT
CFLUSH: Final = CDISCARD
EXTA: Final = 19200
EXTB: Final = 38400

_TERMIOS: Final = Struct(f"<IIII{NCCS}sii")
_WINSIZE: Final = Struct("<HHHH")


class Termios(NamedTuple):
    """Modes of a terminal (struct termios); as made, those of a new one."""

    c_iflag: int = TTYDEF_IFLAG
    c_oflag: int = TTYDEF_OFLAG
    c_cflag: int = TTYDEF_CFLAG
    c_lflag: int = TTYDEF_LFLAG
    c_cc: bytes = ttydefchars
    c_ispeed: int = TTYDEF_SPEED  # bits per second
    c_ospeed: int = TTYDEF_SPEED

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _TERMIOS.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return the modes in the bytes of the C struct."""
        return cls(*_TERMIOS.unpack(data))


class Winsize(NamedTuple):
    """Size of a terminal (struct winsize)."""

    ws_row: int  # characters
    ws_col: int
    ws_xpixel: int = 0
    ws_ypixel: int = 0

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _WINSIZE.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return the size in the bytes of the C struct."""
        return cls(*_WINSIZE.unpack(data))


def CCEQ(val: int, c: int) -> bool:
    """Return whether c is the special character val, which there may not be."""
    return c == val != _POSIX_VDISABLE
