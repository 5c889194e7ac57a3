# SPDX-License-Identifier: BSD-2-Clause
"""Record locks, fcntl(2)'s: how they fail, whom F_GETLK names, and what ends them."""

import pytest

from kernel.kern.vfs_lockf import MAXLOCKSPERUID
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_GETLK,
    F_RDLCK,
    F_SETLK,
    F_SETLKW,
    F_UNLCK,
    F_WRLCK,
    O_CREAT,
    O_RDONLY,
    O_RDWR,
    O_WRONLY,
    Flock,
)
from kernel.sys.signal import SIGKILL, SIGUSR1
from kernel.sys.unistd import SEEK_END, SEEK_SET
from userland.libc.signal import Sigaction

OFF_MAX = (1 << 63) - 1


def lock(kind, start=0, length=0, whence=SEEK_SET):
    return Flock(start, length, 0, kind, whence)


@pytest.fixture
def two(person):
    """Two processes with a file open at the same number."""
    made = person(0, 0), person(0, 0)
    for process in made:
        fd = process.open(b"f", O_CREAT | O_RDWR, 0o666)
    return *made, fd


@pytest.mark.errno("fcntl", Errno.EBADF)
def test_not_open(fails, root):
    """The descriptor is not open: over any lock; or not for what the lock needs: but for F_GETLK."""
    fails(root, "fcntl", 99, F_SETLK, lock(77))
    reader = root.open(b"f", O_CREAT | O_RDONLY, 0o666)
    writer = root.open(b"f", O_WRONLY)
    fails(root, "fcntl", reader, F_SETLK, lock(F_WRLCK))
    fails(root, "fcntl", writer, F_SETLKW, lock(F_RDLCK, -1))
    assert root.fcntl(reader, F_GETLK, lock(F_WRLCK)).l_type == F_UNLCK


@pytest.mark.errno("fcntl", Errno.EINVAL)
def test_no_lock(fails, two):
    """No such type or whence; before the file's start, or past all offsets; or a pipe or a FIFO."""
    p, _, fd = two
    bad = [
        lock(0),
        lock(4),
        lock(F_RDLCK, -1),
        lock(F_RDLCK, 2, -3),
        lock(F_RDLCK, 0, 0, 9),
        lock(F_RDLCK, -1, 0, SEEK_END),
    ]
    for what in bad:
        for command in (F_SETLK, F_SETLKW, F_GETLK):
            fails(p, "fcntl", fd, command, what)
    p.mkfifo(b"p", 0o666)
    for other in (p.pipe()[0], p.open(b"p", O_RDWR)):
        fails(p, "fcntl", other, F_SETLK, lock(F_RDLCK))


@pytest.mark.errno("fcntl", Errno.EFAULT)
def test_nowhere(fails, root):
    """The lock is not in the caller's memory: over EBADF."""
    for command in (F_GETLK, F_SETLK, F_SETLKW):
        fails(root, "fcntl", 99, command, 16)


@pytest.mark.errno("fcntl", Errno.EAGAIN)
def test_in_the_way(fails, two):
    """F_SETLK: another process has a lock in the range, and one of the two is exclusive."""
    a, b, fd = two
    a.fcntl(fd, F_SETLK, lock(F_RDLCK, 10, 10))
    fails(b, "fcntl", fd, F_SETLK, lock(F_WRLCK, 19, 1))
    b.fcntl(fd, F_SETLK, lock(F_RDLCK, 0, 100))
    b.fcntl(fd, F_SETLK, lock(F_WRLCK, 20, 5))
    fails(a, "fcntl", fd, F_SETLK, lock(F_RDLCK, 24, 1))
    a.fcntl(fd, F_SETLK, lock(F_WRLCK, 100, 1))


@pytest.mark.errno("fcntl", Errno.EDEADLK)
def test_ring(fails, two, person):
    """F_SETLKW would close a ring of processes that wait for each other."""
    a, b, fd = two
    c = person(0, 0)
    assert c.open(b"f", O_RDWR) == fd
    for at, p in enumerate((a, b, c)):
        p.fcntl(fd, F_SETLK, lock(F_WRLCK, at, 1))
    a.begin("fcntl", fd, F_SETLKW, lock(F_RDLCK, 1, 1))
    b.begin("fcntl", fd, F_SETLKW, lock(F_RDLCK, 2, 1))
    fails(c, "fcntl", fd, F_SETLKW, lock(F_RDLCK, 0, 1))
    c.fcntl(fd, F_SETLK, lock(F_UNLCK))
    b.finish()
    b.fcntl(fd, F_SETLK, lock(F_UNLCK))
    a.finish()


@pytest.mark.errno("fcntl", Errno.EINTR)
def test_interrupted(begins, two):
    """F_SETLKW: a signal is caught while it waits; the request is gone."""
    a, b, fd = two
    a.fcntl(fd, F_SETLK, lock(F_WRLCK))
    b.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    finish = begins(b, "fcntl", fd, F_SETLKW, lock(F_WRLCK))
    a.kill(b.pid, SIGUSR1)
    finish()
    a.fcntl(fd, F_SETLK, lock(F_UNLCK))
    assert a.fcntl(fd, F_GETLK, lock(F_WRLCK)).l_type == F_UNLCK


@pytest.mark.errno("fcntl", Errno.ENOMEM)
def test_too_many(fails, k, user, root):
    """The user, who is not the superuser, has as many locks as one may have."""
    fd = user.open(b"f", O_CREAT | O_RDWR, 0o666)
    for at in range(MAXLOCKSPERUID):
        user.fcntl(fd, F_SETLK, lock(F_RDLCK, 2 * at, 1))
    fails(user, "fcntl", fd, F_SETLK, lock(F_RDLCK, 1 << 20, 1))
    fd_root = root.open(b"f", O_RDWR)
    root.fcntl(fd_root, F_SETLK, lock(F_RDLCK))
    user.fcntl(fd, F_SETLK, lock(F_UNLCK, 0, 1))
    user.fcntl(fd, F_SETLK, lock(F_RDLCK, 1 << 20, 1))
    user.close(fd)
    root.close(fd_root)
    assert k.kernel.ui_lockcnt == {}


def test_the_one_named_is_the_oldest(two, person):
    """Of several locks in the way F_GETLK names the one that came first, not the first byte's."""
    a, b, fd = two
    a.fcntl(fd, F_SETLK, lock(F_WRLCK, 100, 10))
    b.fcntl(fd, F_SETLK, lock(F_WRLCK, 0, 10))
    c = person(0, 0)
    c.open(b"f", O_RDWR)
    assert c.fcntl(fd, F_GETLK, lock(F_RDLCK)) == Flock(100, 10, a.pid, F_WRLCK, SEEK_SET)
    assert c.fcntl(fd, F_GETLK, lock(F_RDLCK, 0, 100)) == Flock(0, 10, b.pid, F_WRLCK, SEEK_SET)


def test_neighbours_stay_two(two):
    """Locks of one process that touch are not merged; one over both takes their place."""
    a, b, fd = two
    a.fcntl(fd, F_SETLK, lock(F_WRLCK, 0, 5))
    a.fcntl(fd, F_SETLK, lock(F_WRLCK, 5, 5))
    assert b.fcntl(fd, F_GETLK, lock(F_RDLCK)).l_len == 5
    a.fcntl(fd, F_SETLK, lock(F_WRLCK, 0, 10))
    assert b.fcntl(fd, F_GETLK, lock(F_RDLCK)).l_len == 10
    a.fcntl(fd, F_SETLK, lock(F_UNLCK, 4, 1))
    assert b.fcntl(fd, F_GETLK, lock(F_RDLCK, 3)).l_len == 4
    assert b.fcntl(fd, F_GETLK, lock(F_RDLCK, 4)) == Flock(5, 5, a.pid, F_WRLCK, SEEK_SET)


def test_killed_as_it_waits(k, two):
    """Nothing is left of a process that dies waiting, nor of the locks of one that dies."""
    a, b, fd = two
    a.fcntl(fd, F_SETLK, lock(F_WRLCK))
    b.begin("fcntl", fd, F_SETLKW, lock(F_WRLCK))
    a.kill(b.pid, SIGKILL)
    b.finish()
    a.fcntl(fd, F_SETLK, lock(F_UNLCK))
    assert a.fcntl(fd, F_GETLK, lock(F_WRLCK)).l_type == F_UNLCK
    assert k.kernel.ui_lockcnt == {}


def test_not_inherited(two):
    """A child has none of its parent's locks, and is kept out by them."""
    a, _, fd = two
    a.fcntl(fd, F_SETLK, lock(F_WRLCK, 0, 1))
    child = a.fork()
    assert child.fcntl(fd, F_GETLK, lock(F_WRLCK)).l_pid == a.pid
    child.close(fd)
    assert a.fork().fcntl(fd, F_GETLK, lock(F_WRLCK)).l_pid == a.pid
