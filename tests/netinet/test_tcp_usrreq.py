# SPDX-License-Identifier: BSD-2-Clause
"""TCP on the loopback network: connecting, windows, both ends closing, resets, urgent data."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.file import POLLIN, POLLOUT, POLLRDBAND
from kernel.sys.in_ import (
    IN6ADDR_ANY,
    IN6ADDR_LOOPBACK,
    INADDR_ANY,
    INADDR_LOOPBACK,
    IPPROTO_IPV6,
    IPPROTO_TCP,
    IPV6_V6ONLY,
    TCP_KEEPIDLE,
    TCP_NODELAY,
    SockaddrIn,
    SockaddrIn6,
)
from kernel.sys.ioccom import SIOCATMARK
from kernel.sys.signal import SIG_IGN, SIGPIPE
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    MSG_OOB,
    MSG_WAITALL,
    SHUT_WR,
    SO_ERROR,
    SO_LINGER,
    SO_OOBINLINE,
    SO_REUSEADDR,
    SOCK_NONBLOCK,
    SOCK_STREAM,
    SOL_SOCKET,
    Linger,
)
from userland.libc.signal import Sigaction

HERE = SockaddrIn(7000, INADDR_LOOPBACK)
REFUSED, RESET = ConnectionRefusedError, ConnectionResetError


@pytest.fixture
def p(k):
    process = k.root()
    process.sigaction(SIGPIPE, Sigaction(SIG_IGN))
    return process


@pytest.fixture
def q(k):
    process = k.process()
    process.sigaction(SIGPIPE, Sigaction(SIG_IGN))
    return process


def listener(p, address=HERE, backlog=5, family=AF_INET):
    s = p.socket(family, SOCK_STREAM)
    p.bind(s, address)
    p.listen(s, backlog)
    return s


@pytest.fixture
def pair(p, q):
    """A connection: the server's end in p, the client's in q, the listening socket."""
    s = listener(p)
    c = q.socket(AF_INET, SOCK_STREAM)
    q.connect(c, HERE)
    n, _ = p.accept(s)
    return n, c, s


def test_names(p, q, pair):
    """Each end has the other's address; the client's port was free."""
    n, c, s = pair
    assert p.getsockname(n) == HERE == q.getpeername(c)
    assert p.getpeername(n) == q.getsockname(c)
    assert q.getsockname(c).sin_addr == INADDR_LOOPBACK
    assert q.getsockname(c).sin_port == 65534
    assert p.getsockname(s) == HERE


def test_data_and_the_end(p, q, pair):
    """What is sent comes in order, then the end; the other direction goes on."""
    n, c, _ = pair
    q.write(c, b"hello")
    q.shutdown(c, SHUT_WR)
    assert p.read(n, 100) == b"hello"
    assert p.read(n, 100) == b""
    p.write(n, b"answer")
    p.close(n)
    assert q.read(c, 100) == b"answer"
    assert q.read(c, 100) == b""


def test_windows(p, q, pair):
    """Both buffers hold 32 KiB; a writer waits for the rest, and close sends what is left."""
    n, c, _ = pair
    data = bytes(range(256)) * 400
    q.begin("write", c, data)
    assert q.lwp.l_wmesg == "netio"
    assert p.recv(n, len(data), MSG_WAITALL) == data
    assert q.finish() == len(data)
    q.write(c, data[:65536])
    q.close(c)
    assert p.recv(n, 65536, MSG_WAITALL) == data[:65536]
    assert p.read(n, 1) == b""


def test_nobody_listens(p):
    """ECONNREFUSED, by connect or by SO_ERROR."""
    c = p.socket(AF_INET, SOCK_STREAM)
    with pytest.raises(REFUSED):
        p.connect(c, HERE)
    c = p.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK)
    with pytest.raises(BlockingIOError) as error:
        p.connect(c, HERE)
    assert error.value.errno == Errno.EINPROGRESS
    assert p.poll([(c, POLLOUT)], -1) == [(c, POLLOUT)]
    assert p.getsockopt(c, SOL_SOCKET, SO_ERROR) == Errno.ECONNREFUSED
    assert p.getsockopt(c, SOL_SOCKET, SO_ERROR) == 0


def test_connecting_without_waiting(p, q):
    """EINPROGRESS, then EALREADY; ready for writing when it is there."""
    s = listener(p)
    c = q.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK)
    errors = []
    for _ in range(2):
        with pytest.raises(BlockingIOError) as error:
            q.connect(c, HERE)
        errors.append(error.value.errno)
    assert errors == [Errno.EINPROGRESS, Errno.EALREADY]
    assert q.poll([(c, POLLOUT)], 1000) == [(c, POLLOUT)]
    assert q.getsockopt(c, SOL_SOCKET, SO_ERROR) == 0
    assert p.poll([(s, POLLIN)], 0) == [(s, POLLIN)]
    with pytest.raises(OSError, match="already connected"):
        q.connect(c, HERE)


def test_a_full_queue_is_tried_again(k, p, q):
    """A SYN that finds the queue full is sent again after 3 s; after 75 s it is ETIMEDOUT."""
    s = listener(p, backlog=0)
    first, second, third = (q.socket(AF_INET, SOCK_STREAM) for _ in range(3))
    q.connect(first, HERE)
    q.begin("connect", second, HERE)
    k.advance(1)
    assert not q.idle
    p.accept(s)
    k.advance(3)
    q.finish()
    before = k.time()
    with pytest.raises(TimeoutError):
        q.connect(third, HERE)
    assert round(k.time() - before) == 75


def test_writing_to_who_has_closed(p, q, pair):
    """The first write is answered by a reset, the next is EPIPE."""
    n, c, _ = pair
    p.close(n)
    assert q.write(c, b"x") == 1
    with pytest.raises(BrokenPipeError):
        q.write(c, b"y")
    with pytest.raises(RESET):
        q.read(c, 1)
    assert q.read(c, 1) == b""


def test_linger_of_zero(p, q, pair):
    """close resets the connection."""
    n, c, _ = pair
    p.setsockopt(n, SOL_SOCKET, SO_LINGER, Linger(1, 0))
    p.close(n)
    with pytest.raises(RESET):
        q.read(c, 1)


def test_linger(k, p, q, pair):
    """close waits until the peer has taken everything, as long as it may."""
    n, c, _ = pair
    q.setsockopt(c, SOL_SOCKET, SO_LINGER, Linger(1, 5))
    q.write(c, b"x" * 65536)
    q.begin("close", c)
    assert q.lwp.l_wmesg == "socket"
    p.recv(n, 65536, MSG_WAITALL)
    q.finish()
    d = q.socket(AF_INET, SOCK_STREAM)
    q.connect(d, HERE)
    q.setsockopt(d, SOL_SOCKET, SO_LINGER, Linger(1, 5))
    q.write(d, b"x" * 65536)
    with pytest.raises(BlockingIOError):
        q.close(d)


def test_listener_closes(p, q):
    """Connections that nobody has accepted are reset."""
    s = listener(p)
    c = q.socket(AF_INET, SOCK_STREAM)
    q.connect(c, HERE)
    p.close(s)
    with pytest.raises(RESET):
        q.read(c, 1)


def test_reset_before_accept(p, q):
    """accept says ECONNABORTED."""
    s = listener(p)
    c = q.socket(AF_INET, SOCK_STREAM)
    q.connect(c, HERE)
    q.setsockopt(c, SOL_SOCKET, SO_LINGER, Linger(1, 0))
    q.close(c)
    with pytest.raises(ConnectionAbortedError):
        p.accept(s)


def test_addresses_are_kept_for_a_while(k, p, q, pair):
    """TIME_WAIT: who closed first has the port for 15 s, unless SO_REUSEADDR says otherwise."""
    n, c, s = pair
    p.close(n)
    q.close(c)
    p.close(s)
    t = p.socket(AF_INET, SOCK_STREAM)
    with pytest.raises(OSError, match="already in use"):
        p.bind(t, HERE)
    p.setsockopt(t, SOL_SOCKET, SO_REUSEADDR, 1)
    p.bind(t, HERE)
    p.close(t)
    k.advance(16)
    p.bind(p.socket(AF_INET, SOCK_STREAM), HERE)


def test_urgent_byte(p, q, pair):
    """The last byte of MSG_OOB is kept apart; a read stops before where it was."""
    n, c, _ = pair
    q.write(c, b"abc")
    q.send(c, b"dX", MSG_OOB)
    q.write(c, b"ef")
    assert p.poll([(n, POLLRDBAND)], 0) == [(n, POLLRDBAND)]
    assert p.recv(n, 10, MSG_OOB) == b"X"
    with pytest.raises(OSError, match="Invalid argument"):
        p.recv(n, 10, MSG_OOB)
    assert p.ioctl(n, SIOCATMARK) == (0).to_bytes(4, "little")
    assert p.read(n, 10) == b"abcd"
    assert p.ioctl(n, SIOCATMARK) == (1).to_bytes(4, "little")
    assert p.read(n, 10) == b"ef"
    p.setsockopt(n, SOL_SOCKET, SO_OOBINLINE, 1)
    q.send(c, b"uY", MSG_OOB)
    assert p.read(n, 10) == b"u"
    assert p.read(n, 10) == b"Y"


def test_ipv6(p, q):
    """::1 is reached; a socket that is not of IPv6 only gets IPv4 connections, too."""
    any6 = SockaddrIn6(7000, IN6ADDR_ANY)
    s = p.socket(AF_INET6, SOCK_STREAM)
    assert p.getsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY) == 1
    p.setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, 0)
    p.bind(s, any6)
    p.listen(s, 5)
    c = q.socket(AF_INET6, SOCK_STREAM)
    q.connect(c, SockaddrIn6(7000, IN6ADDR_LOOPBACK))
    assert p.accept(s)[1] == q.getsockname(c)
    c = q.socket(AF_INET, SOCK_STREAM)
    q.connect(c, HERE)
    assert p.accept(s)[1].sin6_addr == bytes(10) + b"\xff\xff" + INADDR_LOOPBACK
    t = p.socket(AF_INET, SOCK_STREAM)
    with pytest.raises(OSError, match="already in use"):
        p.bind(t, SockaddrIn(7000, INADDR_ANY))


def test_ipv6_only(p, q):
    """Both families may have the same port when the one of IPv6 is for it only."""
    listener(p, SockaddrIn6(7000, IN6ADDR_ANY), family=AF_INET6)
    c = q.socket(AF_INET, SOCK_STREAM)
    with pytest.raises(REFUSED):
        q.connect(c, HERE)
    listener(p)
    q.connect(q.socket(AF_INET, SOCK_STREAM), HERE)


def test_options(p, pair):
    """Those of TCP are kept."""
    n, _, _ = pair
    assert p.getsockopt(n, IPPROTO_TCP, TCP_NODELAY) == 0
    p.setsockopt(n, IPPROTO_TCP, TCP_NODELAY, 1)
    assert p.getsockopt(n, IPPROTO_TCP, TCP_NODELAY) == 1
    p.setsockopt(n, IPPROTO_TCP, TCP_KEEPIDLE, 86400)
    assert p.getsockopt(n, IPPROTO_TCP, TCP_KEEPIDLE) == 86400
    with pytest.raises(OSError, match="Invalid"):
        p.setsockopt(n, IPPROTO_TCP, TCP_KEEPIDLE, 0)


def test_options_of_a_lost_connection(p, q, pair):
    """They are gone with it; SO_ERROR is the socket's own."""
    n, c, _ = pair
    q.setsockopt(c, SOL_SOCKET, SO_LINGER, Linger(1, 0))
    q.close(c)
    with pytest.raises(RESET):
        p.getsockopt(n, IPPROTO_TCP, TCP_NODELAY)
    with pytest.raises(RESET):
        p.setsockopt(n, IPPROTO_TCP, TCP_NODELAY, 1)
    assert p.getsockopt(n, SOL_SOCKET, SO_ERROR) == Errno.ECONNRESET


def test_a_port_for_nothing(p):
    """connect binds first: the port stays when there is no way to the address."""
    s = p.socket(AF_INET, SOCK_STREAM)
    with pytest.raises(OSError, match="unreachable"):
        p.connect(s, SockaddrIn(80, bytes((10, 0, 0, 1))))
    assert p.getsockname(s) == SockaddrIn(65534, INADDR_ANY)


def test_shutting_down_twice(k, p, pair):
    """The second time begins the ten minutes that the peer has to close."""
    n, _, _ = pair
    p.shutdown(n, SHUT_WR)
    k.advance(601)
    assert p.getsockname(n) == HERE
    p.shutdown(n, SHUT_WR)
    k.advance(599)
    assert p.getsockname(n) == HERE
    k.advance(2)
    with pytest.raises(OSError, match="Invalid"):
        p.getsockname(n)


def test_nothing_is_left(k):
    """Some time after its processes have gone, a kernel has no sockets, addresses and timers."""
    p, q = k.process(), k.process()
    s = listener(p)
    clients = [q.socket(AF_INET, SOCK_STREAM) for _ in range(4)]
    for c in clients:
        q.connect(c, HERE)
    n, _ = p.accept(s)
    q.write(clients[0], b"x" * 60000)
    p.write(n, b"y" * 60000)
    m, _ = p.accept(s)
    p.shutdown(m, SHUT_WR)
    q.call("_exit", 0)
    p.call("_exit", 0)
    k.advance(700)
    kernel = k.kernel
    assert not kernel.net.sockets
    assert not any(table.inpt_ports for table in kernel.net.inpcbtables.values())
    assert not kernel.callouts
    assert kernel.nfiles == 0
