# SPDX-License-Identifier: BSD-2-Clause
"""Terminal settings.  NetBSD sys/sys/termios.h, ttydefaults.h."""

from struct import Struct
from typing import Final, NamedTuple, Self

NCCS: Final = 20  # special characters

# c_iflag
BRKINT: Final = 0x0002
ICRNL: Final = 0x0100
IXON: Final = 0x0200
IXANY: Final = 0x0800
IMAXBEL: Final = 0x2000
# c_oflag
OPOST: Final = 0x0001
ONLCR: Final = 0x0002
OXTABS: Final = 0x0004
# c_cflag
CS8: Final = 0x0300
CREAD: Final = 0x0800
HUPCL: Final = 0x4000
# c_lflag
ECHOKE: Final = 0x0001
ECHOE: Final = 0x0002
ECHO: Final = 0x0008
ECHOCTL: Final = 0x0040
ISIG: Final = 0x0080
ICANON: Final = 0x0100
IEXTEN: Final = 0x0400

_POSIX_VDISABLE: Final = 0xFF  # no character
_NONE: Final = _POSIX_VDISABLE
_CC_DEFAULT: Final = bytes(
    [
        *(0x04, _NONE, _NONE, 0x7F, 0x17, 0x15, 0x12, _NONE),  # VEOF ... VREPRINT, spare
        *(0x03, 0x1C, 0x1A, 0x19, 0x11, 0x13, 0x16, 0x0F),  # VINTR ... VDISCARD
        *(1, 0, 0x14, _NONE),  # VMIN, VTIME, VSTATUS, spare
    ]
)
_TERMIOS: Final = Struct(f"<IIII{NCCS}sii")
_WINSIZE: Final = Struct("<HHHH")


class Termios(NamedTuple):
    """Modes of a terminal (struct termios); as made, those of a new one."""

    c_iflag: int = BRKINT | ICRNL | IMAXBEL | IXON | IXANY
    c_oflag: int = OPOST | ONLCR | OXTABS
    c_cflag: int = CREAD | CS8 | HUPCL
    c_lflag: int = ECHO | ICANON | ISIG | IEXTEN | ECHOE | ECHOKE | ECHOCTL
    c_cc: bytes = _CC_DEFAULT
    c_ispeed: int = 9600  # bits per second
    c_ospeed: int = 9600

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
