# SPDX-License-Identifier: BSD-2-Clause
"""States of sockets, queues of connections, socket buffers.  NetBSD sys/kern/uipc_socket2.c."""

from collections.abc import Iterable
from typing import Final

from kernel.kern.kern_proc import pgrp_find
from kernel.kern.kern_sig import kpsignal
from kernel.kern.kern_synch import PCATCH, PSOCK, tsleep, wakeup
from kernel.kern.sys_select import selwakeup
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import PIPE_BUF
from kernel.sys.proc import Lwp
from kernel.sys.resource import RLIMIT_SBSIZE
from kernel.sys.signal import SIGIO, SIGURG
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.socket import SO_ACCEPTCONN
from kernel.sys.socketvar import (
    PR_RIGHTS,
    SB_MAX,
    SO_LOWAT,
    SS_ASYNC,
    SS_CANTRCVMORE,
    SS_CANTSENDMORE,
    SS_ISCONNECTED,
    SS_ISCONNECTING,
    SS_ISDISCONNECTED,
    SS_ISDISCONNECTING,
    SS_NOFDREF,
    SS_POLLRDBAND,
    Control,
    Record,
    Sockbuf,
    Socket,
    sbspace,
)

_MSIZE: Final = 512  # bytes of an mbuf
_MCLBYTES: Final = 2048  # bytes of its cluster

POLL_IN: Final = 1  # si_code of SIGIO and SIGURG
POLL_OUT: Final = 2
POLL_PRI: Final = 5


def soisconnecting(so: Socket) -> None:
    """A connection has been asked for."""
    so.so_state &= ~(SS_ISCONNECTED | SS_ISDISCONNECTING)
    so.so_state |= SS_ISCONNECTING


def soisconnected(so: Socket) -> None:
    """The connection is there: accept gets it, or who waits in connect goes on."""
    so.so_state &= ~(SS_ISCONNECTING | SS_ISDISCONNECTING)
    so.so_state |= SS_ISCONNECTED
    head = so.so_head
    if head is not None and so in head.so_q0:
        soqremque(so)
        soqinsque(head, so, head.so_q)
        sorwakeup(head)
        wakeup(head.so_kernel, head)
    else:
        wakeup(so.so_kernel, so)
        sorwakeup(so)
        sowwakeup(so)


def soisdisconnecting(so: Socket) -> None:
    """The end of the connection has begun."""
    so.so_state &= ~SS_ISCONNECTING
    so.so_state |= SS_ISDISCONNECTING | SS_CANTRCVMORE | SS_CANTSENDMORE
    _sowakeall(so)


def soisdisconnected(so: Socket) -> None:
    """There is no connection any more."""
    so.so_state &= ~(SS_ISCONNECTING | SS_ISCONNECTED | SS_ISDISCONNECTING)
    so.so_state |= SS_CANTRCVMORE | SS_CANTSENDMORE | SS_ISDISCONNECTED
    _sowakeall(so)


def _sowakeall(so: Socket) -> None:
    wakeup(so.so_kernel, so)
    sowwakeup(so)
    sorwakeup(so)


def socantsendmore(so: Socket) -> None:
    """Nothing more is going to be sent."""
    so.so_state |= SS_CANTSENDMORE
    sowwakeup(so)


def socantrcvmore(so: Socket) -> None:
    """Nothing more is going to come; what is there may still be read."""
    so.so_state |= SS_CANTRCVMORE
    sorwakeup(so)


def sohasoutofband(so: Socket) -> None:
    """Urgent data has come: SIGURG, and poll."""
    so.so_state |= SS_POLLRDBAND
    _fownsignal(so, SIGURG, POLL_PRI)
    selwakeup(so.so_kernel, so.so_rcv.sb_sel)


def sorwakeup(so: Socket) -> None:
    """Wake who waits to receive."""
    _sowakeup(so, so.so_rcv, POLL_IN)


def sowwakeup(so: Socket) -> None:
    """Wake who waits to send."""
    _sowakeup(so, so.so_snd, POLL_OUT)


def _sowakeup(so: Socket, sb: Sockbuf, code: int) -> None:
    selwakeup(so.so_kernel, sb.sb_sel)
    wakeup(so.so_kernel, sb)
    if so.so_state & SS_ASYNC:
        _fownsignal(so, SIGIO, code)


def _fownsignal(so: Socket, signo: int, code: int) -> None:
    """Send a signal to the socket's owner, if it has one.

    Source: fownsignal, NetBSD sys/kern/kern_descrip.c.
    """
    kernel, owner = so.so_kernel, so.so_pgid
    ksi = Ksiginfo(signo, code)
    if owner > 0 and owner in kernel.allproc:
        kpsignal(kernel.allproc[owner], ksi)
    elif owner < 0:
        group = pgrp_find(kernel, -owner)
        for p in list(group.pg_members) if group is not None else ():
            kpsignal(p, ksi)


def soenter(so: Socket) -> None:
    """Number a new socket: what listings tell instead of its address."""
    net = so.so_kernel.net
    net.nsockets += 1
    net.sockets[so] = net.nsockets


def sofree(so: Socket) -> None:
    """Forget a socket that neither a descriptor nor its protocol needs any more.

    One that waits to be accepted stays, or accept would find nothing after all.
    """
    if so.so_pcb is not None or not so.so_state & SS_NOFDREF:
        return
    head = so.so_head
    if head is not None:
        if so not in head.so_q0:
            return
        soqremque(so)
    sbflush(so, so.so_snd)
    sorflush(so)
    so.so_kernel.net.sockets.pop(so, None)


def sonewconn(head: Socket, soready: bool) -> Socket | None:
    """Make the socket of a new connection to head; None: its queue is full.

    Args:
        head: the listening socket.
        soready: the connection is complete, accept may have it.

    Source: sonewconn, NetBSD sys/kern/uipc_socket2.c.
    """
    full = len(head.so_q) + len(head.so_q0) > 3 * head.so_qlimit // 2
    if full or not head.so_rcv.sb_hiwat:  # shut down
        return None
    so = Socket(
        head.so_kernel,
        head.so_type,
        head.so_proto,
        head.so_cred,
        so_options=head.so_options & ~SO_ACCEPTCONN,
        so_linger=head.so_linger,
        so_state=head.so_state | SS_NOFDREF,
        so_pgid=head.so_pgid,
    )
    soenter(so)
    for new, old in ((so.so_rcv, head.so_rcv), (so.so_snd, head.so_snd)):
        new.sb_hiwat, new.sb_lowat, new.sb_timeo = old.sb_hiwat, old.sb_lowat, old.sb_timeo
    so.so_proto.pr_usrreqs.pr_attach(so)
    soqinsque(head, so, head.so_q if soready else head.so_q0)
    if soready:
        so.so_state |= SS_ISCONNECTED
        sorwakeup(head)
        wakeup(head.so_kernel, head)
    return so


def soqinsque(head: Socket, so: Socket, queue: list[Socket]) -> None:
    """Enter so in a queue of head's."""
    so.so_head = head
    queue.append(so)


def soqremque(so: Socket) -> None:
    """Take so out of the queue of its head."""
    head = so.so_head
    if head is not None:
        (head.so_q0 if so in head.so_q0 else head.so_q).remove(so)
        so.so_head = None


def soreserve(so: Socket, sndcc: int, rcvcc: int) -> None:
    """Give a new socket its buffers, unless it has them from its listening socket.

    Source: soreserve, NetBSD sys/kern/uipc_socket2.c.
    """
    if so.so_snd.sb_hiwat and so.so_rcv.sb_hiwat:
        return
    so.so_snd.sb_hiwat = max(sndcc, SO_LOWAT + PIPE_BUF)
    so.so_snd.sb_lowat = SO_LOWAT
    so.so_rcv.sb_hiwat = rcvcc
    so.so_rcv.sb_lowat = 1


def sbreserve(lwp: Lwp, sb: Sockbuf, cc: int) -> None:
    """Let sb hold cc bytes.

    Raises:
        KernelError: ENOBUFS, more than kern.sbmax leaves beside what mbufs cost,
            or than RLIMIT_SBSIZE.
    """
    sb_max = lwp.l_kernel.sysctl_data.get("sbmax", SB_MAX)
    sb_max_adj = sb_max * _MCLBYTES // (_MSIZE + _MCLBYTES)
    if not 0 < cc <= min(sb_max_adj, lwp.l_proc.p_limit[RLIMIT_SBSIZE][0]):
        raise KernelError(Errno.ENOBUFS)
    sb.sb_hiwat = cc
    sb.sb_lowat = min(sb.sb_lowat, cc)


def sowait(lwp: Lwp, so: Socket, timo: int = 0) -> None:
    """Wait for the state of so to change, at most timo ns.

    Raises:
        KernelError: EINTR, ERESTART; EWOULDBLOCK, timo has passed.
    """
    tsleep(lwp, so, PSOCK | PCATCH, "socket", timo)


def sbwait(lwp: Lwp, sb: Sockbuf) -> None:
    """Wait for sb to change, as long as its timeout allows.

    Raises:
        KernelError: EINTR, ERESTART; EWOULDBLOCK, its time has passed.
    """
    tsleep(lwp, sb, PSOCK | PCATCH, "netio", sb.sb_timeo)


def sblock(lwp: Lwp, so: Socket, sb: Sockbuf, wait: bool) -> None:
    """Keep others from sb until sbunlock.

    Raises:
        KernelError: EWOULDBLOCK, it is locked and not to be waited for; EINTR, ERESTART.
    """
    while sb.sb_locked:
        if not wait:
            raise KernelError(Errno.EWOULDBLOCK)
        sowait(lwp, so)
    sb.sb_locked = True


def sbunlock(so: Socket, sb: Sockbuf) -> None:
    """Let others have sb."""
    sb.sb_locked = False
    wakeup(so.so_kernel, so)


def sbappend(sb: Sockbuf, data: memoryview, eor: bool = False) -> None:
    """Add data to the last record; what ended a record is followed by a new one."""
    if not data:
        return
    if not sb.sb_records or sb.sb_records[-1].eor:
        sb.sb_records.append(Record())
    sb.sb_records[-1].chunks.append(data)
    sb.sb_records[-1].eor = eor
    sb.sb_cc += len(data)


def sbappendrecord(sb: Sockbuf, record: Record) -> None:
    """Add a record, whether there is room or not."""
    sb.sb_records.append(record)
    sb.sb_cc += record.m_len


def sbappendaddr(sb: Sockbuf, addr: bytes, data: memoryview, control: Iterable[Control]) -> bool:
    """Add a datagram with the address it comes from; False: there is no room."""
    record = Record(addr, list(control))
    if data:
        record.chunks.append(data)
    if record.m_len > sbspace(sb):
        return False
    sbappendrecord(sb, record)
    return True


def sbappendcontrol(
    sb: Sockbuf, data: memoryview, control: Iterable[Control], eor: bool = False
) -> bool:
    """Add data with control messages before it; False: there is no room."""
    record = Record(None, list(control), eor=eor)
    if data:
        record.chunks.append(data)
    if record.m_len > sbspace(sb):
        return False
    sbappendrecord(sb, record)
    return True


def sbdroprecord(sb: Sockbuf) -> None:
    """Throw the first record away."""
    if sb.sb_records:
        sb.sb_cc -= sb.sb_records.popleft().m_len


def sbflush(so: Socket, sb: Sockbuf) -> None:
    """Throw away all that is in sb, files in messages included."""
    controls = [control for record in sb.sb_records for control in record.control]
    sb.sb_records.clear()
    sb.sb_cc = 0
    dispose = so.so_proto.pr_domain.dom_dispose
    if controls and dispose is not None and so.so_proto.pr_flags & PR_RIGHTS:
        dispose(so.so_kernel, controls)


def sorflush(so: Socket) -> None:
    """Receive no more, and throw away what is there, and the buffer with its marks and time."""
    socantrcvmore(so)
    sbflush(so, so.so_rcv)
    so.so_rcv.sb_hiwat = so.so_rcv.sb_lowat = so.so_rcv.sb_timeo = 0
