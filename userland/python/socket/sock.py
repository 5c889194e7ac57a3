# SPDX-License-Identifier: BSD-2-Clause
"""The socket type of the _socket module.  CPython Modules/socketmodule.c.

As in C, a socket with a timeout does not block in the kernel: poll waits first.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from struct import Struct
from typing import TYPE_CHECKING, Any, TypeVar

from kernel.sys.errno import Errno
from kernel.sys.file import POLLERR, POLLIN, POLLOUT
from kernel.sys.in_ import SockaddrIn, SockaddrIn6
from kernel.sys.ioccom import FIONBIO
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    SO_ERROR,
    SO_TYPE,
    SOCK_CLOEXEC,
    SOCK_NONBLOCK,
    SOCK_STREAM,
    SOL_SOCKET,
)
from kernel.sys.time import CLOCK_MONOTONIC
from userland.libc import include as libc
from userland.libc.cerror import oserror
from userland.libc.data import curdata
from userland.libc.socket import socketpair as libc_socketpair
from userland.python.clinic import audit
from userland.python.gc import finalize
from userland.python.getargs import INT_MAX, as_int, c_int, c_ssize, readable, writable
from userland.python.pytime import MILLISECOND, SECOND, ceil_to, nanoseconds
from userland.python.retry import retried
from userland.python.socket.sockaddr import fromsockaddr, tosockaddr
from userland.python.warn import resource_warning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["SocketType", "getdefaulttimeout", "setdefaulttimeout", "socket", "socketpair"]

T = TypeVar("T")

_INT = Struct("<i")
_WRITABLE = "{}() argument 1 must be read-write bytes-like object, not {{kind}}"
_OPTION_MAX = 1024  # bytes of an option


class socket:
    """A socket; its class in the socket module adds files and the with statement."""

    __slots__ = ("_family", "_fd", "_number", "_owner", "_proto", "_timeout", "_type")

    def __init__(
        self, family: int = -1, type: int = -1, proto: int = -1, fileno: Any = None
    ) -> None:
        self._fd = -1
        self._owner = curdata()
        self._number = self._owner.runtime.files.number()
        family, kind, proto = c_int(family), c_int(type), c_int(proto)
        if fileno is None:
            family = AF_INET if family == -1 else family
            kind = SOCK_STREAM if kind == -1 else kind
            audit("socket.__new__", self, family, kind, proto)
            self._fd = libc.socket(family, kind | SOCK_CLOEXEC, max(proto, 0))
        else:
            audit("socket.__new__", self, family, kind, proto)
            fd = _checkfd(fileno)
            own = libc.getsockname(fd)
            family = _familyof(own) if family == -1 else family
            if kind == -1:
                kind = _option(fd, SO_TYPE)
            self._fd = fd
        self._family, self._proto = family, max(proto, 0)
        self._type = kind & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)
        self._timeout = 0 if kind & SOCK_NONBLOCK else _default()  # ns, None: for ever
        if self._timeout is not None and not kind & SOCK_NONBLOCK:
            _setblock(self._fd, False)

    family = property(lambda self: self._family, doc="the family")
    type = property(lambda self: self._type, doc="the type, without flags")
    proto = property(lambda self: self._proto, doc="the protocol")
    timeout = property(lambda self: _seconds(self._timeout), doc="seconds, or None")

    def __repr__(self) -> str:
        return (
            f"<socket object, fd={self._fd}, family={self._family}, type={self._type},"
            f" proto={self._proto}>"
        )

    def __del__(self) -> None:
        if getattr(self, "_fd", -1) != -1:
            finalize(self._owner, self._number, self._left)

    def _left(self) -> None:
        resource_warning(f"unclosed {self!r}", self)
        fd, self._fd = self._fd, -1
        libc.close(fd)

    def _wait(self, events: int, call: Callable[[], T]) -> T:
        """Make a call, waiting before it, and again, as long as the timeout allows."""
        return self._within(_Deadline(self._timeout), events, call)

    def _within(self, deadline: _Deadline, events: int, call: Callable[[], T]) -> T:
        if not deadline.ns:
            return _again(call)
        while True:
            self._ready(deadline, events)
            try:
                return _again(call)
            except BlockingIOError:
                continue

    def _ready(self, deadline: _Deadline, events: int) -> None:
        """Wait until it is ready, or has failed."""
        while True:
            left = deadline.left()
            if left < 0:
                raise TimeoutError("timed out")
            try:
                ms = min(ceil_to(left, MILLISECOND), INT_MAX)
                if self._fd >= 0 and not libc.poll([(self._fd, events)], ms):
                    raise TimeoutError("timed out")
            except InterruptedError:
                continue
            return

    def _accept(self) -> tuple[int, Any]:
        """Take a connection; return its descriptor and who it is from."""
        fd, who = self._wait(POLLIN, lambda: libc.accept4(self._fd, SOCK_CLOEXEC))
        return fd, fromsockaddr(who)

    def bind(self, address: Any, /) -> None:
        """Give it an address."""
        name = tosockaddr(self._family, address, "bind")
        audit("socket.bind", self, address)
        libc.bind(self._fd, name)

    def close(self) -> None:
        """Close it."""
        if self._fd != -1:
            fd, self._fd = self._fd, -1
            with suppress(ConnectionResetError):
                libc.close(fd)

    def detach(self) -> int:
        """Let go of the descriptor, and return it."""
        fd, self._fd = self._fd, -1
        return fd

    def connect(self, address: Any, /) -> None:
        """Connect it, as long as the timeout allows."""
        name = tosockaddr(self._family, address, "connect")
        audit("socket.connect", self, address)
        code = self._connect(name)
        if code:
            raise oserror(code)

    def connect_ex(self, address: Any, /) -> int:
        """Connect it; return the errno."""
        name = tosockaddr(self._family, address, "connect_ex")
        audit("socket.connect", self, address)
        try:
            return self._connect(name)
        except TimeoutError:
            return Errno.EWOULDBLOCK

    def _connect(self, name: Any) -> int:
        """Connect it; if that goes on without the caller, wait for its end as it would wait."""
        try:
            libc.connect(self._fd, name)
        except InterruptedError as exc:
            if self._timeout == 0:
                return exc.errno or 0
        except OSError as exc:
            if exc.errno != Errno.EINPROGRESS or not self._timeout:
                return exc.errno or 0
        else:
            return 0
        if self._timeout is None:
            _again(lambda: libc.poll([(self._fd, POLLOUT | POLLERR)]))
        else:
            self._ready(_Deadline(self._timeout), POLLOUT | POLLERR)
        code = _option(self._fd, SO_ERROR)
        return 0 if code == Errno.EISCONN else code

    def fileno(self) -> int:
        """Return the descriptor, -1 if it is closed."""
        return self._fd

    def getpeername(self) -> Any:
        """Return the peer's address."""
        return fromsockaddr(libc.getpeername(self._fd))

    def getsockname(self) -> Any:
        """Return its own address."""
        return fromsockaddr(libc.getsockname(self._fd))

    def getsockopt(self, level: int, optname: int, buflen: int = 0, /) -> Any:
        """Return an option: an int, or bytes if buflen says how many there may be."""
        level, optname, size = c_int(level), c_int(optname), c_int(buflen)
        if not 0 <= size <= _OPTION_MAX:
            raise OSError("getsockopt buflen out of range")
        return libc.getsockopt(self._fd, level, optname, size or None)

    def setsockopt(
        self, level: int, optname: int, value: Any, optlen: int | None = None, /
    ) -> None:
        """Set an option to an int or to bytes."""
        level, optname = c_int(level), c_int(optname)
        if value is None:
            if optlen is None:
                raise TypeError("setsockopt() takes exactly 4 arguments (3 given)")
            value = b""
        elif optlen is not None:
            text = f"setsockopt() argument 3 must be None, not {_typename(value)}"
            raise TypeError(text)
        elif not isinstance(value, int) or not ~INT_MAX <= value <= INT_MAX:
            value = readable(value)
        libc.setsockopt(self._fd, level, optname, value)

    def listen(self, backlog: int = 128, /) -> None:
        """Accept connections from now on."""
        libc.listen(self._fd, max(c_int(backlog), 0))

    def gettimeout(self) -> float | None:
        """Return the timeout: seconds, None for ever."""
        return _seconds(self._timeout)

    def settimeout(self, value: Any, /) -> None:
        """Set the timeout: seconds, None for ever, 0 not to wait."""
        self._timeout = _timeout(value)
        _setblock(self._fd, self._timeout is None)

    def getblocking(self) -> bool:
        """Whether it waits."""
        return self._timeout != 0

    def setblocking(self, flag: Any, /) -> None:
        """Wait for ever, or not at all."""
        self.settimeout(None if flag else 0.0)

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Receive up to bufsize bytes."""
        size, flags = c_ssize(bufsize), c_int(flags)
        if size < 0:
            raise ValueError("negative buffersize in recv")
        return self._wait(POLLIN, lambda: libc.recv(self._fd, size, flags))

    def recvfrom(self, bufsize: int, flags: int = 0, /) -> tuple[bytes, Any]:
        """Receive up to bufsize bytes, and who they are from."""
        size, flags = c_ssize(bufsize), c_int(flags)
        if size < 0:
            raise ValueError("negative buffersize in recvfrom")
        data, who = self._wait(POLLIN, lambda: libc.recvfrom(self._fd, size, flags))
        return data, fromsockaddr(who)

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Receive into a buffer; return the count."""
        view = writable(buffer, _WRITABLE.format("recv_into"))
        size, flags = c_ssize(nbytes), c_int(flags)
        if size < 0:
            raise ValueError("negative buffersize in recv_into")
        if size > len(view):
            raise ValueError("buffer too small for requested bytes")
        size = size or len(view)
        data = self._wait(POLLIN, lambda: libc.recv(self._fd, size, flags))
        view[: len(data)] = data
        return len(data)

    def recvfrom_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> tuple[int, Any]:
        """Receive into a buffer; return the count, and who it is from."""
        view = writable(buffer, _WRITABLE.format("recvfrom_into"))
        size, flags = c_ssize(nbytes), c_int(flags)
        if size < 0:
            raise ValueError("negative buffersize in recvfrom_into")
        if size > len(view):
            raise ValueError("nbytes is greater than the length of the buffer")
        size = size or len(view)
        data, who = self._wait(POLLIN, lambda: libc.recvfrom(self._fd, size, flags))
        view[: len(data)] = data
        return len(data), fromsockaddr(who)

    def recvmsg(self, bufsize: int, ancbufsize: int = 0, flags: int = 0, /) -> tuple[Any, ...]:
        """Receive data and control messages; return them, the flags and who they are from."""
        size, control, flags = c_ssize(bufsize), c_ssize(ancbufsize), c_int(flags)
        if size < 0:
            raise ValueError("negative buffer size in recvmsg()")
        return self._recvmsg(size, control, flags)

    def _recvmsg(self, size: int, control: int, flags: int) -> tuple[Any, ...]:
        if not 0 <= control <= INT_MAX:
            raise ValueError("invalid ancillary data buffer length")
        message = self._wait(POLLIN, lambda: libc.recvmsg(self._fd, size, control, flags))
        return message.data, message.control, message.flags, fromsockaddr(message.name)

    def recvmsg_into(
        self, buffers: Iterable[Any], ancbufsize: int = 0, flags: int = 0, /
    ) -> tuple[Any, ...]:
        """Receive into buffers, one after the other; return the count and what recvmsg does."""
        control, flags = c_ssize(ancbufsize), c_int(flags)
        what = "recvmsg_into() argument 1 must be an iterable"
        refusal = f"{what} of single-segment read-write buffers"
        views = [writable(each, refusal) for each in _items(buffers, what)]
        data, *rest = self._recvmsg(sum(map(len, views)), control, flags)
        left = data
        for view in views:
            piece, left = left[: len(view)], left[len(view) :]
            view[: len(piece)] = piece
        return len(data), *rest

    def send(self, data: Any, flags: int = 0, /) -> int:
        """Send; return the count."""
        with readable(data) as view:
            call = partial(libc.send, self._fd, view, c_int(flags))
            return self._sent(_Deadline(self._timeout), call)

    def _sent(self, deadline: _Deadline, call: Callable[[], int]) -> int:
        """Send; the frames of a failure hold none of what was to be sent: it may be resized."""
        try:
            return self._within(deadline, POLLOUT, call)
        except OSError as exc:
            exc.__traceback__ = None
            raise

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send all of data, within one timeout."""
        flags, deadline, sent = c_int(flags), _Deadline(self._timeout), 0
        with readable(data) as view:
            while True:
                with view[sent:] as piece:
                    sent += self._sent(deadline, partial(libc.send, self._fd, piece, flags))
                if sent >= len(view):
                    return

    def sendto(self, data: Any, *args: Any) -> int:
        """Send to an address: sendto(data, [flags,] address)."""
        if len(args) not in (1, 2):
            raise TypeError(f"sendto() takes 2 or 3 arguments ({len(args) + 1} given)")
        readable(data).release()
        flags = c_int(args[0]) if len(args) == 2 else 0
        name = tosockaddr(self._family, args[-1], "sendto")
        audit("socket.sendto", self, args[-1])
        with readable(data) as view:
            call = partial(libc.sendto, self._fd, view, flags, name)
            return self._sent(_Deadline(self._timeout), call)

    def sendmsg(
        self,
        buffers: Iterable[Any],
        ancdata: Iterable[Any] = (),
        flags: int = 0,
        address: Any = None,
        /,
    ) -> int:
        """Send buffers and control messages as one message; return the count."""
        flags = c_int(flags)
        name = None if address is None else tosockaddr(self._family, address, "sendmsg")
        audit("socket.sendmsg", self, address)
        pieces = _items(buffers, "sendmsg() argument 1 must be an iterable")
        views = [bytes(readable(each)) for each in pieces]
        control = [
            _ancillary(item) for item in _items(ancdata, "sendmsg() argument 2 must be an iterable")
        ]
        return self._wait(POLLOUT, lambda: libc.sendmsg(self._fd, views, control, flags, name))

    def shutdown(self, how: int, /) -> None:
        """End one direction, or both."""
        libc.shutdown(self._fd, as_int(how))


SocketType = socket


def _typename(value: object) -> str:
    return type(value).__name__


class _Deadline:
    """The end of a wait of so many ns, None or 0 for none; it begins when it is first asked for."""

    __slots__ = ("_until", "ns")

    def __init__(self, ns: int | None) -> None:
        self.ns = ns
        self._until: int | None = None

    def left(self) -> int:
        """Return the ns that are left, negative if it is over."""
        now = libc.clock_gettime(CLOCK_MONOTONIC).ns
        if self._until is None:
            self._until = now + (self.ns or 0)
        return self._until - now


def _again(call: Callable[[], T]) -> T:
    """Make a call, again after a signal whose handler raises nothing."""
    return retried(call)()


def _option(fd: int, name: int) -> int:
    """Return an option of SOL_SOCKET."""
    value = libc.getsockopt(fd, SOL_SOCKET, name)
    return value if isinstance(value, int) else int.from_bytes(value, "little")


def _checkfd(fileno: Any) -> int:
    fd = as_int(fileno)
    if fd < 0:
        raise ValueError("negative file descriptor")
    return fd


def _familyof(name: Any) -> int:
    return {SockaddrIn: AF_INET, SockaddrIn6: AF_INET6}.get(type(name), AF_LOCAL)


def _setblock(fd: int, block: bool) -> None:
    libc.ioctl(fd, FIONBIO, _INT.pack(not block))


def _items(iterable: Any, text: str) -> list[Any]:
    """Return what an argument holds; text says what is wrong if it holds nothing."""
    try:
        return list(iterable)
    except TypeError:
        raise TypeError(text) from None


def _ancillary(item: Any) -> tuple[int, int, bytes]:
    """Return a control message, as libc takes it."""
    what = "[sendmsg() ancillary data items]"
    if not isinstance(item, (tuple, list)):
        raise TypeError(f"{what}() argument must be 3-item sequence, not {_typename(item)}")
    if len(item) != 3:
        raise TypeError(f"{what}() argument must be sequence of length 3, not {len(item)}")
    level, kind, data = item
    return c_int(level), c_int(kind), bytes(readable(data))


def _timeout(value: Any) -> int | None:
    """Return a timeout in ns."""
    if value is None:
        return None
    ns = nanoseconds(value)
    if ns < 0:
        raise ValueError("Timeout value out of range")
    return ns


def _seconds(ns: int | None) -> float | None:
    return None if ns is None else ns / SECOND


def _default() -> int | None:
    timeout: int | None = curdata().runtime.socket_timeout
    return timeout


def getdefaulttimeout() -> float | None:
    """Return the timeout of new sockets."""
    return _seconds(_default())


def setdefaulttimeout(timeout: Any, /) -> None:
    """Set the timeout of new sockets: seconds, or None."""
    curdata().runtime.socket_timeout = _timeout(timeout)


def socketpair(
    family: int = AF_LOCAL, type: int = SOCK_STREAM, proto: int = 0, /
) -> tuple[socket, socket]:
    """Make two sockets that are connected."""
    kind = c_int(type)
    one, other = libc_socketpair(c_int(family), kind | SOCK_CLOEXEC, c_int(proto))
    return socket(family, kind, proto, one), socket(family, kind, proto, other)
