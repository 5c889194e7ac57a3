# SPDX-License-Identifier: BSD-2-Clause
"""connect(2), accept(2), paccept(2): how they fail, in which order, and whom they wait for."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import F_GETFD, F_GETFL, FD_CLOEXEC, O_CREAT, O_NONBLOCK, O_RDWR
from kernel.sys.in_ import INADDR_ANY, INADDR_LOOPBACK, SockaddrIn
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit
from kernel.sys.signal import SA_RESTART, SIG_BLOCK, SIGUSR1, sigset
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    SHUT_RD,
    SO_LINGER,
    SO_REUSEPORT,
    SOCK_CLOEXEC,
    SOCK_DGRAM,
    SOCK_NONBLOCK,
    SOCK_STREAM,
    SOL_SOCKET,
    Linger,
)
from kernel.sys.un import LOCAL_CONNWAIT, SOL_LOCAL, SockaddrUn
from tests.syscalls.errnos import errnos
from tests.syscalls.sockets import BAD, HERE, NAME, at_bad, connection, listener, local_listener
from userland.libc.signal import Sigaction

ACCEPTS = ("accept", "paccept")


def each(make):
    """accept and paccept alike."""
    return {name: lambda *args, name=name: (name, *make(*args)) for name in ACCEPTS}


@pytest.mark.errno("connect", Errno.EFAULT)
def test_nowhere(fails, root):
    """The name is not in the caller's memory: over a bad descriptor."""
    fails(root, at_bad, "connect", root.socket(AF_INET, SOCK_STREAM), BAD, 16)
    fails(root, at_bad, "connect", 99, BAD, 16)


@pytest.mark.errno("connect", Errno.EINVAL)
def test_length(fails, root):
    """The name is shorter than three bytes, longer than 255, or not as long as its family has it."""
    s = root.socket(AF_INET, SOCK_STREAM)
    for size in (0, 2, 256, 1 << 31, 8, 28):
        fails(root, at_bad, "connect", s, b"\x10\2" + bytes(254), size)


@pytest.mark.errno("connect", Errno.EAFNOSUPPORT)
def test_family(fails, root):
    """The name is of another family than the socket."""
    fails(root, "connect", root.socket(AF_INET6, SOCK_STREAM), HERE)
    fails(root, "connect", root.socket(AF_LOCAL, SOCK_DGRAM), HERE)


@pytest.mark.errno("connect", Errno.EISCONN)
def test_connected(fails, root, other):
    """A stream is connected: over a name of another family."""
    n, _ = connection(root, other)
    fails(root, "connect", n, NAME)
    a, _ = root.socketpair(AF_LOCAL, SOCK_STREAM)
    fails(root, "connect", a, NAME)


@pytest.mark.errno("connect", Errno.EOPNOTSUPP)
def test_listening(fails, root):
    """The socket listens."""
    fails(root, "connect", listener(root), HERE)


@pytest.mark.errno("connect", Errno.EADDRNOTAVAIL)
def test_no_port(fails, root):
    """The port is 0; or a stream is to be connected to a group."""
    s = root.socket(AF_INET, SOCK_STREAM)
    fails(root, "connect", s, SockaddrIn(0, INADDR_LOOPBACK))
    fails(root, "connect", s, SockaddrIn(1, bytes((224, 0, 0, 1))))


@pytest.mark.errno("connect", Errno.EADDRINUSE)
def test_there_is_this_connection(fails, root):
    """Both addresses are those of a connection that there is."""
    listener(root)
    mine = SockaddrIn(6000, INADDR_LOOPBACK)
    sockets = [root.socket(AF_INET, SOCK_STREAM) for _ in range(2)]
    for s in sockets:
        root.setsockopt(s, SOL_SOCKET, SO_REUSEPORT, 1)
        root.bind(s, mine)
    root.connect(sockets[0], HERE)
    fails(root, "connect", sockets[1], HERE)


@pytest.mark.errno("connect", Errno.ENETUNREACH)
def test_other_networks(fails, root):
    """No traffic leaves this machine."""
    fails(root, "connect", root.socket(AF_INET, SOCK_STREAM), SockaddrIn(80, bytes((10, 0, 0, 1))))
    s = root.socket(AF_INET, SOCK_DGRAM)
    fails(root, "connect", s, SockaddrIn(80, bytes((224, 0, 0, 1))))


@pytest.mark.errno("connect", Errno.EHOSTUNREACH)
def test_other_hosts(fails, root):
    """127/8 but 127.0.0.1 is rejected, as /etc/rc.d/network has it."""
    fails(root, "connect", root.socket(AF_INET, SOCK_STREAM), SockaddrIn(80, bytes((127, 9, 9, 9))))


@pytest.mark.errno("connect", Errno.ECONNREFUSED)
def test_refused(fails, root):
    """Nobody listens there; no socket has the file any more; the one that has does not listen."""
    fails(root, "connect", root.socket(AF_INET, SOCK_STREAM), HERE)
    s = root.socket(AF_LOCAL, SOCK_STREAM)
    root.bind(s, NAME)
    fails(root, "connect", root.socket(AF_LOCAL, SOCK_STREAM), NAME)
    root.close(s)
    fails(root, "connect", root.socket(AF_LOCAL, SOCK_STREAM), NAME)


@pytest.mark.errno("connect", Errno.ECONNREFUSED)
def test_queue_is_full(fails, root):
    """More than three halves of the backlog wait at a local socket."""
    local_listener(root, backlog=0)
    root.connect(root.socket(AF_LOCAL, SOCK_STREAM), NAME)
    fails(root, "connect", root.socket(AF_LOCAL, SOCK_STREAM), NAME)


@pytest.mark.errno("connect", Errno.EINPROGRESS)
def test_in_progress(fails, root):
    """The socket does not wait, and the connection is not there yet."""
    listener(root)
    fails(root, "connect", root.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK), HERE)


@pytest.mark.errno("connect", Errno.EALREADY)
def test_already(fails, root):
    """The connection is still being made: over a name of another family."""
    listener(root)
    s = root.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK)
    with pytest.raises(BlockingIOError):
        root.connect(s, HERE)
    fails(root, "connect", s, NAME)


@pytest.mark.errno("connect", Errno.EINTR)
def test_interrupted(begins, root, other):
    """A signal is caught while it waits, even with SA_RESTART; the connection goes on."""
    local_listener(root)
    root.chmod(b"s", 0o777)
    other.sigaction(SIGUSR1, Sigaction(lambda *_: None, sa_flags=SA_RESTART))
    s = other.socket(AF_LOCAL, SOCK_STREAM)
    other.setsockopt(s, SOL_LOCAL, LOCAL_CONNWAIT, 1)
    finish = begins(other, "connect", s, NAME)
    root.kill(other.pid, SIGUSR1)
    finish()
    with pytest.raises(BlockingIOError) as error:
        other.connect(s, NAME)
    assert error.value.errno == Errno.EALREADY


@pytest.mark.errno("connect", Errno.ETIMEDOUT)
def test_no_answer(fails, root):
    """Nobody has answered for 75 s."""
    listener(root, backlog=0)
    root.connect(root.socket(AF_INET, SOCK_STREAM), HERE)
    fails(root, "connect", root.socket(AF_INET, SOCK_STREAM), HERE)


@pytest.mark.errno("connect", Errno.EPROTOTYPE)
def test_of_another_type(fails, root):
    """The local socket of that name is of another type."""
    local_listener(root)
    fails(root, "connect", root.socket(AF_LOCAL, SOCK_DGRAM), NAME)


@pytest.mark.errno("connect", Errno.ENOTSOCK)
def test_name_of_a_file(fails, root):
    """The file of that name is no socket."""
    root.close(root.open(b"f", O_CREAT, 0o644))
    fails(root, "connect", root.socket(AF_LOCAL, SOCK_STREAM), SockaddrUn(b"f"))


@pytest.mark.errno("connect", Errno.EACCES)
def test_may_not_be_written(fails, root, user):
    """The socket's file may not be written, or a directory not be searched."""
    root.umask(0o022)
    local_listener(root)
    fails(user, "connect", user.socket(AF_LOCAL, SOCK_STREAM), NAME)
    root.mkdir(b"d", 0o700)
    fails(user, "connect", user.socket(AF_LOCAL, SOCK_STREAM), SockaddrUn(b"d/s"))


@errnos(
    Errno.ENOENT,
    {"connect": lambda: SockaddrUn(b"none"), "connect+empty": lambda: SockaddrUn(b"\0")},
)
def test_no_such_file(fails, root, call):
    """There is no such file; or the path is empty."""
    fails(root, "connect", root.socket(AF_LOCAL, SOCK_STREAM), call())


@pytest.mark.errno("connect", Errno.ENOTDIR)
def test_file_in_the_way(fails, root):
    """A component of the path is no directory."""
    root.close(root.open(b"f", O_CREAT, 0o644))
    fails(root, "connect", root.socket(AF_LOCAL, SOCK_STREAM), SockaddrUn(b"f/s"))


@pytest.mark.errno("connect", Errno.ELOOP)
def test_loop(fails, root):
    """Too many symbolic links are in the way."""
    root.symlink(b"l", b"l")
    fails(root, "connect", root.socket(AF_LOCAL, SOCK_STREAM), SockaddrUn(b"l"))


@pytest.mark.errno("connect", Errno.ECONNRESET)
def test_reset(fails, root, other):
    """The peer of a datagram socket was closed: the error is kept for the next call."""
    s = root.socket(AF_LOCAL, SOCK_DGRAM)
    root.bind(s, NAME)
    root.chmod(b"s", 0o777)
    c = other.socket(AF_LOCAL, SOCK_DGRAM)
    other.connect(c, NAME)
    root.close(s)
    root.unlink(b"s")
    root.bind(root.socket(AF_LOCAL, SOCK_DGRAM), NAME)
    root.chmod(b"s", 0o777)
    fails(other, "connect", c, NAME)


def test_any_address_is_this_machine(root):
    """A connection to INADDR_ANY is one to 127.0.0.1."""
    listener(root)
    s = root.socket(AF_INET, SOCK_STREAM)
    root.connect(s, HERE._replace(sin_addr=INADDR_ANY))
    assert root.getpeername(s) == HERE


@errnos(Errno.EOPNOTSUPP, each(lambda s: (s,)))
def test_datagrams_are_not_accepted(fails, root, call):
    """A datagram socket has no connections."""
    fails(root, *call(root.socket(AF_INET, SOCK_DGRAM)))


@errnos(Errno.EINVAL, each(lambda s: (s,)))
def test_not_listening(fails, root, call):
    """The socket does not listen."""
    fails(root, *call(root.socket(AF_INET, SOCK_STREAM)))


@errnos(Errno.EAGAIN, each(lambda s: (s,)))
def test_no_connections(fails, root, call):
    """There are none, and the socket does not wait."""
    s = root.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK)
    root.listen(s, 1)
    fails(root, *call(s))


@errnos(Errno.EINTR, each(lambda s: (s,)))
def test_accept_interrupted(begins, root, person, call):
    """A signal is caught while it waits."""
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    finish = begins(root, *call(listener(root)))
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()


@errnos(Errno.EMFILE, each(lambda s: (s,)))
def test_too_many(fails, root, call):
    """The process has too many descriptors: over a socket that does not listen."""
    s = root.socket(AF_INET, SOCK_STREAM)
    root.setrlimit(RLIMIT_NOFILE, Rlimit(s + 1, 100))
    fails(root, *call(s))


@errnos(Errno.ENFILE, each(lambda s: (s,)))
def test_table_is_full(fails, root, call, k):
    """The system has too many open files."""
    s = listener(root)
    k.kernel.limits.maxfiles = k.kernel.nfiles
    fails(root, *call(s))


@errnos(Errno.ECONNABORTED, each(lambda s: (s,)))
def test_aborted(fails, root, other, call, k):
    """The connection was reset while it waited; or nothing more can come."""
    s = listener(root)
    c = other.socket(AF_INET, SOCK_STREAM)
    other.setsockopt(c, SOL_SOCKET, SO_LINGER, Linger(1, 0))
    other.connect(c, HERE)
    other.close(c)
    files = k.kernel.nfiles
    fails(root, *call(s))
    root.shutdown(s, SHUT_RD)
    fails(root, *call(s))
    assert k.kernel.nfiles == files


@errnos(
    Errno.EFAULT,
    {
        "accept": lambda s: ("accept", s, BAD, b"\x10\0\0\0"),
        "accept+len": lambda s: ("accept", s, 4096, BAD),
        "paccept": lambda s: ("paccept", s, BAD, b"\x10\0\0\0", 0, 0),
        "paccept+mask": lambda s: ("paccept", s, 0, 0, BAD, 0),
    },
)
def test_accept_nowhere(fails, root, other, call, k):
    """The name, its length or the mask is not in the caller's memory: the connection is lost."""
    s = listener(root)
    c = other.socket(AF_INET, SOCK_STREAM)
    other.connect(c, HERE)
    files = k.kernel.nfiles
    fails(root, at_bad, *call(s))
    assert k.kernel.nfiles == files


def test_what_the_new_socket_inherits(root, other):
    """accept's has the flags of the listening one; paccept's waits unless it is told not to."""
    s = listener(root)
    root.fcntl(s, 4, O_NONBLOCK)  # F_SETFL
    for _ in range(3):
        other.connect(other.socket(AF_INET, SOCK_STREAM), HERE)
    fds = [root.accept(s)[0], root.paccept(s)[0], root.accept4(s, SOCK_CLOEXEC | SOCK_NONBLOCK)[0]]
    assert [root.fcntl(fd, F_GETFL) for fd in fds] == [
        O_RDWR | O_NONBLOCK,
        O_RDWR,
        O_RDWR | O_NONBLOCK,
    ]
    assert [root.fcntl(fd, F_GETFD) for fd in fds] == [0, 0, FD_CLOEXEC]


def test_under_another_mask(root, person):
    """paccept lets a signal through that is blocked otherwise."""
    got = []
    root.sigaction(SIGUSR1, Sigaction(lambda *_: got.append(1), sa_flags=SA_RESTART))
    root.sigprocmask(SIG_BLOCK, sigset(SIGUSR1))
    root.begin("paccept", listener(root), [])
    person(0, 0).kill(root.pid, SIGUSR1)
    with pytest.raises(InterruptedError):
        root.finish()
    assert got == [1]
    assert root.sigprocmask(SIG_BLOCK, 0) == sigset(SIGUSR1)
