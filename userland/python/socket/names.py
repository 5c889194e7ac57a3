# SPDX-License-Identifier: BSD-2-Clause
"""The functions of _socket, for names and descriptors.  CPython Modules/socketmodule.c."""

from collections.abc import Callable
from contextlib import suppress
from sys import version_info
from typing import Any

from kernel.sys.fcntl import F_DUPFD_CLOEXEC
from kernel.sys.socket import AF_INET, AF_INET6, AF_UNSPEC, SOCK_DGRAM
from userland.libc import include as libc
from userland.libc import inet, netdb
from userland.libc.netdb import gaierror
from userland.python.clinic import audit
from userland.python.getargs import as_int, c_int, readable
from userland.python.socket.sockaddr import checked_flowinfo, fromsockaddr, hostaddr, setscope

__all__ = [
    "close", "dup", "getaddrinfo", "gethostbyaddr", "gethostbyname", "gethostbyname_ex",
    "gethostname", "getnameinfo", "getprotobyname", "getservbyname", "getservbyport", "herror",
    "htonl", "htons", "if_indextoname", "if_nameindex", "if_nametoindex", "inet_aton", "inet_ntoa",
    "inet_ntop", "inet_pton", "ntohl", "ntohs", "sethostname",
]  # fmt: skip

_SIZES = {AF_INET: 4, AF_INET6: 16}  # bytes of an address


class herror(OSError):
    """A host was not found: (number, text)."""


herror.__module__ = "socket"


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        kind = "None" if value is None else type(value).__name__
        raise TypeError(f"{what} must be str, not {kind}")
    return value


def _hostname(value: Any, what: str) -> str:
    """Return the name of a host in ASCII."""
    kind = "None" if value is None else type(value).__name__
    if isinstance(value, str):
        name = value.encode("idna").decode("ascii")
    elif isinstance(value, (bytes, bytearray)):
        name = value.decode("utf-8", "surrogateescape")
    else:
        raise TypeError(f"{what}() argument 1 must be str, bytes or bytearray, not {kind}")
    if "\0" in name:
        text = f"{what}() argument 1 must be encoded string without null bytes, not {kind}"
        raise TypeError(text)
    return name


def _short(name: str, convert: Callable[[int], int]) -> Callable[[int], int]:
    def function(x: int, /) -> int:
        number = as_int(x) if version_info >= (3, 13) else c_int(x)
        kind = f"{name}: %s to C 16-bit unsigned integer"
        if number < 0:
            raise OverflowError(kind % "can't convert negative Python int")
        if number > 0xFFFF:
            raise OverflowError(kind % "Python int too large to convert")
        return convert(number)

    function.__name__ = function.__qualname__ = name
    return function


def _long(name: str, convert: Callable[[int], int]) -> Callable[[int], int]:
    def function(x: int, /) -> int:
        if not isinstance(x, int):
            raise TypeError(f"expected int, {type(x).__name__} found")
        if x < 0:
            raise OverflowError("can't convert negative value to unsigned int")
        if x > 0xFFFFFFFF:
            raise OverflowError("Python int too large to convert to C unsigned 32-bit integer")
        return convert(x)

    function.__name__ = function.__qualname__ = name
    return function


htons, ntohs = _short("htons", inet.htons), _short("ntohs", inet.ntohs)
htonl, ntohl = _long("htonl", inet.htonl), _long("ntohl", inet.ntohl)


def close(fd: int, /) -> None:
    """Close a descriptor."""
    with suppress(ConnectionResetError):
        libc.close(c_int(fd))


def dup(fd: int, /) -> int:
    """Duplicate a descriptor, close-on-exec."""
    return libc.fcntl(c_int(fd), F_DUPFD_CLOEXEC, 0)


def if_nameindex() -> list[tuple[int, str]]:
    """Return the interfaces: their numbers and names."""
    return inet.if_nameindex()


def if_nametoindex(oname: Any, /) -> int:
    """Return the number of an interface."""
    if not isinstance(oname, (str, bytes)):
        kind = type(oname).__name__
        raise TypeError(f"expected str, bytes or os.PathLike object, not {kind}")
    name = oname if isinstance(oname, str) else oname.decode("utf-8", "surrogateescape")
    try:
        return inet.if_nametoindex(name)
    except OSError:
        raise OSError("no interface with this name") from None


def if_indextoname(if_index: int, /) -> str:
    """Return the name of an interface."""
    if not isinstance(if_index, int):
        raise TypeError("an integer is required")
    if not 0 <= if_index < 1 << 64:
        size = (
            "can't convert negative value to"
            if if_index < 0
            else "Python int too large to convert to C"
        )
        raise OverflowError(f"{size} unsigned {'int' if if_index < 0 else 'long'}")
    return inet.if_indextoname(if_index)


def inet_aton(ip_addr: str, /) -> bytes:
    """Return the IPv4 address that text is."""
    address = inet.inet_aton(_text(ip_addr, "inet_aton() argument 1"))
    if address is None:
        raise OSError("illegal IP address string passed to inet_aton")
    return address


def inet_ntoa(packed_ip: Any, /) -> str:
    """Return the text of an IPv4 address."""
    packed = bytes(readable(packed_ip))
    if len(packed) != _SIZES[AF_INET]:
        raise OSError("packed IP wrong length")
    return inet.inet_ntoa(packed)


def inet_pton(address_family: int, ip_string: str, /) -> bytes:
    """Return the address that text is of a family."""
    family = c_int(address_family)
    address = inet.inet_pton(family, _text(ip_string, "inet_pton() argument 2"))
    if address is None:
        raise OSError("illegal IP address string passed to inet_pton")
    return address


def inet_ntop(address_family: int, packed_ip: Any, /) -> str:
    """Return the text of an address of a family."""
    family, packed = c_int(address_family), bytes(readable(packed_ip))
    if family not in _SIZES:
        raise ValueError(f"unknown address family {family}")
    if len(packed) != _SIZES[family]:
        raise ValueError("invalid length of packed IP address string")
    return inet.inet_ntop(family, packed)


def getaddrinfo(
    host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
) -> list[tuple[Any, ...]]:
    """Return the addresses of a host and a service, as socket's calls take them."""
    name: str | None
    if host is None:
        name = None
    elif isinstance(host, str):
        name = host.encode("idna").decode("ascii")
    elif isinstance(host, (bytes, bytearray)):
        name = bytes(host).decode("utf-8", "surrogateescape")
    else:
        raise TypeError("getaddrinfo() argument 1 must be string or None")
    service: str | None
    if port is None:
        service = None
    elif isinstance(port, int):
        service = str(int(port))
    elif isinstance(port, str):
        port.encode("utf-8")
        service = port
    elif isinstance(port, bytes):
        service = port.decode("utf-8", "surrogateescape")
    else:
        raise OSError("Int or String expected")
    wanted = c_int(family), c_int(type), c_int(proto)
    flags = c_int(flags)
    audit("socket.getaddrinfo", host, port, *wanted)
    found = netdb.getaddrinfo(name, service, *wanted, flags)
    return [(*answer[:4], fromsockaddr(answer.ai_addr)) for answer in found]


def getnameinfo(sockaddr: Any, flags: int, /) -> tuple[str, str]:
    """Return the host and the service of an address, which has no name but numbers."""
    flags = c_int(flags)
    if not isinstance(sockaddr, tuple):
        raise TypeError("getnameinfo() argument 1 must be a tuple")
    if not 2 <= len(sockaddr) <= 4 or not isinstance(sockaddr[0], str):
        raise TypeError("getnameinfo(): illegal sockaddr argument")
    host, port, flowinfo, scope = (*sockaddr, 0, 0)[:4]
    checked_flowinfo("getnameinfo", flowinfo)
    audit("socket.getnameinfo", sockaddr)
    found = netdb.getaddrinfo(
        host, str(c_int(port)), AF_UNSPEC, SOCK_DGRAM, 0, netdb.AI_NUMERICHOST
    )
    if len(found) > 1:
        raise OSError("sockaddr resolved to multiple addresses")
    name = found[0].ai_addr
    if found[0].ai_family == AF_INET and len(sockaddr) != 2:
        raise OSError("IPv4 sockaddr must be 2 tuple")
    return netdb.getnameinfo(setscope(name, flowinfo, scope), flags)


def gethostname() -> str:
    """Return the name of the host."""
    audit("socket.gethostname")
    return libc.gethostname()


def sethostname(name: Any, /) -> None:
    """Set the name of the host."""
    audit("socket.sethostname", name)
    libc.sethostname(name if isinstance(name, str) else bytes(readable(name)).decode())


def gethostbyname(hostname: Any, /) -> str:
    """Return the IPv4 address of a host."""
    name = _hostname(hostname, "gethostbyname")
    audit("socket.gethostbyname", hostname)
    return inet.inet_ntoa(hostaddr(AF_INET, name))


def gethostbyname_ex(hostname: Any, /) -> tuple[str, list[str], list[str]]:
    """Return the name, the other names and the IPv4 addresses of a host."""
    name = _hostname(hostname, "gethostbyname_ex")
    audit("socket.gethostbyname", hostname)
    hostaddr(AF_INET, name)
    found = netdb.gethostbyname(name)
    if found is None:
        raise gaierror(netdb.EAI_NONAME, netdb.gai_strerror(netdb.EAI_NONAME))
    return found.h_name, found.h_aliases, [inet.inet_ntoa(a) for a in found.h_addr_list]


def gethostbyaddr(ip_address: Any, /) -> tuple[str, list[str], list[str]]:
    """Return the name, the other names and the addresses of the host that has an address."""
    name = _hostname(ip_address, "gethostbyaddr")
    audit("socket.gethostbyaddr", ip_address)
    family = AF_INET6 if ":" in name else AF_INET
    found = netdb.gethostbyaddr(hostaddr(family, name), family)
    if found is None:
        raise herror(1, "Unknown host")
    return found.h_name, found.h_aliases, [inet.inet_ntop(family, a) for a in found.h_addr_list]


def getservbyname(servicename: str, protocolname: str | None = None, /) -> int:
    """Return the port of a service."""
    name = _text(servicename, "getservbyname() argument 1")
    audit("socket.getservbyname", name, protocolname)
    found = netdb.getservbyname(name, protocolname)
    if found is None:
        raise OSError("service/proto not found")
    return found.s_port


def getservbyport(port: int, protocolname: str | None = None, /) -> str:
    """Return the service at a port."""
    number = c_int(port)
    if not 0 <= number <= 0xFFFF:
        raise OverflowError("getservbyport: port must be 0-65535.")
    audit("socket.getservbyport", number, protocolname)
    found = netdb.getservbyport(number, protocolname)
    if found is None:
        raise OSError("port/proto not found")
    return found.s_name


def getprotobyname(protocolname: str, /) -> int:
    """Return the number of a protocol."""
    found = netdb.getprotobyname(_text(protocolname, "getprotobyname() argument 1"))
    if found is None:
        raise OSError("protocol not found")
    return found.p_proto
