# SPDX-License-Identifier: BSD-2-Clause
"""UDP: datagrams, at once in the receiver's buffer.  NetBSD sys/netinet/udp_usrreq.c."""

from typing import Final

from kernel.arch.python.clock import nanotime
from kernel.kern.kern_stub import enoioctl, eopnotsupp
from kernel.kern.uipc_socket2 import (
    sbappendaddr,
    socantsendmore,
    soisconnected,
    soreserve,
    sorwakeup,
    sowwakeup,
)
from kernel.netinet.in_pcb import (
    V4BROADCAST,
    Inpcb,
    in_pcballoc,
    in_pcbbind,
    in_pcbconnect,
    in_pcbdetach,
    in_pcbdisconnect,
    in_pcblookup_bind,
    in_pcblookup_connect,
    in_setaddr,
    in_setpeeraddr,
    in_setsockaddr,
    in_sockaddr,
    sotoinpcb,
)
from kernel.netinet.ip6_output import Ip6Pktopts, ip6_savecontrol, ip6_setpktopts
from kernel.netinet.ip_output import ip_getopt, ip_setopt
from kernel.sys.errno import Errno, KernelError
from kernel.sys.in_ import IP_RECVDSTADDR, IPPROTO_IP, IPPROTO_UDP, in6_unmapped
from kernel.sys.proc import Lwp
from kernel.sys.socket import (
    AF_INET,
    SCM_TIMESTAMP,
    SO_BROADCAST,
    SO_TIMESTAMP,
    SOL_SOCKET,
)
from kernel.sys.socketvar import SS_ISCONNECTED, Control, PrUsrreqs, Socket
from kernel.sys.stat import S_IFSOCK, Stat
from kernel.sys.time import Timeval

_SENDSPACE: Final = 9216  # bytes of the largest datagram, unless SO_SNDBUF allows more
_RECVSPACE: Final = 40 * (1024 + 16)
_MAXPACKET: Final = 65535 - 28  # bytes that fit in an IP packet


def udp_attach(so: Socket) -> None:
    """Give a new socket its buffers and its pcb."""
    soreserve(so, _SENDSPACE, _RECVSPACE)
    in_pcballoc(so, IPPROTO_UDP)


def _detach(so: Socket) -> None:
    in_pcbdetach(sotoinpcb(so))


def _bind(lwp: Lwp, so: Socket, nam: bytes) -> None:
    in_pcbbind(lwp, sotoinpcb(so), nam)


def _connect(lwp: Lwp, so: Socket, nam: bytes) -> None:
    """Send to nam from now on, and receive from nobody else."""
    in_pcbconnect(lwp, sotoinpcb(so), nam)
    soisconnected(so)


def _disconnect(so: Socket) -> None:
    inp = sotoinpcb(so)
    so.so_state &= ~SS_ISCONNECTED
    in_pcbdisconnect(inp)
    inp.inp_laddr = inp.inp_faddr  # any


def _shutdown(so: Socket) -> None:
    socantsendmore(so)


def _send(
    lwp: Lwp, so: Socket, data: memoryview, nam: bytes | None, control: bytes, _eor: bool
) -> None:
    """Send a datagram.

    Raises:
        KernelError: EINVAL, there is control data and it is not IPv6; EISCONN, nam is given
            although there is a peer; ENOTCONN; EACCES, a broadcast without SO_BROADCAST;
            EMSGSIZE; and as ip6_setpktopts and in_pcbconnect.

    Source: udp_send, NetBSD sys/netinet/udp_usrreq.c; udp6_output.
    """
    inp = sotoinpcb(so)
    if control and inp.inp_af == AF_INET:
        raise KernelError(Errno.EINVAL)
    opts = ip6_setpktopts(inp, control)
    if nam is None:
        if not so.so_state & SS_ISCONNECTED:
            raise KernelError(Errno.ENOTCONN)
        if not _udp_output(inp, data, opts):
            _notify(so, Errno.ECONNREFUSED)
        return
    if so.so_state & SS_ISCONNECTED:
        raise KernelError(Errno.EISCONN)
    if in_sockaddr(inp, nam)[0] == V4BROADCAST and not so.so_options & SO_BROADCAST:
        raise KernelError(Errno.EACCES)
    laddr = inp.inp_laddr
    in_pcbconnect(lwp, inp, nam)
    try:
        _udp_output(inp, data, opts)
    finally:
        in_pcbdisconnect(inp)
        inp.inp_laddr = laddr


def _udp_output(inp: Inpcb, data: memoryview, opts: Ip6Pktopts) -> bool:
    """Put data into the buffer of who is at the other address; False: nobody is.

    What finds no room is lost.
    """
    if len(data) > _MAXPACKET:
        raise KernelError(Errno.EMSGSIZE)
    table = inp.inp_table
    to = in_pcblookup_connect(table, inp.inp_laddr, inp.inp_lport, inp.inp_faddr, inp.inp_fport)
    to = to or in_pcblookup_bind(table, inp.inp_faddr, inp.inp_fport)
    if to is None:
        return False
    so = to.inp_socket
    sender = in_setaddr(to, inp.inp_laddr, inp.inp_lport)
    if sbappendaddr(so.so_rcv, sender, data, _savecontrol(to, inp.inp_faddr, opts)):
        sorwakeup(so)
    else:
        so.so_rcv.sb_overflowed += 1
    return True


def _savecontrol(inp: Inpcb, dst: bytes, opts: Ip6Pktopts) -> list[Control]:
    """Return what inp wants to know of a datagram to dst.

    Source: ip_savecontrol, NetBSD sys/netinet/ip_input.c; ip6_savecontrol.
    """
    control = []
    so = inp.inp_socket
    if so.so_options & SO_TIMESTAMP:
        now = Timeval.from_ns(nanotime(so.so_kernel))
        control.append(Control(SOL_SOCKET, SCM_TIMESTAMP, now.pack()))
    v4 = in6_unmapped(dst)
    if v4 is not None and inp.inp_options.get((IPPROTO_IP, IP_RECVDSTADDR)):
        control.append(Control(IPPROTO_IP, IP_RECVDSTADDR, v4))
    if v4 is None:
        control += ip6_savecontrol(inp, dst, opts)
    return control


def _notify(so: Socket, error: Errno) -> None:
    """Let so's next call fail: an ICMP message has come."""
    so.so_error = error
    sorwakeup(so)
    sowwakeup(so)


def _setopt(so: Socket, level: int, name: int, value: bytes) -> None:
    ip_setopt(sotoinpcb(so), level, name, value)


def _getopt(so: Socket, level: int, name: int) -> bytes:
    return ip_getopt(sotoinpcb(so), level, name)


def _stat(_so: Socket) -> Stat:
    return Stat(st_mode=S_IFSOCK)


udp_usrreqs = PrUsrreqs(
    pr_attach=udp_attach,
    pr_detach=_detach,
    pr_accept=eopnotsupp,
    pr_connect=_connect,
    pr_connect2=eopnotsupp,
    pr_bind=_bind,
    pr_listen=eopnotsupp,
    pr_disconnect=_disconnect,
    pr_shutdown=_shutdown,
    pr_abort=_detach,
    pr_ioctl=enoioctl,
    pr_stat=_stat,
    pr_peeraddr=in_setpeeraddr,
    pr_sockaddr=in_setsockaddr,
    pr_rcvd=eopnotsupp,
    pr_recvoob=eopnotsupp,
    pr_send=_send,
    pr_sendoob=eopnotsupp,
)
udp_ctloutput: Final = (_setopt, _getopt)
