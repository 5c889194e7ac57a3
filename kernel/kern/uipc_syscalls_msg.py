# SPDX-License-Identifier: BSD-2-Clause
"""System calls that send and receive on sockets.  NetBSD sys/kern/uipc_syscalls.c."""

from struct import Struct
from typing import Final

from kernel.arch.python.clock import nanotime
from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_descrip import FILE_UNUSE, FILE_USE, fd_close
from kernel.kern.kern_ktrace import ktrgenio, ktrkuser, ktrpoint
from kernel.kern.kern_sig import psignal
from kernel.kern.sys_generic import INTERRUPTED
from kernel.kern.uipc_socket_io import soreceive, sosend
from kernel.kern.uipc_syscalls import copyout_sockname, fd_getsock, put_sockname, sockargs
from kernel.sys.cdefs import pack
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FNOSIGPIPE
from kernel.sys.file import File
from kernel.sys.ktrace import KTR_GENIO
from kernel.sys.param import IOV_MAX, PAGE_SIZE, SSIZE_MAX
from kernel.sys.proc import Lwp
from kernel.sys.signal import SIGPIPE
from kernel.sys.socket import (
    CMSG_ALIGN,
    CMSG_LEN,
    MSG_CTRUNC,
    MSG_DONTWAIT,
    MSG_NOSIGNAL,
    MSG_OOB,
    MSG_USERFLAGS,
    MSG_WAITFORONE,
    SCM_RIGHTS,
    SIZEOF_CMSGHDR,
    SIZEOF_MMSGHDR,
    SIZEOF_MSGHDR,
    SOL_SOCKET,
    Cmsghdr,
    Mmsghdr,
    Msghdr,
)
from kernel.sys.socketvar import Control, Socket
from kernel.sys.time import SIZEOF_TIMESPEC, Timespec
from kernel.sys.uio import UIO_READ, UIO_WRITE, Iovec, Uio

_IOVEC: Final = Struct("<QQ")
_VLEN_MAX: Final = 1024  # messages of one call
_MSGHDR: Final = b"msghdr"  # labels in a trace
_CONTROL: Final = b"mbcontrol"


def sys_sendto(lwp: Lwp, s: int, buf: int, len: int, flags: int, to: int, tolen: int) -> int:
    """sendto(2): send len bytes at buf, to the socket called to, or to the peer; return how many.

    Raises:
        KernelError: EBADF; ENOTSOCK; EFAULT; EINVAL; EMSGSIZE; EWOULDBLOCK; EPIPE: SIGPIPE is
            posted, too, unless MSG_NOSIGNAL; ENOTCONN; EDESTADDRREQ; EISCONN; ENOBUFS;
            EACCES, a broadcast without SO_BROADCAST; EINTR; and as connect.
    """
    fp, so = fd_getsock(lwp, s)
    mp = Msghdr(to, tolen, msg_iovlen=1)
    return _sendmsg_so(lwp, s, fp, so, mp, [(buf, len)], flags)


def sys_sendmsg(lwp: Lwp, s: int, msg: int, flags: int) -> int:
    """sendmsg(2): send what the struct msghdr at msg describes; return the bytes.

    Raises:
        KernelError: as sendto; EMSGSIZE, too many struct iovecs.
    """
    mp = Msghdr.unpack(copyin(lwp.l_proc.p_vmspace, msg, SIZEOF_MSGHDR))
    fp, so = fd_getsock(lwp, s)
    return _sendmsg_so(lwp, s, fp, so, mp, None, flags)


def sys_sendmmsg(lwp: Lwp, s: int, mmsg: int, vlen: int, flags: int) -> int:
    """sendmmsg(2): send vlen messages; return how many went.

    Raises:
        KernelError: as sendmsg, if none went.
    """
    fp, so = fd_getsock(lwp, s)
    vm = lwp.l_proc.p_vmspace
    for index in range(min(vlen, _VLEN_MAX)):
        at = mmsg + index * SIZEOF_MMSGHDR
        try:
            mp = Mmsghdr.unpack(copyin(vm, at, SIZEOF_MMSGHDR)).msg_hdr
            sent = _sendmsg_so(lwp, s, fp, so, mp, None, flags & MSG_USERFLAGS)
            mp = mp._replace(msg_flags=flags & MSG_USERFLAGS)
            ktrkuser(lwp, _MSGHDR, pack(mp, lwp.l_kernel.abi))
            copyout(vm, Mmsghdr(mp, sent).pack(), at)
        except KernelError:
            if not index:
                raise
            return index
    return min(vlen, _VLEN_MAX)


def _sendmsg_so(
    lwp: Lwp,
    s: int,
    fp: File,
    so: Socket,
    mp: Msghdr,
    iov: list[tuple[int, int]] | None,
    flags: int,
) -> int:
    """Send; iov None: it is in user memory where mp says.  Return the bytes that went.

    Source: do_sys_sendmsg_so, NetBSD sys/kern/uipc_syscalls.c.
    """
    ktrkuser(lwp, _MSGHDR, pack(mp, lwp.l_kernel.abi))
    pairs = _iovecs(lwp, mp) if iov is None else iov
    uio = _uio(lwp, pairs, UIO_WRITE)
    addr = sockargs(lwp, mp.msg_name, mp.msg_namelen) if mp.msg_name else None
    control = _copyin_control(lwp, mp) if mp.msg_control else b""
    asked = uio.uio_resid
    FILE_USE(fp)
    try:
        sosend(lwp, so, addr, uio, control, flags)
    except KernelError as exc:
        if exc.errno is Errno.EPIPE and not fp.f_flag & FNOSIGPIPE and not flags & MSG_NOSIGNAL:
            psignal(lwp.l_proc, SIGPIPE)
        if uio.uio_resid == asked or exc.errno not in INTERRUPTED:
            raise
    finally:
        FILE_UNUSE(fp, lwp)
    sent = asked - uio.uio_resid
    if ktrpoint(lwp, KTR_GENIO):
        ktrgenio(lwp, s, UIO_WRITE, [Iovec(*pair) for pair in pairs], sent)
    return sent


def _copyin_control(lwp: Lwp, mp: Msghdr) -> bytes:
    """Copy control data in.

    Raises:
        KernelError: EINVAL, shorter than its header or longer than a page; EFAULT.
    """
    if not CMSG_ALIGN(SIZEOF_CMSGHDR) <= mp.msg_controllen <= PAGE_SIZE:
        raise KernelError(Errno.EINVAL)
    control = copyin(lwp.l_proc.p_vmspace, mp.msg_control, mp.msg_controllen)
    at = 0
    while at + SIZEOF_CMSGHDR <= len(control):
        size = Cmsghdr.unpack(control[at:]).cmsg_len
        if not SIZEOF_CMSGHDR <= size <= len(control) - at:
            break
        ktrkuser(lwp, _CONTROL, control[at : at + size])
        at += CMSG_ALIGN(size)
    return control


def sys_recvfrom(
    lwp: Lwp, s: int, buf: int, len: int, flags: int, from_: int, fromlenaddr: int
) -> int:
    """recvfrom(2): receive up to len bytes into buf; return how many.

    Args:
        lwp: the caller.
        s: a socket.
        buf: user address.
        len: bytes.
        flags: MSG_*.
        from_: user address for who it is from, or 0.
        fromlenaddr: user address of the room there, in bytes; then the length.

    Raises:
        KernelError: EBADF; ENOTSOCK; EFAULT; EINVAL; ENOTCONN; EWOULDBLOCK; EINTR;
            ECONNREFUSED, ECONNRESET, ETIMEDOUT: what has happened; EOPNOTSUPP, MSG_OOB.
    """
    _, so = fd_getsock(lwp, s)
    mp = Msghdr(msg_iovlen=1, msg_flags=flags & MSG_USERFLAGS)
    got, addr, _ = _recvmsg_so(lwp, s, so, mp, [(buf, len)], None)
    copyout_sockname(lwp, from_, fromlenaddr, addr)
    return got


def sys_recvmsg(lwp: Lwp, s: int, msg: int, flags: int) -> int:
    """recvmsg(2): receive as the struct msghdr at msg says, which is stored anew; return the bytes.

    Raises:
        KernelError: as recvfrom; EMSGSIZE, too many struct iovecs, or descriptors; EPERM,
            a directory from outside of the caller's root.
    """
    mp = Msghdr.unpack(copyin(lwp.l_proc.p_vmspace, msg, SIZEOF_MSGHDR))
    mp = mp._replace(msg_flags=flags & MSG_USERFLAGS)
    _, so = fd_getsock(lwp, s)
    got, mp = _recvmsg(lwp, s, so, mp)
    copyout(lwp.l_proc.p_vmspace, mp.pack(), msg)
    return got


def sys_recvmmsg(lwp: Lwp, s: int, mmsg: int, vlen: int, flags: int, timeout: int) -> int:
    """recvmmsg(2): receive vlen messages; return how many came.

    Args:
        lwp: the caller.
        s: a socket.
        mmsg: user address of vlen struct mmsghdrs.
        vlen: at most 1024 count.
        flags: MSG_*; with MSG_WAITFORONE only the first is waited for.
        timeout: user address of a struct timespec, or 0; when it has passed, no more is begun.

    Raises:
        KernelError: as recvmsg, if none came; later errors are for the next call.
            EINVAL, the timeout is no time.
    """
    vm = lwp.l_proc.p_vmspace
    until = None
    if timeout:
        time = Timespec.unpack(copyin(vm, timeout, SIZEOF_TIMESPEC))
        if not 0 <= time.tv_nsec < 10**9:
            raise KernelError(Errno.EINVAL)
        until = nanotime(lwp.l_kernel) + time.ns
    _, so = fd_getsock(lwp, s)
    if so.so_rerror is not None:
        error, so.so_rerror = so.so_rerror, None
        raise KernelError(error)
    flags &= MSG_USERFLAGS
    for index in range(min(vlen, _VLEN_MAX)):
        at = mmsg + index * SIZEOF_MMSGHDR
        try:
            mp = Mmsghdr.unpack(copyin(vm, at, SIZEOF_MMSGHDR)).msg_hdr
            mp = mp._replace(msg_flags=flags & ~MSG_WAITFORONE)
            got, mp = _recvmsg(lwp, s, so, mp)
            copyout(vm, Mmsghdr(mp, got).pack(), at)
        except KernelError as exc:
            if not index:
                raise
            if exc.errno is not Errno.EAGAIN:
                so.so_rerror = exc.errno
            return index
        late = until is not None and nanotime(lwp.l_kernel) > until
        if mp.msg_flags & MSG_OOB or late:
            return index + 1
        if flags & MSG_WAITFORONE:
            flags |= MSG_DONTWAIT
    return min(vlen, _VLEN_MAX)


def _recvmsg(lwp: Lwp, s: int, so: Socket, mp: Msghdr) -> tuple[int, Msghdr]:
    """Receive as mp says; return the bytes, and mp with what has come."""
    control: list[Control] | None = [] if mp.msg_control else None
    got, addr, mp = _recvmsg_so(lwp, s, so, mp, None, control)
    if control is not None:
        mp = _copyout_control(lwp, mp, control)
    if mp.msg_name:
        size = put_sockname(lwp, mp.msg_name, mp.msg_namelen, addr)
        mp = mp._replace(msg_namelen=size)
    ktrkuser(lwp, _MSGHDR, pack(mp, lwp.l_kernel.abi))
    return got, mp


def _recvmsg_so(
    lwp: Lwp,
    s: int,
    so: Socket,
    mp: Msghdr,
    iov: list[tuple[int, int]] | None,
    control: list[Control] | None,
) -> tuple[int, bytes | None, Msghdr]:
    """Receive; iov None: it is in user memory where mp says.

    Returns:
        the bytes, who they are from, mp with its flags.

    Source: do_sys_recvmsg_so, NetBSD sys/kern/uipc_syscalls.c.
    """
    ktrkuser(lwp, _MSGHDR, pack(mp, lwp.l_kernel.abi))
    pairs = _iovecs(lwp, mp) if iov is None else iov
    uio = _uio(lwp, pairs, UIO_READ)
    fp, _ = fd_getsock(lwp, s)
    asked = uio.uio_resid
    addr, flags = None, mp.msg_flags
    FILE_USE(fp)
    try:
        addr, flags = soreceive(lwp, so, uio, flags, control)
    except KernelError as exc:
        if uio.uio_resid == asked or exc.errno not in INTERRUPTED:
            _free_rights(lwp, control or [])
            raise
    finally:
        FILE_UNUSE(fp, lwp)
    got = asked - uio.uio_resid
    if ktrpoint(lwp, KTR_GENIO):
        ktrgenio(lwp, s, UIO_READ, [Iovec(*pair) for pair in pairs], got)
    return got, addr, mp._replace(msg_flags=flags)


def _copyout_control(lwp: Lwp, mp: Msghdr, control: list[Control]) -> Msghdr:
    """Store control messages; descriptors that find no room are closed.

    Raises:
        KernelError: EFAULT: all descriptors are closed.

    Source: copyout_msg_control, NetBSD sys/kern/uipc_syscalls.c.
    """
    room, at, flags = mp.msg_controllen, mp.msg_control, mp.msg_flags
    left = list(control)
    while left and room > 0:
        message = left[0].pack()
        if len(message) > room:
            flags |= MSG_CTRUNC
            if _carries_rights(left[0]):
                break
            message = message[:room]
        try:
            copyout(lwp.l_proc.p_vmspace, message, at)
        except KernelError:
            _free_rights(lwp, control)
            raise
        size = CMSG_LEN(len(left[0].data))
        ktrkuser(lwp, _CONTROL, message[:size])
        at += len(message)
        room -= len(message)
        left.pop(0)
    _free_rights(lwp, left)
    return mp._replace(msg_controllen=at - mp.msg_control, msg_flags=flags)


def _carries_rights(message: Control) -> bool:
    return (message.cmsg_level, message.cmsg_type) == (SOL_SOCKET, SCM_RIGHTS)


def _free_rights(lwp: Lwp, control: list[Control]) -> None:
    """Close the descriptors in messages that the program does not get."""
    for message in control:
        if _carries_rights(message):
            for at in range(0, len(message.data), 4):
                fd_close(lwp, int.from_bytes(message.data[at : at + 4], "little"))


def _iovecs(lwp: Lwp, mp: Msghdr) -> list[tuple[int, int]]:
    """Copy the struct iovecs in: (address, length) of each.

    Raises:
        KernelError: EMSGSIZE, more than IOV_MAX; EFAULT.
    """
    if not 0 <= mp.msg_iovlen <= IOV_MAX:
        raise KernelError(Errno.EMSGSIZE)
    size = mp.msg_iovlen * _IOVEC.size
    return list(_IOVEC.iter_unpack(copyin(lwp.l_proc.p_vmspace, mp.msg_iov, size)))


def _uio(lwp: Lwp, pairs: list[tuple[int, int]], rw: int) -> Uio:
    """Describe the transfer.

    Raises:
        KernelError: EINVAL, more than SSIZE_MAX bytes.
    """
    resid = sum(length for _, length in pairs)
    if resid > SSIZE_MAX or any(length < 0 for _, length in pairs):
        raise KernelError(Errno.EINVAL)
    return Uio(0, resid, rw, lwp.l_proc.p_vmspace, 0, [Iovec(*pair) for pair in pairs])
