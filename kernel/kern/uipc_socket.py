# SPDX-License-Identifier: BSD-2-Clause
"""The life of a socket from socket(2) to close(2); its options.  NetBSD sys/kern/uipc_socket.c.

Sending and receiving are in uipc_socket_io.
"""

from collections.abc import Callable
from typing import Final

from kernel.kern.uipc_socket2 import (
    sbreserve,
    soenter,
    sofree,
    soqremque,
    sorflush,
    sowait,
)
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel
from kernel.sys.param import HZ, TICK
from kernel.sys.proc import Lwp
from kernel.sys.socket import (
    SHUT_RD,
    SHUT_RDWR,
    SHUT_WR,
    SIZEOF_LINGER,
    SO_ACCEPTCONN,
    SO_BROADCAST,
    SO_DEBUG,
    SO_DONTROUTE,
    SO_ERROR,
    SO_KEEPALIVE,
    SO_LINGER,
    SO_NOSIGPIPE,
    SO_OOBINLINE,
    SO_OVERFLOWED,
    SO_RCVBUF,
    SO_RCVLOWAT,
    SO_RCVTIMEO,
    SO_RERROR,
    SO_REUSEADDR,
    SO_REUSEPORT,
    SO_SNDBUF,
    SO_SNDLOWAT,
    SO_SNDTIMEO,
    SO_TIMESTAMP,
    SO_TYPE,
    SO_USELOOPBACK,
    SOL_SOCKET,
    SOMAXCONN,
    Linger,
    sa_family,
)
from kernel.sys.socketvar import (
    PR_ABRTACPTDIS,
    PR_CONNREQUIRED,
    SS_ISCONNECTED,
    SS_ISCONNECTING,
    SS_ISDISCONNECTED,
    SS_ISDISCONNECTING,
    SS_NBIO,
    SS_NOFDREF,
    Protosw,
    Sockbuf,
    Socket,
)
from kernel.sys.time import SIZEOF_TIMEVAL, Timeval

_TIMEO_MAX: Final = (1 << 31) // HZ  # seconds
_SWITCHES: Final = frozenset({
    SO_DEBUG, SO_KEEPALIVE, SO_DONTROUTE, SO_USELOOPBACK, SO_BROADCAST, SO_REUSEADDR,
    SO_REUSEPORT, SO_OOBINLINE, SO_TIMESTAMP, SO_NOSIGPIPE, SO_RERROR,
})  # fmt: skip


def pffind(kernel: Kernel, domain: int, protocol: int, type_: int) -> Protosw:
    """Return the protocol that socket(2) names.

    Raises:
        KernelError: EAFNOSUPPORT, EPROTOTYPE, EPROTONOSUPPORT.

    Source: socreate, pffindproto and pffindtype, NetBSD.
    """
    family = [pr for pr in kernel.net.protosw() if pr.pr_domain.dom_family == domain]
    if not family:
        raise KernelError(Errno.EAFNOSUPPORT)
    for pr in family:
        if pr.pr_type == type_ and protocol in (0, pr.pr_protocol):
            return pr
    raise KernelError(Errno.EPROTONOSUPPORT if protocol or not type_ else Errno.EPROTOTYPE)


def socreate(lwp: Lwp, domain: int, type_: int, protocol: int) -> Socket:
    """Make a socket.

    Raises:
        KernelError: EAFNOSUPPORT, EPROTOTYPE, EPROTONOSUPPORT.
    """
    kernel = lwp.l_kernel
    pr = pffind(kernel, domain, protocol, type_)
    so = Socket(kernel, type_, pr, lwp.l_proc.p_cred)
    soenter(so)
    pr.pr_usrreqs.pr_attach(so)
    return so


def sobind(lwp: Lwp, so: Socket, nam: bytes) -> None:
    """Give so the name nam.

    Raises:
        KernelError: EAFNOSUPPORT, nam is of another family; and what the protocol says.
    """
    if sa_family(nam) != so.so_proto.pr_domain.dom_family:
        raise KernelError(Errno.EAFNOSUPPORT)
    so.so_proto.pr_usrreqs.pr_bind(lwp, so, nam)


def solisten(lwp: Lwp, so: Socket, backlog: int) -> None:
    """Let so accept connections, of which backlog may wait.

    Raises:
        KernelError: EINVAL, it is connected; EOPNOTSUPP; and what the protocol says.
    """
    if so.so_state & (SS_ISCONNECTED | SS_ISCONNECTING | SS_ISDISCONNECTING):
        raise KernelError(Errno.EINVAL)
    so.so_proto.pr_usrreqs.pr_listen(lwp, so)
    if not so.so_q:
        so.so_options |= SO_ACCEPTCONN
    so.so_qlimit = min(max(backlog, 0), SOMAXCONN)


def soclose(lwp: Lwp | None, so: Socket) -> None:
    """Nobody has so any more: end its connection, waiting for that if SO_LINGER says so.

    Raises:
        KernelError: EINTR, EWOULDBLOCK: it was not waited for to the end.

    Source: soclose, NetBSD sys/kern/uipc_socket.c.
    """
    if so.so_options & SO_ACCEPTCONN:
        while so.so_q0 or so.so_q:
            new = (so.so_q0 or so.so_q)[0]
            soqremque(new)
            soabort(new)
    try:
        if so.so_pcb is not None and so.so_state & SS_ISCONNECTED:
            if not so.so_state & SS_ISDISCONNECTING:
                sodisconnect(so)
            if so.so_options & SO_LINGER and lwp is not None:
                _linger(lwp, so)
    finally:
        if so.so_pcb is not None:
            so.so_proto.pr_usrreqs.pr_detach(so)
        so.so_state |= SS_NOFDREF
        sofree(so)


def _linger(lwp: Lwp, so: Socket) -> None:
    """Wait until all is sent and the other side knows, or SO_LINGER's time has passed."""
    closing = SS_ISDISCONNECTING | SS_NBIO
    if so.so_state & closing == closing:
        return
    while so.so_state & SS_ISCONNECTED:
        sowait(lwp, so, so.so_linger * 10**9)


def soabort(so: Socket) -> None:
    """End a connection that was never accepted."""
    if so.so_pcb is not None:
        so.so_proto.pr_usrreqs.pr_abort(so)
    sofree(so)


def soaccept(so: Socket) -> bytes:
    """A descriptor refers to so, a new connection, from now on; return who it is from.

    Raises:
        KernelError: ECONNABORTED, it has ended already; and what the protocol says.
    """
    so.so_state &= ~SS_NOFDREF
    if so.so_state & SS_ISDISCONNECTED and so.so_proto.pr_flags & PR_ABRTACPTDIS:
        raise KernelError(Errno.ECONNABORTED)
    return so.so_proto.pr_usrreqs.pr_accept(so)


def soconnect(lwp: Lwp, so: Socket, nam: bytes) -> None:
    """Connect so to nam; a datagram socket leaves its old peer.

    Raises:
        KernelError: EOPNOTSUPP, it listens; EISCONN; EAFNOSUPPORT; and what the protocol says.
    """
    if so.so_options & SO_ACCEPTCONN:
        raise KernelError(Errno.EOPNOTSUPP)
    if so.so_state & (SS_ISCONNECTED | SS_ISCONNECTING):
        if so.so_proto.pr_flags & PR_CONNREQUIRED:
            raise KernelError(Errno.EISCONN)
        try:
            sodisconnect(so)
        except KernelError:
            raise KernelError(Errno.EISCONN) from None
    if sa_family(nam) != so.so_proto.pr_domain.dom_family:
        raise KernelError(Errno.EAFNOSUPPORT)
    so.so_proto.pr_usrreqs.pr_connect(lwp, so, nam)


def sodisconnect(so: Socket) -> None:
    """Begin to end the connection.

    Raises:
        KernelError: ENOTCONN; EALREADY.
    """
    if not so.so_state & SS_ISCONNECTED:
        raise KernelError(Errno.ENOTCONN)
    if so.so_state & SS_ISDISCONNECTING:
        raise KernelError(Errno.EALREADY)
    so.so_proto.pr_usrreqs.pr_disconnect(so)


def soshutdown(so: Socket, how: int) -> None:
    """Receive no more, send no more, or both.

    Raises:
        KernelError: EINVAL, how is none of SHUT_*; and what the protocol says.
    """
    if how not in (SHUT_RD, SHUT_WR, SHUT_RDWR):
        raise KernelError(Errno.EINVAL)
    if how != SHUT_WR:
        sorflush(so)
    if how != SHUT_RD:
        so.so_proto.pr_usrreqs.pr_shutdown(so)


def sosetopt(lwp: Lwp, so: Socket, level: int, name: int, value: bytes) -> None:
    """Set an option; the protocol hears of those of SOL_SOCKET, too.

    Raises:
        KernelError: ENOPROTOOPT, there is no such option; EINVAL, its value is of another size,
            or makes no sense; EDOM, a time is too long; ENOBUFS.
    """
    known = False
    if level == SOL_SOCKET:
        known = _sosetopt1(lwp, so, name, value)
    try:
        so.so_proto.pr_setopt(so, level, name, value)
    except KernelError as exc:
        if exc.errno is not Errno.ENOPROTOOPT or not known:
            raise


def _sosetopt1(lwp: Lwp, so: Socket, name: int, value: bytes) -> bool:
    """Set an option of SOL_SOCKET; False: there is no such option."""
    if name == SO_LINGER:
        linger = Linger.unpack(_sized(value, SIZEOF_LINGER))
        if not 0 <= linger.l_linger <= 0xFFFF:
            raise KernelError(Errno.EDOM)
        so.so_linger = linger.l_linger
        _switch(so, SO_LINGER, linger.l_onoff)
    elif name in _SWITCHES:
        _switch(so, name, sockopt_int(value))
    elif name in _SIZES:
        size = sockopt_int(value)
        if size < 1:
            raise KernelError(Errno.EINVAL)
        _SIZES[name](lwp, so, size)
    elif name in (SO_SNDTIMEO, SO_RCVTIMEO):
        time = Timeval.unpack(_sized(value, SIZEOF_TIMEVAL))
        if not (0 <= time.tv_sec < _TIMEO_MAX and 0 <= time.tv_usec < 1_000_000):
            raise KernelError(Errno.EDOM)
        ticks = time.ns // TICK or int(time.tv_usec != 0)
        (so.so_snd if name == SO_SNDTIMEO else so.so_rcv).sb_timeo = ticks * TICK
    else:
        return False
    return True


def _switch(so: Socket, option: int, on: int) -> None:
    so.so_options = so.so_options | option if on else so.so_options & ~option


def _lowat(sb: Sockbuf, size: int) -> None:
    sb.sb_lowat = min(size, sb.sb_hiwat)


_SIZES: Final[dict[int, Callable[[Lwp, Socket, int], None]]] = {
    SO_SNDBUF: lambda lwp, so, size: sbreserve(lwp, so.so_snd, size),
    SO_RCVBUF: lambda lwp, so, size: sbreserve(lwp, so.so_rcv, size),
    SO_SNDLOWAT: lambda _lwp, so, size: _lowat(so.so_snd, size),
    SO_RCVLOWAT: lambda _lwp, so, size: _lowat(so.so_rcv, size),
}


def sogetopt(so: Socket, level: int, name: int) -> bytes:
    """Return the value of an option; asked for SO_ERROR, the error is gone.

    Raises:
        KernelError: ENOPROTOOPT, there is no such option.
    """
    if level != SOL_SOCKET:
        return so.so_proto.pr_getopt(so, level, name)
    if name in _SWITCHES or name == SO_ACCEPTCONN:
        return sockopt_pack(bool(so.so_options & name))
    if name not in _ANSWERS:
        raise KernelError(Errno.ENOPROTOOPT)
    return _ANSWERS[name](so)


def _so_error(so: Socket) -> bytes:
    error = so.so_error or so.so_rerror or 0
    if so.so_error is None:
        so.so_rerror = None
    so.so_error = None
    return sockopt_pack(error)


_ANSWERS: Final[dict[int, Callable[[Socket], bytes]]] = {
    SO_LINGER: lambda so: Linger(int(bool(so.so_options & SO_LINGER)), so.so_linger).pack(),
    SO_TYPE: lambda so: sockopt_pack(so.so_type),
    SO_ERROR: _so_error,
    SO_SNDBUF: lambda so: sockopt_pack(so.so_snd.sb_hiwat),
    SO_RCVBUF: lambda so: sockopt_pack(so.so_rcv.sb_hiwat),
    SO_SNDLOWAT: lambda so: sockopt_pack(so.so_snd.sb_lowat),
    SO_RCVLOWAT: lambda so: sockopt_pack(so.so_rcv.sb_lowat),
    SO_SNDTIMEO: lambda so: Timeval.from_ns(so.so_snd.sb_timeo).pack(),
    SO_RCVTIMEO: lambda so: Timeval.from_ns(so.so_rcv.sb_timeo).pack(),
    SO_OVERFLOWED: lambda so: sockopt_pack(so.so_rcv.sb_overflowed),
}


def sockopt_pack(value: int) -> bytes:
    """Return an int as a program gets it."""
    return int(value).to_bytes(4, "little", signed=True)


def sockopt_int(value: bytes) -> int:
    """Return the int that a program has given.

    Raises:
        KernelError: EINVAL, it is not as long as an int.
    """
    return int.from_bytes(_sized(value, 4), "little", signed=True)


def _sized(value: bytes, size: int) -> bytes:
    if len(value) != size:
        raise KernelError(Errno.EINVAL)
    return value
