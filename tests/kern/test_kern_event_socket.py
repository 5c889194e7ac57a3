# SPDX-License-Identifier: BSD-2-Clause
"""Kernel queues on sockets: what is there to read, room to write, ends that are shut, backlogs."""

import pytest

from kernel.sys.event import EV_ADD, EV_EOF, EVFILT_READ, EVFILT_WRITE, Kevent
from kernel.sys.in_ import INADDR_LOOPBACK, SockaddrIn
from kernel.sys.signal import SIG_IGN, SIGPIPE
from kernel.sys.socket import (
    AF_INET,
    AF_LOCAL,
    SHUT_WR,
    SO_RCVLOWAT,
    SOCK_STREAM,
    SOL_SOCKET,
)
from kernel.sys.time import Timespec
from kernel.sys.un import SockaddrUn
from userland.libc.signal import Sigaction

NOW = Timespec(0, 0)
NAMES = [(AF_LOCAL, SockaddrUn(b"/tmp/s")), (AF_INET, SockaddrIn(7000, INADDR_LOOPBACK))]


@pytest.fixture
def p(k):
    process = k.root()
    process.sigaction(SIGPIPE, Sigaction(SIG_IGN))
    return process


def watch(p, fd, *filters):
    queue = p.kqueue()
    p.kevent(queue, [Kevent(fd, each, EV_ADD) for each in filters])
    return queue


def told(p, queue):
    """What has happened: filter, whether it is the end, data."""
    events = p.kevent(queue, (), 9, NOW)
    return [(each.filter, bool(each.flags & EV_EOF), each.data) for each in events]


def pair(p, family, name):
    """Two ends that are connected."""
    listener = p.socket(family, SOCK_STREAM)
    p.bind(listener, name)
    p.listen(listener, 5)
    client = p.socket(family, SOCK_STREAM)
    p.connect(client, name)
    return client, p.accept(listener)[0]


@pytest.mark.parametrize(("family", "name"), NAMES)
def test_bytes_are_counted(p, family, name):
    """EVFILT_READ tells how many bytes are there, once there are SO_RCVLOWAT of them."""
    ours, theirs = pair(p, family, name)
    queue = watch(p, ours, EVFILT_READ)
    assert told(p, queue) == []
    p.write(theirs, b"abc")
    assert told(p, queue) == [(EVFILT_READ, False, 3)]
    p.setsockopt(ours, SOL_SOCKET, SO_RCVLOWAT, 5)
    assert told(p, queue) == []
    p.write(theirs, b"de")
    assert told(p, queue) == [(EVFILT_READ, False, 5)]
    p.read(ours, 9)
    assert told(p, queue) == []


@pytest.mark.parametrize(("family", "name"), NAMES)
def test_the_end_is_told(p, family, name):
    """The other end sends no more: EV_EOF, with what is left to read."""
    ours, theirs = pair(p, family, name)
    queue = watch(p, ours, EVFILT_READ)
    p.write(theirs, b"ab")
    p.shutdown(theirs, SHUT_WR)
    assert told(p, queue) == [(EVFILT_READ, True, 2)]
    p.read(ours, 9)
    assert told(p, queue) == [(EVFILT_READ, True, 0)]


@pytest.mark.parametrize(("family", "name"), NAMES)
def test_room_is_told(p, family, name):
    """EVFILT_WRITE tells how much room there is; its own end shut is EV_EOF."""
    ours, _theirs = pair(p, family, name)
    queue = watch(p, ours, EVFILT_WRITE)
    ((_, end, room),) = told(p, queue)
    assert not end
    assert room > 0
    p.shutdown(ours, SHUT_WR)
    ((_, end, _),) = told(p, queue)
    assert end


def test_no_room(p):
    """A stream that is full has no event until the other end reads."""
    ours, theirs = p.socketpair(AF_LOCAL, SOCK_STREAM)
    queue = watch(p, ours, EVFILT_WRITE)
    ((_, _, room),) = told(p, queue)
    p.write(ours, bytes(room))
    assert told(p, queue) == []
    p.read(theirs, room)
    assert told(p, queue) == [(EVFILT_WRITE, False, room)]


@pytest.mark.parametrize(("family", "name"), NAMES)
def test_a_backlog_is_counted(p, family, name):
    """EVFILT_READ of a listener tells how many connections wait."""
    listener = p.socket(family, SOCK_STREAM)
    p.bind(listener, name)
    p.listen(listener, 5)
    queue = watch(p, listener, EVFILT_READ)
    assert told(p, queue) == []
    for count in (1, 2):
        p.connect(p.socket(family, SOCK_STREAM), name)
        assert told(p, queue) == [(EVFILT_READ, False, count)]
    p.accept(listener)
    assert told(p, queue) == [(EVFILT_READ, False, 1)]
