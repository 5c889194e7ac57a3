# SPDX-License-Identifier: BSD-2-Clause
"""sendto(2), sendmsg(2), sendmmsg(2): how they fail, and in which order."""

from struct import Struct

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDWR
from kernel.sys.in_ import INADDR_BROADCAST, INADDR_LOOPBACK, SockaddrIn
from kernel.sys.signal import SIG_IGN, SIGPIPE, SIGUSR1
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    MSG_DONTWAIT,
    MSG_NBIO,
    MSG_NOSIGNAL,
    MSG_OOB,
    SCM_CREDS,
    SCM_RIGHTS,
    SHUT_WR,
    SO_NOSIGPIPE,
    SO_SNDTIMEO,
    SOCK_DGRAM,
    SOCK_NONBLOCK,
    SOCK_NOSIGPIPE,
    SOCK_SEQPACKET,
    SOCK_STREAM,
    SOL_SOCKET,
    Msghdr,
)
from kernel.sys.time import Timeval
from kernel.sys.un import SockaddrUn
from tests.syscalls.errnos import errnos
from tests.syscalls.sockets import BAD, HERE, NAME, at_bad, connection, local_listener
from userland.libc.signal import Sigaction

SENDS = ("sendto", "sendmsg", "sendmmsg")
_IOVEC = Struct("<QQ")


def act(name, s, data=b"x", to=None, flags=0):
    """Arguments of a call that sends data; sendmmsg has no address in libc."""
    return {
        "sendto": ("sendto", s, data, flags, to),
        "sendmsg": ("sendmsg", s, [data], (), flags, to),
        "sendmmsg": ("sendmmsg", s, [[data]], flags),
    }[name]


def each(errno, names=SENDS, **more):
    """A test for each call that sends."""
    return errnos(errno, {name: lambda s, name=name: act(name, s, **more) for name in names})


def header(**fields):
    """A struct mmsghdr, whose beginning is a struct msghdr."""
    return Msghdr(**fields).pack() + bytes(8)


@errnos(
    Errno.EFAULT,
    {
        "sendto": lambda s: ("sendto", s, BAD, 1, 0, 0, 0),
        "sendto+name": lambda s: ("sendto", s, 0, 0, 0, BAD, 16),
        "sendmsg": lambda s: ("sendmsg", 99, BAD, 0),
        "sendmsg+iov": lambda s: ("sendmsg", s, header(msg_iov=BAD, msg_iovlen=1), 0),
        "sendmsg+control": lambda s: ("sendmsg", s, header(msg_control=BAD, msg_controllen=16), 0),
        "sendmsg+name": lambda s: ("sendmsg", s, header(msg_name=BAD, msg_namelen=16), 0),
        "sendmmsg": lambda s: ("sendmmsg", s, BAD, 1, 0),
        "sendmmsg+iov": lambda s: ("sendmmsg", s, header(msg_iov=BAD, msg_iovlen=1), 1, 0),
    },
)
def test_nowhere(fails, root, call):
    """What is to be sent, or what describes it, is not in the caller's memory."""
    s, _ = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    fails(root, at_bad, *call(s))


@errnos(
    Errno.EINVAL,
    {
        "sendto": lambda s: ("sendto", s, BAD, 1 << 63, 0, 0, 0),
        "sendto+name": lambda s: ("sendto", s, BAD, 1, 0, BAD, 2),
        "sendto+long": lambda s: ("sendto", s, BAD, 1, 0, BAD, 256),
        "sendmsg": lambda s: ("sendmsg", s, header(msg_control=BAD, msg_controllen=15), 0),
        "sendmsg+page": lambda s: ("sendmsg", s, header(msg_control=BAD, msg_controllen=4097), 0),
        "sendmmsg": lambda s: ("sendmmsg", s, header(msg_name=BAD, msg_namelen=1), 1, 0),
    },
)
def test_sizes(fails, root, call):
    """More than SSIZE_MAX bytes; a name of no length it can have; control data without a header."""
    s, _ = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    fails(root, at_bad, *call(s))


@pytest.mark.errno("sendmsg", Errno.EINVAL)
def test_control_data(fails, root, other):
    """Control data is not of SCM_RIGHTS; its length is not its own; the protocol takes none."""
    s, _ = root.socketpair(AF_LOCAL, SOCK_STREAM)
    fails(root, "sendmsg", s, [b"x"], [(SOL_SOCKET, SCM_CREDS, bytes(28))])
    fails(root, "sendmsg", s, [b"x"], [(0, SCM_RIGHTS, bytes(4))])
    n, _ = connection(root, other)
    fails(root, "sendmsg", n, [b"x"], [(SOL_SOCKET, SCM_RIGHTS, bytes(4))])
    d = root.socket(AF_INET, SOCK_DGRAM)
    fails(root, "sendmsg", d, [b"x"], [(SOL_SOCKET, SCM_RIGHTS, bytes(4))], 0, HERE)


@pytest.mark.errno("sendmsg", Errno.EBADF)
def test_descriptors_that_are_not_open(fails, root, k):
    """A descriptor in SCM_RIGHTS is not open: none is sent."""
    s, _ = root.socketpair(AF_LOCAL, SOCK_STREAM)
    fds = b"".join(fd.to_bytes(4, "little") for fd in (s, 99))
    fails(root, "sendmsg", s, [b"x"], [(SOL_SOCKET, SCM_RIGHTS, fds)])
    assert not k.kernel.net.unp_inflight


@pytest.mark.errno("sendmsg", Errno.EAGAIN)
def test_too_many_files_under_way(fails, root, k):
    """Half of the files that there may be are in messages.

    As in NetBSD's sendit, the error is lost with the message if it had data.
    """
    s, _ = root.socketpair(AF_LOCAL, SOCK_STREAM)
    k.kernel.limits.maxfiles = 20
    fds = s.to_bytes(4, "little") * 10
    root.sendmsg(s, [b"x"], [(SOL_SOCKET, SCM_RIGHTS, fds)])
    fails(root, "sendmsg", s, [], [(SOL_SOCKET, SCM_RIGHTS, fds[:4])])
    assert root.sendmsg(s, [b"x"], [(SOL_SOCKET, SCM_RIGHTS, fds[:4])]) == 1


@errnos(
    Errno.EMSGSIZE,
    {
        "sendto": lambda s: act("sendto", s, b"x" * 4609),
        "sendmsg": lambda s: act("sendmsg", s, b"x" * 4609),
        "sendmmsg": lambda s: act("sendmmsg", s, b"x" * 4609),
        "sendmsg+vector": lambda s: (at_bad, "sendmsg", s, header(msg_iov=BAD, msg_iovlen=1025), 0),
        "sendmsg+less": lambda s: (at_bad, "sendmsg", s, header(msg_iov=BAD, msg_iovlen=-1), 0),
    },
)
def test_too_large(fails, root, call):
    """A datagram is larger than SO_SNDBUF; there are more than IOV_MAX struct iovecs."""
    s, _ = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    fails(root, *call(s))


@each(Errno.EPIPE)
def test_broken(fails, root, call):
    """Nothing may be sent any more: SIGPIPE, unless it is not wanted."""
    root.sigaction(SIGPIPE, Sigaction(SIG_IGN))
    a, b = root.socketpair(AF_LOCAL, SOCK_STREAM)
    root.shutdown(a, SHUT_WR)
    fails(root, *call(a))
    root.close(a)
    fails(root, *call(b))


def test_sigpipe(k, root, person):
    """It kills, but for MSG_NOSIGNAL, SO_NOSIGPIPE and SOCK_NOSIGPIPE."""
    a, b = root.socketpair(AF_LOCAL, SOCK_STREAM)
    c, d = root.socketpair(AF_LOCAL, SOCK_STREAM | SOCK_NOSIGPIPE)
    assert root.getsockopt(c, SOL_SOCKET, SO_NOSIGPIPE) == 1
    root.close(b)
    root.close(d)
    for function, *args in (("write", c, b"x"), ("send", a, b"x", MSG_NOSIGNAL)):
        with pytest.raises(BrokenPipeError):
            root.call(function, *args)
    root.setsockopt(a, SOL_SOCKET, SO_NOSIGPIPE, 1)
    with pytest.raises(BrokenPipeError):
        root.write(a, b"x")
    root.setsockopt(a, SOL_SOCKET, SO_NOSIGPIPE, 0)
    root.call("send", a, b"x")
    assert root.status == SIGPIPE


@each(Errno.ENOTCONN)
def test_not_connected(fails, root, call):
    """A stream is not connected."""
    fails(root, *call(root.socket(AF_INET, SOCK_STREAM)))
    fails(root, *call(root.socket(AF_LOCAL, SOCK_SEQPACKET)))


@each(Errno.EDESTADDRREQ)
def test_no_destination(fails, root, call):
    """A datagram socket has neither a peer nor an address to send to."""
    fails(root, *call(root.socket(AF_INET, SOCK_DGRAM)))
    fails(root, *call(root.socket(AF_LOCAL, SOCK_DGRAM)))


@each(Errno.EISCONN, ("sendto", "sendmsg"), to=HERE)
def test_destination_besides(fails, root, call):
    """A datagram socket has a peer, and an address is given."""
    s = root.socket(AF_INET, SOCK_DGRAM)
    root.connect(s, HERE)
    fails(root, *call(s))


@each(Errno.EAFNOSUPPORT, ("sendto", "sendmsg"), to=HERE)
def test_family(fails, root, call):
    """The address is of another family."""
    fails(root, *call(root.socket(AF_INET6, SOCK_DGRAM)))
    fails(root, *call(root.socket(AF_LOCAL, SOCK_DGRAM)))


@each(Errno.EACCES, ("sendto", "sendmsg"), to=SockaddrIn(9, INADDR_BROADCAST))
def test_broadcast(fails, root, call):
    """A broadcast, and SO_BROADCAST is not set."""
    fails(root, *call(root.socket(AF_INET, SOCK_DGRAM)))


@each(Errno.ENETUNREACH, ("sendto", "sendmsg"), to=SockaddrIn(9, bytes((10, 0, 0, 1))))
def test_other_networks(fails, root, call):
    """No traffic leaves this machine."""
    fails(root, *call(root.socket(AF_INET, SOCK_DGRAM)))


@each(Errno.EHOSTUNREACH, ("sendto", "sendmsg"), to=SockaddrIn(9, bytes((127, 9, 9, 9))))
def test_other_hosts(fails, root, call):
    """127/8 but 127.0.0.1 is rejected."""
    fails(root, *call(root.socket(AF_INET, SOCK_DGRAM)))


@each(Errno.EADDRNOTAVAIL, ("sendto", "sendmsg"), to=SockaddrIn(0, INADDR_LOOPBACK))
def test_no_port(fails, root, call):
    """The port is 0."""
    fails(root, *call(root.socket(AF_INET, SOCK_DGRAM)))


@each(Errno.ECONNREFUSED)
def test_refused(fails, root, call):
    """The last datagram found nobody."""
    s = root.socket(AF_INET, SOCK_DGRAM)
    root.connect(s, HERE)
    root.write(s, b"x")
    fails(root, *call(s))


@each(Errno.ECONNREFUSED, ("sendto", "sendmsg"), to=NAME)
def test_nobody_has_the_name(fails, root, call):
    """The socket of that file is closed."""
    s = root.socket(AF_LOCAL, SOCK_DGRAM)
    root.bind(s, NAME)
    root.close(s)
    fails(root, *call(root.socket(AF_LOCAL, SOCK_DGRAM)))


@each(Errno.ENOENT, ("sendto", "sendmsg"), to=SockaddrUn(b"none"))
def test_no_such_file(fails, root, call):
    """There is no file of that name."""
    fails(root, *call(root.socket(AF_LOCAL, SOCK_DGRAM)))


@each(Errno.EPROTOTYPE, ("sendto", "sendmsg"), to=NAME)
def test_of_another_type(fails, root, call):
    """The socket of that name is of another type."""
    local_listener(root)
    fails(root, *call(root.socket(AF_LOCAL, SOCK_DGRAM)))


@each(Errno.ENOBUFS, data=b"x" * 3000)
def test_no_room(fails, root, call):
    """The receiver of a local datagram has no room for it."""
    a, _ = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    root.write(a, b"x" * 3000)
    fails(root, *call(a))


@each(Errno.EAGAIN, data=b"x" * 4000)
def test_would_wait(fails, root, call):
    """There is no room, and the socket does not wait; or as long as SO_SNDTIMEO allows."""
    a, _ = root.socketpair(AF_LOCAL, SOCK_STREAM | SOCK_NONBLOCK)
    root.write(a, b"x" * 4608)
    fails(root, *call(a))
    b, _ = root.socketpair(AF_LOCAL, SOCK_STREAM)
    root.write(b, b"x" * 4608)
    root.setsockopt(b, SOL_SOCKET, SO_SNDTIMEO, Timeval(2, 0))
    fails(root, *call(b))


def test_flags_that_do_not_wait(root, person):
    """MSG_NBIO does not wait for room; MSG_DONTWAIT only says so to receivers, as on NetBSD."""
    a, b = root.socketpair(AF_LOCAL, SOCK_STREAM)
    root.write(a, b"x" * 4608)
    with pytest.raises(BlockingIOError):
        root.send(a, b"x", MSG_NBIO)
    root.begin("send", a, b"x", MSG_DONTWAIT)
    assert root.lwp.l_wmesg == "netio"
    person(0, 0).kill(root.pid, SIGPIPE)
    assert b


@each(Errno.EINTR, data=b"x" * 4000)
def test_interrupted(begins, root, person, call):
    """A signal is caught while it waits for room."""
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    a, _ = root.socketpair(AF_LOCAL, SOCK_STREAM)
    root.write(a, b"x" * 4608)
    finish = begins(root, *call(a))
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()


def test_interrupted_on_the_way(root, person):
    """What has gone counts: there is no error."""
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    a, _ = root.socketpair(AF_LOCAL, SOCK_STREAM)
    root.begin("send", a, b"x" * 10000)
    person(0, 0).kill(root.pid, SIGUSR1)
    assert root.finish() == 4608


@each(Errno.EOPNOTSUPP, flags=MSG_OOB)
def test_urgent_data(fails, root, call):
    """Local sockets and datagrams know no urgent data."""
    a, _ = root.socketpair(AF_LOCAL, SOCK_STREAM)
    fails(root, *call(a))
    s = root.socket(AF_INET, SOCK_DGRAM)
    root.connect(s, HERE)
    fails(root, *call(s))


def test_some_of_several(root):
    """sendmmsg tells how many went before one failed."""
    a, b = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    sent = root.sendmmsg(a, [[b"one", b"!"], [b"two"], [b"x" * 5000], [b"four"]])
    assert sent == [4, 3]
    assert [root.recv(b, 10) for _ in range(2)] == [b"one!", b"two"]


def test_write_as_send(root):
    """write, writev: ENOTCONN, EDESTADDRREQ, EMSGSIZE as send; ESPIPE with an offset."""
    s = root.socket(AF_INET, SOCK_STREAM)
    d = root.socket(AF_INET, SOCK_DGRAM)
    root.close(root.open(b"f", O_CREAT | O_RDWR, 0o644))
    for errno, args in (
        (Errno.ENOTCONN, ("write", s, b"x")),
        (Errno.EDESTADDRREQ, ("writev", d, [b"x", b"y"])),
        (Errno.ESPIPE, ("pwrite", s, b"x", 0)),
        (Errno.ENOTCONN, ("read", s, 1)),
        (Errno.ESPIPE, ("lseek", s, 0, 0)),
    ):
        with pytest.raises(OSError) as caught:  # noqa: PT011
            root.call(*args)
        assert caught.value.errno == errno
