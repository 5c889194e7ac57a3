# SPDX-License-Identifier: BSD-2-Clause
"""Internet addresses of sockets: whose they are, who is reached.  NetBSD sys/netinet/in_pcb.c.

Inside, every address is one of IPv6: an IPv4 address is mapped (::ffff:127.0.0.1),
so one table serves both families.
"""

from collections.abc import Iterator
from typing import Any, Final

from kernel.kern.uipc_socket2 import sofree
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno, KernelError
from kernel.sys.in_ import (
    IN6_IS_ADDR_MULTICAST,
    IN6ADDR_ANY,
    IN6ADDR_LOOPBACK,
    IN_MULTICAST,
    INADDR_ANY,
    INADDR_BROADCAST,
    INADDR_LOOPBACK,
    IPPORT_ANONMAX,
    IPPORT_ANONMIN,
    IPPORT_RESERVED,
    SIZEOF_SOCKADDR_IN,
    SIZEOF_SOCKADDR_IN6,
    SockaddrIn,
    SockaddrIn6,
    in6_mapped,
    in6_unmapped,
)
from kernel.sys.proc import Lwp
from kernel.sys.socket import AF_INET, SO_REUSEADDR, SO_REUSEPORT, SOCK_STREAM
from kernel.sys.socketvar import SS_NOFDREF, Socket

V4ANY: Final = in6_mapped(INADDR_ANY)
V4LOOPBACK: Final = in6_mapped(INADDR_LOOPBACK)
V4BROADCAST: Final = in6_mapped(INADDR_BROADCAST)
_NULL: Final = frozenset((V4ANY, IN6ADDR_ANY))
_LOCAL: Final = frozenset((V4LOOPBACK, IN6ADDR_LOOPBACK))
_V4NET: Final = in6_mapped(INADDR_LOOPBACK[:1])  # 127/8


@dataclass(slots=True, eq=False)
class Inpcbtable:
    """The addresses of one protocol (struct inpcbtable)."""

    inpt_ports: "Inpcbs" = field(default_factory=dict)
    inpt_bound: "Inpcbs" = field(
        default_factory=dict
    )  # but for connections listeners were asked for
    inpt_lastport: int = IPPORT_ANONMAX  # the last one given to who asked for none


@dataclass(slots=True, eq=False)
class Inpcb:
    """The addresses of a socket (struct inpcb)."""

    inp_socket: Socket
    inp_table: Inpcbtable
    inp_af: int
    inp_laddr: bytes
    inp_faddr: bytes
    inp_lport: int = 0
    inp_fport: int = 0  # 0: not connected
    inp_v6only: bool = True  # IPV6_V6ONLY
    inp_options: dict[tuple[int, int], int] = field(default_factory=dict)  # (level, name): value
    inp_ppcb: Any = None  # TCP's own


Inpcbs = dict[int, dict[Inpcb, None]]  # by port, the newest last


def in_pcballoc(so: Socket, protocol: int) -> Inpcb:
    """Give so an entry in the table of its protocol."""
    table = so.so_kernel.net.inpcbtables.setdefault(protocol, Inpcbtable())
    family = so.so_proto.pr_domain.dom_family
    null = V4ANY if family == AF_INET else IN6ADDR_ANY
    inp = Inpcb(so, table, family, null, null)
    so.so_pcb = inp
    return inp


def sotoinpcb(so: Socket) -> Inpcb:
    """Return so's entry.

    Raises:
        KernelError: EINVAL, the connection is gone, and it with it.
    """
    inp: Inpcb | None = so.so_pcb
    if inp is None:
        raise KernelError(Errno.EINVAL)
    return inp


def in_pcbenter(inp: Inpcb, lport: int) -> None:
    """Let inp have a port."""
    inp.inp_lport = lport
    _enter(inp.inp_table.inpt_ports, inp)
    if not inp.inp_fport:
        _enter(inp.inp_table.inpt_bound, inp)


def _enter(table: Inpcbs, inp: Inpcb) -> None:
    table.setdefault(inp.inp_lport, {})[inp] = None


def _leave(table: Inpcbs, inp: Inpcb) -> None:
    pcbs = table.get(inp.inp_lport, {})
    pcbs.pop(inp, None)
    if not pcbs:
        table.pop(inp.inp_lport, None)


def in_pcbdetach(inp: Inpcb) -> None:
    """Forget inp; its socket goes if nobody else has it."""
    so = inp.inp_socket
    so.so_pcb = None
    _leave(inp.inp_table.inpt_ports, inp)
    _leave(inp.inp_table.inpt_bound, inp)
    sofree(so)


def in_sockaddr(inp: Inpcb, nam: bytes) -> tuple[bytes, int]:
    """Return the address and the port that a struct sockaddr of inp's family names.

    Raises:
        KernelError: EINVAL, it is of another length, or IPv4 for a socket of IPv6 only;
            EAFNOSUPPORT.
    """
    if nam[1] != inp.inp_af:
        raise KernelError(Errno.EAFNOSUPPORT)
    if inp.inp_af == AF_INET:
        if len(nam) != SIZEOF_SOCKADDR_IN:
            raise KernelError(Errno.EINVAL)
        sin = SockaddrIn.unpack(nam)
        return in6_mapped(sin.sin_addr), sin.sin_port
    if len(nam) != SIZEOF_SOCKADDR_IN6:
        raise KernelError(Errno.EINVAL)
    sin6 = SockaddrIn6.unpack(nam)
    if inp.inp_v6only and in6_unmapped(sin6.sin6_addr) is not None:
        raise KernelError(Errno.EINVAL)
    return sin6.sin6_addr, sin6.sin6_port


def in_setaddr(inp: Inpcb, addr: bytes, port: int) -> bytes:
    """Return an address as the struct sockaddr of inp's family."""
    if inp.inp_af == AF_INET:
        return SockaddrIn(port, addr[12:]).pack()
    return SockaddrIn6(port, addr).pack()


def in_setsockaddr(so: Socket) -> bytes:
    """pr_sockaddr: return so's own address."""
    inp = sotoinpcb(so)
    return in_setaddr(inp, inp.inp_laddr, inp.inp_lport)


def in_setpeeraddr(so: Socket) -> bytes:
    """pr_peeraddr: return the address that so is connected to."""
    inp = sotoinpcb(so)
    return in_setaddr(inp, inp.inp_faddr, inp.inp_fport)


def in_multicast(addr: bytes) -> bool:
    """Whether an address is of a group."""
    v4 = in6_unmapped(addr)
    return IN6_IS_ADDR_MULTICAST(addr) if v4 is None else IN_MULTICAST(v4)


def in_route(addr: bytes) -> None:
    """Check that a packet to addr finds its way: only lo0 is there.

    Raises:
        KernelError: EHOSTUNREACH, of 127/8 but no address of this machine; ENETUNREACH.
    """
    if addr not in _LOCAL:
        local = addr.startswith(_V4NET)
        raise KernelError(Errno.EHOSTUNREACH if local else Errno.ENETUNREACH)


def in_pcbbind(lwp: Lwp, inp: Inpcb, nam: bytes | None) -> None:
    """Give inp an address and a port of its own; None: any.

    Raises:
        KernelError: EINVAL, it has one; EADDRNOTAVAIL, it is not of this machine; EACCES,
            a port of the superuser's; EADDRINUSE; EAGAIN, no port is free; and as in_sockaddr.

    Source: in_pcbbind, NetBSD sys/netinet/in_pcb.c.
    """
    if inp.inp_lport or inp.inp_laddr not in _NULL:
        raise KernelError(Errno.EINVAL)
    addr, port = (inp.inp_laddr, 0) if nam is None else in_sockaddr(inp, nam)
    if addr not in _NULL and addr not in _LOCAL and not in_multicast(addr):
        raise KernelError(Errno.EADDRNOTAVAIL)
    if port:
        _check_port(lwp, inp, addr, port)
    else:
        port = _anonport(inp, addr)
    inp.inp_laddr = addr
    in_pcbenter(inp, port)


def _check_port(lwp: Lwp, inp: Inpcb, addr: bytes, port: int) -> None:
    """Check that inp may have port of addr.

    Source: in_pcbbind_port, NetBSD sys/netinet/in_pcb.c.
    """
    uid = lwp.l_proc.p_cred.cr_uid
    if port < IPPORT_RESERVED and uid:
        raise KernelError(Errno.EACCES)
    options = inp.inp_socket.so_options
    reuse = options & SO_REUSEPORT
    multicast = in_multicast(addr)
    if multicast and options & (SO_REUSEADDR | SO_REUSEPORT):
        reuse = SO_REUSEADDR | SO_REUSEPORT
    if inp.inp_socket.so_cred.cr_uid and not multicast:
        taken = _lookup_port(inp, addr, port, wild=True)
        if taken is not None:
            other = taken.inp_socket
            shared = addr in _NULL and taken.inp_laddr in _NULL and other.so_options & SO_REUSEPORT
            if not shared and other.so_cred.cr_uid != inp.inp_socket.so_cred.cr_uid:
                raise KernelError(Errno.EADDRINUSE)
    wild = not options & (SO_REUSEADDR | SO_REUSEPORT)
    taken = _lookup_port(inp, addr, port, wild)
    if taken is not None and not reuse & taken.inp_socket.so_options:
        raise KernelError(Errno.EADDRINUSE)


def _anonport(inp: Inpcb, addr: bytes) -> int:
    """Return a port that nobody has; they count down.

    Raises:
        KernelError: EAGAIN.
    """
    table = inp.inp_table
    port = table.inpt_lastport
    for _ in range(IPPORT_ANONMIN, IPPORT_ANONMAX + 1):
        port = port - 1 if port > IPPORT_ANONMIN else IPPORT_ANONMAX
        if _lookup_port(inp, addr, port, wild=True) is None:
            table.inpt_lastport = port
            return port
    raise KernelError(Errno.EAGAIN)


def _overlap(inp: Inpcb, addr: bytes, other: Inpcb) -> bool:
    """Whether addr of inp's family and other's address can mean the same packets."""
    if inp.inp_af == other.inp_af:
        return True
    six, six_addr = (inp, addr) if inp.inp_af != AF_INET else (other, other.inp_laddr)
    if six.inp_v6only:
        return False
    return six_addr == IN6ADDR_ANY or in6_unmapped(six_addr) is not None


def _lookup_port(inp: Inpcb, addr: bytes, port: int, wild: bool) -> Inpcb | None:
    """Return who has port of addr, the fewest wildcards first; without wild, no wildcards at all.

    Source: in_pcblookup_port, NetBSD sys/netinet/in_pcb.c.
    """
    match, best = None, 3
    for other in reversed(inp.inp_table.inpt_ports.get(port, {})):
        if not _overlap(inp, addr, other):
            continue
        laddr = other.inp_laddr
        if laddr not in _NULL and addr not in _NULL and laddr != addr:
            continue
        wildcards = int(bool(other.inp_fport)) + int((laddr in _NULL) != (addr in _NULL))
        if wildcards < best and (wild or not wildcards):
            match, best = other, wildcards
    return match


def in_pcbconnect(lwp: Lwp, inp: Inpcb, nam: bytes) -> None:
    """Let inp's peer be nam, and give it an address of its own if it has none.

    Raises:
        KernelError: EADDRNOTAVAIL, port 0, or a group for a stream; ENETUNREACH, EHOSTUNREACH;
            EADDRINUSE, there is this very connection; and as in_sockaddr, in_pcbbind.

    Source: in_pcbconnect, NetBSD sys/netinet/in_pcb.c.
    """
    addr, port = in_sockaddr(inp, nam)
    if not port:
        raise KernelError(Errno.EADDRNOTAVAIL)
    if in_multicast(addr) and inp.inp_socket.so_type == SOCK_STREAM:
        raise KernelError(Errno.EADDRNOTAVAIL)
    if addr in _NULL:
        addr = IN6ADDR_LOOPBACK if addr == IN6ADDR_ANY else V4LOOPBACK
    in_route(addr)
    bound = inp.inp_laddr not in _NULL
    laddr = inp.inp_laddr if bound else addr
    if in_pcblookup_connect(inp.inp_table, addr, port, laddr, inp.inp_lport) is not None:
        raise KernelError(Errno.EADDRINUSE)
    if not inp.inp_lport:
        in_pcbbind(lwp, inp, None)
    inp.inp_laddr = laddr
    inp.inp_faddr, inp.inp_fport = addr, port


def in_pcbdisconnect(inp: Inpcb) -> None:
    """Let inp have no peer."""
    inp.inp_faddr = V4ANY if inp.inp_af == AF_INET else IN6ADDR_ANY
    inp.inp_fport = 0
    if inp.inp_socket.so_state & SS_NOFDREF:
        in_pcbdetach(inp)


def in_pcblookup_connect(
    table: Inpcbtable, faddr: bytes, fport: int, laddr: bytes, lport: int
) -> Inpcb | None:
    """Return the connection between two addresses."""
    for inp in reversed(table.inpt_ports.get(lport, {})):
        if (inp.inp_fport, inp.inp_faddr, inp.inp_laddr) == (fport, faddr, laddr):
            return inp
    return None


def in_pcblookup_bind(table: Inpcbtable, laddr: bytes, lport: int) -> Inpcb | None:
    """Return who gets what comes for an address without being connected to its sender."""
    for wanted in _receivers(laddr):
        for inp in reversed(table.inpt_bound.get(lport, {})):
            if inp.inp_laddr != wanted or inp.inp_fport:
                continue
            if inp.inp_af == AF_INET or not inp.inp_v6only or in6_unmapped(laddr) is None:
                return inp
    return None


def _receivers(laddr: bytes) -> Iterator[bytes]:
    """Yield the addresses that a packet for laddr may be meant for, the narrowest first."""
    yield laddr
    if in6_unmapped(laddr) is not None:
        yield V4ANY
    yield IN6ADDR_ANY
