# SPDX-License-Identifier: BSD-2-Clause
"""getsockopt(2), setsockopt(2): how they fail, in which order, and what options are."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.in_ import (
    IP_TTL,
    IPPROTO_IP,
    IPPROTO_IPV6,
    IPPROTO_TCP,
    IPV6_V6ONLY,
    TCP_KEEPIDLE,
    TCP_NODELAY,
)
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    SO_ACCEPTCONN,
    SO_BROADCAST,
    SO_KEEPALIVE,
    SO_LINGER,
    SO_OOBINLINE,
    SO_RCVBUF,
    SO_RCVLOWAT,
    SO_RCVTIMEO,
    SO_REUSEADDR,
    SO_SNDBUF,
    SO_SNDLOWAT,
    SO_SNDTIMEO,
    SO_TIMESTAMP,
    SO_TYPE,
    SOCK_DGRAM,
    SOCK_STREAM,
    SOL_SOCKET,
    Linger,
)
from kernel.sys.time import Timeval
from kernel.sys.un import LOCAL_CREDS, LOCAL_PEEREID, SOL_LOCAL
from tests.syscalls.errnos import errnos
from tests.syscalls.sockets import BAD, at_bad, listener


@errnos(
    Errno.EFAULT,
    {
        "getsockopt": lambda s: ("getsockopt", s, SOL_SOCKET, SO_TYPE, BAD, b"\4\0\0\0"),
        "getsockopt+len": lambda s: ("getsockopt", 99, SOL_SOCKET, SO_TYPE, 4096, BAD),
        "setsockopt": lambda s: ("setsockopt", s, SOL_SOCKET, 0x7777, BAD, 4),
    },
)
def test_nowhere(fails, root, call):
    """The value, or its length, is not in the caller's memory: over an option that there is none of."""
    fails(root, at_bad, *call(root.socket(AF_INET, SOCK_STREAM)))


@errnos(
    Errno.EINVAL,
    {
        "getsockopt": lambda: ("getsockopt", 99, SOL_SOCKET, SO_TYPE, BAD, b"\1\x08\0\0"),
        "setsockopt": lambda: ("setsockopt", 99, SOL_SOCKET, SO_REUSEADDR, BAD, 2049),
        "setsockopt+null": lambda: ("setsockopt", 99, SOL_SOCKET, SO_REUSEADDR, 0, 4),
    },
)
def test_sizes(fails, root, call):
    """More than MCLBYTES, or a length without a value: over a bad descriptor."""
    fails(root, at_bad, *call())


@errnos(
    Errno.EINVAL,
    {
        "setsockopt": lambda: (SOL_SOCKET, SO_REUSEADDR, b"\1"),
        "setsockopt+linger": lambda: (SOL_SOCKET, SO_LINGER, 1),
        "setsockopt+time": lambda: (SOL_SOCKET, SO_RCVTIMEO, 1),
        "setsockopt+zero": lambda: (SOL_SOCKET, SO_SNDBUF, 0),
        "setsockopt+less": lambda: (SOL_SOCKET, SO_RCVLOWAT, -1),
        "setsockopt+tcp": lambda: (IPPROTO_TCP, TCP_KEEPIDLE, 0),
        "setsockopt+ttl": lambda: (IPPROTO_IP, IP_TTL, 256),
    },
)
def test_values(fails, root, call):
    """The value has not the size of its type, or makes no sense."""
    fails(root, "setsockopt", root.socket(AF_INET, SOCK_STREAM), *call())


@pytest.mark.errno("setsockopt", Errno.EINVAL)
def test_too_late_for_v6only(fails, root):
    """IPV6_V6ONLY of a socket that has a port."""
    fails(root, "setsockopt", listener_six(root), IPPROTO_IPV6, IPV6_V6ONLY, 0)


def listener_six(p):
    s = p.socket(AF_INET6, SOCK_STREAM)
    p.listen(s, 1)
    return s


@pytest.mark.errno("getsockopt", Errno.EINVAL)
def test_no_peer(fails, root):
    """LOCAL_PEEREID of a socket without a peer."""
    fails(root, "getsockopt", root.socket(AF_LOCAL, SOCK_STREAM), SOL_LOCAL, LOCAL_PEEREID, 12)


@errnos(
    Errno.ENOPROTOOPT,
    {
        "getsockopt": lambda: ("getsockopt", SOL_SOCKET, 0x7777),
        "getsockopt+level": lambda: ("getsockopt", 99, 1),
        "getsockopt+ip": lambda: ("getsockopt", IPPROTO_IP, 99),
        "getsockopt+tcp": lambda: ("getsockopt", IPPROTO_TCP, 99),
        "setsockopt": lambda: ("setsockopt", SOL_SOCKET, 0x7777, 1),
        "setsockopt+type": lambda: ("setsockopt", SOL_SOCKET, SO_TYPE, 1),
        "setsockopt+level": lambda: ("setsockopt", 99, 1, 1),
        "setsockopt+ip": lambda: ("setsockopt", IPPROTO_IP, 99, 1),
        "setsockopt+six": lambda: ("setsockopt", IPPROTO_IPV6, IPV6_V6ONLY, 1),
        "setsockopt+tcp": lambda: ("setsockopt", IPPROTO_TCP, 99, 1),
    },
)
def test_options_that_there_are_none_of(fails, root, call):
    """There is no such option of the level, or the protocol has no such level."""
    name, *args = call()
    fails(root, name, root.socket(AF_INET, SOCK_STREAM), *args)


@errnos(
    Errno.EDOM,
    {
        "setsockopt": lambda: (SO_LINGER, Linger(1, -1)),
        "setsockopt+long": lambda: (SO_LINGER, Linger(1, 65536)),
        "setsockopt+time": lambda: (SO_SNDTIMEO, Timeval(0, 1_000_000)),
        "setsockopt+past": lambda: (SO_RCVTIMEO, Timeval(-1, 0)),
        "setsockopt+ages": lambda: (SO_RCVTIMEO, Timeval(1 << 40, 0)),
    },
)
def test_times(fails, root, call):
    """A time is no time, or longer than there can be."""
    fails(root, "setsockopt", root.socket(AF_INET, SOCK_STREAM), SOL_SOCKET, *call())


@pytest.mark.errno("setsockopt", Errno.ENOBUFS)
def test_buffers(fails, root):
    """A buffer is larger than kern.sbmax allows."""
    fails(root, "setsockopt", root.socket(AF_INET, SOCK_STREAM), SOL_SOCKET, SO_RCVBUF, 209716)


def test_the_largest_buffer(root):
    """kern.sbmax is what its mbufs may have, a fifth of it not for data; it is never below 16 KB."""
    s = root.socket(AF_INET, SOCK_STREAM)
    root.sysctlbyname("kern.sbmax", (1 << 20).to_bytes(4, "little"))
    root.setsockopt(s, SOL_SOCKET, SO_RCVBUF, 838860)
    with pytest.raises(OSError, match="No buffer space"):
        root.setsockopt(s, SOL_SOCKET, SO_RCVBUF, 838861)
    with pytest.raises(OSError, match="Invalid argument"):
        root.sysctlbyname("kern.sbmax", (16383).to_bytes(4, "little"))


def test_switches(root):
    """They are on or off, whatever was set; SO_ACCEPTCONN is set by listen only."""
    s = root.socket(AF_INET, SOCK_STREAM)
    for name in (SO_KEEPALIVE, SO_BROADCAST, SO_OOBINLINE, SO_TIMESTAMP, SO_REUSEADDR):
        assert root.getsockopt(s, SOL_SOCKET, name) == 0
        root.setsockopt(s, SOL_SOCKET, name, 77)
        assert root.getsockopt(s, SOL_SOCKET, name) == 1
    assert root.getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN) == 0
    assert root.getsockopt(listener(root), SOL_SOCKET, SO_ACCEPTCONN) == 1


def test_sizes_of_buffers(root):
    """What they are at first; a low-water mark is never above the size."""
    sizes = {
        (AF_INET, SOCK_STREAM): (32768, 32768),
        (AF_INET, SOCK_DGRAM): (9216, 41600),
        (AF_LOCAL, SOCK_STREAM): (4608, 4096),
        (AF_LOCAL, SOCK_DGRAM): (4608, 4096),
    }
    for made, expected in sizes.items():
        s = root.socket(*made)
        got = [root.getsockopt(s, SOL_SOCKET, name) for name in (SO_SNDBUF, SO_RCVBUF)]
        assert tuple(got) == expected
        assert root.getsockopt(s, SOL_SOCKET, SO_SNDLOWAT) == 4096
        root.setsockopt(s, SOL_SOCKET, SO_SNDBUF, 1000)
        assert root.getsockopt(s, SOL_SOCKET, SO_SNDLOWAT) == 1000
        root.setsockopt(s, SOL_SOCKET, SO_RCVLOWAT, 1 << 20)
        assert root.getsockopt(s, SOL_SOCKET, SO_RCVLOWAT) == expected[1]


def test_structs(root):
    """SO_LINGER is a struct linger; timeouts are struct timevals, in hundredths of a second."""
    s = root.socket(AF_INET, SOCK_STREAM)
    root.setsockopt(s, SOL_SOCKET, SO_LINGER, Linger(5, 30))
    assert Linger.unpack(root.getsockopt(s, SOL_SOCKET, SO_LINGER, 8)) == Linger(1, 30)
    for asked, kept in (((3, 25_000), (3, 20_000)), ((0, 1), (0, 10_000)), ((0, 0), (0, 0))):
        root.setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, Timeval(*asked))
        assert Timeval.unpack(root.getsockopt(s, SOL_SOCKET, SO_RCVTIMEO, 16)) == Timeval(*kept)


def test_values_are_cut(root):
    """As many bytes as there is room for; the length is theirs."""
    s = root.socket(AF_INET, SOCK_STREAM)
    assert root.getsockopt(s, SOL_SOCKET, SO_SNDBUF, 2) == (32768).to_bytes(4, "little")[:2]
    assert root.getsockopt(s, SOL_SOCKET, SO_SNDBUF, 100) == (32768).to_bytes(4, "little")


def test_of_protocols(root):
    """Options of TCP, IP and local sockets."""
    s = root.socket(AF_INET, SOCK_STREAM)
    assert root.getsockopt(s, IPPROTO_IP, IP_TTL) == 64
    root.setsockopt(s, IPPROTO_IP, IP_TTL, 1)
    assert root.getsockopt(s, IPPROTO_IP, IP_TTL) == 1
    root.setsockopt(s, IPPROTO_TCP, TCP_NODELAY, 1)
    assert root.getsockopt(s, IPPROTO_TCP, TCP_NODELAY) == 1
    u = root.socket(AF_LOCAL, SOCK_STREAM)
    root.setsockopt(u, SOL_LOCAL, LOCAL_CREDS, 1)
    assert root.getsockopt(u, SOL_LOCAL, LOCAL_CREDS) == 1
