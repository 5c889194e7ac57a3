# SPDX-License-Identifier: BSD-2-Clause
"""Kernel queues that watch terminals: the slave, the master, the controlling one, the console."""

import pytest

from kernel.sys.event import EVFILT_READ, EVFILT_VNODE, EVFILT_WRITE, Kevent
from kernel.sys.fcntl import O_RDONLY
from kernel.sys.time import Timespec

NOW = Timespec(0, 0)


@pytest.fixture
def p(k):
    """A process with a queue and a pseudo-terminal: (process, queue, master, slave)."""
    process = k.root()
    return process, process.kqueue(), *process.openpty()


def told(p, kq, timeout=NOW):
    """What has happened: data by (ident, filter)."""
    return {(e.ident, e.filter): e.data for e in p.kevent(kq, [], 8, timeout)}


def test_both_ends(p):
    """Each end can be read when the other was written; both take what they have room for."""
    p, kq, master, slave = p
    watched = [(fd, f) for fd in (master, slave) for f in (EVFILT_READ, EVFILT_WRITE)]
    p.kevent(kq, [Kevent(fd, f) for fd, f in watched])
    ready = told(p, kq)
    assert ready.keys() == {(master, EVFILT_WRITE), (slave, EVFILT_WRITE)}
    p.write(slave, b"output")
    assert told(p, kq)[master, EVFILT_READ] == 6
    p.read(master, 99)
    p.write(master, b"in")
    assert (slave, EVFILT_READ) not in told(p, kq), "no line yet"
    p.write(master, b"put\n")
    assert told(p, kq)[slave, EVFILT_READ] == 6
    for fd in (master, slave):
        with pytest.raises(OSError, match="Invalid"):
            p.kevent(kq, [Kevent(fd, EVFILT_VNODE)])


def test_waits_for_a_line(p):
    """kevent on a terminal sleeps until a line was typed."""
    p, kq, master, slave = p
    child = p.fork()
    p.kevent(kq, [Kevent(slave, EVFILT_READ)])
    p.begin("kevent", kq, [], 1)
    child.write(master, b"line\n")
    assert [(e.ident, e.data) for e in p.finish()] == [(slave, 5)]


def test_the_controlling_terminal(k):
    """/dev/tty is watched as what it stands for."""
    terminal = k.terminal()
    p = k.login(terminal)
    kq, tty = p.kqueue(), p.open(b"/dev/tty", O_RDONLY)
    p.kevent(kq, [Kevent(tty, EVFILT_READ)])
    assert told(p, kq) == {}
    terminal.type(b"hello\n")
    assert told(p, kq) == {(tty, EVFILT_READ): 6}


def test_the_console(k):
    """Its input is the host's; while there is none the kernel looks for it when it is idle."""
    p = k.root()
    kq = p.kqueue()
    p.kevent(kq, [Kevent(0, EVFILT_READ), Kevent(1, EVFILT_WRITE)])
    assert told(p, kq) == {(0, EVFILT_READ): 0, (1, EVFILT_WRITE): 0}, "at its end"
