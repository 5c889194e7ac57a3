# SPDX-License-Identifier: BSD-2-Clause
"""flock(2): how it fails, and whose the locks are."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    LOCK_EX,
    LOCK_NB,
    LOCK_SH,
    LOCK_UN,
    O_CREAT,
    O_RDONLY,
    O_RDWR,
)
from kernel.sys.signal import SIGUSR1
from userland.libc.signal import Sigaction


@pytest.fixture
def two(person):
    """Two processes with a file open at the same number."""
    made = person(0, 0), person(0, 0)
    for process in made:
        fd = process.open(b"f", O_CREAT | O_RDWR, 0o666)
    return *made, fd


@pytest.mark.errno("flock", Errno.EBADF)
def test_not_open(fails, root):
    """The descriptor is not open: over a bad operation."""
    fails(root, "flock", 99, 0)


@pytest.mark.errno("flock", Errno.EOPNOTSUPP)
def test_a_pipe(fails, root):
    """The descriptor is a pipe's: over a bad operation."""
    fails(root, "flock", root.pipe()[0], 0)


@pytest.mark.errno("flock", Errno.EINVAL)
def test_operation(fails, root):
    """The operation is not one of the three; or the file is a FIFO."""
    fd = root.open(b"f", O_CREAT | O_RDONLY, 0o666)
    for how in (0, LOCK_NB, LOCK_SH | LOCK_EX, LOCK_EX | LOCK_UN, 16):
        fails(root, "flock", fd, how)
    root.mkfifo(b"p", 0o666)
    fails(root, "flock", root.open(b"p", O_RDWR), LOCK_SH)


@pytest.mark.errno("flock", Errno.EAGAIN)
def test_in_the_way(fails, two):
    """LOCK_NB, and another open file has a lock that keeps this one out; one's own stays."""
    a, b, fd = two
    a.flock(fd, LOCK_SH)
    b.flock(fd, LOCK_SH)
    fails(b, "flock", fd, LOCK_EX | LOCK_NB)
    fails(a, "flock", fd, LOCK_EX | LOCK_NB)
    a.flock(fd, LOCK_UN)
    b.flock(fd, LOCK_EX | LOCK_NB)
    fails(a, "flock", a.open(b"f", O_RDONLY), LOCK_SH | LOCK_NB)


@pytest.mark.errno("flock", Errno.EINTR)
def test_interrupted(begins, two):
    """A signal is caught while it waits; a shared lock that was to be exclusive is lost."""
    a, b, fd = two
    a.flock(fd, LOCK_SH)
    b.flock(fd, LOCK_SH)
    b.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    finish = begins(b, "flock", fd, LOCK_EX)
    a.kill(b.pid, SIGUSR1)
    finish()
    a.flock(fd, LOCK_EX | LOCK_NB)


def test_locks_are_the_open_file_s(k, two):
    """dup and fork share a lock; any of them lets go of it, the last close at the latest."""
    a, b, fd = two
    a.flock(fd, LOCK_EX)
    child = a.fork()
    child.flock(fd, LOCK_EX | LOCK_NB)
    a.close(fd)
    b.begin("flock", fd, LOCK_EX)
    assert b.lwp.l_wmesg == "lockf"
    child.close(fd)
    b.finish()
    b.flock(b.dup(fd), LOCK_UN)
    assert k.kernel.ui_lockcnt == {}
