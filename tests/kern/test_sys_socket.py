# SPDX-License-Identifier: BSD-2-Clause
"""Sockets as files: who is told by SIGIO and SIGURG that something has happened."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import F_GETFL, F_GETOWN, F_SETFL, F_SETOWN, O_ASYNC, O_NONBLOCK
from kernel.sys.in_ import INADDR_LOOPBACK, SockaddrIn
from kernel.sys.ioccom import (
    FIOASYNC,
    FIOGETOWN,
    FIOSETOWN,
    SIOCGPGRP,
    SIOCSPGRP,
    TIOCGPGRP,
    TIOCSPGRP,
)
from kernel.sys.signal import SIG_BLOCK, SIGIO, SIGURG, sigset
from kernel.sys.socket import AF_INET, AF_LOCAL, MSG_OOB, SHUT_WR, SOCK_DGRAM, SOCK_STREAM
from kernel.sys.time import Timespec
from userland.libc.signal import Sigaction

HERE = SockaddrIn(7000, INADDR_LOOPBACK)
BOTH = sigset(SIGIO, SIGURG)
POLL_IN, POLL_OUT, POLL_PRI = 1, 2, 5  # si_code


def listening(k, uid=0):
    """A process that blocks both signals."""
    process = k.process(uid)
    for signo in (SIGIO, SIGURG):  # by default both are ignored
        process.sigaction(signo, Sigaction(lambda _signo: None))
    process.sigprocmask(SIG_BLOCK, BOTH)
    return process


@pytest.fixture
def p(k):
    return listening(k)


def told(process):
    """The signals that have come, each with its code."""
    found = []
    while process.sigpending() & BOTH:
        info = process.sigtimedwait(BOTH, Timespec(0, 0))
        found.append((info.si_signo, info.si_code))
    return found


def connection(p):
    """A connection: client, server, and who listens."""
    s = p.socket(AF_INET, SOCK_STREAM)
    p.bind(s, HERE)
    p.listen(s, 5)
    c = p.socket(AF_INET, SOCK_STREAM)
    p.connect(c, HERE)
    return c, p.accept(s)[0], s


def local(p):
    return p.socketpair(AF_LOCAL, SOCK_STREAM)


def datagrams(p):
    s, c = p.socket(AF_INET, SOCK_DGRAM), p.socket(AF_INET, SOCK_DGRAM)
    p.bind(s, HERE)
    p.connect(c, HERE)
    return c, s


def fill(p, fd):
    while True:
        p.send(fd, bytes(4096))


def own(p, fd, owner):
    """Let owner hear of what happens to a socket."""
    p.fcntl(fd, F_SETOWN, owner)
    p.fcntl(fd, F_SETFL, p.fcntl(fd, F_GETFL) | O_ASYNC)
    told(p)


@pytest.mark.parametrize("make", [connection, local, datagrams])
def test_data_is_told_to_the_owner(p, make):
    """SIGIO with POLL_IN, once O_ASYNC is set and as long as it is."""
    c, s = make(p)[:2]
    p.fcntl(s, F_SETOWN, p.pid)
    p.send(c, b"quiet")
    assert told(p) == []
    own(p, s, p.pid)
    p.send(c, b"loud")
    assert told(p) == [(SIGIO, POLL_IN)]
    p.fcntl(s, F_SETFL, p.fcntl(s, F_GETFL) & ~O_ASYNC)
    p.send(c, b"quiet")
    assert told(p) == []


def test_without_an_owner_nobody_is_told(p):
    """O_ASYNC alone does nothing."""
    c, s = local(p)
    p.fcntl(s, F_SETFL, O_ASYNC)
    p.send(c, b"x")
    assert told(p) == []


def test_fioasync_is_o_async(p):
    """FIOASYNC sets what F_GETFL tells."""
    c, s = local(p)
    p.ioctl(s, FIOASYNC, b"\1\0\0\0")
    assert p.fcntl(s, F_GETFL) & O_ASYNC
    p.fcntl(s, F_SETOWN, p.pid)
    p.send(c, b"x")
    assert told(p) == [(SIGIO, POLL_IN)]
    p.ioctl(s, FIOASYNC, bytes(4))
    assert not p.fcntl(s, F_GETFL) & O_ASYNC


def test_room_is_told(p):
    """POLL_OUT when the peer has read."""
    c, s = local(p)
    p.fcntl(c, F_SETFL, O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        fill(p, c)
    own(p, c, p.pid)
    p.recv(s, 10_000)
    assert told(p) == [(SIGIO, POLL_OUT)]


def test_a_connection_and_its_end_are_told(p):
    """Who listens hears of a connection; a connection, of its end."""
    s = p.socket(AF_INET, SOCK_STREAM)
    p.bind(s, HERE)
    p.listen(s, 5)
    own(p, s, p.pid)
    c = p.socket(AF_INET, SOCK_STREAM)
    p.connect(c, HERE)
    assert (SIGIO, POLL_IN) in told(p)
    n, _ = p.accept(s)
    assert p.fcntl(n, F_GETOWN) == p.pid  # as the one that listens has it
    told(p)
    p.shutdown(c, SHUT_WR)
    assert (SIGIO, POLL_IN) in told(p)


def test_urgent_data_needs_no_o_async(p):
    """SIGURG goes to the owner in any case."""
    c, s, _ = connection(p)
    p.send(c, b"U", MSG_OOB)
    assert told(p) == []
    p.fcntl(s, F_SETOWN, p.pid)
    p.send(c, b"V", MSG_OOB)
    assert told(p) == [(SIGURG, POLL_PRI)]


def test_a_group_may_be_the_owner(k, p):
    """Each of its processes is told; others are not."""
    child = p.fork()
    p.setpgid(0, 0)
    child.setpgid(0, p.pid)
    stranger = listening(k)
    c, s = local(p)
    own(p, s, -p.pid)
    p.send(c, b"x")
    assert (told(p), told(child), told(stranger)) == ([(SIGIO, POLL_IN)], [(SIGIO, POLL_IN)], [])


def test_an_owner_that_has_ended(k, p):
    """Nobody is told, and who comes later is not either."""
    child = p.fork()
    c, s = local(p)
    own(p, s, child.pid)
    child.call("_exit", 0)
    p.send(c, b"x")
    assert told(p) == []


def test_each_way_to_name_the_owner(p):
    """Groups are negative, for TIOCSPGRP and TIOCGPGRP positive."""
    s = p.socket(AF_INET, SOCK_DGRAM)
    p.setpgid(0, 0)
    assert p.fcntl(s, F_GETOWN) == 0

    def number(value):
        return value.to_bytes(4, "little", signed=True)

    for com, given, owner in (
        (FIOSETOWN, p.pid, p.pid),
        (SIOCSPGRP, -p.pid, -p.pid),
        (TIOCSPGRP, p.pid, -p.pid),
    ):
        p.ioctl(s, com, number(given))
        assert p.fcntl(s, F_GETOWN) == owner
        for get in (FIOGETOWN, SIOCGPGRP):
            assert p.ioctl(s, get, bytes(4)) == number(owner)
        assert p.ioctl(s, TIOCGPGRP, bytes(4)) == number(-owner)
    for com, given, errno in (
        (FIOSETOWN, 29999, Errno.ESRCH),
        (SIOCSPGRP, -29999, Errno.EPERM),
        (TIOCSPGRP, 29999, Errno.EPERM),
        (TIOCSPGRP, -1, Errno.EINVAL),
    ):
        with pytest.raises(OSError) as caught:  # noqa: PT011
            p.ioctl(s, com, number(given))
        assert caught.value.errno == errno


def test_a_program_is_interrupted(run):
    """A handler of SIGIO runs when a datagram comes, one of SIGURG for urgent data."""
    done = run(
        """
import os, signal, socket
from userland.libc import F_SETFL, F_SETOWN, O_ASYNC, fcntl
seen = []
signal.signal(signal.SIGIO, lambda n, f: seen.append("io"))
signal.signal(signal.SIGURG, lambda n, f: seen.append("urgent"))
s = socket.create_server(("127.0.0.1", 7000))
c = socket.create_connection(("127.0.0.1", 7000))
n, _ = s.accept()
fcntl(n.fileno(), F_SETOWN, os.getpid())
fcntl(n.fileno(), F_SETFL, O_ASYNC)
c.send(b"x")
assert n.recv(1) == b"x"
print(seen)
fcntl(n.fileno(), F_SETFL, 0)
c.send(b"y", socket.MSG_OOB)
assert n.recv(1, socket.MSG_OOB) == b"y"
print(seen)
"""
    )
    assert (done.stderr, done.stdout) == (b"", b"['io']\n['io', 'urgent']\n")
