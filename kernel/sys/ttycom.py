# SPDX-License-Identifier: BSD-2-Clause
"""What ioctls of terminals hand over, but for their numbers.  NetBSD sys/sys/ttycom.h."""

from struct import Struct
from typing import Final, Self

from kernel.sys.namedtuple import NamedTuple

# The first byte of what the master of a pty in packet mode reads; 0 for data.
TIOCPKT_DATA: Final = 0x00
TIOCPKT_FLUSHREAD: Final = 0x01
TIOCPKT_FLUSHWRITE: Final = 0x02
TIOCPKT_STOP: Final = 0x04
TIOCPKT_START: Final = 0x08
TIOCPKT_NOSTOP: Final = 0x10
TIOCPKT_DOSTOP: Final = 0x20
TIOCPKT_IOCTL: Final = 0x40

# Lines of a modem: bits of TIOCMGET's word.
TIOCM_LE: Final = 0o001
TIOCM_DTR: Final = 0o002
TIOCM_RTS: Final = 0o004
TIOCM_ST: Final = 0o010
TIOCM_SR: Final = 0o020
TIOCM_CTS: Final = 0o040
TIOCM_CAR: Final = 0o100
TIOCM_CD: Final = TIOCM_CAR
TIOCM_RNG: Final = 0o200
TIOCM_RI: Final = TIOCM_RNG
TIOCM_DSR: Final = 0o400

TTYDISC: Final = 0  # the number of the one line discipline there is
TTLINEDNAMELEN: Final = 32
_PTMGET: Final = Struct("<ii1024s1024s")


class Ptmget(NamedTuple):
    """Descriptors and names of a pty (struct ptmget); without descriptors its minor number."""

    cfd: int
    sfd: int
    cn: bytes  # the master
    sn: bytes  # the slave

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _PTMGET.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        cfd, sfd, cn, sn = _PTMGET.unpack(data)
        return cls(cfd, sfd, cn.rstrip(b"\0"), sn.rstrip(b"\0"))
