# SPDX-License-Identifier: BSD-2-Clause
"""recvfrom(2), recvmsg(2), recvmmsg(2), shutdown(2): how they fail, and what they return."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_DIRECTORY, O_RDONLY
from kernel.sys.in_ import INADDR_LOOPBACK, SockaddrIn
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit
from kernel.sys.signal import SIGUSR1
from kernel.sys.socket import (
    AF_INET,
    AF_LOCAL,
    MSG_DONTWAIT,
    MSG_OOB,
    MSG_PEEK,
    MSG_WAITALL,
    MSG_WAITFORONE,
    SCM_RIGHTS,
    SHUT_RD,
    SHUT_RDWR,
    SHUT_WR,
    SO_LINGER,
    SO_RCVLOWAT,
    SO_RCVTIMEO,
    SOCK_DGRAM,
    SOCK_NONBLOCK,
    SOCK_SEQPACKET,
    SOCK_STREAM,
    SOL_SOCKET,
    Linger,
)
from kernel.sys.time import Timespec, Timeval
from tests.syscalls.errnos import errnos
from tests.syscalls.sockets import BAD, HERE, at_bad, connection
from tests.syscalls.test_send import header
from userland.libc.signal import Sigaction

RECEIVES = ("recvfrom", "recvmsg", "recvmmsg")


def act(name, s, flags=0):
    """Arguments of a call that receives 10 bytes."""
    return {
        "recvfrom": ("recvfrom", s, 10, flags),
        "recvmsg": ("recvmsg", s, 10, 0, flags),
        "recvmmsg": ("recvmmsg", s, [10, 10], flags),
    }[name]


def each(errno, **more):
    """A test for each call that receives."""
    return errnos(errno, {name: lambda s, name=name: act(name, s, **more) for name in RECEIVES})


@errnos(
    Errno.EFAULT,
    {
        "recvfrom": lambda s: ("recvfrom", s, BAD, 5, 0, 0, 0),
        "recvfrom+name": lambda s: ("recvfrom", s, 0, 0, 0, BAD, b"\x10\0\0\0"),
        "recvfrom+len": lambda s: ("recvfrom", s, 0, 0, 0, 4096, BAD),
        "recvmsg": lambda s: ("recvmsg", 99, BAD, 0),
        "recvmsg+iov": lambda s: ("recvmsg", s, header(msg_iov=BAD, msg_iovlen=1), 0),
        "recvmsg+name": lambda s: ("recvmsg", s, header(msg_name=BAD, msg_namelen=16), 0),
        "recvmmsg": lambda s: ("recvmmsg", s, BAD, 1, 0, 0),
        "recvmmsg+time": lambda s: ("recvmmsg", 99, BAD, 1, 0, BAD),
    },
)
def test_nowhere(fails, root, call):
    """Where something is to be stored, or what describes it, is not in the caller's memory."""
    a, b = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    root.write(a, b"hello")
    fails(root, at_bad, *call(b))


def test_what_is_lost(root):
    """A datagram whose bytes cannot be stored is gone; a stream's bytes are not."""
    for kind, left in ((SOCK_DGRAM, b"next"), (SOCK_STREAM, b"hello"), (SOCK_SEQPACKET, b"hello")):
        a, b = root.socketpair(AF_LOCAL, kind)
        root.write(a, b"hello")
        with pytest.raises(OSError, match="Bad address"):
            root.call(at_bad, "recvfrom", b, BAD, 5, 0, 0, 0)
        root.write(a, b"next")
        assert root.recv(b, 5) == left


@errnos(
    Errno.EINVAL,
    {
        "recvfrom": lambda s: ("recvfrom", s, BAD, 1 << 63, 0, 0, 0),
        "recvfrom+room": lambda s: ("recvfrom", s, 0, 0, 0, 4096, b"\xff\xff\xff\xff"),
        "recvmmsg": lambda s: ("recvmmsg", 99, BAD, 1, 0, Timespec(0, 10**9).pack()),
    },
)
def test_sizes(fails, root, call):
    """More than SSIZE_MAX bytes; room for a name below nothing; a time that is none."""
    a, b = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    root.write(a, b"hello")
    fails(root, at_bad, *call(b))


@each(Errno.EINVAL, flags=MSG_OOB)
def test_no_urgent_data(fails, root, other, call):
    """There is no urgent data."""
    n, _ = connection(root, other)
    fails(root, *call(n))


@each(Errno.EOPNOTSUPP, flags=MSG_OOB)
def test_urgent_data(fails, root, call):
    """Local sockets and datagrams know no urgent data."""
    fails(root, *call(root.socketpair(AF_LOCAL, SOCK_STREAM)[0]))
    fails(root, *call(root.socket(AF_INET, SOCK_DGRAM)))


@each(Errno.ENOTCONN)
def test_not_connected(fails, root, call):
    """A stream is not connected."""
    fails(root, *call(root.socket(AF_INET, SOCK_STREAM)))
    fails(root, *call(root.socket(AF_LOCAL, SOCK_SEQPACKET)))


@each(Errno.EAGAIN)
def test_would_wait(fails, root, call):
    """Nothing is there, and the socket does not wait; or as long as SO_RCVTIMEO allows."""
    fails(root, *call(root.socketpair(AF_LOCAL, SOCK_STREAM | SOCK_NONBLOCK)[0]))
    b, _ = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    root.setsockopt(b, SOL_SOCKET, SO_RCVTIMEO, Timeval(2, 0))
    fails(root, *call(b))


@each(Errno.EAGAIN, flags=MSG_DONTWAIT)
def test_is_not_to_wait(fails, root, call):
    """Nothing is there, and MSG_DONTWAIT is given."""
    fails(root, *call(root.socket(AF_INET, SOCK_DGRAM)))


@each(Errno.EINTR)
def test_interrupted(begins, root, person, call):
    """A signal is caught while it waits."""
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    finish = begins(root, *call(root.socketpair(AF_LOCAL, SOCK_STREAM)[0]))
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()


@each(Errno.ECONNREFUSED)
def test_refused(fails, root, call):
    """The last datagram found nobody."""
    s = root.socket(AF_INET, SOCK_DGRAM)
    root.connect(s, HERE)
    root.write(s, b"x")
    fails(root, *call(s))


@each(Errno.ECONNRESET)
def test_reset(fails, root, other, call):
    """The connection was reset; the peer of a local datagram socket is closed."""
    n, c = connection(root, other)
    other.setsockopt(c, SOL_SOCKET, SO_LINGER, Linger(1, 0))
    other.close(c)
    fails(root, *call(n))
    a, b = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    root.close(b)
    fails(root, *call(a))


@pytest.mark.errno("recvmsg", Errno.EMSGSIZE)
def test_too_many_descriptors(fails, root, k):
    """The process may not have so many descriptors: the files are lost, the bytes of a stream are not."""
    a, b = root.socketpair(AF_LOCAL, SOCK_STREAM)
    fds = a.to_bytes(4, "little") * 3
    root.sendmsg(a, [b"hello"], [(SOL_SOCKET, SCM_RIGHTS, fds)])
    root.setrlimit(RLIMIT_NOFILE, Rlimit(b + 2, 100))
    fails(root, "recvmsg", b, 10, 100)
    assert not k.kernel.net.unp_inflight
    assert root.recv(b, 10) == b"hello"
    fails(root, at_bad, "recvmsg", b, header(msg_iov=BAD, msg_iovlen=1025), 0)


@pytest.mark.errno("recvmmsg", Errno.EMSGSIZE)
def test_too_many_vectors(fails, root):
    """There are more than IOV_MAX struct iovecs."""
    a, _ = root.socketpair(AF_LOCAL, SOCK_STREAM)
    fails(root, at_bad, "recvmmsg", a, header(msg_iov=BAD, msg_iovlen=1025), 1, 0, 0)


@pytest.mark.errno("recvmsg", Errno.EPERM)
def test_directory_from_outside(fails, root, person):
    """A directory from outside of the caller's root cannot be received."""
    root.mkdir(b"d", 0o755)
    a, b = root.socketpair(AF_LOCAL, SOCK_STREAM)
    fd = root.open(b"/etc", O_RDONLY | O_DIRECTORY)
    root.sendmsg(a, [b"x"], [(SOL_SOCKET, SCM_RIGHTS, fd.to_bytes(4, "little"))])
    root.chroot(b"d")
    fails(root, "recvmsg", b, 10, 100)


def test_a_look(root):
    """MSG_PEEK leaves everything where it is."""
    a, b = root.socketpair(AF_LOCAL, SOCK_STREAM)
    root.write(a, b"hello")
    root.write(a, b" world")
    assert root.recv(b, 3, MSG_PEEK) == b"hel"
    assert root.recv(b, 100, MSG_PEEK) == b"hello world"
    assert root.recv(b, 100) == b"hello world"


def test_all_of_it(root, other):
    """MSG_WAITALL waits for as much as was asked for, or for the end."""
    n, c = connection(root, other)
    root.begin("recv", n, 10, MSG_WAITALL)
    other.write(c, b"hello")
    other.write(c, b"w")
    assert not root.idle
    other.write(c, b"orld and more")
    assert root.finish() == b"helloworld"
    other.close(c)
    assert root.recv(n, 100, MSG_WAITALL) == b" and more"


def test_a_look_at_all_of_it(root, other):
    """MSG_PEEK and MSG_WAITALL wait, too."""
    n, c = connection(root, other)
    root.begin("recv", n, 10, MSG_WAITALL | MSG_PEEK)
    other.write(c, b"hello")
    assert not root.idle
    other.write(c, b"world!")
    assert root.finish() == b"helloworld"
    assert root.recv(n, 100) == b"helloworld!"


def test_low_water(root, other):
    """SO_RCVLOWAT: less than that is waited for, unless less is asked for."""
    n, c = connection(root, other)
    root.setsockopt(n, SOL_SOCKET, SO_RCVLOWAT, 5)
    other.write(c, b"abc")
    assert root.recv(n, 1) == b"a"
    root.begin("recv", n, 100)
    assert not root.idle
    other.write(c, b"def")
    assert root.finish() == b"bcdef"


def test_several(root):
    """recvmmsg: as many as there are; errors after the first are for the next call."""
    a, b = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    root.sendmmsg(a, [[b"one"], [b"two"], [b"three"]])
    messages = root.recvmmsg(b, [10, 2, 10, 10], MSG_WAITFORONE)
    assert [m.data for m in messages] == [b"one", b"tw", b"three"]
    c = root.socket(AF_INET, SOCK_DGRAM)
    d = root.socket(AF_INET, SOCK_DGRAM)
    root.bind(c, HERE)
    root.bind(d, SockaddrIn(6000, INADDR_LOOPBACK))
    root.connect(c, SockaddrIn(6000, INADDR_LOOPBACK))
    root.sendto(d, b"x", 0, HERE)
    root.close(d)
    root.write(c, b"to nobody")
    assert [m.data for m in root.recvmmsg(c, [10, 10])] == [b"x"]
    with pytest.raises(ConnectionRefusedError):
        root.recvmmsg(c, [10])


def test_shutting_one_way(root):
    """SHUT_RD throws away what is there; the other way goes on."""
    a, b = root.socketpair(AF_LOCAL, SOCK_STREAM)
    root.write(a, b"lost")
    root.shutdown(b, SHUT_RD)
    assert root.recv(b, 10) == b""
    root.write(b, b"kept")
    assert root.recv(a, 10) == b"kept"
    root.shutdown(b, SHUT_WR)
    assert root.recv(a, 10) == b""
    root.shutdown(a, SHUT_RDWR)
