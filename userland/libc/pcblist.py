# SPDX-License-Identifier: BSD-2-Clause
"""The sockets there are, for programs that list them.  NetBSD usr.bin/sockstat, usr.bin/netstat."""

from typing import Final

from kernel.sys.cdefs import sizeof, unpack_from
from kernel.sys.in_ import IN6ADDR_ANY, INADDR_ANY, SockaddrIn, SockaddrIn6
from kernel.sys.socket import SOCK_DGRAM
from kernel.sys.sysctl import KinfoPcb
from kernel.sys.un import SockaddrUn
from userland.libc.netdb import NI_DGRAM, NI_NUMERICHOST, NI_NUMERICSERV, getnameinfo
from userland.libc.socket import sockaddr_unpack
from userland.libc.sysctl import sysctl, sysctlnametomib

_ALL: Final = (1 << 31) - 1
INET_LISTS: Final = ("net.inet.tcp", "net.inet.udp")
INET6_LISTS: Final = ("net.inet6.tcp6", "net.inet6.udp6")
LOCAL_LISTS: Final = ("net.local.stream", "net.local.seqpacket", "net.local.dgram")


def pcblist(name: str) -> list[KinfoPcb]:
    """Return the sockets below a node like "net.inet.tcp", the newest first."""
    size = sizeof(KinfoPcb)
    data = sysctl((*sysctlnametomib(f"{name}.pcblist"), 0, 0, size, _ALL))
    return [unpack_from(KinfoPcb, data, at) for at in range(0, len(data), size)]


def pcbs(*names: str) -> dict[int, KinfoPcb]:
    """Return the sockets below nodes, by the number that KinfoFile has of them."""
    return {pcb.ki_sockaddr: pcb for name in names for pcb in pcblist(name)}


def addr(pcb: KinfoPcb, data: bytes, numeric: bool) -> tuple[str, str] | None:
    """Return host and port of an address, "*" for any; of a local one the path and "".

    Args:
        pcb: whose address it is.
        data: ki_src or ki_dst.
        numeric: names are not looked for.

    Returns:
        None: there is no address.
    """
    name = sockaddr_unpack(data[: data[0]])
    if isinstance(name, SockaddrUn):
        return name.sun_path.decode("utf-8", "surrogateescape"), ""
    if not isinstance(name, (SockaddrIn, SockaddrIn6)):
        return None
    flags = NI_NUMERICHOST | NI_NUMERICSERV if numeric else 0
    if pcb.ki_type == SOCK_DGRAM:
        flags |= NI_DGRAM
    host, port = getnameinfo(name, flags)
    any_host = (name.sin_addr if isinstance(name, SockaddrIn) else name.sin6_addr) in {
        INADDR_ANY,
        IN6ADDR_ANY,
    }
    return "*" if any_host else host, "*" if port == "0" else port
