# SPDX-License-Identifier: BSD-2-Clause
"""What goes along with a datagram of IPv6.  NetBSD sys/netinet6/ip6_output.c, ip6_input.c."""

from typing import Final

from kernel.kern.uipc_socket import sockopt_int, sockopt_pack
from kernel.netinet.in_pcb import Inpcb
from kernel.sys.dataclasses import dataclass
from kernel.sys.errno import Errno, KernelError
from kernel.sys.in_ import (
    IPPROTO_IPV6,
    IPV6_HOPLIMIT,
    IPV6_PKTINFO,
    IPV6_RECVHOPLIMIT,
    IPV6_RECVPKTINFO,
    IPV6_RECVTCLASS,
    IPV6_TCLASS,
    IPV6_UNICAST_HOPS,
)
from kernel.sys.socket import CMSG_ALIGN, CMSG_LEN, SIZEOF_CMSGHDR, Cmsghdr
from kernel.sys.socketvar import Control

_DEFHLIM: Final = 64  # ip6_defhlim
_LOINDEX: Final = 1  # of lo0
_BYTE: Final = range(-1, 256)  # -1: as if it were not given
_OPTIONS: Final = {IPV6_UNICAST_HOPS: "ip6po_hlim", IPV6_TCLASS: "ip6po_tclass"}
_CONTROL: Final = {IPV6_HOPLIMIT: "ip6po_hlim", IPV6_TCLASS: "ip6po_tclass"}


@dataclass(slots=True)
class Ip6Pktopts:
    """Options of one datagram (struct ip6_pktopts)."""

    ip6po_hlim: int = _DEFHLIM
    ip6po_tclass: int = 0


def ip6_setpktopts(inp: Inpcb, control: bytes) -> Ip6Pktopts:
    """Return the options of a datagram: its socket's, but for what control says.

    Raises:
        KernelError: EINVAL, it is malformed or a value is out of range; ENOPROTOOPT, an option
            that does not exist, or that a loopback has no use for.
    """
    opts = Ip6Pktopts()
    for option, name in _OPTIONS.items():
        _set(opts, name, inp.inp_options.get((IPPROTO_IPV6, option), -1))
    at = 0
    while at < len(control):
        if len(control) - at < SIZEOF_CMSGHDR:
            raise KernelError(Errno.EINVAL)
        header = Cmsghdr.unpack(control[at:])
        if not CMSG_LEN(0) <= header.cmsg_len <= len(control) - at:
            raise KernelError(Errno.EINVAL)
        if header.cmsg_level == IPPROTO_IPV6:
            if header.cmsg_type not in _CONTROL:
                raise KernelError(Errno.ENOPROTOOPT)
            value = sockopt_int(control[at + CMSG_LEN(0) : at + header.cmsg_len])
            if value not in _BYTE:
                raise KernelError(Errno.EINVAL)
            _set(opts, _CONTROL[header.cmsg_type], value)
        at += CMSG_ALIGN(header.cmsg_len)
    return opts


def _set(opts: Ip6Pktopts, name: str, value: int) -> None:
    if value >= 0:
        setattr(opts, name, value)


def ip6_savecontrol(inp: Inpcb, dst: bytes, opts: Ip6Pktopts) -> list[Control]:
    """Return what inp wants to know of a datagram to dst."""
    told = (
        (IPV6_RECVPKTINFO, IPV6_PKTINFO, dst + _LOINDEX.to_bytes(4, "little")),
        (IPV6_RECVHOPLIMIT, IPV6_HOPLIMIT, sockopt_pack(opts.ip6po_hlim)),
        (IPV6_RECVTCLASS, IPV6_TCLASS, sockopt_pack(opts.ip6po_tclass)),
    )
    return [
        Control(IPPROTO_IPV6, kind, data)
        for wanted, kind, data in told
        if inp.inp_options.get((IPPROTO_IPV6, wanted))
    ]
