# SPDX-License-Identifier: BSD-2-Clause
"""bind(2), listen(2), getsockname(2), getpeername(2): how they fail, and in which order."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT
from kernel.sys.in_ import INADDR_ANY, INADDR_LOOPBACK, SockaddrIn
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.mount_args import tmpfs_args
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    SHUT_WR,
    SO_LINGER,
    SO_REUSEADDR,
    SO_REUSEPORT,
    SOCK_DGRAM,
    SOCK_STREAM,
    SOL_SOCKET,
    Linger,
)
from kernel.sys.un import SockaddrUn
from tests.syscalls.errnos import errnos
from tests.syscalls.sockets import BAD, HERE, NAME, at_bad, connection, listener, local_listener


@errnos(
    Errno.EFAULT,
    {
        "bind": lambda s: ("bind", s, BAD, 16),
        "bind+fd": lambda _s: ("bind", 99, BAD, 16),
        "getsockname": lambda s: ("getsockname", s, BAD, b"\x10\0\0\0"),
        "getsockname+len": lambda s: ("getsockname", s, 4096, BAD),
    },
)
def test_nowhere(fails, root, call):
    """The name, or its length, is not in the caller's memory: for bind over a bad descriptor."""
    s = root.socket(AF_INET, SOCK_STREAM)
    fails(root, at_bad, *call(s))


@pytest.mark.errno("getpeername", Errno.EFAULT)
def test_peer_nowhere(fails, root, other):
    """The name, or its length, is not in the caller's memory."""
    n, _ = connection(root, other)
    fails(root, at_bad, "getpeername", n, BAD, b"\x10\0\0\0")
    fails(root, at_bad, "getpeername", n, 4096, BAD)


@pytest.mark.errno("bind", Errno.EINVAL)
def test_length(fails, root):
    """The name is shorter than three bytes, longer than 255, or not as long as its family has it."""
    s = root.socket(AF_INET, SOCK_STREAM)
    for size in (0, 2, 256, 1 << 31):
        fails(root, at_bad, "bind", s, b"\x10\2" + bytes(254), size)
    for size in (8, 28):
        fails(root, at_bad, "bind", s, b"\x10\2" + bytes(30), size)


@pytest.mark.errno("bind", Errno.EINVAL)
def test_twice(fails, root):
    """The socket has a name."""
    s = root.socket(AF_INET, SOCK_STREAM)
    root.bind(s, HERE)
    fails(root, "bind", s, SockaddrIn(7001, INADDR_ANY))
    s = root.socket(AF_LOCAL, SOCK_STREAM)
    root.bind(s, NAME)
    fails(root, "bind", s, SockaddrUn(b"t"))


@pytest.mark.errno("bind", Errno.EAFNOSUPPORT)
def test_family(fails, root):
    """The name is of another family than the socket: over one that has a name."""
    s = root.socket(AF_INET6, SOCK_STREAM)
    fails(root, "bind", s, HERE)
    t = root.socket(AF_LOCAL, SOCK_STREAM)
    root.bind(t, NAME)
    fails(root, "bind", t, HERE)


@pytest.mark.errno("bind", Errno.EADDRNOTAVAIL)
def test_foreign_address(fails, root):
    """The address is not of this machine, whose only one is 127.0.0.1."""
    s = root.socket(AF_INET, SOCK_STREAM)
    for addr in ((10, 0, 0, 1), (127, 0, 0, 2), (255, 255, 255, 255)):
        fails(root, "bind", s, SockaddrIn(7000, bytes(addr)))


@pytest.mark.errno("bind", Errno.EACCES)
def test_low_port(fails, user):
    """A port below 1024, and the caller is not the superuser."""
    s = user.socket(AF_INET, SOCK_STREAM)
    fails(user, "bind", s, SockaddrIn(1023, INADDR_LOOPBACK))
    user.bind(s, SockaddrIn(1024, INADDR_LOOPBACK))


@pytest.mark.errno("bind", Errno.EACCES)
def test_directory_may_not_be_written(fails, root, user):
    """The directory may not be searched, or not be written."""
    root.mkdir(b"d", 0o755)
    root.mkdir(b"e", 0o600)
    s = user.socket(AF_LOCAL, SOCK_STREAM)
    fails(user, "bind", s, SockaddrUn(b"d/s"))
    fails(user, "bind", s, SockaddrUn(b"e/s"))


@pytest.mark.errno("bind", Errno.EADDRINUSE)
def test_file_is_there(fails, root):
    """There is a file of that name, be it of a socket that is closed."""
    s = root.socket(AF_LOCAL, SOCK_STREAM)
    root.bind(s, NAME)
    root.close(s)
    fails(root, "bind", root.socket(AF_LOCAL, SOCK_DGRAM), NAME)


@pytest.mark.errno("bind", Errno.EADDRINUSE)
@pytest.mark.parametrize("kind", [SOCK_STREAM, SOCK_DGRAM])
def test_port_is_taken(fails, root, kind):
    """The port is taken at the same address, or either is of any address."""
    root.bind(root.socket(AF_INET, kind), HERE)
    s = root.socket(AF_INET, kind)
    fails(root, "bind", s, HERE)
    fails(root, "bind", s, HERE._replace(sin_addr=INADDR_ANY))
    root.setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
    fails(root, "bind", s, HERE)
    root.bind(s, HERE._replace(sin_addr=INADDR_ANY))


@pytest.mark.errno("bind", Errno.EADDRINUSE)
def test_sharing_a_port(fails, root, user, other):
    """SO_REUSEPORT lets those share a port who all have it, and are of one user."""

    def socket(p):
        s = p.socket(AF_INET, SOCK_DGRAM)
        p.setsockopt(s, SOL_SOCKET, SO_REUSEPORT, 1)
        return s

    user.bind(socket(user), HERE)
    user.bind(socket(user), HERE)
    root.bind(socket(root), HERE)
    fails(other, "bind", socket(other), HERE)
    fails(root, "bind", root.socket(AF_INET, SOCK_DGRAM), HERE)


@errnos(Errno.ENOENT, {"bind": lambda: ("bind", SockaddrUn(b"none/s"))})
def test_no_directory(fails, root, call):
    """A directory of the path is not there; an empty path is ENOENT, too."""
    s = root.socket(AF_LOCAL, SOCK_STREAM)
    function, name = call()
    fails(root, function, s, name)
    fails(root, function, s, SockaddrUn(b"\0"))


@pytest.mark.errno("bind", Errno.ENOTDIR)
def test_file_in_the_way(fails, root):
    """A component of the path is no directory."""
    root.close(root.open(b"f", O_CREAT, 0o644))
    fails(root, "bind", root.socket(AF_LOCAL, SOCK_STREAM), SockaddrUn(b"f/s"))


@pytest.mark.errno("bind", Errno.ELOOP)
def test_loop(fails, root):
    """Too many symbolic links are in the way."""
    root.symlink(b"l", b"l")
    fails(root, "bind", root.socket(AF_LOCAL, SOCK_STREAM), SockaddrUn(b"l/s"))


@pytest.mark.errno("bind", Errno.EROFS)
def test_read_only(fails, root):
    """The file system is mounted for reading only."""
    root.mkdir(b"m", 0o755)
    root.mount(b"tmpfs", b"m", MNT_RDONLY, tmpfs_args())
    fails(root, "bind", root.socket(AF_LOCAL, SOCK_STREAM), SockaddrUn(b"m/s"))


@pytest.mark.errno("listen", Errno.EINVAL)
def test_listening_while_connected(fails, root, other):
    """The socket is connected; or it is a local one without a name."""
    n, _ = connection(root, other)
    fails(root, "listen", n, 1)
    fails(root, "listen", root.socket(AF_LOCAL, SOCK_STREAM), 1)


@pytest.mark.errno("listen", Errno.EOPNOTSUPP)
def test_datagrams_do_not_listen(fails, root):
    """A socket of UDP cannot."""
    fails(root, "listen", root.socket(AF_INET, SOCK_DGRAM), 1)


def test_listening_binds(root):
    """A TCP socket that has no port gets one; a negative backlog is 0, a large one 128."""
    s = root.socket(AF_INET, SOCK_STREAM)
    root.listen(s, -5)
    assert root.getsockname(s) == SockaddrIn(65534, INADDR_ANY)
    root.listen(s, 1 << 20)


@pytest.mark.errno("getpeername", Errno.ENOTCONN)
def test_no_peer(fails, root):
    """The socket is not connected: over a bad address."""
    for s in (root.socket(AF_INET, SOCK_STREAM), local_listener(root)):
        fails(root, at_bad, "getpeername", s, BAD, BAD)


@errnos(
    Errno.EINVAL,
    {
        "getsockname": lambda s: (
            "getsockname",
            s,
            b"\0" * 64,
            (-1 & 0xFFFFFFFF).to_bytes(4, "little"),
        ),
        "getpeername": lambda s: ("getpeername", s, b"\0" * 64, b"\xff\xff\xff\xff"),
    },
)
def test_negative_room(fails, root, other, call):
    """The room for the name is less than nothing."""
    n, _ = connection(root, other)
    fails(root, at_bad, *call(n))


@pytest.mark.errno("getsockname", Errno.EINVAL)
def test_name_is_gone(fails, root, other):
    """The connection was reset, and its addresses are forgotten."""
    n, c = connection(root, other)
    other.setsockopt(c, SOL_SOCKET, SO_LINGER, Linger(1, 0))
    other.close(c)
    fails(root, "getsockname", n)


@pytest.mark.errno("shutdown", Errno.EINVAL)
def test_shutting_what(fails, root, other):
    """how is none of SHUT_RD, SHUT_WR, SHUT_RDWR; or the connection is gone."""
    n, c = connection(root, other)
    fails(root, "shutdown", n, 3)
    other.setsockopt(c, SOL_SOCKET, SO_LINGER, Linger(1, 0))
    other.close(c)
    fails(root, "shutdown", n, SHUT_WR)


def test_names_are_cut(root):
    """As many bytes as there is room for; the length is theirs."""
    s = listener(root)
    assert root.getsockname(s) == HERE
    root.call(at_bad, "getsockname", s, 0, BAD)  # nothing is asked for
