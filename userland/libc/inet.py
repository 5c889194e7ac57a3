# SPDX-License-Identifier: BSD-2-Clause
"""Addresses as text, byte orders, interfaces.  NetBSD include/arpa/inet.h, net/if.h."""

import ipaddress
import re
from typing import Final

from kernel.sys.errno import Errno
from kernel.sys.socket import AF_INET, AF_INET6
from userland.libc.cerror import cerror
from userland.libc.strto import UINT_MAX, strtoi

__all__ = [
    "htonl", "htons", "if_indextoname", "if_nameindex", "if_nametoindex", "inet_aton", "inet_ntoa",
    "inet_ntop", "inet_pton", "ntohl", "ntohs",
]  # fmt: skip

_INTERFACES: Final = ((1, "lo0"),)
_PART = re.compile(r"0[xX][0-9a-fA-F]+|[0-9]+")


def htons(value: int) -> int:
    """Return 16 bits in the network's byte order, which is not the host's."""
    return int.from_bytes(value.to_bytes(2, "little"), "big")


def htonl(value: int) -> int:
    """Return 32 bits in the network's byte order, which is not the host's."""
    return int.from_bytes(value.to_bytes(4, "little"), "big")


ntohs, ntohl = htons, htonl


def inet_pton(family: int, text: str) -> bytes | None:
    """Return the address that text is of family; None if it is none.

    Raises:
        OSError: EAFNOSUPPORT.
    """
    try:
        if family == AF_INET:
            return ipaddress.IPv4Address(text).packed
        if family == AF_INET6:
            return None if "%" in text else ipaddress.IPv6Address(text).packed
    except ValueError:
        return None
    cerror(Errno.EAFNOSUPPORT)


def inet_ntop(family: int, address: bytes) -> str:
    """Return the text of an address.

    Raises:
        OSError: EAFNOSUPPORT; EINVAL, it has not the length of an address.
    """
    sizes = {AF_INET: 4, AF_INET6: 16}
    if family not in sizes:
        cerror(Errno.EAFNOSUPPORT)
    if len(address) != sizes[family]:
        cerror(Errno.EINVAL)
    if family == AF_INET:
        return str(ipaddress.IPv4Address(address))
    six = ipaddress.IPv6Address(address)
    if six.ipv4_mapped is not None:
        return f"::ffff:{six.ipv4_mapped}"
    return str(six)


def inet_ntoa(address: bytes) -> str:
    """Return the text of an IPv4 address."""
    return inet_ntop(AF_INET, address)


def inet_aton(text: str) -> bytes | None:
    """Return the IPv4 address that text is, in any of its forms: a, a.b, a.b.c, a.b.c.d.

    Parts are decimal, octal (0...) or hexadecimal (0x...); the last fills the rest.
    """
    parts = text.split(None, 1)[0].split(".") if text.split() else []
    if not 1 <= len(parts) <= 4 or not all(_PART.fullmatch(part) for part in parts):
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    *first, last = numbers
    if any(number > 255 for number in first) or last >= 1 << 8 * (4 - len(first)):
        return None
    return bytes(first) + last.to_bytes(4 - len(first), "big")


def _number(part: str) -> int:
    return strtoi(part, 0, UINT_MAX, 0)


def if_nameindex() -> list[tuple[int, str]]:
    """Return the interfaces: their numbers and names."""
    return list(_INTERFACES)


def if_nametoindex(name: str) -> int:
    """Return the number of an interface.

    Raises:
        OSError: ENXIO, there is none of that name.
    """
    for index, known in _INTERFACES:
        if known == name:
            return index
    cerror(Errno.ENXIO)


def if_indextoname(index: int) -> str:
    """Return the name of an interface.

    Raises:
        OSError: ENXIO, there is none of that number.
    """
    for known, name in _INTERFACES:
        if known == index:
            return name
    cerror(Errno.ENXIO)
