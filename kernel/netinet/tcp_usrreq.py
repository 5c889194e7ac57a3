# SPDX-License-Identifier: BSD-2-Clause
"""What programs ask of TCP.  NetBSD sys/netinet/tcp_usrreq.c."""

from collections.abc import Callable
from typing import Final

from kernel.kern.kern_stub import enoioctl, eopnotsupp
from kernel.kern.uipc_socket import sockopt_int, sockopt_pack
from kernel.kern.uipc_socket2 import sbappend, socantsendmore, soisconnecting, soreserve
from kernel.netinet.in_pcb import (
    Inpcb,
    in_pcballoc,
    in_pcbbind,
    in_pcbconnect,
    in_setpeeraddr,
    in_setsockaddr,
    sotoinpcb,
)
from kernel.netinet.ip_output import ip_getopt, ip_setopt
from kernel.netinet.tcp_subr import (
    sototcpcb,
    tcp_connecting,
    tcp_disconnect1,
    tcp_drop,
    tcp_output,
    tcp_usrclosed,
)
from kernel.netinet.tcp_var import (
    TCP_RECVSPACE,
    TCP_SENDSPACE,
    TCPOOB_HADDATA,
    TCPOOB_HAVEDATA,
    Tcpcb,
)
from kernel.sys.errno import Errno, KernelError
from kernel.sys.in_ import (
    IPPROTO_TCP,
    TCP_KEEPCNT,
    TCP_KEEPIDLE,
    TCP_KEEPINIT,
    TCP_KEEPINTVL,
    TCP_MAXSEG,
    TCP_NODELAY,
)
from kernel.sys.proc import Lwp
from kernel.sys.socket import SO_OOBINLINE
from kernel.sys.socketvar import SS_RCVATMARK, PrUsrreqs, Socket, sbspace
from kernel.sys.stat import S_IFSOCK, Stat
from kernel.sys.tcp_fsm import (
    TCPS_LISTEN,
)

_LOMTU: Final = 33624  # bytes of the largest packet of lo0
_OPTIONS: Final[dict[int, tuple[int, Callable[[int], bool]]]] = {  # default, what is allowed
    TCP_NODELAY: (0, lambda _on: True),
    TCP_MAXSEG: (_LOMTU - 40, range(1, _LOMTU - 39).__contains__),
    TCP_KEEPIDLE: (7200, bool),  # unsigned: all but 0
    TCP_KEEPINTVL: (75, bool),
    TCP_KEEPCNT: (8, bool),
    TCP_KEEPINIT: (75, bool),
}


def tcp_attach(so: Socket) -> None:
    """Give a new socket its buffers and its pcbs."""
    soreserve(so, TCP_SENDSPACE, TCP_RECVSPACE)
    inp = in_pcballoc(so, IPPROTO_TCP)
    inp.inp_ppcb = Tcpcb(inp)


def _detach(so: Socket) -> None:
    tcp_disconnect1(sototcpcb(so))


def _accept(so: Socket) -> bytes:
    return in_setpeeraddr(so)


def _bind(lwp: Lwp, so: Socket, nam: bytes) -> None:
    in_pcbbind(lwp, sotoinpcb(so), nam)


def _listen(lwp: Lwp, so: Socket) -> None:
    """Be ready for connections, at any port if none was bound."""
    inp = sotoinpcb(so)
    if not inp.inp_lport:
        in_pcbbind(lwp, inp, None)
    inp.inp_ppcb.t_state = TCPS_LISTEN


def _connect(lwp: Lwp, so: Socket, nam: bytes) -> None:
    """Ask for a connection; it is there, or refused, a little later."""
    inp = sotoinpcb(so)
    if not inp.inp_lport:
        in_pcbbind(lwp, inp, None)  # stays, whatever comes of the connection
    in_pcbconnect(lwp, inp, nam)
    soisconnecting(so)
    tcp_connecting(inp.inp_ppcb)


def _disconnect(so: Socket) -> None:
    tcp_disconnect1(sototcpcb(so))


def _shutdown(so: Socket) -> None:
    """Send no more: the end follows what is in the buffer."""
    tp = sototcpcb(so)
    socantsendmore(so)
    tcp_usrclosed(tp)
    tcp_output(tp)


def _abort(so: Socket) -> None:
    tcp_drop(sototcpcb(so), Errno.ECONNABORTED)


def _rcvd(so: Socket) -> None:
    """There is more room: let the peer send what it has."""
    peer = sototcpcb(so).t_peer
    if peer is not None:
        tcp_output(peer)


def _recvoob(so: Socket, peek: bool) -> bytes:
    """Return the urgent byte.

    Raises:
        KernelError: EINVAL, there is none, it was read, or it is among the others
            (SO_OOBINLINE); EWOULDBLOCK, it has not come yet.
    """
    tp = sototcpcb(so)
    mark = so.so_oobmark or so.so_state & SS_RCVATMARK
    if not mark or so.so_options & SO_OOBINLINE or tp.t_oobflags & TCPOOB_HADDATA:
        raise KernelError(Errno.EINVAL)
    if not tp.t_oobflags & TCPOOB_HAVEDATA:
        raise KernelError(Errno.EWOULDBLOCK)
    if not peek:
        tp.t_oobflags ^= TCPOOB_HAVEDATA | TCPOOB_HADDATA
    return tp.t_iobc


def _send(
    _lwp: Lwp, so: Socket, data: memoryview, _nam: bytes | None, control: bytes, _eor: bool
) -> None:
    """Send data; an address is not looked at.

    Raises:
        KernelError: EINVAL, there is control data, or no connection any more.
    """
    tp = sototcpcb(so)
    if control:
        raise KernelError(Errno.EINVAL)
    sbappend(so.so_snd, data)
    tcp_output(tp)


def _sendoob(so: Socket, data: memoryview, _control: bytes) -> None:
    """Send data, its last byte urgent.

    Raises:
        KernelError: ENOBUFS, the buffer is more than full.
    """
    tp = sototcpcb(so)
    if sbspace(so.so_snd) < -512:
        raise KernelError(Errno.ENOBUFS)
    sbappend(so.so_snd, data)
    tp.t_urgent = so.so_snd.sb_cc
    tcp_output(tp)


def _inpcb(so: Socket) -> Inpcb:
    """Return so's entry for an option.

    Source: tcp_ctloutput, NetBSD sys/netinet/tcp_usrreq.c.
    """
    if so.so_pcb is None:
        raise KernelError(Errno.ECONNRESET)
    return sotoinpcb(so)


def _setopt(so: Socket, level: int, name: int, value: bytes) -> None:
    """Set an option of TCP, or of IP.

    Raises:
        KernelError: ENOPROTOOPT; EINVAL; ECONNRESET, the connection is gone.
    """
    inp = _inpcb(so)
    if level != IPPROTO_TCP:
        ip_setopt(inp, level, name, value)
        return
    if name not in _OPTIONS:
        raise KernelError(Errno.ENOPROTOOPT)
    wanted = sockopt_int(value)
    if not _OPTIONS[name][1](wanted):
        raise KernelError(Errno.EINVAL)
    inp.inp_options[level, name] = int(bool(wanted)) if name == TCP_NODELAY else wanted


def _getopt(so: Socket, level: int, name: int) -> bytes:
    """Return an option of TCP, or of IP.

    Raises:
        KernelError: ENOPROTOOPT; ECONNRESET, the connection is gone.
    """
    inp = _inpcb(so)
    if level != IPPROTO_TCP:
        return ip_getopt(inp, level, name)
    if name not in _OPTIONS:
        raise KernelError(Errno.ENOPROTOOPT)
    return sockopt_pack(inp.inp_options.get((level, name), _OPTIONS[name][0]))


def _stat(_so: Socket) -> Stat:
    return Stat(st_mode=S_IFSOCK)


tcp_usrreqs = PrUsrreqs(
    pr_attach=tcp_attach,
    pr_detach=_detach,
    pr_accept=_accept,
    pr_connect=_connect,
    pr_connect2=eopnotsupp,
    pr_bind=_bind,
    pr_listen=_listen,
    pr_disconnect=_disconnect,
    pr_shutdown=_shutdown,
    pr_abort=_abort,
    pr_ioctl=enoioctl,
    pr_stat=_stat,
    pr_peeraddr=in_setpeeraddr,
    pr_sockaddr=in_setsockaddr,
    pr_rcvd=_rcvd,
    pr_recvoob=_recvoob,
    pr_send=_send,
    pr_sendoob=_sendoob,
)
tcp_ctloutput: Final = (_setopt, _getopt)
