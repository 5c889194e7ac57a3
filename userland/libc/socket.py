# SPDX-License-Identifier: BSD-2-Clause
"""Sockets: names, connections, messages, options.  NetBSD include/sys/socket.h, lib/libc/net.

    fd = socket(AF_INET, SOCK_STREAM)
    connect(fd, SockaddrIn(7, inet_aton("127.0.0.1")))

An address is SockaddrIn, SockaddrIn6 or SockaddrUn, or the bytes of any struct
sockaddr.
"""

from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Final, Protocol

from kernel.sys.in_ import SockaddrIn, SockaddrIn6
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.signal import pack_sigset, sigset
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    CMSG_ALIGN,
    CMSG_LEN,
    CMSG_SPACE,
    SIZEOF_MMSGHDR,
    Cmsghdr,
    Mmsghdr,
    Msghdr,
)
from kernel.sys.time import Timespec
from kernel.sys.un import LOCAL_PEEREID, SOL_LOCAL, SockaddrUn, Unpcbid
from userland.libc.stack import Arena, Readable, bytesof
from userland.libc.syscall import call

__all__ = [
    "Message", "Sockaddr", "accept", "accept4", "bind", "cmsg_pack", "cmsg_unpack", "connect",
    "getpeereid", "getpeername", "getsockname", "getsockopt", "paccept", "recv", "recvfrom",
    "recvmmsg", "recvmsg", "send", "sendmmsg", "sendmsg", "sendto", "setsockopt", "sockaddr_unpack",
    "socketpair",
]  # fmt: skip

_IOVEC: Final = Struct("<QQ")
_INT: Final = Struct("<i")
_NAME_MAX: Final = 255  # bytes of a name
_FAMILIES: Final[dict[int, type[SockaddrIn | SockaddrIn6 | SockaddrUn]]] = {
    AF_INET: SockaddrIn,
    AF_INET6: SockaddrIn6,
    AF_LOCAL: SockaddrUn,
}


class _Packed(Protocol):
    """A struct that knows its bytes."""

    def pack(self) -> bytes:
        """Return them."""


Sockaddr = SockaddrIn | SockaddrIn6 | SockaddrUn | bytes
Cmsg = tuple[int, int, bytes]  # level, type, data


class Message(NamedTuple):
    """What recvmsg has received."""

    data: bytes
    control: list[Cmsg]
    flags: int  # MSG_TRUNC, MSG_CTRUNC, MSG_EOR ...
    name: Sockaddr | None  # who it is from


def sockaddr_pack(name: Sockaddr) -> bytes:
    """Return the bytes of an address."""
    return name if isinstance(name, bytes) else name.pack()


def sockaddr_unpack(data: bytes) -> Sockaddr | None:
    """Return the address in the bytes of a struct sockaddr; None if there is none."""
    if len(data) < 2:
        return None
    record = _FAMILIES.get(data[1])
    return record.unpack(data) if record is not None else data


def _name(call_name: str, s: int) -> Sockaddr | None:
    """Make a call that stores a name and its length."""
    with Arena() as memory:
        at, length = memory.room(_NAME_MAX), memory.put(_INT.pack(_NAME_MAX))
        call(call_name, s, at, length)
        return sockaddr_unpack(memory.get(at, _INT.unpack(memory.get(length, 4))[0]))


def socketpair(domain: int, type: int, protocol: int = 0) -> tuple[int, int]:
    """Make two sockets that are connected; return their descriptors.

    Raises:
        OSError: as socket; EOPNOTSUPP.
    """
    with Arena() as memory:
        at = memory.room(8)
        call("socketpair", domain, type, protocol, at)
        data = memory.get(at, 8)
        return _INT.unpack_from(data)[0], _INT.unpack_from(data, 4)[0]


def bind(s: int, name: Sockaddr) -> None:
    """Give a socket a name.

    Raises:
        OSError: EADDRINUSE, EADDRNOTAVAIL, EINVAL; of local sockets as open.
    """
    _to_name("bind", s, name)


def connect(s: int, name: Sockaddr) -> None:
    """Connect a socket to the one called name.

    Raises:
        OSError: ECONNREFUSED, EISCONN, EINPROGRESS ...; of local sockets as open.
    """
    _to_name("connect", s, name)


def _to_name(call_name: str, s: int, name: Sockaddr) -> None:
    data = sockaddr_pack(name)
    with Arena() as memory:
        call(call_name, s, memory.put(data), len(data))


def accept(s: int) -> tuple[int, Sockaddr | None]:
    """Take a connection; return its descriptor and who it is from.

    Raises:
        OSError: EAGAIN, ECONNABORTED, EINVAL, EINTR.
    """
    return _accept("accept", s)


def paccept(
    s: int, sigmask: Iterable[int] | None = None, flags: int = 0
) -> tuple[int, Sockaddr | None]:
    """Accept, under another signal mask while it waits; flags are SOCK_CLOEXEC, SOCK_NONBLOCK.

    Raises:
        OSError: as accept.
    """
    with Arena() as memory:
        mask = 0 if sigmask is None else memory.put(pack_sigset(sigset(*sigmask)))
        return _accept("paccept", s, mask, flags)


def accept4(s: int, flags: int) -> tuple[int, Sockaddr | None]:
    """Accept; flags are SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_NOSIGPIPE.

    Raises:
        OSError: as accept.
    """
    return paccept(s, None, flags)


def _accept(call_name: str, s: int, *more: int) -> tuple[int, Sockaddr | None]:
    with Arena() as memory:
        at, length = memory.room(_NAME_MAX), memory.put(_INT.pack(_NAME_MAX))
        fd = call(call_name, s, at, length, *more)
        return fd, sockaddr_unpack(memory.get(at, _INT.unpack(memory.get(length, 4))[0]))


def getsockname(s: int) -> Sockaddr | None:
    """Return a socket's name.

    Raises:
        OSError: EBADF, ENOTSOCK.
    """
    return _name("getsockname", s)


def getpeername(s: int) -> Sockaddr | None:
    """Return the name of who a socket is connected to.

    Raises:
        OSError: ENOTCONN.
    """
    return _name("getpeername", s)


def send(s: int, buf: Readable, flags: int = 0) -> int:
    """Send to the peer; return the count.

    Raises:
        OSError: as sendto.
    """
    return sendto(s, buf, flags)


def sendto(s: int, buf: Readable, flags: int = 0, to: Sockaddr | None = None) -> int:
    """Send to an address, or to the peer; return the count.

    Raises:
        OSError: EPIPE, EMSGSIZE, ENOTCONN, EDESTADDRREQ, EAGAIN, ENOBUFS ...
    """
    name = b"" if to is None else sockaddr_pack(to)
    with Arena() as memory:
        data = bytesof(buf)
        return call("sendto", s, memory.put(data), len(data), flags, memory.put(name), len(name))


def recv(s: int, size: int, flags: int = 0) -> bytes:
    """Receive up to size bytes.

    Raises:
        OSError: as recvfrom.
    """
    with Arena() as memory:
        at = memory.room(size)
        return memory.get(at, call("recvfrom", s, at, size, flags, 0, 0))


def recvfrom(s: int, size: int, flags: int = 0) -> tuple[bytes, Sockaddr | None]:
    """Receive up to size bytes, and who they are from.

    Raises:
        OSError: EAGAIN, ENOTCONN, ECONNRESET, ECONNREFUSED ...
    """
    with Arena() as memory:
        at, name = memory.room(size), memory.room(_NAME_MAX)
        length = memory.put(_INT.pack(_NAME_MAX))
        got = call("recvfrom", s, at, size, flags, name, length)
        who = memory.get(name, _INT.unpack(memory.get(length, 4))[0])
        return memory.get(at, got), sockaddr_unpack(who)


def cmsg_pack(control: Iterable[Cmsg]) -> bytes:
    """Return control messages, each (level, type, data), as sendmsg takes them."""
    return b"".join(
        (Cmsghdr(CMSG_LEN(len(data)), level, type).pack() + data).ljust(
            CMSG_SPACE(len(data)), b"\0"
        )
        for level, type, data in control
    )


def cmsg_unpack(data: bytes) -> list[Cmsg]:
    """Return the control messages in what recvmsg has stored."""
    control, at = [], 0
    while at + CMSG_LEN(0) <= len(data):
        header = Cmsghdr.unpack(data[at:])
        if header.cmsg_len < CMSG_LEN(0):
            break
        body = data[at + CMSG_LEN(0) : at + header.cmsg_len]
        control.append((header.cmsg_level, header.cmsg_type, body))
        at += CMSG_ALIGN(header.cmsg_len)
    return control


def _put_message(
    memory: Arena, buffers: Sequence[Readable], control: Iterable[Cmsg], name: Sockaddr | None
) -> Msghdr:
    """Store what a struct msghdr points at; return it."""
    views = [bytesof(buffer) for buffer in buffers]
    iov = b"".join(_IOVEC.pack(memory.put(view), len(view)) for view in views)
    cmsg = cmsg_pack(control)
    to = b"" if name is None else sockaddr_pack(name)
    return Msghdr(memory.put(to), len(to), memory.put(iov), len(views), memory.put(cmsg), len(cmsg))


def sendmsg(
    s: int,
    buffers: Sequence[Readable],
    control: Iterable[Cmsg] = (),
    flags: int = 0,
    name: Sockaddr | None = None,
) -> int:
    """Send buffers as one message, with control messages; return the count.

    Raises:
        OSError: as sendto; EBADF, EINVAL of SCM_RIGHTS.
    """
    with Arena() as memory:
        header = memory.put(_put_message(memory, buffers, control, name).pack())
        return call("sendmsg", s, header, flags)


def sendmmsg(s: int, messages: Iterable[Sequence[Readable]], flags: int = 0) -> list[int]:
    """Send several messages, each of some buffers; return the counts of those that went.

    Raises:
        OSError: as sendmsg, if none went.
    """
    with Arena() as memory:
        headers = [Mmsghdr(_put_message(memory, buffers, (), None)) for buffers in messages]
        vector = b"".join(header.pack() for header in headers)
        at = memory.put(bytearray(vector))
        count = call("sendmmsg", s, at, len(headers), flags)
        return [header.msg_len for header in _mmsg(memory, at, count)]


def recvmsg(s: int, size: int, controllen: int = 0, flags: int = 0) -> Message:
    """Receive up to size bytes, and control messages of up to controllen bytes.

    Raises:
        OSError: as recvfrom; EMSGSIZE, too many descriptors.
    """
    with Arena() as memory:
        header = _room_message(memory, size, controllen)
        at = memory.put(header.pack())
        got = call("recvmsg", s, at, flags)
        stored = Msghdr.unpack(memory.get(at, len(header.pack())))
        return _get_message(memory, stored, got)


def recvmmsg(
    s: int, sizes: Sequence[int], flags: int = 0, timeout: Timespec | None = None
) -> list[Message]:
    """Receive several messages, each of up to so many bytes.

    Raises:
        OSError: as recvmsg, if none came.
    """
    with Arena() as memory:
        vector = b"".join(Mmsghdr(_room_message(memory, size, 0)).pack() for size in sizes)
        at = memory.put(bytearray(vector))
        time = 0 if timeout is None else memory.put(timeout.pack())
        count = call("recvmmsg", s, at, len(sizes), flags, time)
        return [_get_message(memory, m.msg_hdr, m.msg_len) for m in _mmsg(memory, at, count)]


def _mmsg(memory: Arena, at: int, count: int) -> list[Mmsghdr]:
    """Return the first count struct mmsghdrs at an address."""
    data = memory.get(at, count * SIZEOF_MMSGHDR)
    starts = range(0, len(data), SIZEOF_MMSGHDR)
    return [Mmsghdr.unpack(data[start : start + SIZEOF_MMSGHDR]) for start in starts]


def _room_message(memory: Arena, size: int, controllen: int) -> Msghdr:
    """Return a struct msghdr with room for one message."""
    iov = _IOVEC.pack(memory.room(size), size)
    control = memory.room(controllen) if controllen else 0
    return Msghdr(memory.room(_NAME_MAX), _NAME_MAX, memory.put(iov), 1, control, controllen)


def _get_message(memory: Arena, header: Msghdr, got: int) -> Message:
    """Return what was stored where a struct msghdr says."""
    base, _ = _IOVEC.unpack(memory.get(header.msg_iov, _IOVEC.size))
    control = memory.get(header.msg_control, header.msg_controllen) if header.msg_control else b""
    name = memory.get(header.msg_name, header.msg_namelen)
    return Message(
        memory.get(base, got), cmsg_unpack(control), header.msg_flags, sockaddr_unpack(name)
    )


def setsockopt(s: int, level: int, name: int, value: int | Readable | _Packed) -> None:
    """Set an option to an int, a struct or bytes.

    Raises:
        OSError: ENOPROTOOPT, EINVAL, EDOM, ENOBUFS.
    """
    if isinstance(value, int):
        data: Readable = _INT.pack(value)
    elif isinstance(value, (bytes, bytearray, memoryview)):
        data = value
    else:
        data = value.pack()
    with Arena() as memory:
        call("setsockopt", s, level, name, memory.put(data), len(data))


def getsockopt(s: int, level: int, name: int, size: int | None = None) -> int | bytes:
    """Return an option: as an int, or as bytes if size says how many there may be.

    Raises:
        OSError: ENOPROTOOPT.
    """
    with Arena() as memory:
        at = memory.room(4 if size is None else size)
        length = memory.put(_INT.pack(4 if size is None else size))
        call("getsockopt", s, level, name, at, length)
        data = memory.get(at, _INT.unpack(memory.get(length, 4))[0])
    return data if size is not None else int.from_bytes(data, "little", signed=True)


def getpeereid(s: int) -> tuple[int, int]:
    """Return the effective user and group id of who is at the other side of a local socket.

    Raises:
        OSError: EINVAL, nobody is.
    """
    data = getsockopt(s, SOL_LOCAL, LOCAL_PEEREID, 12)
    who = Unpcbid.unpack(bytes(data) if not isinstance(data, int) else b"")
    return who.unp_euid, who.unp_egid
