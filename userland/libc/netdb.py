# SPDX-License-Identifier: BSD-2-Clause
"""Hosts, services and protocols by name, from /etc where it has them.  NetBSD include/netdb.h."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NoReturn

from kernel.sys.fcntl import O_RDONLY
from kernel.sys.in_ import (
    IN6ADDR_ANY,
    IN6ADDR_LOOPBACK,
    INADDR_ANY,
    INADDR_LOOPBACK,
    IPPROTO_TCP,
    IPPROTO_UDP,
    SockaddrIn,
    SockaddrIn6,
)
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.socket import AF_INET, AF_INET6, AF_UNSPEC, SOCK_DGRAM, SOCK_STREAM
from userland.libc import sys
from userland.libc.inet import if_nameindex, inet_aton, inet_ntop, inet_pton
from userland.libc.netdb_base import HOSTS, PROTOCOLS, SERVICES
from userland.libc.strto import UINT_MAX, strtoi, strtol

__all__ = [
    "AI_ADDRCONFIG", "AI_CANONNAME", "AI_MASK", "AI_NUMERICHOST", "AI_NUMERICSERV", "AI_PASSIVE",
    "EAI_ADDRFAMILY", "EAI_AGAIN", "EAI_BADFLAGS", "EAI_BADHINTS", "EAI_FAIL", "EAI_FAMILY",
    "EAI_MAX", "EAI_MEMORY", "EAI_NODATA", "EAI_NONAME", "EAI_OVERFLOW", "EAI_PROTOCOL",
    "EAI_SERVICE", "EAI_SOCKTYPE", "EAI_SYSTEM",
    "NI_DGRAM", "NI_MAXHOST", "NI_MAXSERV", "NI_NAMEREQD", "NI_NOFQDN", "NI_NUMERICHOST",
    "NI_NUMERICSERV", "Addrinfo", "Hostent", "Protoent", "Servent", "gai_strerror", "gaierror",
    "getaddrinfo", "gethostbyaddr", "gethostbyname", "getnameinfo", "getprotobyname",
    "getprotobynumber", "getservbyname", "getservbyport",
]  # fmt: skip

AI_PASSIVE: Final = 0x00000001
AI_CANONNAME: Final = 0x00000002
AI_NUMERICHOST: Final = 0x00000004
AI_NUMERICSERV: Final = 0x00000008
AI_ADDRCONFIG: Final = 0x00000400
AI_MASK: Final = AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_NUMERICSERV | AI_ADDRCONFIG
NI_NOFQDN: Final = 0x00000001
NI_NUMERICHOST: Final = 0x00000002
NI_NAMEREQD: Final = 0x00000004
NI_NUMERICSERV: Final = 0x00000008
NI_DGRAM: Final = 0x00000010
NI_MAXHOST: Final = 1025
NI_MAXSERV: Final = 32
EAI_ADDRFAMILY: Final = 1
EAI_AGAIN: Final = 2
EAI_BADFLAGS: Final = 3
EAI_FAIL: Final = 4
EAI_FAMILY: Final = 5
EAI_MEMORY: Final = 6
EAI_NODATA: Final = 7
EAI_NONAME: Final = 8
EAI_SERVICE: Final = 9
EAI_SOCKTYPE: Final = 10
EAI_SYSTEM: Final = 11
EAI_BADHINTS: Final = 12
EAI_PROTOCOL: Final = 13
EAI_OVERFLOW: Final = 14
EAI_MAX: Final = 15

_TEXTS: Final = {
    EAI_ADDRFAMILY: "Address family for hostname not supported",
    EAI_AGAIN: "Temporary failure in name resolution",
    EAI_BADFLAGS: "Invalid value for ai_flags",
    EAI_FAIL: "Non-recoverable failure in name resolution",
    EAI_FAMILY: "ai_family not supported",
    EAI_MEMORY: "Memory allocation failure",
    EAI_NODATA: "No address associated with hostname",
    EAI_NONAME: "hostname nor servname provided, or not known",
    EAI_SERVICE: "servname not supported for ai_socktype",
    EAI_SOCKTYPE: "ai_socktype not supported",
    EAI_SYSTEM: "System error returned in errno",
    EAI_BADHINTS: "Invalid value for hints",
    EAI_PROTOCOL: "Resolved protocol is unknown",
    EAI_OVERFLOW: "Argument buffer overflow",
}
_FAMILIES: Final = (AF_INET6, AF_INET)
_EXPLORE: Final = ((SOCK_DGRAM, IPPROTO_UDP, "udp"), (SOCK_STREAM, IPPROTO_TCP, "tcp"))


class gaierror(OSError):
    """A name or an address could not be resolved: (EAI_*, text)."""


gaierror.__module__ = "socket"


class Addrinfo(NamedTuple):
    """One answer of getaddrinfo (struct addrinfo)."""

    ai_family: int
    ai_socktype: int
    ai_protocol: int
    ai_canonname: str
    ai_addr: SockaddrIn | SockaddrIn6


class Hostent(NamedTuple):
    """A host (struct hostent)."""

    h_name: str
    h_aliases: list[str]
    h_addrtype: int
    h_addr_list: list[bytes]


class Servent(NamedTuple):
    """A service (struct servent)."""

    s_name: str
    s_aliases: list[str]
    s_port: int  # in the host's byte order
    s_proto: str


class Protoent(NamedTuple):
    """A protocol (struct protoent)."""

    p_name: str
    p_aliases: list[str]
    p_proto: int


def gai_strerror(error: int) -> str:
    """Return the text of an EAI_*."""
    return _TEXTS.get(error, "Unknown error")


def _fail(error: int) -> NoReturn:
    raise gaierror(error, gai_strerror(error))


def _fields(path: str, base: str) -> Iterator[list[str]]:
    """Yield the fields of each line of a file of /etc, or of base if there is none; no comments."""
    for line in _text(path, base).splitlines():
        fields = line.partition("#")[0].split()
        if len(fields) > 1:
            yield fields


def _text(path: str, base: str) -> str:
    try:
        fd = sys.open(path, O_RDONLY)
    except FileNotFoundError:
        return base
    except OSError:
        return ""
    data = b""
    while block := sys.read(fd, 4096):
        data += block
    sys.close(fd)
    return data.decode()


def getservbyname(name: str, proto: str | None = None) -> Servent | None:
    """Return a service of a protocol, or of any."""
    for entry in _services():
        if name in (entry.s_name, *entry.s_aliases) and proto in (None, entry.s_proto):
            return entry
    return None


def getservbyport(port: int, proto: str | None = None) -> Servent | None:
    """Return the service at a port, in the host's byte order."""
    for entry in _services():
        if entry.s_port == port and proto in (None, entry.s_proto):
            return entry
    return None


def _services() -> Iterator[Servent]:
    for name, port, *aliases in _fields("/etc/services", SERVICES):
        number, _, proto = port.partition("/")
        yield Servent(name, aliases, int(number), proto)


def getprotobyname(name: str) -> Protoent | None:
    """Return the protocol of that name."""
    for entry in _protocols():
        if name in (entry.p_name, *entry.p_aliases):
            return entry
    return None


def getprotobynumber(number: int) -> Protoent | None:
    """Return the protocol of that number."""
    for entry in _protocols():
        if entry.p_proto == number:
            return entry
    return None


def _protocols() -> Iterator[Protoent]:
    for name, number, *aliases in _fields("/etc/protocols", PROTOCOLS):
        yield Protoent(name, aliases, int(number))


def _hosts() -> Iterator[Hostent]:
    for text, name, *aliases in _fields("/etc/hosts", HOSTS):
        for family in _FAMILIES:
            address = inet_pton(family, text)
            if address is not None:
                yield Hostent(name, aliases, family, [address])


def gethostbyname(name: str, family: int = AF_INET) -> Hostent | None:
    """Return the addresses of family of a host, whose name may be an address."""
    address = inet_aton(name) if family == AF_INET else inet_pton(family, name)
    if address is not None:
        return Hostent(name, [], family, [address])
    found = [
        host
        for host in _hosts()
        if host.h_addrtype == family
        and name.lower() in map(str.lower, (host.h_name, *host.h_aliases))
    ]
    if not found:
        return None
    return found[0]._replace(h_addr_list=[a for host in found for a in host.h_addr_list])


def gethostbyaddr(address: bytes, family: int) -> Hostent | None:
    """Return the host that has an address."""
    for host in _hosts():
        if host.h_addrtype == family and address in host.h_addr_list:
            return host
    return None


def getaddrinfo(
    host: str | None,
    service: str | int | None,
    family: int = AF_UNSPEC,
    socktype: int = 0,
    protocol: int = 0,
    flags: int = 0,
) -> list[Addrinfo]:
    """Return the addresses of a host and a service, IPv6 before IPv4, datagrams before streams.

    Args:
        host: a name, an address, or None: this machine, or with AI_PASSIVE any address of it.
        service: a name of /etc/services, a port, or None.
        family: AF_INET, AF_INET6, or AF_UNSPEC: both.
        socktype: SOCK_STREAM, SOCK_DGRAM, or 0: both.
        protocol: IPPROTO_TCP, IPPROTO_UDP, or 0: as the type says.
        flags: AI_*.

    Raises:
        gaierror: EAI_*.
    """
    if flags & ~AI_MASK or (flags & AI_CANONNAME and host is None):
        _fail(EAI_BADFLAGS)
    if family not in (AF_UNSPEC, *_FAMILIES):
        _fail(EAI_FAMILY)
    if host is None and service is None:
        _fail(EAI_NONAME)
    kinds = [
        (kind, number, name)
        for kind, number, name in _EXPLORE
        if socktype in (0, kind) and protocol in (0, number)
    ]
    if not kinds:
        _fail(EAI_SOCKTYPE)
    ports = [(kind, number, _port(service, name, flags)) for kind, number, name in kinds]
    ports = [entry for entry in ports if entry[2] is not None]
    if not ports:
        _fail(EAI_SERVICE)
    answers = [
        Addrinfo(wanted, kind, number, name, _address(wanted, address, port, scope))
        for wanted in _FAMILIES
        if family in (AF_UNSPEC, wanted)
        for name, address, scope in _resolve(host, wanted, flags)
        for kind, number, port in ports
        if port is not None
    ]
    if not answers:
        _fail(EAI_NONAME)
    return answers


def _address(family: int, address: bytes, port: int, scope: int) -> SockaddrIn | SockaddrIn6:
    if family == AF_INET:
        return SockaddrIn(port, address)
    return SockaddrIn6(port, address, 0, scope)


def _port(service: str | int | None, proto: str, flags: int) -> int | None:
    """Return the port of a service; None: it is not of this protocol."""
    if service is None:
        return 0
    if isinstance(service, int) or service.isdigit():
        port, _ = strtol(str(service))
        return port if 0 <= port <= 0xFFFF else None
    if flags & AI_NUMERICSERV:
        _fail(EAI_NONAME)
    entry = getservbyname(service, proto)
    return None if entry is None else entry.s_port


def _resolve(host: str | None, family: int, flags: int) -> list[tuple[str, bytes, int]]:
    """Return the addresses of family that host has: the canonical name if asked for, the scope."""
    if host is None:
        if flags & AI_PASSIVE:
            return [("", INADDR_ANY if family == AF_INET else IN6ADDR_ANY, 0)]
        return [("", INADDR_LOOPBACK if family == AF_INET else IN6ADDR_LOOPBACK, 0)]
    bare, percent, scope = host.partition("%")
    numeric = inet_aton(host) if family == AF_INET else inet_pton(family, bare)
    if numeric is not None:
        index = _scope(numeric, scope) if percent else 0
        return [(host if flags & AI_CANONNAME else "", numeric, index)]
    if flags & AI_NUMERICHOST:
        return []
    found = gethostbyname(host, family)
    if found is None:
        return []
    name = found.h_name if flags & AI_CANONNAME else ""
    return [(name, address, 0) for address in found.h_addr_list]


def _scope(address: bytes, name: str) -> int:
    """Return the number of the interface that "%name" after an address means.

    Source: ip6_str2scopeid, NetBSD lib/libc/net/getaddrinfo.c.
    """
    if _is_scoped(address):
        for index, known in if_nameindex():
            if known == name:
                return index
    with suppress(ValueError):
        return strtoi(name, 0, UINT_MAX)
    _fail(EAI_NONAME)


def _is_scoped(address: bytes) -> bool:
    """Whether an IPv6 address is of a link, or of a group of a link or an interface."""
    linklocal = address[0] == 0xFE and address[1] & 0xC0 == 0x80
    return linklocal or (address[0] == 0xFF and address[1] & 0xF in (1, 2))


def getnameinfo(address: SockaddrIn | SockaddrIn6, flags: int = 0) -> tuple[str, str]:
    """Return the host and the service of an address, by name unless flags (NI_*) say not to.

    Raises:
        gaierror: EAI_NONAME, NI_NAMEREQD and the host has no name.
    """
    if isinstance(address, SockaddrIn):
        family, raw, port = AF_INET, address.sin_addr, address.sin_port
    else:
        family, raw, port = AF_INET6, address.sin6_addr, address.sin6_port
    host = None if flags & NI_NUMERICHOST else gethostbyaddr(raw, family)
    if host is None and flags & NI_NAMEREQD:
        _fail(EAI_NONAME)
    proto = "udp" if flags & NI_DGRAM else "tcp"
    entry = None if flags & NI_NUMERICSERV else getservbyport(port, proto)
    text = inet_ntop(family, raw)
    if isinstance(address, SockaddrIn6) and address.sin6_scope_id:
        names = dict(if_nameindex()) if _is_scoped(raw) else {}
        text += f"%{names.get(address.sin6_scope_id, address.sin6_scope_id)}"
    return (
        host.h_name if host is not None else text,
        entry.s_name if entry is not None else str(port),
    )
