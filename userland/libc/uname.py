# SPDX-License-Identifier: BSD-2-Clause
"""What the system is called, and how busy it is: uname(3), gethostname(3), getloadavg(3).

NetBSD lib/libc/gen/uname.c, gethostname.c, sethostname.c, getloadavg.c.
"""

from typing import Final

from kernel.sys.cdefs import sizeof, unpack_from
from kernel.sys.errno import Errno
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.param import MAXHOSTNAMELEN
from kernel.sys.sysctl import (
    CTL_HW,
    CTL_KERN,
    CTL_VM,
    HW_MACHINE,
    KERN_DOMAINNAME,
    KERN_HOSTNAME,
    KERN_OSRELEASE,
    KERN_OSTYPE,
    KERN_VERSION,
    VM_LOADAVG,
    Loadavg,
)
from userland.libc.cerror import cerror
from userland.libc.sysctl import sysctl

__all__ = [
    "Utsname",
    "getdomainname",
    "gethostname",
    "getloadavg",
    "setdomainname",
    "sethostname",
    "uname",
]

_SYS_NMLN: Final = 256  # bytes of each name


class Utsname(NamedTuple):
    """struct utsname."""

    sysname: str
    nodename: str
    release: str
    version: str
    machine: str


def _text(*name: int, size: int = _SYS_NMLN) -> str:
    return sysctl(name, size=size).partition(b"\0")[0].decode("utf-8", "surrogateescape")


def uname() -> Utsname:
    """Return what the system is; lines of the version are joined."""
    version = _text(CTL_KERN, KERN_VERSION).rstrip("\n").replace("\n", " ").replace("\t", " ")
    return Utsname(
        _text(CTL_KERN, KERN_OSTYPE),
        _text(CTL_KERN, KERN_HOSTNAME),
        _text(CTL_KERN, KERN_OSRELEASE),
        version,
        _text(CTL_HW, HW_MACHINE),
    )


def gethostname() -> str:
    """Return the host's name."""
    return _text(CTL_KERN, KERN_HOSTNAME, size=MAXHOSTNAMELEN)


def sethostname(name: str) -> None:
    """Name the host.

    Raises:
        OSError: EPERM, not root. EINVAL, too long.
    """
    _set(KERN_HOSTNAME, name)


def getdomainname() -> str:
    """Return the name of the YP domain."""
    return _text(CTL_KERN, KERN_DOMAINNAME, size=MAXHOSTNAMELEN)


def setdomainname(name: str) -> None:
    """Name the YP domain.

    Raises:
        OSError: EPERM, not root. EINVAL, too long.
    """
    _set(KERN_DOMAINNAME, name)


def _set(number: int, name: str) -> None:
    data = name.encode("utf-8", "surrogateescape")
    if len(data) >= MAXHOSTNAMELEN:
        cerror(Errno.EINVAL)
    sysctl((CTL_KERN, number), data + b"\0", MAXHOSTNAMELEN)


def getloadavg() -> tuple[float, float, float]:
    """Return how many processes could run, on average of the last 1, 5 and 15 minutes."""
    size = sizeof(Loadavg)
    load = unpack_from(Loadavg, sysctl((CTL_VM, VM_LOADAVG), size=size))
    one, five, fifteen = (value / load.fscale for value in load.ldavg)
    return one, five, fifteen
