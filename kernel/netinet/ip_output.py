# SPDX-License-Identifier: BSD-2-Clause
"""Options of the levels IPPROTO_IP and IPPROTO_IPV6.  NetBSD sys/netinet/ip_output.c, ip6_output.c.

What concerns the way of a packet is kept and told, and does nothing on a loopback network.
"""

from typing import Final

from kernel.kern.uipc_socket import sockopt_int, sockopt_pack
from kernel.netinet.in_pcb import Inpcb
from kernel.sys.errno import Errno, KernelError
from kernel.sys.in_ import (
    IP_MINTTL,
    IP_MULTICAST_LOOP,
    IP_MULTICAST_TTL,
    IP_PKTINFO,
    IP_PORTRANGE,
    IP_RECVDSTADDR,
    IP_RECVIF,
    IP_RECVOPTS,
    IP_RECVRETOPTS,
    IP_RECVTTL,
    IP_TOS,
    IP_TTL,
    IPPROTO_IP,
    IPPROTO_IPV6,
    IPV6_MULTICAST_HOPS,
    IPV6_MULTICAST_LOOP,
    IPV6_PORTRANGE,
    IPV6_RECVHOPLIMIT,
    IPV6_RECVPKTINFO,
    IPV6_RECVTCLASS,
    IPV6_TCLASS,
    IPV6_UNICAST_HOPS,
    IPV6_V6ONLY,
)
from kernel.sys.socket import AF_INET

_LEVELS: Final = {AF_INET: IPPROTO_IP}
_RANGES: Final[dict[tuple[int, int], tuple[int, range]]] = {  # default, what is allowed
    (IPPROTO_IP, IP_TOS): (0, range(256)),
    (IPPROTO_IP, IP_TTL): (64, range(1, 256)),
    (IPPROTO_IP, IP_MINTTL): (0, range(256)),
    (IPPROTO_IP, IP_MULTICAST_TTL): (1, range(256)),
    (IPPROTO_IP, IP_MULTICAST_LOOP): (1, range(2)),
    (IPPROTO_IP, IP_PORTRANGE): (0, range(3)),
    (IPPROTO_IPV6, IPV6_UNICAST_HOPS): (64, range(-1, 256)),
    (IPPROTO_IPV6, IPV6_MULTICAST_HOPS): (1, range(-1, 256)),
    (IPPROTO_IPV6, IPV6_MULTICAST_LOOP): (1, range(2)),
    (IPPROTO_IPV6, IPV6_PORTRANGE): (0, range(3)),
    (IPPROTO_IPV6, IPV6_TCLASS): (0, range(-1, 256)),
}
_SWITCHES: Final = frozenset((
    *((IPPROTO_IP, name) for name in (
        IP_RECVOPTS, IP_RECVRETOPTS, IP_RECVDSTADDR, IP_RECVIF, IP_RECVTTL, IP_PKTINFO,
    )),
    *((IPPROTO_IPV6, name) for name in (IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS)),
))  # fmt: skip


def ip_setopt(inp: Inpcb, level: int, name: int, value: bytes) -> None:
    """Set an option of IP.

    Raises:
        KernelError: ENOPROTOOPT; EINVAL.
    """
    option = (level, name)
    if level != _LEVELS.get(inp.inp_af, IPPROTO_IPV6):
        raise KernelError(Errno.ENOPROTOOPT)
    if option == (IPPROTO_IPV6, IPV6_V6ONLY):
        on = sockopt_int(value)
        if inp.inp_lport:  # too late
            raise KernelError(Errno.EINVAL)
        inp.inp_v6only = bool(on)
    elif option in _SWITCHES:
        inp.inp_options[option] = int(bool(sockopt_int(value)))
    elif option in _RANGES:
        wanted = sockopt_int(value)
        if wanted not in _RANGES[option][1]:
            raise KernelError(Errno.EINVAL)
        inp.inp_options[option] = wanted
    else:
        raise KernelError(Errno.ENOPROTOOPT)


def ip_getopt(inp: Inpcb, level: int, name: int) -> bytes:
    """Return an option of IP.

    Raises:
        KernelError: ENOPROTOOPT.
    """
    option = (level, name)
    if level != _LEVELS.get(inp.inp_af, IPPROTO_IPV6):
        raise KernelError(Errno.ENOPROTOOPT)
    if option == (IPPROTO_IPV6, IPV6_V6ONLY):
        return sockopt_pack(inp.inp_v6only)
    if option not in _RANGES and option not in _SWITCHES:
        raise KernelError(Errno.ENOPROTOOPT)
    return sockopt_pack(inp.inp_options.get(option, _RANGES.get(option, (0,))[0]))
