# SPDX-License-Identifier: BSD-2-Clause
"""System calls that make, name, connect and set sockets.  NetBSD sys/kern/uipc_syscalls.c.

Those that send and receive are in uipc_syscalls_msg.
"""

from typing import Final

from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_descrip import FILE_UNUSE, FILE_USE, falloc, fd_abort, fd_close, fd_getfile
from kernel.kern.kern_ktrace import ktrkuser
from kernel.kern.sys_select import sigmasked
from kernel.kern.sys_socket import so_affix, so_nosigpipe, so_unaffix
from kernel.kern.uipc_socket import (
    soaccept,
    sobind,
    soclose,
    soconnect,
    socreate,
    sogetopt,
    solisten,
    sosetopt,
    soshutdown,
)
from kernel.kern.uipc_socket2 import soqremque, sowait
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FNONBLOCK, FNOSIGPIPE
from kernel.sys.file import DTYPE_SOCKET, File
from kernel.sys.proc import Lwp
from kernel.sys.socket import (
    AF_MAX,
    SO_ACCEPTCONN,
    SO_NOSIGPIPE,
    SOCK_DGRAM,
    SOCK_FLAGS_MASK,
    SOCK_NONBLOCK,
    SOCK_NOSIGPIPE,
)
from kernel.sys.socketvar import (
    PR_LISTEN,
    SS_CANTRCVMORE,
    SS_ISABORTING,
    SS_ISCONNECTED,
    SS_ISCONNECTING,
    SS_NBIO,
    Socket,
)

MCLBYTES: Final = 2048  # bytes of the largest option
_NAME_MAX: Final = 255  # bytes of a name, which sa_len has to hold
_SONAME: Final = b"mbsoname"  # the label of a name in a trace


def fd_getsock(lwp: Lwp, fd: int) -> tuple[File, Socket]:
    """Return the socket open at fd.

    Raises:
        KernelError: EBADF; ENOTSOCK.
    """
    fp = fd_getfile(lwp.l_proc, fd)
    if fp.f_type != DTYPE_SOCKET:
        raise KernelError(Errno.ENOTSOCK)
    return fp, fp.f_data


def sockargs(lwp: Lwp, name: int, namelen: int) -> bytes:
    """Copy a name in, as long as the program says it is.

    Raises:
        KernelError: EINVAL, shorter than its head or longer than 255 bytes; EFAULT.
    """
    if not 2 < namelen <= _NAME_MAX:
        raise KernelError(Errno.EINVAL)
    nam = copyin(lwp.l_proc.p_vmspace, name, namelen)
    ktrkuser(lwp, _SONAME, nam)
    family = nam[0] if not nam[1] and nam[0] < AF_MAX else nam[1]  # of 4.3BSD, without a length
    return bytes((namelen, family)) + nam[2:]


def copyout_sockname(lwp: Lwp, asa: int, alen: int, nam: bytes | None) -> None:
    """Store a name at asa, cut to the bytes that alen says, where its length goes.

    A null asa takes none; without a name the length is 0.

    Raises:
        KernelError: EFAULT; EINVAL, a length below 0.
    """
    if not asa:
        return
    vm = lwp.l_proc.p_vmspace
    room = int.from_bytes(copyin(vm, alen, 4), "little", signed=True)
    if room < 0:
        raise KernelError(Errno.EINVAL)
    size = put_sockname(lwp, asa, room, nam)
    copyout(vm, size.to_bytes(4, "little"), alen)


def put_sockname(lwp: Lwp, asa: int, room: int, nam: bytes | None) -> int:
    """Store as much of nam at asa as room allows; return the bytes."""
    if nam is None:
        return 0
    cut = nam[:room]
    ktrkuser(lwp, _SONAME, cut)
    copyout(lwp.l_proc.p_vmspace, cut, asa)
    return len(cut)


def sys___socket30(lwp: Lwp, domain: int, type: int, protocol: int) -> int:
    """socket(2): make a socket; return its descriptor.

    Args:
        lwp: the caller.
        domain: AF_*.
        type: SOCK_*, with SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_NOSIGPIPE.
        protocol: 0: the one there is of that type.

    Raises:
        KernelError: EMFILE, ENFILE; EAFNOSUPPORT, EPROTOTYPE, EPROTONOSUPPORT.

    Source: fsocreate, NetBSD sys/kern/uipc_socket.c.
    """
    fp, fd = falloc(lwp)
    try:
        so = socreate(lwp, domain, type & ~SOCK_FLAGS_MASK, protocol)
    except KernelError:
        fd_abort(lwp.l_proc, fp, fd)
        raise
    so_affix(lwp, fp, fd, so, type)
    return fd


def sys_socketpair(lwp: Lwp, domain: int, type: int, protocol: int, rsv: int) -> int:
    """socketpair(2): make two sockets that are connected, their descriptors stored at rsv.

    Raises:
        KernelError: as socket; EOPNOTSUPP, the protocol has no pairs; EFAULT.
            Then no descriptor is left.

    Source: sys_socketpair, NetBSD sys/kern/uipc_syscalls.c.
    """
    made: list[tuple[Socket, File, int]] = []
    try:
        for _ in range(2):
            so = socreate(lwp, domain, type & ~SOCK_FLAGS_MASK, protocol)
            try:
                made.append((so, *falloc(lwp)))
            except KernelError:
                soclose(lwp, so)
                raise
        (so1, _, fd1), (so2, _, fd2) = made
        connect2 = so1.so_proto.pr_usrreqs.pr_connect2
        connect2(lwp, so1, so2)
        if so1.so_type == SOCK_DGRAM:
            connect2(lwp, so2, so1)
        pair = fd1.to_bytes(4, "little") + fd2.to_bytes(4, "little")
        copyout(lwp.l_proc.p_vmspace, pair, rsv)
    except KernelError:
        for so, fp, fd in reversed(made):
            so_unaffix(lwp, fp, fd, so)
        raise
    for so, fp, fd in made:
        so_affix(lwp, fp, fd, so, type)
    return 0


def sys_bind(lwp: Lwp, s: int, name: int, namelen: int) -> int:
    """bind(2): give a socket a name.

    Raises:
        KernelError: EINVAL, the name's length, or the socket has a name; EFAULT; EBADF;
            ENOTSOCK; EAFNOSUPPORT; EADDRINUSE; EADDRNOTAVAIL; EACCES; and as open, of
            local sockets.
    """
    nam = sockargs(lwp, name, namelen)
    _, so = fd_getsock(lwp, s)
    sobind(lwp, so, nam)
    return 0


def sys_listen(lwp: Lwp, s: int, backlog: int) -> int:
    """listen(2): let a socket accept connections.

    Raises:
        KernelError: EBADF; ENOTSOCK; EINVAL, it is connected, or a local one without a name;
            EOPNOTSUPP, of this protocol it cannot.
    """
    _, so = fd_getsock(lwp, s)
    solisten(lwp, so, backlog)
    return 0


def sys_accept(lwp: Lwp, s: int, name: int, anamelen: int) -> int:
    """accept(2): take the first connection that waits, or wait for one; return its descriptor.

    Args:
        lwp: the caller.
        s: a listening socket.
        name: user address for who it is from, or 0.
        anamelen: user address of the room there, in bytes; then the length.

    Raises:
        KernelError: EBADF; ENOTSOCK; EMFILE, ENFILE; EOPNOTSUPP; EINVAL, it does not listen;
            EWOULDBLOCK; ECONNABORTED; EINTR; EFAULT: the connection is lost.
    """
    return _accept(lwp, s, name, anamelen, None)


def sys_paccept(lwp: Lwp, s: int, name: int, anamelen: int, mask: int, flags: int) -> int:
    """paccept(2): accept under another signal mask; flags are SOCK_CLOEXEC, SOCK_NONBLOCK ...

    Unlike accept's, the new descriptor waits unless SOCK_NONBLOCK says not to.

    Raises:
        KernelError: as accept.
    """
    return sigmasked(lwp, mask, lambda: _accept(lwp, s, name, anamelen, flags))


def _accept(lwp: Lwp, s: int, name: int, anamelen: int, flags: int | None) -> int:
    """Accept; flags None: the new open file is as the old one."""
    fp, so = fd_getsock(lwp, s)
    fp2, fd = falloc(lwp)
    FILE_USE(fp)
    try:
        new = _accept_wait(lwp, so)
    except KernelError:
        fd_abort(lwp.l_proc, fp2, fd)
        raise
    finally:
        FILE_UNUSE(fp, lwp)
    inherited = SOCK_NOSIGPIPE if fp.f_flag & FNOSIGPIPE else 0
    if flags is None:
        flags = SOCK_NONBLOCK if fp.f_flag & FNONBLOCK else 0
    new.so_state &= ~SS_NBIO
    try:
        nam = soaccept(new)
    except KernelError:
        so_unaffix(lwp, fp2, fd, new)
        raise
    so_affix(lwp, fp2, fd, new, flags & SOCK_FLAGS_MASK | inherited)
    try:
        copyout_sockname(lwp, name, anamelen, nam)
    except KernelError:
        fd_close(lwp, fd)
        raise
    return fd


def _accept_wait(lwp: Lwp, so: Socket) -> Socket:
    """Return the first connection, out of the queue.

    Source: do_sys_accept, NetBSD sys/kern/uipc_syscalls.c.
    """
    if not so.so_proto.pr_flags & PR_LISTEN:
        raise KernelError(Errno.EOPNOTSUPP)
    if not so.so_options & SO_ACCEPTCONN:
        raise KernelError(Errno.EINVAL)
    if so.so_state & SS_NBIO and not so.so_q:
        raise KernelError(Errno.EWOULDBLOCK)
    while not so.so_q and so.so_error is None:
        if so.so_state & SS_CANTRCVMORE:
            so.so_error = Errno.ECONNABORTED
            break
        sowait(lwp, so)
    if so.so_error is not None:
        error, so.so_error = so.so_error, None
        raise KernelError(error)
    new = so.so_q[0]
    soqremque(new)
    return new


def sys_connect(lwp: Lwp, s: int, name: int, namelen: int) -> int:
    """connect(2): connect a socket to the one called name.

    Raises:
        KernelError: EINVAL, the name's length; EFAULT; EBADF; ENOTSOCK; EALREADY, it is being
            connected; EINPROGRESS, it is not waited for; EISCONN; EOPNOTSUPP, it listens;
            EAFNOSUPPORT; ECONNREFUSED; ECONNRESET; ETIMEDOUT; EADDRINUSE; EADDRNOTAVAIL;
            ENETUNREACH; EHOSTUNREACH; EPROTOTYPE; EINTR: it goes on; and as open, of
            local sockets.

    Source: do_sys_connect, NetBSD sys/kern/uipc_syscalls.c.
    """
    nam = sockargs(lwp, name, namelen)
    fp, so = fd_getsock(lwp, s)
    if so.so_state & SS_ISCONNECTING:
        raise KernelError(Errno.EALREADY)
    FILE_USE(fp)
    interrupted = False
    try:
        soconnect(lwp, so, nam)
        waiting = SS_NBIO | SS_ISCONNECTING
        if so.so_state & waiting == waiting:
            interrupted = True  # leave it connecting
            raise KernelError(Errno.EINPROGRESS)
        while so.so_state & SS_ISCONNECTING and so.so_error is None:
            try:
                sowait(lwp, so)
            except KernelError:
                interrupted = True
                raise
            if so.so_state & SS_ISABORTING:
                interrupted = True
                raise KernelError(Errno.EPIPE)
        if so.so_error is not None:
            error, so.so_error = so.so_error, None
            raise KernelError(error)
    except KernelError as exc:
        if not interrupted:
            so.so_state &= ~SS_ISCONNECTING
        if exc.errno is Errno.ERESTART:
            raise KernelError(Errno.EINTR) from None
        raise
    finally:
        FILE_UNUSE(fp, lwp)
    return 0


def sys_shutdown(lwp: Lwp, s: int, how: int) -> int:
    """shutdown(2): end one direction of a connection, or both.

    Raises:
        KernelError: EBADF; ENOTSOCK; EINVAL, how, or the connection was reset.
    """
    _, so = fd_getsock(lwp, s)
    soshutdown(so, how)
    return 0


def sys_getsockname(lwp: Lwp, fdes: int, asa: int, alen: int) -> int:
    """getsockname(2): store a socket's name.

    Raises:
        KernelError: EBADF; ENOTSOCK; EFAULT; EINVAL, the connection is gone.
    """
    _, so = fd_getsock(lwp, fdes)
    copyout_sockname(lwp, asa, alen, so.so_proto.pr_usrreqs.pr_sockaddr(so))
    return 0


def sys_getpeername(lwp: Lwp, fdes: int, asa: int, alen: int) -> int:
    """getpeername(2): store the name of who a socket is connected to.

    Raises:
        KernelError: EBADF; ENOTSOCK; ENOTCONN; EFAULT.
    """
    _, so = fd_getsock(lwp, fdes)
    if not so.so_state & SS_ISCONNECTED:
        raise KernelError(Errno.ENOTCONN)
    copyout_sockname(lwp, asa, alen, so.so_proto.pr_usrreqs.pr_peeraddr(so))
    return 0


def sys_setsockopt(lwp: Lwp, s: int, level: int, name: int, val: int, valsize: int) -> int:
    """setsockopt(2): set an option, to the valsize bytes at val.

    Raises:
        KernelError: EINVAL, a null val, more than MCLBYTES, or what makes no sense; EBADF;
            ENOTSOCK; EFAULT; ENOPROTOOPT; EDOM; ENOBUFS.
    """
    if valsize > MCLBYTES or (valsize and not val):
        raise KernelError(Errno.EINVAL)
    fp, so = fd_getsock(lwp, s)
    value = copyin(lwp.l_proc.p_vmspace, val, valsize) if valsize else b""
    try:
        sosetopt(lwp, so, level, name, value)
    finally:
        fp.f_flag &= ~FNOSIGPIPE
        if so.so_options & SO_NOSIGPIPE:
            fp.f_flag |= FNOSIGPIPE
    return 0


def sys_getsockopt(lwp: Lwp, s: int, level: int, name: int, val: int, avalsize: int) -> int:
    """getsockopt(2): store the value of an option at val, its length at avalsize.

    Raises:
        KernelError: EFAULT; EINVAL, room for more than MCLBYTES; EBADF; ENOTSOCK;
            ENOPROTOOPT.
    """
    vm = lwp.l_proc.p_vmspace
    room = int.from_bytes(copyin(vm, avalsize, 4), "little") if val else 0
    if room > MCLBYTES:
        raise KernelError(Errno.EINVAL)
    fp, so = fd_getsock(lwp, s)
    so_nosigpipe(fp, so)
    value = sogetopt(so, level, name)[:room]
    if room:
        copyout(vm, value, val)
        copyout(vm, len(value).to_bytes(4, "little"), avalsize)
    return 0
