# SPDX-License-Identifier: BSD-2-Clause
"""Sockets as calls name them: families, types, options, messages.  NetBSD sys/sys/socket.h."""

from struct import Struct
from typing import Final, Self

from kernel.sys.cdefs import Int, Pointer, UInt, pack, unpack_from
from kernel.sys.namedtuple import NamedTuple

# Types, and what may be or-ed to them.
SOCK_STREAM: Final = 1
SOCK_DGRAM: Final = 2
SOCK_RAW: Final = 3
SOCK_RDM: Final = 4
SOCK_SEQPACKET: Final = 5
SOCK_CLOEXEC: Final = 0x10000000
SOCK_NONBLOCK: Final = 0x20000000
SOCK_NOSIGPIPE: Final = 0x40000000
SOCK_FLAGS_MASK: Final = 0xF0000000

# Families.
AF_UNSPEC: Final = 0
AF_LOCAL: Final = 1
AF_UNIX: Final = AF_LOCAL
AF_INET: Final = 2
AF_SNA: Final = 11
AF_DECnet: Final = 12
AF_APPLETALK: Final = 16
AF_LINK: Final = 18
AF_IPX: Final = 23
AF_INET6: Final = 24
AF_BLUETOOTH: Final = 31
AF_ROUTE: Final = 34
AF_CAN: Final = 35
AF_MAX: Final = 37
PF_UNSPEC: Final = AF_UNSPEC
PF_LOCAL: Final = AF_LOCAL
PF_UNIX: Final = AF_LOCAL
PF_INET: Final = AF_INET
PF_INET6: Final = AF_INET6
PF_CAN: Final = AF_CAN

# Options of level SOL_SOCKET: those that are a bit of so_options ...
SOL_SOCKET: Final = 0xFFFF
SO_DEBUG: Final = 0x0001
SO_ACCEPTCONN: Final = 0x0002
SO_REUSEADDR: Final = 0x0004
SO_KEEPALIVE: Final = 0x0008
SO_DONTROUTE: Final = 0x0010
SO_BROADCAST: Final = 0x0020
SO_USELOOPBACK: Final = 0x0040
SO_LINGER: Final = 0x0080
SO_OOBINLINE: Final = 0x0100
SO_REUSEPORT: Final = 0x0200
SO_NOSIGPIPE: Final = 0x0800
SO_ACCEPTFILTER: Final = 0x1000
SO_TIMESTAMP: Final = 0x2000
SO_RERROR: Final = 0x4000
# ... and those that are not.
SO_SNDBUF: Final = 0x1001
SO_RCVBUF: Final = 0x1002
SO_SNDLOWAT: Final = 0x1003
SO_RCVLOWAT: Final = 0x1004
SO_ERROR: Final = 0x1007
SO_TYPE: Final = 0x1008
SO_OVERFLOWED: Final = 0x1009
SO_NOHEADER: Final = 0x100A
SO_SNDTIMEO: Final = 0x100B
SO_RCVTIMEO: Final = 0x100C

SOMAXCONN: Final = 128

# send(2), recv(2)
MSG_OOB: Final = 0x0001
MSG_PEEK: Final = 0x0002
MSG_DONTROUTE: Final = 0x0004
MSG_EOR: Final = 0x0008
MSG_TRUNC: Final = 0x0010  # the rest of the datagram was thrown away
MSG_CTRUNC: Final = 0x0020  # control data was thrown away
MSG_WAITALL: Final = 0x0040
MSG_DONTWAIT: Final = 0x0080
MSG_BCAST: Final = 0x0100
MSG_MCAST: Final = 0x0200
MSG_NOSIGNAL: Final = 0x0400
MSG_CMSG_CLOEXEC: Final = 0x0800
MSG_NBIO: Final = 0x1000
MSG_WAITFORONE: Final = 0x2000
MSG_NOTIFICATION: Final = 0x4000
MSG_USERFLAGS: Final = 0xFFFFFF

SHUT_RD: Final = 0
SHUT_WR: Final = 1
SHUT_RDWR: Final = 2

# Control messages of level SOL_SOCKET.
SCM_RIGHTS: Final = 0x01  # descriptors, an array of int
SCM_TIMESTAMP: Final = 0x08  # a struct timeval
SCM_CREDS: Final = 0x10  # a struct sockcred

_LINGER: Final = Struct("<ii")
_SOCKCRED: Final = Struct("<iIIIIi")
SIZEOF_MSGHDR: Final = 48  # bytes
SIZEOF_MMSGHDR: Final = 56
SIZEOF_CMSGHDR: Final = 12
SIZEOF_LINGER: Final = _LINGER.size
_ALIGNBYTES: Final = 7


class Msghdr(NamedTuple):
    """What sendmsg and recvmsg are given (struct msghdr); addresses are the user's."""

    msg_name: Pointer = 0
    msg_namelen: UInt = 0  # bytes
    msg_iov: Pointer = 0
    msg_iovlen: Int = 0  # struct iovecs
    msg_control: Pointer = 0
    msg_controllen: UInt = 0  # bytes
    msg_flags: Int = 0

    def pack(self) -> bytes:
        """Return the bytes of the C struct (LP64)."""
        return pack(self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return unpack_from(cls, data)


class Mmsghdr(NamedTuple):
    """One of the messages of sendmmsg and recvmmsg (struct mmsghdr)."""

    msg_hdr: Msghdr
    msg_len: UInt = 0  # bytes moved

    def pack(self) -> bytes:
        """Return the bytes of the C struct (LP64)."""
        return pack(self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return unpack_from(cls, data)


class Cmsghdr(NamedTuple):
    """What control data begins with (struct cmsghdr)."""

    cmsg_len: UInt  # bytes, this header included
    cmsg_level: Int
    cmsg_type: Int

    def pack(self) -> bytes:
        """Return the bytes of the C struct, padded to where the data begins."""
        return pack(self).ljust(CMSG_LEN(0), b"\0")

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return unpack_from(cls, data)


class Linger(NamedTuple):
    """SO_LINGER (struct linger)."""

    l_onoff: int
    l_linger: int  # seconds

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _LINGER.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(*_LINGER.unpack(data))


class Sockcred(NamedTuple):
    """SCM_CREDS: who has sent (struct sockcred)."""

    sc_pid: int
    sc_uid: int
    sc_euid: int
    sc_gid: int
    sc_egid: int
    sc_groups: tuple[int, ...] = ()

    def pack(self) -> bytes:
        """Return the bytes of the C struct, with room for one group at least."""
        head = _SOCKCRED.pack(*self[:5], len(self.sc_groups))
        return head + b"".join(g.to_bytes(4, "little") for g in self.sc_groups or (0,))

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        pid, uid, euid, gid, egid, count = _SOCKCRED.unpack_from(data)
        groups = Struct(f"<{count}I").unpack_from(data, _SOCKCRED.size)
        return cls(pid, uid, euid, gid, egid, groups)


def CMSG_ALIGN(size: int) -> int:
    """Return size, rounded up to where the next thing may begin."""
    return size + _ALIGNBYTES & ~_ALIGNBYTES


def CMSG_LEN(size: int) -> int:
    """Return the cmsg_len of a message of size bytes of data."""
    return CMSG_ALIGN(SIZEOF_CMSGHDR) + size


def CMSG_SPACE(size: int) -> int:
    """Return the bytes that a message of size bytes of data takes, padding included."""
    return CMSG_ALIGN(SIZEOF_CMSGHDR) + CMSG_ALIGN(size)


def sockaddr(family: int, data: bytes) -> bytes:
    """Return a struct sockaddr: its length, its family, its data."""
    return bytes((len(data) + 2, family)) + data


def sa_family(address: bytes) -> int:
    """Return the family of a struct sockaddr of two bytes at least."""
    return address[1]
