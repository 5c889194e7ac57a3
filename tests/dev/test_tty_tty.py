# SPDX-License-Identifier: BSD-2-Clause
"""/dev/tty, open in a process that has left its terminal."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.event import EVFILT_READ, Kevent
from kernel.sys.fcntl import O_RDWR
from kernel.sys.file import POLLIN, POLLOUT
from kernel.sys.ioccom import TIOCNOTTY, TIOCSCTTY


@pytest.fixture
def left(k):
    """Such a process, and its descriptor."""
    child = k.login(k.terminal()).fork()
    tty = child.open(b"/dev/tty", O_RDWR)
    child.ioctl(tty, TIOCNOTTY)
    return child, tty


def test_nothing_to_wait_for(left):
    """poll says that a call would not wait: it would fail."""
    p, tty = left
    assert p.poll([(tty, POLLIN | POLLOUT)], 0) == [(tty, POLLIN | POLLOUT)]
    for call in (lambda: p.read(tty, 1), lambda: p.write(tty, b"x")):
        with pytest.raises(OSError, match="Input/output"):
            call()


def test_nothing_to_ask(left):
    """EIO, before it is looked what is asked."""
    p, tty = left
    for com in (TIOCSCTTY, TIOCNOTTY):
        with pytest.raises(OSError, match="Input/output"):
            p.ioctl(tty, com)


def test_nothing_to_watch(left):
    """A knote cannot be attached."""
    p, tty = left
    with pytest.raises(OSError, match="not permitted") as failed:
        p.kevent(p.kqueue(), [Kevent(tty, EVFILT_READ)])
    assert failed.value.errno == Errno.EPERM
