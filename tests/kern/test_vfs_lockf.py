# SPDX-License-Identifier: BSD-2-Clause
"""Advisory locks: flock, fcntl's, and those that open takes."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_GETLK,
    F_RDLCK,
    F_SETLK,
    F_SETLKW,
    F_UNLCK,
    F_WRLCK,
    LOCK_EX,
    LOCK_NB,
    LOCK_SH,
    LOCK_UN,
    O_CREAT,
    O_EXLOCK,
    O_NONBLOCK,
    O_RDONLY,
    O_RDWR,
    O_SHLOCK,
    SIZEOF_FLOCK,
    Flock,
)
from kernel.sys.signal import SIGUSR1
from kernel.sys.unistd import SEEK_CUR, SEEK_END, SEEK_SET


@pytest.fixture
def three(booted):
    """Three processes of the superuser, each with /f (100 bytes) open read-write at fd 3."""
    processes = [booted.process() for _ in range(3)]
    for p in processes:
        assert p("open", b"/f", O_RDWR | O_CREAT, 0o644) == 3
    processes[0]("ftruncate", 3, 100)
    return processes


def lock(kind, start=0, length=0, whence=SEEK_SET):
    return bytearray(Flock(start, length, 0, kind, whence).pack())


def fcntl(p, cmd, *args):
    return p.error("fcntl", 3, cmd, lock(*args))


def getlk(p, *args):
    """What F_GETLK tells: type, start, length, pid."""
    buffer = lock(*args)
    p("fcntl", 3, F_GETLK, buffer)
    found = Flock.unpack(bytes(buffer[:SIZEOF_FLOCK]))
    return found.l_type, found.l_start, found.l_len, found.l_pid


def test_readers_and_a_writer(three):
    """Shared locks go together, an exclusive one goes alone; F_GETLK names what is in the way."""
    a, b, c = three
    assert fcntl(a, F_SETLK, F_RDLCK, 0, 10) == 0
    assert fcntl(b, F_SETLK, F_RDLCK, 5, 10) == 0
    assert fcntl(c, F_SETLK, F_WRLCK, 8, 1) == Errno.EAGAIN
    assert getlk(c, F_WRLCK, 12, 1) == (F_RDLCK, 5, 10, b.pid)
    assert getlk(c, F_RDLCK, 0, 20)[0] == F_UNLCK
    assert fcntl(c, F_SETLK, F_WRLCK, 15, 0) == 0
    assert getlk(a, F_RDLCK, 1000, 1) == (F_WRLCK, 15, 0, c.pid)


def test_ranges(three):
    """Unlocking the middle leaves both ends; whence and negative lengths count."""
    a, b, _ = three
    assert fcntl(a, F_SETLK, F_WRLCK, -10, 0, SEEK_END) == 0
    assert fcntl(a, F_SETLK, F_UNLCK, 93, 2) == 0
    assert getlk(b, F_WRLCK, 0, 95) == (F_WRLCK, 90, 3, a.pid)
    assert getlk(b, F_WRLCK, 93, 2)[0] == F_UNLCK
    assert getlk(b, F_WRLCK, 95, 1) == (F_WRLCK, 95, 0, a.pid)
    a("lseek", 3, 50, SEEK_SET)
    assert fcntl(a, F_SETLK, F_RDLCK, 0, -5, SEEK_CUR) == 0
    assert getlk(b, F_WRLCK, 0, 60) == (F_RDLCK, 45, 5, a.pid)
    assert fcntl(a, F_SETLK, F_RDLCK, -1, 1) == Errno.EINVAL
    assert fcntl(a, F_SETLK, F_RDLCK, 0, 1, 9) == Errno.EINVAL


def test_own_locks_change(three):
    """A process's own lock is no obstacle to it: it is upgraded, downgraded, cut."""
    a, b, _ = three
    assert fcntl(a, F_SETLK, F_WRLCK, 0, 10) == 0
    assert fcntl(a, F_SETLK, F_RDLCK, 3, 4) == 0
    assert getlk(b, F_WRLCK, 3, 1) == (F_RDLCK, 3, 4, a.pid)
    assert fcntl(b, F_SETLK, F_RDLCK, 3, 4) == 0
    assert fcntl(a, F_SETLK, F_WRLCK, 0, 10) == Errno.EAGAIN


def test_close_gives_up(three):
    """Any close of the file by the process gives all its record locks up."""
    a, b, _ = three
    other = a("open", b"/f", O_RDONLY, 0)
    assert fcntl(a, F_SETLK, F_WRLCK) == 0
    assert fcntl(b, F_SETLK, F_WRLCK) == Errno.EAGAIN
    a("close", other)
    assert fcntl(b, F_SETLK, F_WRLCK) == 0
    b.exit()
    assert fcntl(a, F_SETLK, F_WRLCK) == 0


def test_waiting(three):
    """F_SETLKW sleeps until the lock is free; a signal ends that with EINTR."""
    a, b, c = three
    assert fcntl(a, F_SETLK, F_WRLCK, 0, 10) == 0
    b.begin("fcntl", 3, F_SETLKW, lock(F_WRLCK, 5, 10))
    assert b.lwp.l_wmesg == "lockf"
    c.handler(SIGUSR1, lambda signo, *_: None)
    c.begin("fcntl", 3, F_SETLKW, lock(F_WRLCK, 0, 1))
    a("kill", c.pid, SIGUSR1)
    assert c.finish()[0] == Errno.EINTR
    assert fcntl(a, F_SETLK, F_UNLCK) == 0
    assert b.finish()[0] == 0
    assert getlk(a, F_WRLCK) == (F_WRLCK, 5, 10, b.pid)


def test_deadlock(three):
    """Whoever would close a circle of waiters gets EDEADLK instead."""
    a, b, c = three
    for start, p in enumerate(three):
        assert fcntl(p, F_SETLK, F_WRLCK, start, 1) == 0
    a.begin("fcntl", 3, F_SETLKW, lock(F_WRLCK, 1, 1))
    b.begin("fcntl", 3, F_SETLKW, lock(F_WRLCK, 2, 1))
    assert fcntl(c, F_SETLKW, F_WRLCK, 0, 1) == Errno.EDEADLK
    assert fcntl(c, F_SETLK, F_UNLCK) == 0
    assert b.finish()[0] == 0
    assert fcntl(b, F_SETLK, F_UNLCK) == 0
    assert a.finish()[0] == 0


def test_flock(three):
    """flock is of the open file: dup shares it, its last close gives it up."""
    a, b, _ = three
    a("flock", 3, LOCK_EX)
    copy = a("dup", 3)
    assert b.error("flock", 3, LOCK_SH | LOCK_NB) == Errno.EAGAIN
    again = a("open", b"/f", O_RDWR, 0)
    assert a.error("flock", again, LOCK_EX | LOCK_NB) == Errno.EAGAIN
    a("close", 3)
    assert b.error("flock", 3, LOCK_SH | LOCK_NB) == Errno.EAGAIN
    a("flock", copy, LOCK_SH)
    assert b.error("flock", 3, LOCK_SH | LOCK_NB) == 0
    b("flock", 3, LOCK_UN)
    b.begin("flock", 3, LOCK_EX)
    a("close", copy)
    assert b.finish()[0] == 0
    assert b.error("flock", 3, 0) == Errno.EINVAL
    assert b.error("flock", 99, LOCK_EX) == Errno.EBADF


def test_open_with_a_lock(three):
    """O_EXLOCK and O_SHLOCK lock while opening; without waiting it is EAGAIN and no descriptor."""
    a, b, _ = three
    fd = a("open", b"/f", O_RDWR | O_EXLOCK, 0)
    assert b.error("open", b"/f", O_RDWR | O_SHLOCK | O_NONBLOCK, 0) == Errno.EAGAIN
    b.begin("open", b"/f", O_RDWR | O_SHLOCK, 0)
    a("close", fd)
    assert b.finish()[0] == 0


def test_fifo_has_no_locks(three):
    """Only files on disk and devices can be locked."""
    a, _, _ = three
    a("mkfifo", b"/p", 0o600)
    fd = a("open", b"/p", O_RDWR, 0)
    assert a.error("flock", fd, LOCK_EX) == Errno.EINVAL
