# SPDX-License-Identifier: BSD-2-Clause
"""TCP connections: how they begin, what they carry, how they end.  NetBSD sys/netinet/tcp_*.c.

There are no segments: the network is this machine, so nothing is lost and
nothing need be acknowledged.  What remains is the state of both ends, which
goes through the states of RFC 793, and the windows.
"""

from kernel.kern.kern_timeout import callout_reset, callout_stop
from kernel.kern.uipc_socket2 import (
    sbappend,
    sbflush,
    socantrcvmore,
    sohasoutofband,
    soisconnected,
    soisdisconnected,
    soisdisconnecting,
    sonewconn,
    sorwakeup,
    sowwakeup,
)
from kernel.netinet.in_pcb import (
    Inpcb,
    in_pcbdetach,
    in_pcbenter,
    in_pcblookup_bind,
    sotoinpcb,
)
from kernel.netinet.tcp_var import (
    TCPOOB_HADDATA,
    TCPOOB_HAVEDATA,
    TCPTV_KEEP_INIT,
    TCPTV_LOOPBACK,
    TCPTV_MAXIDLE,
    TCPTV_MSL,
    TCPTV_SRTTDFLT,
    Tcpcb,
)
from kernel.sys.errno import Errno
from kernel.sys.socket import SO_LINGER, SO_OOBINLINE
from kernel.sys.socketvar import SS_CANTRCVMORE, SS_NOFDREF, SS_RCVATMARK, Socket, sbspace
from kernel.sys.tcp_fsm import (
    TCPS_CLOSE_WAIT,
    TCPS_CLOSED,
    TCPS_CLOSING,
    TCPS_ESTABLISHED,
    TCPS_FIN_WAIT_1,
    TCPS_FIN_WAIT_2,
    TCPS_LAST_ACK,
    TCPS_LISTEN,
    TCPS_SYN_RECEIVED,
    TCPS_SYN_SENT,
    TCPS_TIME_WAIT,
)


def sototcpcb(so: Socket) -> Tcpcb:
    """Return so's end of the connection.

    Raises:
        KernelError: EINVAL, there is none any more.
    """
    tp: Tcpcb = sotoinpcb(so).inp_ppcb
    return tp


def tcp_arm(tp: Tcpcb, delay: int) -> None:
    """Have the timer of tp's state run out in delay ns."""
    tcp_disarm(tp)
    tp.t_timer = callout_reset(tp.t_inpcb.inp_socket.so_kernel, delay, _tcp_timer, tp)


def tcp_disarm(tp: Tcpcb) -> None:
    """Stop the timer."""
    if tp.t_timer is not None:
        callout_stop(tp.t_inpcb.inp_socket.so_kernel, tp.t_timer)
        tp.t_timer = None


def _tcp_timer(tp: Tcpcb) -> None:
    """The timer has run out: send the SYN, again; or the connection is over."""
    tp.t_timer = None
    if tp.t_state == TCPS_SYN_SENT:
        _syn(tp)
    else:
        tcp_close(tp)


def _syn(tp: Tcpcb) -> None:
    """Ask for a connection: somebody listens, nobody does, or there is no room to wait in."""
    inp = tp.t_inpcb
    listener = in_pcblookup_bind(inp.inp_table, inp.inp_faddr, inp.inp_fport)
    if listener is None or listener.inp_ppcb.t_state != TCPS_LISTEN:
        tcp_drop(tp, Errno.ECONNREFUSED)
        return
    head = listener.inp_socket
    if len(head.so_q) > head.so_qlimit:  # the SYN is dropped, and sent again
        delay = min(TCPTV_SRTTDFLT << tp.t_rxtshift, TCPTV_KEEP_INIT - tp.t_synced)
        tp.t_synced += delay
        tp.t_rxtshift += 1
        if delay:
            tcp_arm(tp, delay)
        else:
            tcp_drop(tp, Errno.ETIMEDOUT)
        return
    so = sonewconn(head, soready=True)
    if so is None:
        tcp_drop(tp, Errno.ECONNRESET)
        return
    _establish(tp, listener, sotoinpcb(so))
    soisconnected(inp.inp_socket)


def _establish(tp: Tcpcb, listener: Inpcb, inp: Inpcb) -> None:
    """Connect tp and the new socket's inp."""
    client = tp.t_inpcb
    inp.inp_laddr, inp.inp_faddr = client.inp_faddr, client.inp_laddr
    inp.inp_fport = client.inp_lport
    inp.inp_v6only = listener.inp_v6only
    inp.inp_options = dict(listener.inp_options)
    in_pcbenter(inp, client.inp_fport)
    peer: Tcpcb = inp.inp_ppcb
    tp.t_peer, peer.t_peer = peer, tp
    tp.t_state = peer.t_state = TCPS_ESTABLISHED


def tcp_connecting(tp: Tcpcb) -> None:
    """Send the first SYN; its answer comes when others have had their turn."""
    tp.t_state = TCPS_SYN_SENT
    tcp_arm(tp, TCPTV_LOOPBACK)


def tcp_output(tp: Tcpcb) -> None:
    """Move what is to be sent into the peer's buffer, as far as there is room; then the end."""
    so = tp.t_inpcb.inp_socket
    pending = so.so_snd.sb_cc or tp.t_fin
    if tp.t_state < TCPS_ESTABLISHED or not pending:
        return
    peer = tp.t_peer
    gone = peer is not None and peer.t_inpcb.inp_socket.so_state & SS_NOFDREF
    if peer is None or (gone and peer.t_state > TCPS_CLOSE_WAIT and so.so_snd.sb_cc):
        if peer is not None:
            tcp_close(peer)
        _reset(tp)
        return
    if so.so_snd.sb_cc:
        _deliver(tp, so, peer)
    if tp.t_fin and not so.so_snd.sb_cc:
        tp.t_fin = False
        _fin(tp, peer)


def _deliver(tp: Tcpcb, so: Socket, peer: Tcpcb) -> None:
    """Move data; what comes to who receives no more is thrown away."""
    so2 = peer.t_inpcb.inp_socket
    snd, rcv = so.so_snd, so2.so_rcv
    had = snd.sb_cc
    while snd.sb_cc:
        chunk = snd.sb_records[0].chunks[0]
        deaf = so2.so_state & SS_CANTRCVMORE
        size = len(chunk) if deaf else min(len(chunk), sbspace(rcv))
        urgent = tp.t_urgent == 1
        if tp.t_urgent:
            size = 1 if urgent else min(size, tp.t_urgent - 1)
        if size <= 0:
            break
        _drop_sent(so, size)
        if tp.t_urgent:
            tp.t_urgent -= size
        if deaf:
            continue
        if urgent:
            _urgent(peer, so2, chunk[:size])
        else:
            sbappend(rcv, chunk[:size])
    if snd.sb_cc != had:
        sorwakeup(so2)
        sowwakeup(so)


def _drop_sent(so: Socket, size: int) -> None:
    """Take the first bytes of the first chunk out of the send buffer."""
    snd = so.so_snd
    chunks = snd.sb_records[0].chunks
    chunk = chunks.popleft()
    if len(chunk) > size:
        chunks.appendleft(chunk[size:])
    elif not chunks:
        snd.sb_records.popleft()
    snd.sb_cc -= size


def _urgent(peer: Tcpcb, so: Socket, byte: memoryview) -> None:
    """The urgent byte has come: it is kept apart, or with SO_OOBINLINE among the others."""
    so.so_oobmark = so.so_rcv.sb_cc
    if not so.so_oobmark:
        so.so_state |= SS_RCVATMARK
    peer.t_oobflags &= ~(TCPOOB_HAVEDATA | TCPOOB_HADDATA)
    if so.so_options & SO_OOBINLINE:
        sbappend(so.so_rcv, byte)
    else:
        peer.t_iobc = bytes(byte)
        peer.t_oobflags |= TCPOOB_HAVEDATA
    sohasoutofband(so)


def _fin(tp: Tcpcb, peer: Tcpcb) -> None:
    """The end has come to the peer, and its acknowledgement back."""
    so = tp.t_inpcb.inp_socket
    so2 = peer.t_inpcb.inp_socket
    socantrcvmore(so2)
    if peer.t_state == TCPS_ESTABLISHED:
        peer.t_state = TCPS_CLOSE_WAIT
    elif peer.t_state == TCPS_FIN_WAIT_1:
        peer.t_state = TCPS_CLOSING
    elif peer.t_state == TCPS_FIN_WAIT_2:
        _time_wait(peer)
    if tp.t_state == TCPS_FIN_WAIT_1:
        tp.t_state = TCPS_FIN_WAIT_2
        if so.so_state & SS_CANTRCVMORE:
            soisdisconnected(so)
            tcp_arm(tp, TCPTV_MAXIDLE)
    elif tp.t_state == TCPS_CLOSING:
        _time_wait(tp)
    elif tp.t_state == TCPS_LAST_ACK:
        tcp_close(tp)


def _time_wait(tp: Tcpcb) -> None:
    """Both ends are closed; the addresses are kept for a while."""
    tp.t_state = TCPS_TIME_WAIT
    tcp_arm(tp, 2 * TCPTV_MSL)
    soisdisconnected(tp.t_inpcb.inp_socket)


def tcp_usrclosed(tp: Tcpcb) -> None:
    """The program sends no more.

    Source: tcp_usrclosed, NetBSD sys/netinet/tcp_usrreq.c.
    """
    if tp.t_state <= TCPS_SYN_SENT:
        tcp_close(tp)
        return
    if tp.t_state in (TCPS_SYN_RECEIVED, TCPS_ESTABLISHED):
        tp.t_state, tp.t_fin = TCPS_FIN_WAIT_1, True
    elif tp.t_state == TCPS_CLOSE_WAIT:
        tp.t_state, tp.t_fin = TCPS_LAST_ACK, True
    if tp.t_state >= TCPS_FIN_WAIT_2:
        soisdisconnected(tp.t_inpcb.inp_socket)
        if tp.t_state == TCPS_FIN_WAIT_2:
            tcp_arm(tp, TCPTV_MAXIDLE)


def tcp_disconnect1(tp: Tcpcb) -> None:
    """The program has closed the socket: the end follows what is sent.

    With a linger time of 0 a reset comes at once instead.

    Source: tcp_disconnect1, NetBSD sys/netinet/tcp_usrreq.c.
    """
    so = tp.t_inpcb.inp_socket
    if tp.t_state < TCPS_ESTABLISHED:
        tcp_close(tp)
    elif so.so_options & SO_LINGER and not so.so_linger:
        tcp_drop(tp, None)
    else:
        soisdisconnecting(so)
        sbflush(so, so.so_rcv)
        tcp_usrclosed(tp)
        tcp_output(tp)


def tcp_drop(tp: Tcpcb, error: Errno | None) -> None:
    """End the connection at once; the peer is told by a reset, the program by error."""
    peer = tp.t_peer
    if error is not None:
        tp.t_inpcb.inp_socket.so_error = error
    tcp_close(tp)
    if peer is not None:
        _reset(peer)


def _reset(tp: Tcpcb) -> None:
    """A reset has come."""
    if TCPS_ESTABLISHED <= tp.t_state <= TCPS_FIN_WAIT_1 or tp.t_state == TCPS_FIN_WAIT_2:
        tp.t_inpcb.inp_socket.so_error = Errno.ECONNRESET
    tcp_close(tp)


def tcp_close(tp: Tcpcb) -> None:
    """Forget the connection."""
    if tp.t_state == TCPS_CLOSED and tp.t_inpcb.inp_socket.so_pcb is not tp.t_inpcb:
        return
    tcp_disarm(tp)
    if tp.t_peer is not None:
        tp.t_peer.t_peer = None
        tp.t_peer = None
    tp.t_state = TCPS_CLOSED
    so = tp.t_inpcb.inp_socket
    sbflush(so, so.so_snd)
    soisdisconnected(so)
    in_pcbdetach(tp.t_inpcb)
