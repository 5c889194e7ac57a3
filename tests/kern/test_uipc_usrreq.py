# SPDX-License-Identifier: BSD-2-Clause
"""Local sockets: names in the file tree, streams, datagrams, packets, files and credentials sent."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import F_GETFD, FD_CLOEXEC, O_CREAT, O_RDONLY, O_RDWR
from kernel.sys.file import POLLIN, POLLOUT
from kernel.sys.signal import SIG_IGN, SIGPIPE
from kernel.sys.socket import (
    AF_LOCAL,
    MSG_CMSG_CLOEXEC,
    MSG_CTRUNC,
    MSG_DONTWAIT,
    MSG_EOR,
    MSG_PEEK,
    MSG_TRUNC,
    MSG_WAITALL,
    SCM_CREDS,
    SCM_RIGHTS,
    SHUT_WR,
    SO_SNDBUF,
    SOCK_DGRAM,
    SOCK_NONBLOCK,
    SOCK_SEQPACKET,
    SOCK_STREAM,
    SOL_SOCKET,
    Sockcred,
)
from kernel.sys.stat import S_ISSOCK
from kernel.sys.un import LOCAL_CONNWAIT, LOCAL_CREDS, SOL_LOCAL, SockaddrUn
from kernel.sys.unistd import SEEK_SET
from userland.libc.signal import Sigaction

NAME = SockaddrUn(b"/tmp/s")


def rights(*fds):
    return [(SOL_SOCKET, SCM_RIGHTS, b"".join(fd.to_bytes(4, "little") for fd in fds))]


def received(message):
    """The descriptors in a message."""
    ((_, _, data),) = message.control
    return [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4)]


@pytest.fixture
def p(k):
    process = k.root()
    process.sigaction(SIGPIPE, Sigaction(SIG_IGN))
    return process


@pytest.fixture
def q(k):
    return k.process()


def test_a_name_is_a_file(p):
    """bind makes a file of type socket with the umask's permissions, which stays when the socket goes."""
    p.umask(0o027)
    s = p.socket(AF_LOCAL, SOCK_STREAM)
    p.bind(s, NAME)
    stat = p.stat(b"/tmp/s")
    assert S_ISSOCK(stat.st_mode)
    assert stat.st_mode & 0o777 == 0o750
    assert p.getsockname(s) == NAME
    p.close(s)
    c = p.socket(AF_LOCAL, SOCK_STREAM)
    with pytest.raises(ConnectionRefusedError):
        p.connect(c, NAME)


def test_connection(p, q):
    """connect does not wait for accept; each end has the other's name and ids."""
    s = p.socket(AF_LOCAL, SOCK_STREAM)
    p.bind(s, NAME)
    p.listen(s, 1)
    c = q.socket(AF_LOCAL, SOCK_STREAM)
    q.connect(c, NAME)
    q.write(c, b"early")
    n, who = p.accept(s)
    assert who == SockaddrUn(b"")
    assert q.getpeername(c) == NAME == p.getsockname(n)
    assert q.getpeereid(c) == (0, 0) == p.getpeereid(n)
    assert p.read(n, 10) == b"early"
    q.close(c)
    assert p.read(n, 10) == b""
    with pytest.raises(BrokenPipeError):
        p.write(n, b"x")


def test_connwait(p, q):
    """With LOCAL_CONNWAIT connect returns when the connection is accepted."""
    s = p.socket(AF_LOCAL, SOCK_STREAM)
    p.bind(s, NAME)
    p.listen(s, 1)
    c = q.socket(AF_LOCAL, SOCK_STREAM)
    q.setsockopt(c, SOL_LOCAL, LOCAL_CONNWAIT, 1)
    q.begin("connect", c, NAME)
    assert q.lwp.l_wmesg == "socket"
    p.accept(s)
    q.finish()


def test_a_writer_waits_for_room(p, q):
    """A stream holds 4608 bytes; SO_SNDBUF tells what is left of them."""
    a, b = p.socketpair(AF_LOCAL, SOCK_STREAM)
    assert p.getsockopt(a, SOL_SOCKET, SO_SNDBUF) == 4608
    p.write(a, b"x" * 100)
    assert p.getsockopt(a, SOL_SOCKET, SO_SNDBUF) == 4508
    assert len(p.read(b, 1000)) == 100
    s = p.socket(AF_LOCAL, SOCK_STREAM)
    p.bind(s, NAME)
    p.listen(s, 1)
    c = q.socket(AF_LOCAL, SOCK_STREAM)
    q.connect(c, NAME)
    n, _ = p.accept(s)
    q.begin("write", c, b"y" * 10000)
    assert q.lwp.l_wmesg == "netio"
    assert p.recv(n, 10000, MSG_WAITALL) == b"y" * 10000
    assert q.finish() == 10000


def test_ready(p):
    """A stream is ready for writing while 4096 bytes fit, and for reading at its end."""
    a, b = p.socketpair(AF_LOCAL, SOCK_STREAM)
    both = POLLIN | POLLOUT
    assert p.poll([(a, both), (b, both)], 0) == [(a, POLLOUT), (b, POLLOUT)]
    p.write(a, b"x" * 513)
    assert p.poll([(a, both), (b, both)], 0) == [(b, both)]
    p.shutdown(a, SHUT_WR)
    p.read(b, 1000)
    assert p.poll([(b, both)], 0) == [(b, both)]
    assert p.read(b, 1) == b""
    p.write(b, b"back")
    assert p.read(a, 10) == b"back"


def test_datagrams(p, q):
    """Each is received by itself, cut to the buffer; what finds no room is ENOBUFS."""
    d = q.socket(AF_LOCAL, SOCK_DGRAM)
    q.bind(d, NAME)
    s = p.socket(AF_LOCAL, SOCK_DGRAM)
    p.bind(s, SockaddrUn(b"/tmp/from"))
    p.sendto(s, b"one", 0, NAME)
    p.connect(s, NAME)
    p.write(s, b"")
    p.write(s, b"three")
    assert q.recvfrom(d, 100, MSG_PEEK) == (b"one", SockaddrUn(b"/tmp/from"))
    assert q.recvfrom(d, 100) == (b"one", SockaddrUn(b"/tmp/from"))
    assert q.recvfrom(d, 100) == (b"", SockaddrUn(b"/tmp/from"))
    message = q.recvmsg(d, 2)
    assert (message.data, message.flags & MSG_TRUNC) == (b"th", MSG_TRUNC)
    with pytest.raises(BlockingIOError):
        q.recv(d, 100, MSG_DONTWAIT)
    p.write(s, b"x" * 4000)
    with pytest.raises(OSError, match="No buffer space") as error:
        p.write(s, b"x" * 200)
    assert error.value.errno == Errno.ENOBUFS


def test_packets(p):
    """SOCK_SEQPACKET keeps messages apart; MSG_EOR goes along; an empty one is passed over."""
    a, b = p.socketpair(AF_LOCAL, SOCK_SEQPACKET)
    p.send(a, b"")
    p.send(a, b"abc")
    p.send(a, b"defg", MSG_EOR)
    assert p.recvmsg(b, 100)[::2] == (b"abc", 0)
    message = p.recvmsg(b, 3)
    assert (message.data, message.flags) == (b"def", MSG_TRUNC)
    p.send(a, b"x", MSG_EOR)
    assert p.recvmsg(b, 3)[::2] == (b"x", MSG_EOR)


def test_packet_that_does_not_fit_now(p):
    """The send buffer shrinks by what is under way: a packet larger than the rest is EMSGSIZE."""
    a, _b = p.socketpair(AF_LOCAL, SOCK_SEQPACKET | SOCK_NONBLOCK)
    p.send(a, b"x" * 4000)
    with pytest.raises(OSError, match="Message too long"):
        p.send(a, b"x" * 1000)


def test_files_are_passed(p, q, k):
    """The receiver gets descriptors of the same open files."""
    a, b = p.socketpair(AF_LOCAL, SOCK_STREAM)
    fd = p.open(b"/tmp/f", O_CREAT | O_RDWR)
    p.write(fd, b"0123456789")
    p.lseek(fd, 0, SEEK_SET)
    files = k.kernel.nfiles
    assert p.sendmsg(a, [b"a", b"b"], rights(fd, fd)) == 2
    p.write(a, b"more")
    message = p.recvmsg(b, 100, 64)
    assert message.data == b"abmore"
    one, two = received(message)
    assert p.read(one, 4) + p.read(two, 2) == b"012345"
    assert k.kernel.nfiles == files
    p.sendmsg(a, [b"c"], rights(fd))
    message = p.recvmsg(b, 100, 64, MSG_CMSG_CLOEXEC)
    assert p.fcntl(received(message)[0], F_GETFD) == FD_CLOEXEC


def test_files_that_find_no_room_are_closed(p, k):
    """Control data that does not fit is MSG_CTRUNC, without descriptors; read throws them away."""
    a, b = p.socketpair(AF_LOCAL, SOCK_STREAM)
    fd = p.open(b"/etc/passwd", O_RDONLY)
    p.sendmsg(a, [b"a"], rights(fd))
    message = p.recvmsg(b, 100, 16)
    assert (message.control, message.flags & MSG_CTRUNC) == ([], MSG_CTRUNC)
    p.sendmsg(a, [b"a"], rights(fd))
    assert p.read(b, 10) == b"a"
    p.close(fd)
    assert p.open(b"/etc/group", O_RDONLY) == fd
    assert not k.kernel.net.unp_inflight


def test_files_in_a_circle_are_collected(p, k):
    """Sockets that can be received only through each other are closed within a second."""
    files, sockets = k.kernel.nfiles, len(k.kernel.net.sockets)
    x, y = p.socketpair(AF_LOCAL, SOCK_STREAM)
    for one, other in ((x, y), (y, x)):
        p.sendmsg(one, [b"1"], rights(other))
    p.close(x)
    p.close(y)
    assert k.kernel.nfiles == files + 2
    k.advance(1.1)
    assert (k.kernel.nfiles, len(k.kernel.net.sockets)) == (files, sockets)


def test_files_in_a_reachable_socket_stay(p, k):
    """The collector leaves alone what can still be received."""
    x, y = p.socketpair(AF_LOCAL, SOCK_STREAM)
    a, b = p.socketpair(AF_LOCAL, SOCK_STREAM)
    p.write(a, b"kept")
    p.sendmsg(x, [b"1"], rights(b))
    p.close(b)
    k.advance(3)
    (b,) = received(p.recvmsg(y, 1, 64))
    assert p.read(b, 10) == b"kept"


def test_credentials(p, k):
    """LOCAL_CREDS: the first message of a stream, and each datagram, tells who sent it."""
    a, b = p.socketpair(AF_LOCAL, SOCK_STREAM)
    p.setsockopt(b, SOL_LOCAL, LOCAL_CREDS, 1)
    p.write(a, b"x")
    ((level, kind, data),) = p.recvmsg(b, 10, 200).control
    assert (level, kind) == (SOL_SOCKET, SCM_CREDS)
    assert Sockcred.unpack(data) == Sockcred(p.pid, 0, 0, 0, 0)
    p.write(a, b"x")
    assert p.recvmsg(b, 10, 200).control == []
    user = k.process(1000, 100, (5,))
    d = p.socket(AF_LOCAL, SOCK_DGRAM)
    p.umask(0)
    p.bind(d, NAME)
    p.setsockopt(d, SOL_LOCAL, LOCAL_CREDS, 1)
    s = user.socket(AF_LOCAL, SOCK_DGRAM)
    for _ in range(2):
        user.sendto(s, b"y", 0, NAME)
        ((_, _, data),) = p.recvmsg(d, 10, 200).control
        assert Sockcred.unpack(data) == Sockcred(user.pid, 1000, 1000, 100, 100, (5,))


def test_backlog(p, q):
    """More than three halves of the backlog may wait: one more is refused.

    When the socket they wait for is closed, they read the end.
    """
    s = p.socket(AF_LOCAL, SOCK_STREAM)
    p.bind(s, NAME)
    p.listen(s, 2)
    clients = [q.socket(AF_LOCAL, SOCK_STREAM) for _ in range(5)]
    for c in clients[:4]:
        q.connect(c, NAME)
    with pytest.raises(ConnectionRefusedError):
        q.connect(clients[4], NAME)
    p.close(s)
    assert q.read(clients[0], 1) == b""


def test_nothing_is_left(k):
    """When its processes have gone, a kernel has no sockets and no files."""
    p = k.process()
    s = p.socket(AF_LOCAL, SOCK_STREAM)
    p.bind(s, NAME)
    p.listen(s, 3)
    c = p.socket(AF_LOCAL, SOCK_STREAM)
    p.connect(c, NAME)
    p.sendmsg(c, [b"1"], rights(s, c))
    p.socketpair(AF_LOCAL, SOCK_DGRAM)
    p.call("_exit", 0)
    k.advance(2)
    assert not k.kernel.net.sockets
    assert not k.kernel.net.unp_inflight
    assert k.kernel.nfiles == 0
