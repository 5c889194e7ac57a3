# SPDX-License-Identifier: BSD-2-Clause
"""The local domain: addresses that are paths, options, credentials.  NetBSD sys/sys/un.h."""

from struct import Struct
from typing import Final, Self

from kernel.sys.namedtuple import NamedTuple
from kernel.sys.socket import AF_LOCAL, sockaddr

SOL_LOCAL: Final = 0  # level of the options below
LOCAL_OCREDS: Final = 0x0001
LOCAL_CONNWAIT: Final = 0x0002  # connect(2) waits for accept(2)
LOCAL_PEEREID: Final = 0x0003  # who the other side is
LOCAL_CREDS: Final = 0x0004  # have SCM_CREDS with what is received

SUN_PATH: Final = 104  # bytes of sun_path

_UNPCBID: Final = Struct("<iII")


class Unpcbid(NamedTuple):
    """Who has bound or connected a socket (struct unpcbid)."""

    unp_pid: int
    unp_euid: int
    unp_egid: int

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _UNPCBID.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(*_UNPCBID.unpack(data))


class SockaddrUn(NamedTuple):
    """A path as an address (struct sockaddr_un), as long as it needs to be: SUN_LEN."""

    sun_path: bytes

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return sockaddr(AF_LOCAL, self.sun_path)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(sun_path(data))


def sun_path(address: bytes) -> bytes:
    """Return the path in a struct sockaddr_un, up to its NUL."""
    return address[2:].split(b"\0", 1)[0]


SUN_NONAME: Final = sockaddr(AF_LOCAL, b"")  # the name of a socket without one
