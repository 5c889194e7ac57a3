# SPDX-License-Identifier: BSD-2-Clause
"""Sockets as open files.  NetBSD sys/kern/sys_socket.c."""

from collections.abc import Callable
from typing import Final

from kernel.kern.kern_descrip import fd_abort, fd_affix, fgetown, fnullop_fcntl, fsetown
from kernel.kern.kern_event import knote_setfilter, selrecord_knote
from kernel.kern.uipc_socket import soclose
from kernel.kern.uipc_socket_io import sopoll, soreceive, sosend
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import (
    EV_EOF,
    EVFILT_EMPTY,
    EVFILT_READ,
    EVFILT_WRITE,
    NOTE_LOWAT,
    FilterOps,
    Knote,
)
from kernel.sys.fcntl import FNONBLOCK, FNOSIGPIPE, FREAD, FWRITE, O_CLOEXEC
from kernel.sys.file import DTYPE_SOCKET, File, FileOps
from kernel.sys.ioccom import (
    FIOASYNC,
    FIOGETOWN,
    FIONBIO,
    FIONREAD,
    FIONSPACE,
    FIONWRITE,
    FIOSETOWN,
    SIOCATMARK,
    SIOCGPGRP,
    SIOCSPGRP,
    TIOCGPGRP,
    TIOCSPGRP,
)
from kernel.sys.proc import Lwp
from kernel.sys.socket import (
    MSG_NBIO,
    SO_ACCEPTCONN,
    SO_NOSIGPIPE,
    SOCK_CLOEXEC,
    SOCK_NONBLOCK,
    SOCK_NOSIGPIPE,
)
from kernel.sys.socketvar import (
    PR_CONNREQUIRED,
    SS_ASYNC,
    SS_CANTRCVMORE,
    SS_CANTSENDMORE,
    SS_ISCONNECTED,
    SS_NBIO,
    SS_RCVATMARK,
    Socket,
    sbspace,
)
from kernel.sys.stat import Stat
from kernel.sys.uio import UIO_WRITE, Uio, uio_sysspace

_OWNERS: Final = frozenset((FIOSETOWN, SIOCSPGRP, TIOCSPGRP))
_STATES: Final = {FIONBIO: SS_NBIO, FIOASYNC: SS_ASYNC}
_ANSWERS: Final[dict[int, Callable[[Socket], int]]] = {
    FIONREAD: lambda so: so.so_rcv.sb_cc,
    FIONWRITE: lambda so: so.so_snd.sb_cc,
    FIONSPACE: lambda so: max(sbspace(so.so_snd), 0),
    SIOCATMARK: lambda so: int(bool(so.so_state & SS_RCVATMARK)),
}


def so_affix(lwp: Lwp, fp: File, fd: int, so: Socket, flags: int) -> None:
    """Let the reserved descriptor fd be so; flags may hold those of SOCK_FLAGS_MASK."""
    fp.f_type, fp.f_ops, fp.f_data = DTYPE_SOCKET, socketops, so
    fp.f_flag = FREAD | FWRITE
    if flags & SOCK_NONBLOCK:
        fp.f_flag |= FNONBLOCK
        so.so_state |= SS_NBIO
    if flags & SOCK_NOSIGPIPE:
        fp.f_flag |= FNOSIGPIPE
    fd_affix(lwp.l_proc, fp, fd, O_CLOEXEC if flags & SOCK_CLOEXEC else 0)


def so_nosigpipe(fp: File, so: Socket) -> None:
    """Let SO_NOSIGPIPE say what the open file says."""
    if fp.f_flag & FNOSIGPIPE:
        so.so_options |= SO_NOSIGPIPE
    else:
        so.so_options &= ~SO_NOSIGPIPE


def so_unaffix(lwp: Lwp, fp: File, fd: int, so: Socket) -> None:
    """Give a reserved descriptor back, and close so."""
    fd_abort(lwp.l_proc, fp, fd)
    soclose(lwp, so)


def _read(lwp: Lwp, fp: File, uio: Uio, _flags: int) -> None:
    soreceive(lwp, fp.f_data, uio)


def _write(lwp: Lwp, fp: File, uio: Uio, _flags: int) -> None:
    sosend(lwp, fp.f_data, None, uio)


def _append(lwp: Lwp, fp: File, data: bytes | bytearray | memoryview) -> None:
    """Send a trace's record, whole or not yet.

    Raises:
        KernelError: EAGAIN, there is no room for all of it; and as sosend.
    """
    so: Socket = fp.f_data
    if not so.so_snd.sb_locked and len(data) > sbspace(so.so_snd) >= 0:
        raise KernelError(Errno.EAGAIN)
    sosend(lwp, so, None, uio_sysspace(data, UIO_WRITE), flags=MSG_NBIO)


def _ioctl(lwp: Lwp, fp: File, com: int, data: bytes) -> bytes:
    """Set or tell what concerns all sockets; the protocol is asked for the rest."""
    so: Socket = fp.f_data
    if com in _STATES:
        if any(data[:4]):
            so.so_state |= _STATES[com]
        else:
            so.so_state &= ~_STATES[com]
        return b""
    if com in _ANSWERS:
        return _ANSWERS[com](so).to_bytes(4, "little")
    if com in _OWNERS:
        so.so_pgid = fsetown(lwp, com, data)
        return b""
    if com in (FIOGETOWN, SIOCGPGRP, TIOCGPGRP):
        return fgetown(so.so_pgid, com)
    return so.so_proto.pr_usrreqs.pr_ioctl(lwp, so, com, data)


def _poll(lwp: Lwp, fp: File, events: int) -> int:
    return sopoll(lwp, fp.f_data, events)


def _stat(_lwp: Lwp, fp: File) -> Stat:
    so: Socket = fp.f_data
    return so.so_proto.pr_usrreqs.pr_stat(so)


def _close(lwp: Lwp | None, fp: File) -> None:
    soclose(lwp, fp.f_data)


def _kqfilter(fp: File, kn: Knote) -> None:
    """Watch for data or connections, for room, or for all that was sent to be taken.

    Raises:
        KernelError: EINVAL, another filter.

    Source: soo_kqfilter, NetBSD sys/kern/uipc_socket.c.
    """
    so: Socket = fp.f_data
    knote_setfilter(kn, _FILTOPS)
    if kn.kn_filter == EVFILT_READ:
        if so.so_options & SO_ACCEPTCONN:
            kn.kn_fop = _SOLISTEN
        selrecord_knote(so.so_rcv.sb_sel, kn)
    else:
        selrecord_knote(so.so_snd.sb_sel, kn)


def _filt_soread(kn: Knote, _hint: int) -> bool:
    so: Socket = kn.kn_obj.f_data
    kn.kn_data = so.so_rcv.sb_cc
    if so.so_state & SS_CANTRCVMORE:
        kn.kn_flags |= EV_EOF
        kn.kn_fflags = so.so_error or 0
        return True
    lowat = kn.kn_sdata if kn.kn_sfflags & NOTE_LOWAT else so.so_rcv.sb_lowat
    return bool(so.so_error or so.so_rerror) or kn.kn_data >= lowat


def _filt_sowrite(kn: Knote, _hint: int) -> bool:
    so: Socket = kn.kn_obj.f_data
    kn.kn_data = sbspace(so.so_snd)
    if so.so_state & SS_CANTSENDMORE:
        kn.kn_flags |= EV_EOF
        kn.kn_fflags = so.so_error or 0
        return True
    if so.so_error:
        return True
    if not so.so_state & SS_ISCONNECTED and so.so_proto.pr_flags & PR_CONNREQUIRED:
        return False
    lowat = kn.kn_sdata if kn.kn_sfflags & NOTE_LOWAT else so.so_snd.sb_lowat
    return kn.kn_data >= lowat


def _filt_soempty(kn: Knote, _hint: int) -> bool:
    so: Socket = kn.kn_obj.f_data
    kn.kn_data = so.so_snd.sb_cc
    return not kn.kn_data or bool(so.so_options & SO_ACCEPTCONN)


def _filt_solisten(kn: Knote, _hint: int) -> bool:
    kn.kn_data = len(kn.kn_obj.f_data.so_q)
    return kn.kn_data > 0


_SOLISTEN: Final = FilterOps(_filt_solisten)
_FILTOPS: Final = {
    EVFILT_READ: FilterOps(_filt_soread),
    EVFILT_WRITE: FilterOps(_filt_sowrite),
    EVFILT_EMPTY: FilterOps(_filt_soempty),
}

socketops = FileOps(
    fo_name="socket",
    fo_read=_read,
    fo_write=_write,
    fo_append=_append,
    fo_ioctl=_ioctl,
    fo_fcntl=fnullop_fcntl,
    fo_poll=_poll,
    fo_stat=_stat,
    fo_close=_close,
    fo_kqfilter=_kqfilter,
)
