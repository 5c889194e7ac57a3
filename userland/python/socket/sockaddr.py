# SPDX-License-Identifier: BSD-2-Clause
"""Addresses as Python's socket module has them.  CPython Modules/socketmodule.c: getsockaddrarg."""

from operator import index
from os import fsdecode, fsencode
from typing import Any

from kernel.sys.in_ import INADDR_ANY, INADDR_BROADCAST, SockaddrIn, SockaddrIn6
from kernel.sys.socket import AF_INET, AF_INET6, AF_LOCAL
from kernel.sys.un import SUN_PATH, SockaddrUn
from userland.libc import netdb
from userland.libc.inet import inet_ntop
from userland.libc.socket import Sockaddr
from userland.python.getargs import c_int, readable


def fromsockaddr(name: Sockaddr | None) -> Any:
    """Return an address as a program sees it: a tuple, or a path."""
    if name is None:
        return None
    if isinstance(name, SockaddrIn):
        return inet_ntop(AF_INET, name.sin_addr), name.sin_port
    if isinstance(name, SockaddrIn6):
        host = inet_ntop(AF_INET6, name.sin6_addr)
        return host, name.sin6_port, name.sin6_flowinfo, name.sin6_scope_id
    if isinstance(name, SockaddrUn):
        return fsdecode(name.sun_path)
    return name[1], name[2:16]


def tosockaddr(family: int, address: Any, what: str) -> Sockaddr:
    """Return the address that a program has given.

    Raises:
        TypeError, OverflowError, OSError: it is none of that family.
        gaierror: its host is not known.
    """
    if family == AF_LOCAL:
        return _local(address)
    if family == AF_INET:
        host, port = _parts(address, what, "AF_INET", 2, 2)
        return SockaddrIn(_port(port, what), hostaddr(family, host))
    if family == AF_INET6:
        host, port, flowinfo, scope = (*_parts(address, what, "AF_INET6", 2, 4), 0, 0)[:4]
        name = SockaddrIn6(_port(port, what), hostaddr(family, host))
        checked_flowinfo(what, flowinfo)
        return setscope(name, flowinfo, scope)
    raise OSError(f"{what}(): bad family")


def _local(address: Any) -> SockaddrUn:
    path = fsencode(address) if isinstance(address, str) else bytes(readable(address))
    if len(path) >= SUN_PATH:
        raise OSError("AF_UNIX path too long")
    return SockaddrUn(path + b"\0")


def _parts(address: Any, what: str, family: str, least: int, most: int) -> tuple[Any, ...]:
    if not isinstance(address, tuple):
        kind = type(address).__name__
        raise TypeError(f"{what}(): {family} address must be tuple, not {kind}")
    if not least <= len(address) <= most:
        form = "a pair (host, port)" if most == 2 else "a tuple (host, port[, flowinfo[, scopeid]])"
        raise TypeError(f"{family} address must be {form}")
    return address


def _port(port: Any, what: str) -> int:
    number = c_int(port)
    if not 0 <= number <= 0xFFFF:
        raise OverflowError(f"{what}(): port must be 0-65535.")
    return number


def checked_flowinfo(what: str, flowinfo: Any) -> None:
    """Check the flow label of an IPv6 address.

    Raises:
        TypeError: it is no integer. OverflowError: it has more than 20 bits.
    """
    if not 0 <= index(flowinfo) <= 0xFFFFF:
        raise OverflowError(f"{what}(): flowinfo must be 0-1048575.")


def setscope(name: SockaddrIn | SockaddrIn6, flowinfo: Any, scope: Any) -> SockaddrIn | SockaddrIn6:
    """Return an address with, if it is IPv6, this flow label and interface."""
    if isinstance(name, SockaddrIn):
        return name
    return name._replace(sin6_flowinfo=index(flowinfo), sin6_scope_id=index(scope) & 0xFFFFFFFF)


def hostaddr(family: int, host: Any) -> bytes:
    """Return the address of a host: its name, its address, "" for any, "<broadcast>".

    Raises:
        gaierror: it is not known.
        TypeError: it is no string.
    """
    if isinstance(host, str):
        if not host.isascii():
            try:
                host = host.encode("idna").decode("ascii")
            except UnicodeError:
                raise TypeError("encoding of hostname failed") from None
    elif isinstance(host, (bytes, bytearray)):
        host = host.decode("utf-8", "surrogateescape")
    else:
        kind = type(host).__name__
        raise TypeError(f"str, bytes or bytearray expected, not {kind}")
    if "\0" in host:
        raise TypeError("host name must not contain null character")
    if not host:
        return INADDR_ANY if family == AF_INET else bytes(16)
    if host == "<broadcast>" and family == AF_INET:
        return INADDR_BROADCAST
    answer = netdb.getaddrinfo(host, 0, family)[0].ai_addr
    return answer.sin_addr if isinstance(answer, SockaddrIn) else answer.sin6_addr
