# SPDX-License-Identifier: BSD-2-Clause
"""MISC records whose label says what is in them.  NetBSD usr.bin/kdump/kdump.c, ktruser."""

import ipaddress
from collections.abc import Callable

from kernel.sys.cdefs import Abi, Pointer, ULong, sizeof, unpack_from
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.socket import AF_INET, AF_INET6, AF_LOCAL, Cmsghdr, Msghdr
from userland.libktrace.records import text_of


class Malloc(NamedTuple):
    """What malloc(3) records."""

    p: Pointer  # what was passed
    s: ULong  # bytes
    r: Pointer  # what was returned


class MiscDecoder:
    """Prints the records of one trace by their labels."""

    def __init__(self, abi: Abi, warn: Callable[[str], None]) -> None:
        """Decode for an ABI; warn is told of data of a wrong size."""
        self._abi = abi
        self._warn = warn
        self._labels: dict[str, Callable[[str, bytes], str]] = {
            "msghdr": self._msghdr,
            "mbsoname": self._soname,
            "mbcontrol": self._control,
            "malloc": self._malloc,
            "xattr-name": self._xattr_name,
            "xattr-val": self._xattr_val,
            "xattr-list": self._xattr_list,
        }

    def show(self, label: str, data: bytes) -> str:
        """Return label and data, and a newline."""
        decode = self._labels.get(label)
        if decode is None:
            return f"{label}: {len(data)}, {data.hex()}\n"
        return decode(label, data)

    def _msghdr(self, label: str, data: bytes) -> str:
        size = sizeof(Msghdr, self._abi)
        if len(data) != size:
            self._warn(f"{label}: len {len(data)} != {size}")
        m = unpack_from(Msghdr, data.ljust(size, b"\0"), 0, self._abi)
        iovlen = m.msg_iovlen & ((1 << self._abi.word * 8) - 1)
        return (
            f"{label}: [name=0x{m.msg_name:x}, namelen={m.msg_namelen}, iov=0x{m.msg_iov:x},"
            f" iovlen={iovlen}, control=0x{m.msg_control:x},"
            f" controllen={m.msg_controllen}, flags={m.msg_flags & 0xFFFFFFFF:x}]\n"
        )

    def _soname(self, label: str, data: bytes) -> str:
        return f"{label}: [{_address(data)}]\n"

    def _control(self, label: str, data: bytes) -> str:
        size = sizeof(Cmsghdr, self._abi)
        if len(data) < size:
            self._warn(f"{label}: len {len(data)} < {size}")
        c = unpack_from(Cmsghdr, data.ljust(size, b"\0"), 0, self._abi)
        return f"{label}: [len={c.cmsg_len}, level={c.cmsg_level}, type={c.cmsg_type}]\n"

    def _malloc(self, label: str, data: bytes) -> str:
        size = sizeof(Malloc, self._abi)
        if len(data) != size:
            self._warn(f"{label}: len {len(data)} != {size}")
        m = unpack_from(Malloc, data.ljust(size, b"\0"), 0, self._abi)
        if not any(m):
            return f"{label}: malloc_init()\n"
        if m.p and m.s:
            return f"{label}: 0x{m.r:x} = realloc(0x{m.p:x}, {m.s})\n"
        if not m.s:
            return f"{label}: free(0x{m.p:x})\n"
        return f"{label}: 0x{m.r:x} = malloc({m.s})\n"

    def _xattr_name(self, label: str, data: bytes) -> str:
        return f"{label}: [{text_of(data)}]\n"

    def _xattr_val(self, label: str, data: bytes) -> str:
        return f"{label}: {data.hex()}\n"

    def _xattr_list(self, label: str, data: bytes) -> str:
        """Show names that each have their length before them."""
        names, at = [], 0
        while at < len(data):
            end = at + 1 + data[at]
            names.append(" " + text_of(data[at + 1 : end]))
            at = end
        return f"{label}:{''.join(names)}\n"


def _address(sockaddr: bytes) -> str:
    """Return the address in a sockaddr, as sockaddr_snprintf(3)'s %a shows it."""
    family = sockaddr[1] if len(sockaddr) > 1 else 0
    if family == AF_LOCAL:
        return text_of(sockaddr[2:])
    if family == AF_INET and len(sockaddr) >= 8:
        return str(ipaddress.IPv4Address(sockaddr[4:8]))
    if family == AF_INET6 and len(sockaddr) >= 24:
        return str(ipaddress.IPv6Address(sockaddr[8:24]))
    return ""
