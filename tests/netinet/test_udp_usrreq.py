# SPDX-License-Identifier: BSD-2-Clause
"""UDP on the loopback network: who gets what, what is lost, what is refused."""

import pytest

from kernel.sys.in_ import (
    IN6ADDR_ANY,
    IN6ADDR_LOOPBACK,
    INADDR_ANY,
    INADDR_BROADCAST,
    INADDR_LOOPBACK,
    IP_RECVDSTADDR,
    IPPROTO_IP,
    IPPROTO_IPV6,
    IPV6_HOPLIMIT,
    IPV6_PKTINFO,
    IPV6_RECVHOPLIMIT,
    IPV6_RECVPKTINFO,
    IPV6_RECVTCLASS,
    IPV6_TCLASS,
    SockaddrIn,
    SockaddrIn6,
)
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    MSG_DONTWAIT,
    MSG_TRUNC,
    SCM_TIMESTAMP,
    SO_BROADCAST,
    SO_OVERFLOWED,
    SO_REUSEPORT,
    SO_TIMESTAMP,
    SOCK_DGRAM,
    SOL_SOCKET,
)
from kernel.sys.time import Timeval

HERE = SockaddrIn(5000, INADDR_LOOPBACK)
ANY = SockaddrIn(5000, INADDR_ANY)


@pytest.fixture
def p(k):
    return k.root()


def bound(p, address, family=AF_INET):
    s = p.socket(family, SOCK_DGRAM)
    p.bind(s, address)
    return s


def test_datagrams(p):
    """Each is received by itself with the address of its sender, which is bound by sending."""
    s = bound(p, HERE)
    c = p.socket(AF_INET, SOCK_DGRAM)
    assert p.sendto(c, b"one", 0, HERE) == 3
    p.sendto(c, b"", 0, HERE)
    sender = SockaddrIn(65534, INADDR_LOOPBACK)
    assert p.recvfrom(s, 100) == (b"one", sender)
    assert p.recvfrom(s, 100) == (b"", sender)
    assert p.getsockname(c) == SockaddrIn(65534, INADDR_ANY)
    p.sendto(s, b"answer", 0, sender)
    assert p.recvmsg(c, 3).flags & MSG_TRUNC


def test_the_narrowest_gets_it(p):
    """A connected socket before one of that address, before one of any."""
    wide = p.socket(AF_INET, SOCK_DGRAM)
    narrow = p.socket(AF_INET, SOCK_DGRAM)
    connected = p.socket(AF_INET, SOCK_DGRAM)
    for s, address in ((wide, ANY), (narrow, HERE), (connected, HERE)):
        p.setsockopt(s, SOL_SOCKET, SO_REUSEPORT, 1)
        p.bind(s, address)
    c = bound(p, SockaddrIn(6000, INADDR_LOOPBACK))
    p.connect(connected, SockaddrIn(6000, INADDR_LOOPBACK))
    p.sendto(c, b"x", 0, HERE)
    assert p.recv(connected, 10) == b"x"
    p.close(connected)
    p.sendto(c, b"y", 0, HERE)
    assert p.recv(narrow, 10) == b"y"
    p.close(narrow)
    p.sendto(c, b"z", 0, HERE)
    assert p.recv(wide, 10) == b"z"


def test_nobody_there(p):
    """A connected socket is told with its next call, another is not."""
    c = p.socket(AF_INET, SOCK_DGRAM)
    p.sendto(c, b"x", 0, HERE)
    p.sendto(c, b"x", 0, HERE)
    p.connect(c, HERE)
    p.write(c, b"x")
    with pytest.raises(ConnectionRefusedError):
        p.read(c, 10)
    p.write(c, b"x")
    with pytest.raises(ConnectionRefusedError):
        p.write(c, b"x")


def test_connecting_again(p):
    """A datagram socket may get another peer; an address of another family dissolves it."""
    bound(p, HERE)
    c = p.socket(AF_INET, SOCK_DGRAM)
    p.connect(c, HERE)
    p.connect(c, SockaddrIn(5001, INADDR_LOOPBACK))
    assert p.getpeername(c).sin_port == 5001
    with pytest.raises(OSError, match="family not supported"):
        p.connect(c, bytes((16, 0)) + bytes(14))
    with pytest.raises(OSError, match="not connected"):
        p.getpeername(c)


def test_what_finds_no_room_is_lost(p):
    """The sender does not hear of it; SO_OVERFLOWED counts."""
    s = bound(p, HERE)
    c = p.socket(AF_INET, SOCK_DGRAM)
    for _ in range(5):
        assert p.sendto(c, b"x" * 9000, 0, HERE) == 9000
    assert p.getsockopt(s, SOL_SOCKET, SO_OVERFLOWED) == 1
    for _ in range(4):
        p.recv(s, 9000)
    with pytest.raises(BlockingIOError):
        p.recv(s, 9000, MSG_DONTWAIT)


def test_too_large(p):
    """More than SO_SNDBUF is EMSGSIZE."""
    c = p.socket(AF_INET, SOCK_DGRAM)
    with pytest.raises(OSError, match="Message too long"):
        p.sendto(c, b"x" * 9217, 0, HERE)


def test_broadcast(p):
    """EACCES without SO_BROADCAST; with it, no interface can."""
    c = p.socket(AF_INET, SOCK_DGRAM)
    everybody = SockaddrIn(5000, INADDR_BROADCAST)
    with pytest.raises(PermissionError):
        p.sendto(c, b"x", 0, everybody)
    p.setsockopt(c, SOL_SOCKET, SO_BROADCAST, 1)
    with pytest.raises(OSError, match="Network is unreachable"):
        p.sendto(c, b"x", 0, everybody)


def test_what_is_told_besides(k, p):
    """SO_TIMESTAMP: when it came; IP_RECVDSTADDR: where to."""
    s = bound(p, ANY)
    p.setsockopt(s, SOL_SOCKET, SO_TIMESTAMP, 1)
    p.setsockopt(s, IPPROTO_IP, IP_RECVDSTADDR, 1)
    c = p.socket(AF_INET, SOCK_DGRAM)
    p.sendto(c, b"x", 0, HERE)
    when, where = p.recvmsg(s, 10, 200).control
    assert when[:2] == (SOL_SOCKET, SCM_TIMESTAMP)
    assert abs(Timeval.unpack(when[2]).ns - k.time() * 1e9) < 1e6
    assert where == (IPPROTO_IP, IP_RECVDSTADDR, INADDR_LOOPBACK)


def test_ipv6(p):
    """::1, and the families apart."""
    s = bound(p, SockaddrIn6(5000, IN6ADDR_ANY), AF_INET6)
    four = bound(p, ANY)
    c = p.socket(AF_INET6, SOCK_DGRAM)
    p.sendto(c, b"six", 0, SockaddrIn6(5000, IN6ADDR_LOOPBACK))
    assert p.recvfrom(s, 10) == (b"six", SockaddrIn6(65534, IN6ADDR_LOOPBACK))
    p.sendto(p.socket(AF_INET, SOCK_DGRAM), b"four", 0, HERE)
    assert p.recv(four, 10) == b"four"


def test_what_goes_along_with_ipv6(p):
    """A datagram's hop limit and traffic class are its own, else its socket's; who asks is told."""
    s = bound(p, SockaddrIn6(5000, IN6ADDR_ANY), AF_INET6)
    for option in (IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS):
        p.setsockopt(s, IPPROTO_IPV6, option, 1)
    c = p.socket(AF_INET6, SOCK_DGRAM)
    p.setsockopt(c, IPPROTO_IPV6, IPV6_TCLASS, 8)
    to = SockaddrIn6(5000, IN6ADDR_LOOPBACK)
    p.sendmsg(c, [b"x"], [(IPPROTO_IPV6, IPV6_HOPLIMIT, (7).to_bytes(4, "little"))], 0, to)
    assert p.recvmsg(s, 10, 200).control == [
        (IPPROTO_IPV6, IPV6_PKTINFO, IN6ADDR_LOOPBACK + (1).to_bytes(4, "little")),
        (IPPROTO_IPV6, IPV6_HOPLIMIT, (7).to_bytes(4, "little")),
        (IPPROTO_IPV6, IPV6_TCLASS, (8).to_bytes(4, "little")),
    ]
    for kind, value, error in (
        (IPV6_HOPLIMIT, (256).to_bytes(4, "little"), "Invalid argument"),
        (IPV6_TCLASS, b"x", "Invalid argument"),
        (0, b"x", "Protocol option not available"),
    ):
        with pytest.raises(OSError, match=error):
            p.sendmsg(c, [b"x"], [(IPPROTO_IPV6, kind, value)], 0, to)
    control, four = [(IPPROTO_IPV6, IPV6_HOPLIMIT, bytes(4))], p.socket(AF_INET, SOCK_DGRAM)
    with pytest.raises(OSError, match="Invalid argument"):
        p.sendmsg(four, [b"x"], control, 0, HERE)
