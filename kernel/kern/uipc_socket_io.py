# SPDX-License-Identifier: BSD-2-Clause
"""Sending and receiving on a socket; whether that would wait.  NetBSD sys/kern/uipc_socket.c."""

from enum import Enum, auto

from kernel.kern.kern_subr import uiogather, uiomove
from kernel.kern.sys_select import selrecord
from kernel.kern.uipc_socket2 import sbdroprecord, sblock, sbunlock, sbwait
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import O_CLOEXEC
from kernel.sys.file import POLLIN, POLLOUT, POLLPRI, POLLRDBAND, POLLRDNORM, POLLWRNORM
from kernel.sys.proc import Lwp
from kernel.sys.socket import (
    MSG_CMSG_CLOEXEC,
    MSG_DONTWAIT,
    MSG_EOR,
    MSG_NBIO,
    MSG_OOB,
    MSG_PEEK,
    MSG_TRUNC,
    MSG_WAITALL,
    SCM_RIGHTS,
)
from kernel.sys.socketvar import (
    PR_ADDR,
    PR_ATOMIC,
    PR_CONNREQUIRED,
    PR_WANTRCVD,
    SS_CANTRCVMORE,
    SS_CANTSENDMORE,
    SS_ISCONNECTED,
    SS_ISCONNECTING,
    SS_NBIO,
    SS_POLLRDBAND,
    SS_RCVATMARK,
    Control,
    Record,
    Socket,
    sbspace,
)
from kernel.sys.uio import Uio

_NOTHING = memoryview(b"")
_OOB_ROOM = 1024  # bytes of urgent data that a full buffer takes


def sosend(
    lwp: Lwp, so: Socket, addr: bytes | None, uio: Uio, control: bytes = b"", flags: int = 0
) -> None:
    """Send all that uio describes, waiting for room.

    Args:
        lwp: the caller.
        so: a socket.
        addr: where to; None: to the peer.
        uio: what; uio_resid tells how much has not gone.
        control: control data, as the program gave it.
        flags: MSG_*; only MSG_NBIO keeps it from waiting, MSG_DONTWAIT does not, as on NetBSD.

    Raises:
        KernelError: EPIPE, nothing may be sent any more; ENOTCONN; EDESTADDRREQ;
            EMSGSIZE, it could never be sent whole; EWOULDBLOCK; EINTR, ERESTART;
            an error that the socket has kept; EFAULT; and what the protocol says.

    Source: sosend, NetBSD sys/kern/uipc_socket.c.
    """
    if flags & MSG_OOB:
        control = b""
    while True:
        sblock(lwp, so, so.so_snd, not flags & MSG_DONTWAIT)
        try:
            while _sosend1(lwp, so, addr, uio, control, flags):
                control = b""
                if not uio.uio_resid:
                    return
        finally:
            sbunlock(so, so.so_snd)
        sbwait(lwp, so.so_snd)


def _sosend1(
    lwp: Lwp, so: Socket, addr: bytes | None, uio: Uio, control: bytes, flags: int
) -> bool:
    """Hand what there is room for to the protocol; False: it has to be waited for."""
    resid, clen = uio.uio_resid, len(control)
    pr = so.so_proto
    if so.so_state & SS_CANTSENDMORE:
        raise KernelError(Errno.EPIPE)
    if so.so_error is not None:
        error = so.so_error
        if not flags & MSG_PEEK:
            so.so_error = None
        raise KernelError(error)
    if not so.so_state & SS_ISCONNECTED:
        if pr.pr_flags & PR_CONNREQUIRED:
            if resid or not clen:
                raise KernelError(Errno.ENOTCONN)
        elif addr is None:
            raise KernelError(Errno.EDESTADDRREQ)
    snd = so.so_snd
    space = sbspace(snd) + (_OOB_ROOM if flags & MSG_OOB else 0)
    atomic = pr.pr_flags & PR_ATOMIC
    if (atomic and resid > snd.sb_hiwat) or clen > snd.sb_hiwat:
        raise KernelError(Errno.EMSGSIZE)
    if space < resid + clen and (atomic or space < snd.sb_lowat or space < clen):
        if so.so_state & SS_NBIO or flags & MSG_NBIO:
            raise KernelError(Errno.EWOULDBLOCK)
        return False
    size = min(resid, space - clen)
    data = memoryview(bytes(uiogather(uio, size))) if size else _NOTHING
    if flags & MSG_OOB:
        pr.pr_usrreqs.pr_sendoob(so, data, control)
    else:
        eor = bool(flags & MSG_EOR) and not uio.uio_resid
        pr.pr_usrreqs.pr_send(lwp, so, data, addr, control, eor)
    return True


class _Look(Enum):
    """What soreceive has found in the buffer."""

    READY = auto()
    END = auto()  # nothing will come, or nothing is wanted
    WAIT = auto()


def soreceive(
    lwp: Lwp, so: Socket, uio: Uio, flags: int = 0, control: list[Control] | None = None
) -> tuple[bytes | None, int]:
    """Receive into uio, waiting for something.

    Args:
        lwp: the caller.
        so: a socket.
        uio: where to; uio_resid tells how much has not come.
        flags: MSG_*.
        control: gets the control messages; None: they are thrown away.

    Returns:
        the address it comes from, if the protocol tells; the flags, MSG_EOR,
        MSG_TRUNC and MSG_OOB besides.

    Raises:
        KernelError: ENOTCONN; EWOULDBLOCK; EINTR, ERESTART; an error that the socket
            has kept; EFAULT; EMSGSIZE, EPERM, EINVAL, files cannot be received.

    Source: soreceive, NetBSD sys/kern/uipc_socket.c.
    """
    if flags & MSG_OOB:
        data = so.so_proto.pr_usrreqs.pr_recvoob(so, bool(flags & MSG_PEEK))
        if uio.uio_resid:
            uiomove(data[: uio.uio_resid], uio)
        return None, flags
    while True:
        sblock(lwp, so, so.so_rcv, not flags & MSG_DONTWAIT)
        try:
            look = _soready(so, uio.uio_resid, flags)
            if look is _Look.END:
                return None, flags
            if look is _Look.READY:
                answer = _soreceive1(lwp, so, uio, flags & ~MSG_EOR, control)
                if answer is not None:
                    return answer
                continue
        finally:
            sbunlock(so, so.so_rcv)
        sbwait(lwp, so.so_rcv)


def _soready(so: Socket, resid: int, flags: int) -> _Look:
    """Tell whether to take what is there.

    Raises:
        KernelError: ENOTCONN; EWOULDBLOCK; an error that the socket has kept.
    """
    sb = so.so_rcv
    first = sb.sb_records[0] if sb.sb_records else None
    enough = sb.sb_cc >= resid or (
        sb.sb_cc >= sb.sb_lowat and not (flags & MSG_WAITALL and resid <= sb.sb_hiwat)
    )
    if first is not None and (
        enough or flags & MSG_DONTWAIT or len(sb.sb_records) > 1 or so.so_proto.pr_flags & PR_ATOMIC
    ):
        return _Look.READY
    error = so.so_error or so.so_rerror
    if first is not None and (error or first.eor or so.so_state & SS_CANTRCVMORE):
        return _Look.READY
    if error:
        if not flags & MSG_PEEK:
            if so.so_error is None:
                so.so_rerror = None
            so.so_error = None
        raise KernelError(error)
    if so.so_state & SS_CANTRCVMORE:
        return _Look.END
    connected = so.so_state & (SS_ISCONNECTED | SS_ISCONNECTING)
    if not connected and so.so_proto.pr_flags & PR_CONNREQUIRED:
        raise KernelError(Errno.ENOTCONN)
    if not resid:
        return _Look.END
    if so.so_state & SS_NBIO or flags & (MSG_DONTWAIT | MSG_NBIO):
        raise KernelError(Errno.EWOULDBLOCK)
    return _Look.WAIT


def _soreceive1(
    lwp: Lwp, so: Socket, uio: Uio, flags: int, control: list[Control] | None
) -> tuple[bytes | None, int] | None:
    """Take from the first record; None: there was nothing in it for the caller, look again."""
    sb, pr = so.so_rcv, so.so_proto
    record = sb.sb_records[0]
    peek = flags & MSG_PEEK
    atomic = pr.pr_flags & PR_ATOMIC
    asked = uio.uio_resid
    bare = not (pr.pr_flags & PR_ADDR or record.control)
    addr = record.addr
    if not peek:
        sb.sb_cc -= len(addr or b"")
        record.addr = None
    try:
        _take_control(lwp, so, record, flags, control)
    except KernelError:
        if atomic or not record.chunks:
            sbdroprecord(sb)
        _received(so)
        raise
    try:
        record, flags, cut = _take_data(lwp, so, record, uio, flags)
    except KernelError:
        if not peek and addr is not None:
            sbdroprecord(sb)
        raise
    if cut:
        return addr, flags
    left = record.chunks if not peek else _after(record, asked - uio.uio_resid)
    if left and atomic:
        flags |= MSG_TRUNC
    if not peek:
        if sb.sb_records and sb.sb_records[0] is record and (atomic or not record.chunks):
            sbdroprecord(sb)
        _received(so)
        nothing = bare and asked and asked == uio.uio_resid
        if nothing and not flags & MSG_EOR and not so.so_state & SS_CANTRCVMORE:
            return None
    return addr, flags


def _received(so: Socket) -> None:
    """Tell the protocol that there is more room now, if it wants to know."""
    if so.so_proto.pr_flags & PR_WANTRCVD and so.so_pcb is not None:
        so.so_proto.pr_usrreqs.pr_rcvd(so)


def _after(record: Record, size: int) -> bool:
    """Whether record has more than size bytes of data."""
    return sum(map(len, record.chunks)) > size


def _take_control(
    lwp: Lwp, so: Socket, record: Record, flags: int, control: list[Control] | None
) -> None:
    """Move the control messages of record to control; a look at them leaves files where they are.

    Raises:
        KernelError: files cannot be received: they are gone.
    """
    if not record.control:
        return
    if flags & MSG_PEEK:
        if control is not None:
            control += (message for message in record.control if message.files is None)
        return
    messages, record.control = record.control, []
    so.so_rcv.sb_cc -= sum(message.m_len for message in messages)
    domain = so.so_proto.pr_domain
    if control is None:
        if domain.dom_dispose is not None:
            domain.dom_dispose(so.so_kernel, messages)
        return
    control += messages
    for message in messages:
        if message.cmsg_type == SCM_RIGHTS and domain.dom_externalize is not None:
            domain.dom_externalize(lwp, message, O_CLOEXEC if flags & MSG_CMSG_CLOEXEC else 0)


def _take_data(
    lwp: Lwp, so: Socket, record: Record, uio: Uio, flags: int
) -> tuple[Record, int, bool]:
    """Move data of record, and with MSG_WAITALL of what follows it, into uio.

    Returns:
        the record it ended in, the flags, and whether a wait was cut short.
    """
    sb = so.so_rcv
    peek = flags & MSG_PEEK
    offset = 0  # bytes looked at, with MSG_PEEK
    at = 0  # chunks looked at, with MSG_PEEK
    while uio.uio_resid and len(record.chunks) > at:
        chunk = record.chunks[at]
        so.so_state &= ~SS_RCVATMARK
        size = min(uio.uio_resid, len(chunk))
        if so.so_oobmark:
            size = min(size, so.so_oobmark - offset)
        uiomove(chunk[:size], uio)
        whole = size == len(chunk)
        if peek:
            offset += size
            at += 1
        else:
            sb.sb_cc -= size
            record.chunks.popleft()
            if not whole:
                record.chunks.appendleft(chunk[size:])
        if whole and record.eor and len(record.chunks) == at:
            flags |= MSG_EOR
        if _at_mark(so, size, offset, bool(peek)) or flags & MSG_EOR or (peek and not whole):
            break
        last = len(record.chunks) == at and len(sb.sb_records) == 1
        if flags & MSG_WAITALL and uio.uio_resid and last:
            if not _more(lwp, so, flags):
                return record, flags, True
            if not peek and sb.sb_records and not sb.sb_records[0].control:
                record = sb.sb_records[0]
    return record, flags, False


def _at_mark(so: Socket, size: int, offset: int, peek: bool) -> bool:
    """Count size bytes received; whether the urgent byte is next."""
    if not so.so_oobmark:
        so.so_state &= ~SS_POLLRDBAND
        return False
    if peek:
        return offset == so.so_oobmark
    so.so_oobmark -= size
    if not so.so_oobmark:
        so.so_state |= SS_RCVATMARK
        return True
    return False


def _more(lwp: Lwp, so: Socket, flags: int) -> bool:
    """Wait for more than there was, for MSG_WAITALL; False: a signal or the time ended it."""
    sb = so.so_rcv
    peek = flags & MSG_PEEK
    if not peek:
        sb.sb_records.popleft()
    had = sb.sb_cc
    while sb.sb_cc == had:
        stopped = so.so_error or so.so_rerror or so.so_state & SS_CANTRCVMORE
        if stopped or so.so_proto.pr_flags & PR_ATOMIC or (peek and sbspace(sb) <= 0):
            break
        _received(so)
        if sb.sb_cc != had:
            break
        try:
            sbwait(lwp, sb)
        except KernelError:
            return False
    return True


def soreadable(so: Socket) -> bool:
    """Whether receiving, or accepting, would not wait."""
    return bool(
        so.so_rcv.sb_cc >= so.so_rcv.sb_lowat
        or so.so_state & SS_CANTRCVMORE
        or so.so_q
        or so.so_error
        or so.so_rerror
    )


def sowritable(so: Socket) -> bool:
    """Whether sending would not wait."""
    ready = so.so_state & SS_ISCONNECTED or not so.so_proto.pr_flags & PR_CONNREQUIRED
    return bool(
        (ready and sbspace(so.so_snd) >= so.so_snd.sb_lowat)
        or so.so_state & SS_CANTSENDMORE
        or so.so_error
    )


def sopoll(lwp: Lwp, so: Socket, events: int) -> int:
    """Return which of events are so; if none, have lwp woken.  Sockets know no POLLHUP.

    Source: sopoll, NetBSD sys/kern/uipc_socket.c.
    """
    revents = 0
    reading, writing = events & (POLLIN | POLLRDNORM), events & (POLLOUT | POLLWRNORM)
    urgent = events & (POLLPRI | POLLRDBAND)
    if reading and soreadable(so):
        revents |= reading
    if writing and sowritable(so):
        revents |= writing
    if so.so_state & SS_POLLRDBAND:
        revents |= urgent
    if not revents:
        if reading or urgent:
            selrecord(lwp, so.so_rcv.sb_sel)
        if writing:
            selrecord(lwp, so.so_snd.sb_sel)
    return revents
