# SPDX-License-Identifier: BSD-2-Clause
"""The _socket module of a program: socket, on this system's calls.  CPython Modules/socketmodule.c.

As in C, a socket with a timeout does not block in the kernel: poll waits first.
"""

from __future__ import annotations

import array as _array
from contextlib import suppress as _suppress
from struct import Struct as _Struct
from typing import TYPE_CHECKING, Any, TypeVar

from kernel.sys import in_ as _in
from kernel.sys import socket as _header
from kernel.sys import un as _un
from kernel.sys.errno import Errno as _Errno
from kernel.sys.fcntl import F_DUPFD_CLOEXEC as _F_DUPFD_CLOEXEC
from kernel.sys.file import POLLERR as _POLLERR
from kernel.sys.file import POLLIN as _POLLIN
from kernel.sys.file import POLLOUT as _POLLOUT
from kernel.sys.ioccom import FIONBIO as _FIONBIO
from userland import libc as _libc
from userland.libc import netdb as _netdb
from userland.libc.cerror import oserror as _oserror
from userland.libc.data import curdata as _curdata
from userland.libc.inet import (
    htonl,
    htons,
    if_indextoname,
    if_nameindex,
    if_nametoindex,
    inet_ntoa,
    inet_ntop,
    ntohl,
    ntohs,
)
from userland.libc.inet import (
    inet_aton as _inet_aton,
)
from userland.libc.inet import (
    inet_pton as _inet_pton,
)
from userland.libc.netdb import gaierror
from userland.libc.socket import socketpair as _socketpair
from userland.python.openfiles import collecting as _collecting
from userland.python.sockaddr import fromsockaddr as _fromsockaddr
from userland.python.sockaddr import hostaddr as _hostaddr
from userland.python.sockaddr import tosockaddr as _tosockaddr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

error = OSError
timeout = TimeoutError
has_ipv6 = True
_INT = _Struct("<i")


class herror(OSError):
    """A host was not found: (number, text)."""


herror.__module__ = "socket"

_PREFIXES = (
    "AF_", "AI_", "CMSG_", "EAI_", "INADDR_", "IP_", "IPPORT_", "IPPROTO_", "IPV6_", "LOCAL_",
    "MSG_", "NI_", "PF_", "SCM_", "SHUT_", "SOCK_", "SOL_", "SOMAXCONN", "SO_", "TCP_",
)  # fmt: skip
_ADDRESSES = ("INADDR_ANY", "INADDR_LOOPBACK", "INADDR_BROADCAST")
globals().update(
    {
        name: value
        for module in (_header, _in, _un, _netdb)
        for name, value in vars(module).items()
        if name.startswith(_PREFIXES) and (isinstance(value, int) or name.startswith("CMSG_"))
    },
    **{name: int.from_bytes(getattr(_in, name), "big") for name in _ADDRESSES},
)
SOL_IP, SOL_TCP, SOL_UDP = _in.IPPROTO_IP, _in.IPPROTO_TCP, _in.IPPROTO_UDP
del CMSG_ALIGN  # type: ignore[name-defined]  # noqa: F821


class socket:
    """A socket; its class in the socket module adds files and the with statement."""

    __slots__ = ("_family", "_fd", "_owner", "_proto", "_timeout", "_type")

    def __init__(
        self, family: int = -1, type: int = -1, proto: int = -1, fileno: Any = None
    ) -> None:
        self._fd = -1
        self._owner = _curdata()
        kind = int(type)
        if fileno is None:
            family = _header.AF_INET if family == -1 else family
            kind = _header.SOCK_STREAM if kind == -1 else kind
            self._fd = _libc.socket(family, kind | _header.SOCK_CLOEXEC, max(proto, 0))
        else:
            fd = _checkfd(fileno)
            own = _libc.getsockname(fd)
            family = _familyof(own) if family == -1 else family
            if kind == -1:
                kind = int.from_bytes(_option(fd, _header.SO_TYPE), "little")
            self._fd = fd
        self._family, self._proto = int(family), max(int(proto), 0)
        self._type = kind & ~(_header.SOCK_CLOEXEC | _header.SOCK_NONBLOCK)
        self._timeout = 0.0 if kind & _header.SOCK_NONBLOCK else getdefaulttimeout()
        if self._timeout is not None and not kind & _header.SOCK_NONBLOCK:
            _setblock(self._fd, False)

    family = property(lambda self: self._family, doc="the family")
    type = property(lambda self: self._type, doc="the type, without flags")
    proto = property(lambda self: self._proto, doc="the protocol")
    timeout = property(lambda self: self._timeout, doc="seconds, or None")

    def __repr__(self) -> str:
        return (
            f"<socket object, fd={self._fd}, family={self._family}, type={self._type},"
            f" proto={self._proto}>"
        )

    def __del__(self) -> None:
        if getattr(self, "_fd", -1) != -1 and self._mine():
            with _suppress(OSError):  # nobody is there to hear of it
                self.close()

    def _mine(self) -> bool:
        """Whether the process that runs has made it, and lets go of it by its own doing."""
        try:
            return _curdata() is self._owner and not _collecting()
        except RuntimeError:  # no process runs
            return False

    def _wait(self, events: int, call: Callable[[], T]) -> T:
        """Make a call, waiting before it, and again, as long as the timeout allows."""
        if not self._timeout:
            return _again(call)
        until = _libc.clock_gettime(3).ns + round(self._timeout * 1e9)
        while True:
            left = until - _libc.clock_gettime(3).ns
            if left < 0 or not _ready(self._fd, events, left):
                raise TimeoutError("timed out")
            try:
                return _again(call)
            except BlockingIOError:
                continue

    def _accept(self) -> tuple[int, Any]:
        """Take a connection; return its descriptor and who it is from."""
        fd, who = self._wait(_POLLIN, lambda: _libc.accept4(self._fd, _header.SOCK_CLOEXEC))
        return fd, _fromsockaddr(who)

    def bind(self, address: Any, /) -> None:
        """Give it an address."""
        _libc.bind(self._fd, _tosockaddr(self._family, address, "bind"))

    def close(self) -> None:
        """Close it."""
        if self._fd != -1:
            fd, self._fd = self._fd, -1
            with _suppress(ConnectionResetError):
                _libc.close(fd)

    def detach(self) -> int:
        """Let go of the descriptor, and return it."""
        fd, self._fd = self._fd, -1
        return fd

    def connect(self, address: Any, /) -> None:
        """Connect it, as long as the timeout allows."""
        code = self._connect(_tosockaddr(self._family, address, "connect"))
        if code:
            raise _oserror(code)

    def connect_ex(self, address: Any, /) -> int:
        """Connect it; return the errno."""
        try:
            return self._connect(_tosockaddr(self._family, address, "connect_ex"))
        except TimeoutError:
            return _Errno.EAGAIN

    def _connect(self, name: Any) -> int:
        try:
            _libc.connect(self._fd, name)
        except OSError as exc:
            number = exc.errno or 0
            interrupted = number == _Errno.EINTR and self._timeout is None
            waits = number == _Errno.EINPROGRESS and self._timeout
            if not interrupted and not waits:
                return number
        else:
            return 0
        ns = None if self._timeout is None else round(self._timeout * 1e9)
        if not _ready(self._fd, _POLLOUT | _POLLERR, ns):
            raise TimeoutError("timed out")
        return int.from_bytes(_option(self._fd, _header.SO_ERROR), "little")

    def fileno(self) -> int:
        """Return the descriptor, -1 if it is closed."""
        return self._fd

    def getpeername(self) -> Any:
        """Return the peer's address."""
        return _fromsockaddr(_libc.getpeername(self._fd))

    def getsockname(self) -> Any:
        """Return its own address."""
        return _fromsockaddr(_libc.getsockname(self._fd))

    def getsockopt(self, level: int, optname: int, buflen: int = 0, /) -> Any:
        """Return an option: an int, or bytes if buflen says how many there may be."""
        if not 0 <= buflen <= 1024:
            raise OSError("getsockopt buflen out of range")
        return _libc.getsockopt(self._fd, level, optname, buflen or None)

    def setsockopt(
        self, level: int, optname: int, value: Any, optlen: int | None = None, /
    ) -> None:
        """Set an option to an int or to bytes."""
        if isinstance(value, int):
            _INT.pack(value)
        _libc.setsockopt(self._fd, level, optname, b"" if value is None else value)

    def listen(self, backlog: int = 128, /) -> None:
        """Accept connections from now on."""
        _libc.listen(self._fd, max(backlog, 0))

    def gettimeout(self) -> float | None:
        """Return the timeout: seconds, None for ever."""
        return self._timeout

    def settimeout(self, value: Any, /) -> None:
        """Set the timeout: seconds, None for ever, 0 not to wait."""
        self._timeout = _seconds(value)
        _setblock(self._fd, self._timeout is None)

    def getblocking(self) -> bool:
        """Whether it waits."""
        return self._timeout != 0

    def setblocking(self, flag: Any, /) -> None:
        """Wait for ever, or not at all."""
        self.settimeout(None if flag else 0.0)

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Receive up to bufsize bytes."""
        if bufsize < 0:
            raise ValueError("negative buffersize in recv")
        return self._wait(_POLLIN, lambda: _libc.recv(self._fd, bufsize, flags))

    def recvfrom(self, bufsize: int, flags: int = 0, /) -> tuple[bytes, Any]:
        """Receive up to bufsize bytes, and who they are from."""
        if bufsize < 0:
            raise ValueError("negative buffersize in recvfrom")
        data, who = self._wait(_POLLIN, lambda: _libc.recvfrom(self._fd, bufsize, flags))
        return data, _fromsockaddr(who)

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Receive into a buffer; return the count."""
        view = _room(buffer, nbytes, "recv_into")
        data = self.recv(len(view), flags)
        view[: len(data)] = data
        return len(data)

    def recvfrom_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> tuple[int, Any]:
        """Receive into a buffer; return the count, and who it is from."""
        view = _room(buffer, nbytes, "recvfrom_into")
        data, who = self.recvfrom(len(view), flags)
        view[: len(data)] = data
        return len(data), who

    def recvmsg(self, bufsize: int, ancbufsize: int = 0, flags: int = 0, /) -> tuple[Any, ...]:
        """Receive data and control messages; return them, the flags and who they are from."""
        if bufsize < 0:
            raise ValueError("negative buffer size in recvmsg()")
        message = self._wait(_POLLIN, lambda: _libc.recvmsg(self._fd, bufsize, ancbufsize, flags))
        return message.data, message.control, message.flags, _fromsockaddr(message.name)

    def recvmsg_into(
        self, buffers: Iterable[Any], ancbufsize: int = 0, flags: int = 0, /
    ) -> tuple[Any, ...]:
        """Receive into buffers, one after the other; return the count and what recvmsg does."""
        views = [memoryview(buffer).cast("B") for buffer in buffers]
        data, *rest = self.recvmsg(sum(map(len, views)), ancbufsize, flags)
        left = data
        for view in views:
            piece, left = left[: len(view)], left[len(view) :]
            view[: len(piece)] = piece
        return len(data), *rest

    def send(self, data: Any, flags: int = 0, /) -> int:
        """Send; return the count."""
        return self._wait(_POLLOUT, lambda: _libc.send(self._fd, data, flags))

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send all of data."""
        view = memoryview(data).cast("B")
        while True:
            view = view[self.send(view, flags) :]
            if not view:
                return

    def sendto(self, data: Any, *args: Any) -> int:
        """Send to an address: sendto(data, [flags,] address)."""
        if len(args) not in (1, 2):
            raise TypeError(f"sendto() takes 2 or 3 arguments ({len(args) + 1} given)")
        flags = args[0] if len(args) == 2 else 0
        name = _tosockaddr(self._family, args[-1], "sendto")
        return self._wait(_POLLOUT, lambda: _libc.sendto(self._fd, data, flags, name))

    def sendmsg(
        self,
        buffers: Iterable[Any],
        ancdata: Iterable[tuple[int, int, Any]] = (),
        flags: int = 0,
        address: Any = None,
        /,
    ) -> int:
        """Send buffers and control messages as one message; return the count."""
        views = [_libc_bytes(buffer) for buffer in buffers]
        control = [(level, kind, _libc_bytes(data)) for level, kind, data in ancdata]
        name = None if address is None else _tosockaddr(self._family, address, "sendmsg")
        return self._wait(_POLLOUT, lambda: _libc.sendmsg(self._fd, views, control, flags, name))

    def shutdown(self, how: int, /) -> None:
        """End one direction, or both."""
        _libc.shutdown(self._fd, how)


SocketType = socket


def _libc_bytes(data: Any) -> bytes:
    return data.tobytes() if isinstance(data, _array.array) else bytes(data)


def _again(call: Callable[[], T]) -> T:
    """Make a call, again after a signal whose handler raises nothing."""
    while True:
        try:
            return call()
        except InterruptedError:
            continue


def _ready(fd: int, events: int, ns: int | None) -> bool:
    """Wait for a descriptor at most ns nanoseconds (None: for ever)."""
    timeout = -1 if ns is None else -(-ns // 1_000_000)
    return bool(_again(lambda: _libc.poll([(fd, events)], timeout)))


def _option(fd: int, name: int) -> bytes:
    """Return an option of SOL_SOCKET."""
    value = _libc.getsockopt(fd, _header.SOL_SOCKET, name, 4)
    return value if isinstance(value, bytes) else _INT.pack(value)


def _checkfd(fileno: Any) -> int:
    if isinstance(fileno, float) or not isinstance(fileno, int):
        raise TypeError(f"'{type(fileno).__name__}' object cannot be interpreted as an integer")
    if fileno < 0:
        raise ValueError("negative file descriptor")
    return fileno


def _familyof(name: Any) -> int:
    families = {_in.SockaddrIn: _header.AF_INET, _in.SockaddrIn6: _header.AF_INET6}
    return families.get(type(name), _header.AF_LOCAL)


def _setblock(fd: int, block: bool) -> None:
    _libc.ioctl(fd, _FIONBIO, _INT.pack(not block))


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    seconds = float(value)
    if seconds < 0:
        raise ValueError("Timeout value out of range")
    return seconds


def _room(buffer: Any, nbytes: int, what: str) -> memoryview:
    view = memoryview(buffer).cast("B")
    if nbytes < 0:
        raise ValueError(f"negative buffersize in {what}")
    if nbytes > len(view):
        raise ValueError("nbytes is greater than the length of the buffer")
    return view[: nbytes or len(view)]


def getdefaulttimeout() -> float | None:
    """Return the timeout of new sockets."""
    timeout: float | None = _curdata().runtime.socket_timeout
    return timeout


def setdefaulttimeout(timeout: Any, /) -> None:
    """Set the timeout of new sockets: seconds, or None."""
    _curdata().runtime.socket_timeout = _seconds(timeout)


def socketpair(
    family: int = _header.AF_LOCAL, type: int = _header.SOCK_STREAM, proto: int = 0, /
) -> tuple[socket, socket]:
    """Make two sockets that are connected."""
    one, other = _socketpair(family, type | _header.SOCK_CLOEXEC, proto)
    return socket(family, type, proto, one), socket(family, type, proto, other)


def close(fd: int, /) -> None:
    """Close a descriptor."""
    _libc.close(fd)


def dup(fd: int, /) -> int:
    """Duplicate a descriptor, close-on-exec."""
    return _libc.fcntl(fd, _F_DUPFD_CLOEXEC, 0)


def inet_aton(text: str, /) -> bytes:
    """Return the IPv4 address that text is."""
    address = _inet_aton(text)
    if address is None:
        raise OSError("illegal IP address string passed to inet_aton")
    return address


def inet_pton(family: int, text: str, /) -> bytes:
    """Return the address that text is of family."""
    address = _inet_pton(family, text)
    if address is None:
        raise OSError("illegal IP address string passed to inet_pton")
    return address


def getaddrinfo(
    host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
) -> list[tuple[Any, ...]]:
    """Return the addresses of a host and a service, as socket's calls take them."""
    name = host.decode("ascii") if isinstance(host, (bytes, bytearray)) else host
    service = port.decode("ascii") if isinstance(port, bytes) else port
    return [
        (*answer[:4], _fromsockaddr(answer.ai_addr))
        for answer in _netdb.getaddrinfo(name, service, family, type, proto, flags)
    ]


def getnameinfo(sockaddr: tuple[Any, ...], flags: int, /) -> tuple[str, str]:
    """Return the host and the service of an address."""
    if not isinstance(sockaddr, tuple):
        raise TypeError("getnameinfo() argument 1 must be a tuple")
    six = ":" in sockaddr[0]
    family = _header.AF_INET6 if six else _header.AF_INET
    name: Any = _tosockaddr(family, sockaddr if six else sockaddr[:2], "getnameinfo")
    return _libc.getnameinfo(name, flags)


def gethostname() -> str:
    """Return the name of the host."""
    return _libc.gethostname()


def sethostname(name: Any, /) -> None:
    """Set the name of the host."""
    _libc.sethostname(name if isinstance(name, str) else name.decode())


def gethostbyname(name: str, /) -> str:
    """Return the IPv4 address of a host."""
    return inet_ntoa(_hostaddr(_header.AF_INET, name))


def gethostbyname_ex(name: str, /) -> tuple[str, list[str], list[str]]:
    """Return the name, the other names and the IPv4 addresses of a host."""
    found = _netdb.gethostbyname(name)
    if found is None:
        raise gaierror(_netdb.EAI_NONAME, _netdb.gai_strerror(_netdb.EAI_NONAME))
    return found.h_name, found.h_aliases, [inet_ntoa(a) for a in found.h_addr_list]


def gethostbyaddr(address: str, /) -> tuple[str, list[str], list[str]]:
    """Return the name, the other names and the addresses of the host that has an address."""
    family = _header.AF_INET6 if ":" in address else _header.AF_INET
    found = _netdb.gethostbyaddr(_hostaddr(family, address), family)
    if found is None:
        raise herror(1, "Unknown host")
    return found.h_name, found.h_aliases, [inet_ntop(family, a) for a in found.h_addr_list]


def getservbyname(name: str, proto: str | None = None, /) -> int:
    """Return the port of a service."""
    found = _netdb.getservbyname(name, proto)
    if found is None:
        raise OSError("service/proto not found")
    return found.s_port


def getservbyport(port: int, proto: str | None = None, /) -> str:
    """Return the service at a port."""
    if not 0 <= port <= 0xFFFF:
        raise OverflowError("getservbyport: port must be 0-65535.")
    found = _netdb.getservbyport(port, proto)
    if found is None:
        raise OSError("port/proto not found")
    return found.s_name


def getprotobyname(name: str, /) -> int:
    """Return the number of a protocol."""
    found = _netdb.getprotobyname(name)
    if found is None:
        raise OSError("protocol not found")
    return found.p_proto


__all__ = [  # noqa: PLE0604 - strings, all of them
    "SOL_IP", "SOL_TCP", "SOL_UDP", "SocketType", "close", "dup", "error", "gaierror",
    "getaddrinfo", "getdefaulttimeout", "gethostbyaddr", "gethostbyname", "gethostbyname_ex",
    "gethostname", "getnameinfo", "getprotobyname", "getservbyname", "getservbyport", "has_ipv6",
    "herror", "htonl", "htons", "if_indextoname", "if_nameindex", "if_nametoindex", "inet_aton",
    "inet_ntoa", "inet_ntop", "inet_pton", "ntohl", "ntohs", "setdefaulttimeout", "sethostname",
    "socket", "socketpair", "timeout",
    *(name for name in globals() if name.startswith(_PREFIXES)),
]  # fmt: skip
