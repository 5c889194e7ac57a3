# SPDX-License-Identifier: BSD-2-Clause
"""The sysctl tree below net: what sockets there are.

NetBSD sys/netinet/tcp_usrreq.c (sysctl_inpcblist), sys/kern/uipc_domain.c (sysctl_unpcblist).
"""

from typing import Final

from kernel.kern.init_sysctl_base import Function, Node, function, node
from kernel.kern.kern_sysctl_proc import array
from kernel.netinet.in_pcb import Inpcb, in_setaddr
from kernel.netinet.tcp_var import Tcpcb
from kernel.sys.cdefs import pack, sizeof
from kernel.sys.errno import Errno, KernelError
from kernel.sys.in_ import IPPROTO_TCP, IPPROTO_UDP
from kernel.sys.proc import Lwp
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    SOCK_DGRAM,
    SOCK_SEQPACKET,
    SOCK_STREAM,
)
from kernel.sys.socketvar import SS_NOFDREF, Socket
from kernel.sys.sysctl import (
    CREATE_BASE,
    CTL_NET,
    CTLTYPE_STRUCT,
    INP_BOUND,
    INP_CONNECTED,
    PCB_SLOP,
    KinfoPcb,
)
from kernel.sys.un import SUN_NONAME
from kernel.sys.unpcb import Unpcb


def _pcblist(family: int, kind: int) -> Function:
    """Return what tells of a family's sockets of a type."""

    def sysctl_pcblist(lwp: Lwp, name: tuple[int, ...], room: int | None) -> tuple[bytes, int]:
        """pcblist.OP.ARG.SIZE.COUNT: a KinfoPcb of each socket, the newest first.

        Raises:
            KernelError: EINVAL, not four numbers, or SIZE is another.
        """
        size = sizeof(KinfoPcb)
        if len(name) != 4 or (room is not None and name[2] != size):
            raise KernelError(Errno.EINVAL)
        found = [
            so
            for so in reversed(lwp.l_kernel.net.sockets)
            if so.so_type == kind and so.so_proto.pr_domain.dom_family == family
            if so.so_pcb is not None and _cansee(lwp, so)
        ]
        if room is None:
            return b"", (len(found) + PCB_SLOP) * size
        abi = lwp.l_kernel.abi
        return array(found, lambda so: pack(_fill(so), abi), size, name[3] & 0xFFFF_FFFF, room)

    return sysctl_pcblist


def _cansee(lwp: Lwp, so: Socket) -> bool:
    """Whether a caller may know of so; a local socket must be some file's, too."""
    if so.so_proto.pr_domain.dom_family == AF_LOCAL and so.so_state & SS_NOFDREF:
        return False
    uid = lwp.l_proc.p_cred.cr_uid
    return not lwp.l_kernel.curtain or not uid or uid == so.so_cred.cr_uid


def _fill(so: Socket) -> KinfoPcb:
    """Return what is told of so."""
    number = so.so_kernel.net.sockets[so]
    info = KinfoPcb(
        ki_pcbaddr=number,
        ki_ppcbaddr=number,
        ki_sockaddr=number,
        ki_family=so.so_proto.pr_domain.dom_family,
        ki_type=so.so_type,
        ki_protocol=so.so_proto.pr_protocol,
        ki_sostate=so.so_state,
        ki_rcvq=so.so_rcv.sb_cc,
        ki_sndq=so.so_snd.sb_cc,
    )
    return _fill_unp(so, info) if isinstance(so.so_pcb, Unpcb) else _fill_inp(so.so_pcb, info)


def _fill_inp(inp: Inpcb, info: KinfoPcb) -> KinfoPcb:
    state = INP_CONNECTED if inp.inp_fport else INP_BOUND if inp.inp_lport else 0
    foreign = in_setaddr(inp, inp.inp_faddr, inp.inp_fport) if inp.inp_fport else b""
    return info._replace(
        ki_prstate=state,
        ki_tstate=inp.inp_ppcb.t_state if isinstance(inp.inp_ppcb, Tcpcb) else 0,
        ki_src=in_setaddr(inp, inp.inp_laddr, inp.inp_lport),
        ki_dst=foreign,
    )


def _fill_unp(so: Socket, info: KinfoPcb) -> KinfoPcb:
    unp: Unpcb = so.so_pcb
    numbers = so.so_kernel.net.sockets
    peer, refs = unp.unp_conn, unp.unp_refs
    nextref = 0
    if peer is not None and unp in peer.unp_refs:
        later = peer.unp_refs[peer.unp_refs.index(unp) + 1 :]
        nextref = numbers.get(later[0].unp_socket, 0) if later else 0
    return info._replace(
        ki_pflags=unp.unp_flags,
        ki_src=unp.unp_addr or SUN_NONAME,
        ki_dst=b"" if peer is None else peer.unp_addr or SUN_NONAME,
        ki_inode=unp.unp_ino,
        ki_vnode=0 if unp.unp_vnode is None else info.ki_sockaddr,
        ki_conn=0 if peer is None else numbers.get(peer.unp_socket, 0),
        ki_refs=numbers.get(refs[0].unp_socket, 0) if refs else 0,
        ki_nextref=nextref,
    )


def _protocol(name: str, number: int, desc: str, family: int, kind: int) -> Node:
    return node(name, number, desc, (
        function(
            "pcblist", CREATE_BASE, f"{desc} control block list", _pcblist(family, kind),
            CTLTYPE_STRUCT,
        ),
    ))  # fmt: skip


NET_TREE: Final = node("net", CTL_NET, "Networking", (
    node("local", AF_LOCAL, "PF_LOCAL related settings", (
        _protocol("stream", SOCK_STREAM, "SOCK_STREAM", AF_LOCAL, SOCK_STREAM),
        _protocol("seqpacket", SOCK_SEQPACKET, "SOCK_SEQPACKET", AF_LOCAL, SOCK_SEQPACKET),
        _protocol("dgram", SOCK_DGRAM, "SOCK_DGRAM", AF_LOCAL, SOCK_DGRAM),
    )),
    node("inet", AF_INET, "PF_INET related settings", (
        _protocol("tcp", IPPROTO_TCP, "TCP", AF_INET, SOCK_STREAM),
        _protocol("udp", IPPROTO_UDP, "UDPv4", AF_INET, SOCK_DGRAM),
    )),
    node("inet6", AF_INET6, "PF_INET6 related settings", (
        _protocol("tcp6", IPPROTO_TCP, "TCP6", AF_INET6, SOCK_STREAM),
        _protocol("udp6", IPPROTO_UDP, "UDPv6", AF_INET6, SOCK_DGRAM),
    )),
))  # fmt: skip
