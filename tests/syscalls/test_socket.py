# SPDX-License-Identifier: BSD-2-Clause
"""socket(2), socketpair(2), and how every call refuses what is no socket."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    AT_FDCWD,
    F_GETFD,
    F_GETFL,
    FD_CLOEXEC,
    O_CREAT,
    O_NONBLOCK,
    O_NOSIGPIPE,
    O_RDWR,
)
from kernel.sys.in_ import IPPROTO_TCP, IPPROTO_UDP
from kernel.sys.ioccom import FIONBIO, FIONREAD, FIONSPACE, FIONWRITE, SIOCATMARK
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    SO_TYPE,
    SOCK_CLOEXEC,
    SOCK_DGRAM,
    SOCK_NONBLOCK,
    SOCK_NOSIGPIPE,
    SOCK_RDM,
    SOCK_SEQPACKET,
    SOCK_STREAM,
    SOL_SOCKET,
)
from kernel.sys.stat import S_ISSOCK
from tests.syscalls.errnos import errnos
from tests.syscalls.sockets import BAD, CALLS_ON_SOCKETS, NAME, at_bad, raw


@errnos(Errno.EBADF, {name: lambda name=name: (raw, name, 99) for name in CALLS_ON_SOCKETS})
def test_not_open(fails, root, call):
    """The descriptor is not open."""
    fails(root, *call())


@errnos(Errno.ENOTSOCK, {name: lambda fd, name=name: (raw, name, fd) for name in CALLS_ON_SOCKETS})
def test_no_socket(fails, root, call):
    """The descriptor is of a file."""
    fails(root, *call(root.open(b"f", O_CREAT | O_RDWR, 0o644)))


@errnos(
    Errno.EAFNOSUPPORT,
    {
        "socket": lambda: ("socket", 3, SOCK_STREAM),
        "socketpair": lambda: ("socketpair", 99, SOCK_STREAM),
    },
)
def test_family(fails, root, call):
    """There is no such family: over a type that there is none of."""
    fails(root, *call())


@errnos(
    Errno.EPROTONOSUPPORT,
    {
        "socket": lambda: ("socket", AF_INET, SOCK_STREAM, IPPROTO_UDP),
        "socket+none": lambda: ("socket", AF_INET, 0, 0),
        "socket+local": lambda: ("socket", AF_LOCAL, SOCK_STREAM, 7),
        "socketpair": lambda: ("socketpair", AF_LOCAL, SOCK_STREAM, 1),
    },
)
def test_protocol(fails, root, call):
    """The family has no such protocol of the type; or neither a protocol nor a type is named."""
    fails(root, *call())


@errnos(
    Errno.EPROTOTYPE,
    {
        "socket": lambda: ("socket", AF_INET, SOCK_SEQPACKET),
        "socket+six": lambda: ("socket", AF_INET6, SOCK_RDM),
        "socketpair": lambda: ("socketpair", AF_LOCAL, SOCK_RDM),
    },
)
def test_type(fails, root, call):
    """The family has no protocol of the type."""
    fails(root, *call())


@errnos(
    Errno.EMFILE,
    {
        "socket": lambda: ("socket", AF_INET, SOCK_STREAM),
        "socket+bad": lambda: ("socket", 99, SOCK_STREAM),
        "socketpair": lambda: ("socketpair", AF_LOCAL, SOCK_STREAM),
    },
)
def test_too_many(fails, root, call, k):
    """The process has too many descriptors: over a family that there is none of, for socket."""
    count = 4 if "pair" in call()[0] else 3
    root.setrlimit(RLIMIT_NOFILE, Rlimit(count, 100))
    fails(root, *call())
    assert len(k.kernel.net.sockets) == 0


@errnos(
    Errno.ENFILE,
    {
        "socket": lambda: ("socket", AF_INET, SOCK_STREAM),
        "socketpair": lambda: ("socketpair", AF_LOCAL, SOCK_STREAM),
    },
)
def test_table_is_full(fails, root, call, k):
    """The system has too many open files."""
    k.kernel.limits.maxfiles = k.kernel.nfiles
    fails(root, *call())


@pytest.mark.errno("socketpair", Errno.EOPNOTSUPP)
def test_no_pairs(fails, root, k):
    """Only local sockets come in pairs; nothing is left."""
    files = k.kernel.nfiles
    fails(root, "socketpair", AF_INET, SOCK_STREAM)
    assert (k.kernel.nfiles, len(k.kernel.net.sockets)) == (files, 0)


@pytest.mark.errno("socketpair", Errno.EFAULT)
def test_pair_nowhere(fails, root, k):
    """The descriptors cannot be stored: nothing is left."""
    files = k.kernel.nfiles
    fails(root, at_bad, "socketpair", AF_LOCAL, SOCK_STREAM, 0, BAD)
    assert (k.kernel.nfiles, len(k.kernel.net.sockets)) == (files, 0)


def test_flags_of_the_type(root):
    """SOCK_CLOEXEC, SOCK_NONBLOCK and SOCK_NOSIGPIPE are those of the open file."""
    flags = SOCK_CLOEXEC | SOCK_NONBLOCK | SOCK_NOSIGPIPE
    for fd in (
        root.socket(AF_INET, SOCK_DGRAM | flags, IPPROTO_UDP),
        *root.socketpair(AF_LOCAL, SOCK_DGRAM | flags),
    ):
        assert root.fcntl(fd, F_GETFD) == FD_CLOEXEC
        assert root.fcntl(fd, F_GETFL) == O_RDWR | O_NONBLOCK | O_NOSIGPIPE
        assert root.getsockopt(fd, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM
    fd = root.socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP)
    assert root.fcntl(fd, F_GETFL) == O_RDWR


def test_what_ioctl_tells(root):
    """FIONREAD counts the addresses of datagrams, too; FIONBIO is F_SETFL's O_NONBLOCK."""
    a, b = root.socketpair(AF_LOCAL, SOCK_STREAM)
    root.write(a, b"hello")
    tell = {com: int.from_bytes(root.ioctl(b, com), "little") for com in (FIONREAD, FIONWRITE)}
    assert tell == {FIONREAD: 5, FIONWRITE: 0}
    assert int.from_bytes(root.ioctl(a, FIONSPACE), "little") == 4608 - 5
    assert int.from_bytes(root.ioctl(a, SIOCATMARK), "little") == 0
    root.read(b, 10)
    root.ioctl(b, FIONBIO, (1).to_bytes(4, "little"))
    with pytest.raises(BlockingIOError):
        root.read(b, 10)
    assert root.fcntl(b, F_GETFL) == O_RDWR | O_NONBLOCK
    c, d = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    root.write(c, b"hello")
    assert int.from_bytes(root.ioctl(d, FIONREAD), "little") == 7


def test_stat(root):
    """A socket is of type S_IFSOCK; each local one has a number of its own."""
    a, b = (root.fstat(fd) for fd in root.socketpair(AF_LOCAL, SOCK_STREAM))
    assert S_ISSOCK(a.st_mode)
    assert a.st_ino != b.st_ino
    assert a.st_blksize == 4608
    assert S_ISSOCK(root.fstat(root.socket(AF_INET, SOCK_STREAM)).st_mode)


@errnos(
    Errno.EOPNOTSUPP,
    {
        "open": lambda: ("open", b"s", O_RDWR),
        "openat": lambda: ("openat", AT_FDCWD, b"s", O_RDWR),
    },
)
def test_a_socket_is_not_opened(fails, root, call):
    """The file is a socket's: it is reached by connect only."""
    root.bind(root.socket(AF_LOCAL, SOCK_STREAM), NAME)
    fails(root, *call())
