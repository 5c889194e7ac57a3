# SPDX-License-Identifier: BSD-2-Clause
"""The Internet domains: addresses, protocols, options.  NetBSD sys/netinet/in.h, tcp.h, in6.h."""

from typing import Final, Self

from kernel.sys.namedtuple import NamedTuple
from kernel.sys.socket import AF_INET, AF_INET6, sockaddr

IPPROTO_IP: Final = 0
IPPROTO_HOPOPTS: Final = 0
IPPROTO_ICMP: Final = 1
IPPROTO_IGMP: Final = 2
IPPROTO_GGP: Final = 3
IPPROTO_IPV4: Final = 4
IPPROTO_TCP: Final = 6
IPPROTO_EGP: Final = 8
IPPROTO_PUP: Final = 12
IPPROTO_UDP: Final = 17
IPPROTO_IDP: Final = 22
IPPROTO_TP: Final = 29
IPPROTO_IPV6: Final = 41
IPPROTO_ROUTING: Final = 43
IPPROTO_FRAGMENT: Final = 44
IPPROTO_RSVP: Final = 46
IPPROTO_GRE: Final = 47
IPPROTO_ESP: Final = 50
IPPROTO_AH: Final = 51
IPPROTO_ICMPV6: Final = 58
IPPROTO_NONE: Final = 59
IPPROTO_DSTOPTS: Final = 60
IPPROTO_EON: Final = 80
IPPROTO_PIM: Final = 103
IPPROTO_IPCOMP: Final = 108
IPPROTO_VRRP: Final = 112
IPPROTO_SCTP: Final = 132
IPPROTO_RAW: Final = 255
IPPROTO_MAX: Final = 256

IPPORT_RESERVED: Final = 1024  # ports below are the superuser's
IPPORT_ANONMIN: Final = 49152  # ports of sockets that ask for none
IPPORT_ANONMAX: Final = 65535

# Level IPPROTO_IP.
IP_OPTIONS: Final = 1
IP_HDRINCL: Final = 2
IP_TOS: Final = 3
IP_TTL: Final = 4
IP_RECVOPTS: Final = 5
IP_RECVRETOPTS: Final = 6
IP_RECVDSTADDR: Final = 7
IP_RETOPTS: Final = 8
IP_MULTICAST_IF: Final = 9
IP_MULTICAST_TTL: Final = 10
IP_MULTICAST_LOOP: Final = 11
IP_ADD_MEMBERSHIP: Final = 12
IP_DROP_MEMBERSHIP: Final = 13
IP_PORTALGO: Final = 18
IP_PORTRANGE: Final = 19
IP_RECVIF: Final = 20
IP_RECVTTL: Final = 23
IP_PKTINFO: Final = 25
IP_MINTTL: Final = 24
IP_BINDANY: Final = 27

# Level IPPROTO_TCP.
TCP_NODELAY: Final = 1
TCP_MAXSEG: Final = 2
TCP_KEEPIDLE: Final = 3
TCP_KEEPINTVL: Final = 5
TCP_KEEPCNT: Final = 6
TCP_KEEPINIT: Final = 7
TCP_INFO: Final = 9
TCP_MD5SIG: Final = 0x10
TCP_CONGCTL: Final = 0x20

# Level IPPROTO_IPV6.
IPV6_UNICAST_HOPS: Final = 4
IPV6_MULTICAST_IF: Final = 9
IPV6_MULTICAST_HOPS: Final = 10
IPV6_MULTICAST_LOOP: Final = 11
IPV6_JOIN_GROUP: Final = 12
IPV6_LEAVE_GROUP: Final = 13
IPV6_PORTRANGE: Final = 14
IPV6_CHECKSUM: Final = 26
IPV6_V6ONLY: Final = 27
IPV6_RTHDRDSTOPTS: Final = 35
IPV6_RECVPKTINFO: Final = 36
IPV6_RECVHOPLIMIT: Final = 37
IPV6_RECVRTHDR: Final = 38
IPV6_RECVHOPOPTS: Final = 39
IPV6_RECVDSTOPTS: Final = 40
IPV6_USE_MIN_MTU: Final = 42
IPV6_RECVPATHMTU: Final = 43
IPV6_PATHMTU: Final = 44
IPV6_PKTINFO: Final = 46
IPV6_HOPLIMIT: Final = 47
IPV6_NEXTHOP: Final = 48
IPV6_HOPOPTS: Final = 49
IPV6_DSTOPTS: Final = 50
IPV6_RTHDR: Final = 51
IPV6_RECVTCLASS: Final = 57
IPV6_TCLASS: Final = 61
IPV6_DONTFRAG: Final = 62
IPV6_RTHDR_TYPE_0: Final = 0

IP_DEFAULT_MULTICAST_TTL: Final = 1
IP_DEFAULT_MULTICAST_LOOP: Final = 1
IP_MAX_MEMBERSHIPS: Final = 20

INADDR_ANY: Final = bytes(4)
INADDR_LOOPBACK: Final = bytes((127, 0, 0, 1))
INADDR_BROADCAST: Final = b"\xff" * 4
IN6ADDR_ANY: Final = bytes(16)
IN6ADDR_LOOPBACK: Final = bytes(15) + b"\1"
_MAPPED: Final = bytes(10) + b"\xff\xff"  # before an IPv4 address in an IPv6 one


class SockaddrIn(NamedTuple):
    """An IPv4 address and port (struct sockaddr_in)."""

    sin_port: int
    sin_addr: bytes

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return sockaddr(AF_INET, self.sin_port.to_bytes(2, "big") + self.sin_addr + bytes(8))

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(int.from_bytes(data[2:4], "big"), data[4:8])


class SockaddrIn6(NamedTuple):
    """An IPv6 address and port (struct sockaddr_in6)."""

    sin6_port: int
    sin6_addr: bytes
    sin6_flowinfo: int = 0
    sin6_scope_id: int = 0

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return sockaddr(
            AF_INET6,
            self.sin6_port.to_bytes(2, "big")
            + self.sin6_flowinfo.to_bytes(4, "big")
            + self.sin6_addr
            + self.sin6_scope_id.to_bytes(4, "little"),
        )

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(
            int.from_bytes(data[2:4], "big"),
            data[8:24],
            int.from_bytes(data[4:8], "big"),
            int.from_bytes(data[24:28], "little"),
        )


SIZEOF_SOCKADDR_IN: Final = 16  # bytes
SIZEOF_SOCKADDR_IN6: Final = 28


def in6_mapped(addr: bytes) -> bytes:
    """Return an IPv4 address as IPv6 writes it."""
    return _MAPPED + addr


def in6_unmapped(addr: bytes) -> bytes | None:
    """Return the IPv4 address in an IPv6 one; None if there is none."""
    return addr[12:] if addr.startswith(_MAPPED) else None


def IN_MULTICAST(addr: bytes) -> bool:
    """Whether an IPv4 address is of a group."""
    return addr[0] >> 4 == 0xE


def IN6_IS_ADDR_MULTICAST(addr: bytes) -> bool:
    """Whether an IPv6 address is of a group."""
    return addr[0] == 0xFF
