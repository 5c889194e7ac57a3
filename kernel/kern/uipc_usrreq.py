# SPDX-License-Identifier: BSD-2-Clause
"""Local (Unix) sockets.  NetBSD sys/kern/uipc_usrreq.c, uipc_proto.c.

What is sent is at once in the receive buffer of the peer; the send buffer only
counts how much more may go.  Passing files is in uipc_usrreq_rights.
"""

from typing import Final

from kernel.arch.python.clock import nanotime
from kernel.kern.kern_stub import eopnotsupp
from kernel.kern.uipc_socket import sockopt_int, sockopt_pack
from kernel.kern.uipc_socket2 import (
    sbappend,
    sbappendaddr,
    sbappendcontrol,
    sbappendrecord,
    socantrcvmore,
    socantsendmore,
    sofree,
    soisconnected,
    soisconnecting,
    soisdisconnected,
    sonewconn,
    soreserve,
    sorflush,
    sorwakeup,
    sowwakeup,
)
from kernel.kern.uipc_usrreq_rights import (
    unp_dispose,
    unp_externalize,
    unp_internalize,
    unp_thread_kick,
)
from kernel.kern.vfs_lookup import namei
from kernel.kern.vfs_subr import vref, vrele
from kernel.sys.dataclasses import replace
from kernel.sys.errno import Errno, KernelError
from kernel.sys.namei import CREATE, FOLLOW, LOOKUP, Nameidata
from kernel.sys.proc import Lwp
from kernel.sys.socket import (
    AF_LOCAL,
    SCM_CREDS,
    SO_ACCEPTCONN,
    SOCK_DGRAM,
    SOCK_SEQPACKET,
    SOCK_STREAM,
    SOL_SOCKET,
    Sockcred,
)
from kernel.sys.socketvar import (
    PR_ADDR,
    PR_ATOMIC,
    PR_CONNREQUIRED,
    PR_LISTEN,
    PR_RIGHTS,
    PR_WANTRCVD,
    SS_ISCONNECTED,
    SS_ISCONNECTING,
    Control,
    Domain,
    Protosw,
    PrUsrreqs,
    Record,
    Socket,
)
from kernel.sys.stat import ACCESSPERMS, S_IFSOCK, Stat
from kernel.sys.types import NODEV
from kernel.sys.un import (
    LOCAL_CONNWAIT,
    LOCAL_CREDS,
    LOCAL_PEEREID,
    SOL_LOCAL,
    SUN_NONAME,
    Unpcbid,
    sun_path,
)
from kernel.sys.unpcb import UNP_CONNWAIT, UNP_WANTCRED, Unpcb
from kernel.sys.vnode import VSOCK, VWRITE, Vattr, Vnode

PIPSIZ: Final = 4096  # bytes of both buffers of a connection
_DGRAM_RECV: Final = 4096  # bytes of datagrams, and of the addresses they come from
_DGRAM_SEND: Final = 2048  # soreserve makes more of it
_FLAGS: Final = {LOCAL_CREDS: UNP_WANTCRED, LOCAL_CONNWAIT: UNP_CONNWAIT}


def unp_attach(so: Socket) -> None:
    """Give a new socket its buffers and its pcb."""
    if so.so_type == SOCK_DGRAM:
        soreserve(so, _DGRAM_SEND, _DGRAM_RECV)
    else:
        soreserve(so, PIPSIZ, PIPSIZ)
    so.so_pcb = Unpcb(so, nanotime(so.so_kernel))


def unp_detach(so: Socket) -> None:
    """The socket goes: who is connected to it hears of it, its name leads nowhere.

    Source: unp_detach, NetBSD sys/kern/uipc_usrreq.c.
    """
    unp: Unpcb = so.so_pcb
    if unp.unp_vnode is not None:
        unp.unp_vnode.v_socket = None
        vrele(unp.unp_vnode)
        unp.unp_vnode = None
    if unp.unp_conn is not None:
        _disconnect1(unp)
    while unp.unp_refs:
        _drop(unp.unp_refs[0], Errno.ECONNRESET)
    soisdisconnected(so)
    so.so_pcb = None
    if so.so_kernel.net.unp_inflight:
        sorflush(so)
        unp_thread_kick(so.so_kernel)


def _accept(so: Socket) -> bytes:
    """Let who waits because of LOCAL_CONNWAIT go on; return the peer's name."""
    unp: Unpcb | None = so.so_pcb
    if unp is None:
        raise KernelError(Errno.EINVAL)
    if unp.unp_conn is not None and unp.unp_conn.unp_socket.so_state & SS_ISCONNECTING:
        soisconnected(unp.unp_conn.unp_socket)
    return _peeraddr(so)


def _bind(lwp: Lwp, so: Socket, nam: bytes) -> None:
    """Make a file that the socket is known by.

    Raises:
        KernelError: EINVAL, it has one; EADDRINUSE, there is a file of that name;
            and as namei and VOP_CREATE.
    """
    unp = _pcb(so)
    if unp.unp_vnode is not None:
        raise KernelError(Errno.EINVAL)
    nd = Nameidata(CREATE, FOLLOW, sun_path(nam))
    namei(lwp, nd)
    if nd.ni_vp is not None or nd.ni_dvp is None:
        raise KernelError(Errno.EADDRINUSE)
    p = lwp.l_proc
    va = Vattr(VSOCK, ACCESSPERMS & ~p.p_cwdi.cwdi_cmask)
    vp = nd.ni_dvp.v_op.vop_create(nd.ni_dvp, nd.ni_name, va, p.p_cred)
    vref(vp)
    vp.v_socket = so
    unp.unp_vnode = vp
    unp.unp_addr = bytes((len(nam),)) + nam[1:]
    unp.unp_bindid = _unpcbid(lwp)


def _unpcbid(lwp: Lwp) -> Unpcbid:
    p = lwp.l_proc
    return Unpcbid(p.p_pid, p.p_cred.cr_uid, p.p_cred.cr_gid)


def _listen(_lwp: Lwp, so: Socket) -> None:
    """Refuse a socket without a name.

    Raises:
        KernelError: EINVAL.
    """
    if _pcb(so).unp_vnode is None:
        raise KernelError(Errno.EINVAL)


def _connect(lwp: Lwp, so: Socket, nam: bytes) -> None:
    """Connect so to the socket that the file called nam stands for.

    Raises:
        KernelError: ENOTSOCK, it is no socket's; EACCES, the caller may not write it;
            ECONNREFUSED, no socket has it any more, or that one does not listen or has too many
            who wait; EPROTOTYPE, it is of another type; and as namei.

    Source: unp_connect, NetBSD sys/kern/uipc_usrreq.c.
    """
    unp = _pcb(so)
    so2 = _lookup(lwp, sun_path(nam))
    if so2.so_type != so.so_type:
        raise KernelError(Errno.EPROTOTYPE)
    if so.so_type == SOCK_DGRAM:
        _connect1(lwp, unp, _pcb(so2))
        return
    so3 = sonewconn(so2, soready=False) if so2.so_options & SO_ACCEPTCONN else None
    if so3 is None:
        raise KernelError(Errno.ECONNREFUSED)
    unp2, unp3 = _pcb(so2), _pcb(so3)
    unp3.unp_addr, unp3.unp_flags, unp3.unp_bindid = (
        unp2.unp_addr,
        unp2.unp_flags,
        unp2.unp_bindid,
    )
    _connect1(lwp, unp, unp3)
    unp3.unp_conn = unp
    if (unp.unp_flags | unp3.unp_flags) & UNP_CONNWAIT:
        soisconnecting(so)
    else:
        soisconnected(so)
    soisconnected(so3)


def _lookup(lwp: Lwp, path: bytes) -> Socket:
    """Return the socket that is bound to path.

    Raises:
        KernelError: ENOTSOCK, EACCES, ECONNREFUSED; and as namei.
    """
    nd = Nameidata(LOOKUP, FOLLOW, path)
    namei(lwp, nd)
    vp: Vnode | None = nd.ni_vp
    if vp is None or vp.v_type != VSOCK:
        raise KernelError(Errno.ENOTSOCK)
    vp.v_op.vop_access(vp, VWRITE, lwp.l_proc.p_cred)
    if vp.v_socket is None:
        raise KernelError(Errno.ECONNREFUSED)
    so: Socket = vp.v_socket
    return so


def _connect1(lwp: Lwp, unp: Unpcb, unp2: Unpcb) -> None:
    """Let unp be connected to unp2, and each know who the other is."""
    unp.unp_conn = unp2
    if unp.unp_socket.so_type == SOCK_DGRAM:
        unp2.unp_refs.insert(0, unp)
        soisconnected(unp.unp_socket)
        return
    unp2.unp_connid = _unpcbid(lwp)
    if unp2.unp_bindid is not None:
        unp.unp_connid = unp2.unp_bindid


def _connect2(lwp: Lwp, so: Socket, so2: Socket) -> None:
    """Connect two sockets to each other, for socketpair; for datagrams one way only."""
    unp, unp2 = _pcb(so), _pcb(so2)
    _connect1(lwp, unp, unp2)
    if so.so_type == SOCK_DGRAM:
        return
    unp2.unp_conn = unp
    unp.unp_connid = unp2.unp_connid
    soisconnected(so)
    soisconnected(so2)


def _disconnect(so: Socket) -> None:
    _disconnect1(_pcb(so))


def _disconnect1(unp: Unpcb) -> None:
    """Part unp and its peer."""
    unp2 = unp.unp_conn
    if unp2 is None:
        return
    unp.unp_conn = None
    if unp.unp_socket.so_type == SOCK_DGRAM:
        unp2.unp_refs.remove(unp)
        unp.unp_socket.so_state &= ~SS_ISCONNECTED
        return
    soisdisconnected(unp.unp_socket)
    unp2.unp_conn = None
    soisdisconnected(unp2.unp_socket)


def _drop(unp: Unpcb, error: Errno) -> None:
    """Part unp and its peer, and let unp's next call fail with error."""
    so = unp.unp_socket
    so.so_error = error
    _disconnect1(unp)
    if so.so_head is not None:
        so.so_pcb = None
        sofree(so)


def _shutdown(so: Socket) -> None:
    """Send no more; the peer of a connection receives no more."""
    unp = _pcb(so)
    socantsendmore(so)
    if so.so_type != SOCK_DGRAM and unp.unp_conn is not None:
        socantrcvmore(unp.unp_conn.unp_socket)


def _abort(so: Socket) -> None:
    """End a connection that nobody has accepted."""
    _drop(_pcb(so), Errno.ECONNABORTED)
    if so.so_pcb is not None:
        unp_detach(so)


def _send(
    lwp: Lwp, so: Socket, data: memoryview, nam: bytes | None, control: bytes, eor: bool
) -> None:
    """Put data, and files with it, into the peer's receive buffer.

    Raises:
        KernelError: EISCONN, nam is given although there is a peer; ENOTCONN; ENOBUFS, the
            receiver of a datagram has no room for it; and as _connect, unp_internalize.

    Source: unp_send, NetBSD sys/kern/uipc_usrreq.c.
    """
    unp = _pcb(so)
    messages = [unp_internalize(lwp, control)] if control else []
    try:
        if so.so_type == SOCK_DGRAM:
            _send_datagram(lwp, unp, data, nam, messages)
            return
        peer = unp.unp_conn
        if peer is None:
            raise KernelError(Errno.ENOTCONN)
    except KernelError:
        unp_dispose(so.so_kernel, messages)
        raise
    if peer.unp_flags & UNP_WANTCRED:
        peer.unp_flags &= ~UNP_WANTCRED  # told once
        messages.append(_sockcred(lwp))
    rcv = peer.unp_socket.so_rcv
    if messages:
        if not sbappendcontrol(rcv, data, messages, eor):
            unp_dispose(so.so_kernel, messages)
    elif so.so_type == SOCK_STREAM:
        sbappend(rcv, data, eor)
    else:
        record = Record(eor=eor)
        if data:
            record.chunks.append(data)
        sbappendrecord(rcv, record)
    so.so_snd.sb_hiwat -= rcv.sb_cc - peer.unp_cc
    peer.unp_cc = rcv.sb_cc
    sorwakeup(peer.unp_socket)


def _send_datagram(
    lwp: Lwp, unp: Unpcb, data: memoryview, nam: bytes | None, messages: list[Control]
) -> None:
    so = unp.unp_socket
    if nam is not None:
        if so.so_state & SS_ISCONNECTED:
            raise KernelError(Errno.EISCONN)
        if nam[1] != AF_LOCAL:
            raise KernelError(Errno.EAFNOSUPPORT)
        _connect(lwp, so, nam)
    elif not so.so_state & SS_ISCONNECTED:
        raise KernelError(Errno.ENOTCONN)
    try:
        peer = unp.unp_conn
        if peer is None:
            raise KernelError(Errno.ECONNREFUSED)
        if peer.unp_flags & UNP_WANTCRED:
            messages = [*messages, _sockcred(lwp)]
        rcv = peer.unp_socket.so_rcv
        if not sbappendaddr(rcv, unp.unp_addr or SUN_NONAME, data, messages):
            rcv.sb_overflowed += 1
            raise KernelError(Errno.ENOBUFS)
        sorwakeup(peer.unp_socket)
    finally:
        if nam is not None:
            _disconnect1(unp)


def _sockcred(lwp: Lwp) -> Control:
    """Return the message that tells who sends."""
    cred = lwp.l_proc.p_cred
    who = Sockcred(
        lwp.l_proc.p_pid, cred.cr_ruid, cred.cr_uid, cred.cr_rgid, cred.cr_gid, cred.cr_groups
    )
    return Control(SOL_SOCKET, SCM_CREDS, who.pack())


def _rcvd(so: Socket) -> None:
    """Let the peer send as much more as was received."""
    unp = _pcb(so)
    if unp.unp_conn is None:
        return
    peer = unp.unp_conn.unp_socket
    peer.so_snd.sb_hiwat += unp.unp_cc - so.so_rcv.sb_cc
    unp.unp_cc = so.so_rcv.sb_cc
    sowwakeup(peer)


def _setopt(so: Socket, level: int, name: int, value: bytes) -> None:
    """Set an option of level SOL_LOCAL.

    Raises:
        KernelError: ENOPROTOOPT; EINVAL, the value is no int.
    """
    if level != SOL_LOCAL or name not in _FLAGS:
        raise KernelError(Errno.ENOPROTOOPT)
    unp = _pcb(so)
    if sockopt_int(value):
        unp.unp_flags |= _FLAGS[name]
    else:
        unp.unp_flags &= ~_FLAGS[name]


def _getopt(so: Socket, level: int, name: int) -> bytes:
    """Return an option of level SOL_LOCAL.

    Raises:
        KernelError: ENOPROTOOPT; EINVAL, LOCAL_PEEREID of who has no peer.
    """
    unp = _pcb(so)
    if level == SOL_LOCAL and name == LOCAL_PEEREID:
        if unp.unp_connid is None:
            raise KernelError(Errno.EINVAL)
        return unp.unp_connid.pack()
    if level == SOL_LOCAL and name == LOCAL_CREDS:
        return sockopt_pack(bool(unp.unp_flags & UNP_WANTCRED))
    raise KernelError(Errno.ENOPROTOOPT)


def _stat(so: Socket) -> Stat:
    unp = _pcb(so)
    net = so.so_kernel.net
    if not unp.unp_ino:
        unp.unp_ino = net.unp_ino
        net.unp_ino += 1
    blksize = so.so_snd.sb_hiwat
    if so.so_type != SOCK_DGRAM and unp.unp_conn is not None:
        blksize += unp.unp_conn.unp_socket.so_rcv.sb_cc
    time = unp.unp_ctime
    return Stat(
        st_dev=NODEV,
        st_ino=unp.unp_ino,
        st_mode=S_IFSOCK,
        st_atim=time,
        st_mtim=time,
        st_ctim=time,
        st_blksize=blksize,
    )


def _sockaddr(so: Socket) -> bytes:
    return _pcb(so).unp_addr or SUN_NONAME


def _peeraddr(so: Socket) -> bytes:
    peer = _pcb(so).unp_conn
    return SUN_NONAME if peer is None else peer.unp_addr or SUN_NONAME


def _pcb(so: Socket) -> Unpcb:
    """Return the pcb.

    Raises:
        KernelError: EINVAL, it is gone.
    """
    unp: Unpcb | None = so.so_pcb
    if unp is None:
        raise KernelError(Errno.EINVAL)
    return unp


unp_usrreqs = PrUsrreqs(
    pr_attach=unp_attach,
    pr_detach=unp_detach,
    pr_accept=_accept,
    pr_connect=_connect,
    pr_connect2=_connect2,
    pr_bind=_bind,
    pr_listen=_listen,
    pr_disconnect=_disconnect,
    pr_shutdown=_shutdown,
    pr_abort=_abort,
    pr_ioctl=eopnotsupp,
    pr_stat=_stat,
    pr_peeraddr=_peeraddr,
    pr_sockaddr=_sockaddr,
    pr_rcvd=_rcvd,
    pr_recvoob=eopnotsupp,
    pr_send=_send,
    pr_sendoob=eopnotsupp,
)

unixdomain = Domain(AF_LOCAL, "unix", unp_externalize, unp_dispose)
_CONNECTION = PR_CONNREQUIRED | PR_WANTRCVD | PR_RIGHTS | PR_LISTEN
_stream = Protosw(SOCK_STREAM, unixdomain, 0, _CONNECTION, unp_usrreqs, _setopt, _getopt)
unixsw = (
    _stream,
    replace(_stream, pr_type=SOCK_DGRAM, pr_flags=PR_ATOMIC | PR_ADDR | PR_RIGHTS),
    replace(_stream, pr_type=SOCK_SEQPACKET, pr_flags=_CONNECTION | PR_ATOMIC),
)
