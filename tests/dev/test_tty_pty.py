# SPDX-License-Identifier: BSD-2-Clause
"""Pseudo-terminals: the master's side, /dev/ptmx, /dev/ptm and the files of /dev/pts."""

import pytest

from kernel import api
from kernel.process import Process
from kernel.sys import termios as t
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_GETFD,
    F_SETFL,
    FD_CLOEXEC,
    O_CLOEXEC,
    O_NOCTTY,
    O_NONBLOCK,
    O_RDWR,
)
from kernel.sys.file import POLLHUP, POLLIN, POLLOUT
from kernel.sys.ioccom import (
    TIOCEXT,
    TIOCPKT,
    TIOCREMOTE,
    TIOCSCTTY,
    TIOCSIG,
    TIOCSTART,
    TIOCSTOP,
    TIOCUCNTL,
)
from kernel.sys.signal import SIGHUP, SIGTERM
from kernel.sys.stat import S_IFCHR
from kernel.sys.ttycom import (
    TIOCPKT_DATA,
    TIOCPKT_FLUSHREAD,
    TIOCPKT_FLUSHWRITE,
    TIOCPKT_IOCTL,
    TIOCPKT_NOSTOP,
    TIOCPKT_START,
    TIOCPKT_STOP,
)
from kernel.sys.types import makedev
from userland.libc import include as libc

ON, OFF = b"\1\0\0\0", bytes(4)


@pytest.fixture
def p(k: api.System) -> Process:
    return k.process(1000)


@pytest.fixture
def pty(p: Process) -> tuple[int, int]:
    """(master, slave)."""
    return p.openpty()


def setmodes(p, fd, **changed):
    p.tcsetattr(fd, t.TCSANOW, p.tcgetattr(fd)._replace(**changed))


def test_the_way_of_posix(p):
    """posix_openpt, grantpt, unlockpt, ptsname: the slave is the caller's, group tty, 0620."""
    master = p.posix_openpt(O_RDWR | O_NOCTTY)
    p.grantpt(master)
    p.unlockpt(master)
    name = p.ptsname(master)
    assert name == "/dev/pts/0"
    found = p.stat(name)
    assert (found.st_uid, found.st_gid, found.st_mode) == (1000, 4, S_IFCHR | 0o620)
    assert found.st_rdev == makedev(5, 0)
    slave = p.open(name, O_RDWR | O_NOCTTY)
    assert [p.isatty(fd) for fd in (master, slave)] == [True, True]
    assert [p.ttyname(fd) for fd in (master, slave)] == [name, name]


def test_the_lowest_descriptor(p):
    """Opening /dev/ptmx gives the lowest descriptor that is free, and leaves no other."""
    assert p.posix_openpt(O_RDWR) == 3
    assert p.posix_openpt(O_RDWR | O_CLOEXEC) == 4
    assert [p.fcntl(fd, F_GETFD) for fd in (3, 4)] == [0, FD_CLOEXEC]
    with pytest.raises(OSError, match="Bad file"):
        p.fcntl(5, F_GETFD)


def test_the_directory(p):
    """/dev/pts has who has a master, by number; the lowest is used next."""
    masters = [p.posix_openpt(O_RDWR) for _ in range(3)]
    assert p.listdir("/dev/pts") == ["0", "1", "2"]
    p.close(masters[1])
    assert p.listdir("/dev/pts") == ["0", "2"]
    with pytest.raises(FileNotFoundError):
        p.stat("/dev/pts/1")
    assert p.ptsname(p.posix_openpt(O_RDWR)) == "/dev/pts/1"
    for name in ("3", "01", "x", "-1"):
        with pytest.raises(FileNotFoundError):
            p.stat("/dev/pts/" + name)


def test_others_keep_out(k, p, pty):
    """The slave is its owner's: another user may not open it, nor can names be made there."""
    del pty
    other = k.process(1001)
    with pytest.raises(PermissionError):
        other.open("/dev/pts/0", O_RDWR)
    with pytest.raises(OSError, match=r"not permitted|not supported|denied"):
        k.root().mkfifo(b"/dev/pts/x", 0o600)


def test_both_ways(p, pty):
    """What the master writes is typed; what the slave writes the master reads, echo and all."""
    master, slave = pty
    p.write(master, b"typed\n")
    p.write(slave, b"shown\n")
    assert p.read(slave, 100) == b"typed\n"
    assert p.read(master, 100) == b"typed\r\nshown\r\n"


def test_closing_waits_for_output(k, p, pty):
    """The last close waits until the master has read what was written."""
    master, slave = pty
    child = p.fork()
    p.close(slave)
    child.close(master)
    child.write(slave, b"last words")
    child.begin("close", slave)
    assert child.lwp.l_wmesg == "ttyout"
    assert p.read(master, 100) == b"last words"
    child.finish()
    assert p.read(master, 100) == b""
    assert p.poll([(master, POLLIN)], 0) == [(master, POLLHUP)]
    assert p.isatty(p.open("/dev/pts/0", O_RDWR))


def test_end_of_the_master(k, p):
    """When the master is closed the leader gets SIGHUP, reads the end, and cannot write."""
    master, slave = p.openpty()
    child = p.fork()
    child.close(master)
    child.setsid()
    child.ioctl(slave, TIOCSCTTY)
    got = []
    child.sigaction(SIGHUP, libc.Sigaction(lambda s, *_: got.append(s), 0, libc.SA_RESTART))
    child.begin("read", slave, 100)
    p.close(slave)
    p.close(master)
    assert child.finish() == b""
    assert got == [SIGHUP]
    with pytest.raises(OSError, match="Input/output") as failure:
        child.write(slave, b"x")
    assert failure.value.errno == Errno.EIO


def test_a_full_slave(k, p, pty):
    """A writer to the slave waits for the master to read; and goes on when there is much room."""
    master, slave = pty
    child = p.fork()
    child.begin("write", slave, b"x" * 5000)
    assert child.lwp.l_wmesg == "ttyout"
    seen = b""
    while len(seen) < 5000:
        seen += p.read(master, 500)
        k.settle()
    assert seen == b"x" * 5000
    assert child.finish() == 5000
    child.fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK)
    wrote = child.write(slave, b"y" * 5000)
    assert 0 < wrote < 5000
    with pytest.raises(BlockingIOError):
        child.write(slave, b"y")


def test_a_full_master(k, p, pty):
    """A writer to the master waits while there are lines that nobody reads."""
    master, slave = pty
    child = p.fork()
    setmodes(p, slave, c_lflag=t.ICANON)
    child.begin("write", master, b"line\n" * 300)
    assert child.lwp.l_wmesg == "ttyout"
    assert p.poll([(master, POLLOUT)], 0) == []
    lines = [p.read(slave, 100) for _ in range(100)]
    k.settle()
    lines += [p.read(slave, 100) for _ in range(200)]
    assert lines == [b"line\n"] * 300
    assert child.finish() == 1500
    assert p.poll([(master, POLLOUT)], 0) == [(master, POLLOUT)]


def test_packet_mode(p, pty):
    """TIOCPKT: a byte before data; what happened at the slave is told by a byte alone."""
    master, slave = pty
    p.ioctl(master, TIOCPKT, ON)
    p.write(slave, b"data")
    assert p.read(master, 100) == bytes([TIOCPKT_DATA]) + b"data"
    p.ioctl(slave, TIOCSTOP)
    assert p.read(master, 100) == bytes([TIOCPKT_STOP])
    p.ioctl(slave, TIOCSTART)
    assert p.read(master, 100) == bytes([TIOCPKT_START])
    p.tcflush(slave, t.TCIOFLUSH)
    assert p.read(master, 100) == bytes([TIOCPKT_FLUSHREAD | TIOCPKT_FLUSHWRITE])
    setmodes(p, slave, c_iflag=0)
    assert p.read(master, 100) == bytes([TIOCPKT_NOSTOP])
    p.ioctl(master, TIOCEXT, ON)
    assert p.read(master, 100)[0] == TIOCPKT_IOCTL
    with pytest.raises(OSError, match="Invalid"):
        p.ioctl(master, TIOCUCNTL, ON)
    p.ioctl(master, TIOCPKT, OFF)


def test_user_control(p, pty):
    """TIOCUCNTL: commands UIOCCMD(n) of the slave are read by the master as a byte."""
    master, slave = pty
    with pytest.raises(OSError, match="Inappropriate"):
        p.ioctl(slave, 0x20007500 | 7)
    p.ioctl(master, TIOCUCNTL, ON)
    p.ioctl(slave, 0x20007500 | 7)
    assert p.read(master, 100) == b"\7"
    p.write(slave, b"x")
    assert p.read(master, 100) == b"\0x"


def test_remote_mode(p, pty):
    """TIOCREMOTE: each write of the master is a record, unedited, with an end of its own."""
    master, slave = pty
    p.ioctl(master, TIOCREMOTE, ON)
    p.write(master, b"a\x7f\x15b")
    assert [p.read(slave, 2), p.read(slave, 9)] == [b"a\x7f", b"\x15b"]
    p.write(master, b"")
    assert p.read(slave, 9) == b""
    assert p.poll([(slave, POLLIN)], 0) == []


def test_signals_from_the_master(k, p):
    """TIOCSIG sends a signal, the argument itself, to the foreground group."""
    master, slave = p.openpty()
    child = p.fork()
    child.setsid()
    child.ioctl(slave, TIOCSCTTY)
    assert p.tcgetpgrp(master) == child.pid
    p.call(lambda: libc.syscall(54, master, TIOCSIG, SIGTERM))
    k.settle()
    assert not child.alive


def test_login_tty_and_forkpty(k, run):
    """forkpty: the child is a session's leader at the other end."""
    result = run("""
import os, sys
pid, fd = os.forkpty()
if not pid:
    assert os.getsid(0) == os.getpid() == os.tcgetpgrp(0)
    assert os.ttyname(1) == os.ttyname(2)
    print("child", os.ttyname(0))
    sys.exit(int(input()))
os.write(fd, b"7\\n")
seen = b""
while data := os.read(fd, 100):
    seen += data
print(sorted(seen.split()), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
""")
    assert result.stderr == b""
    assert result.stdout == b"[b'/dev/pts/0', b'7', b'child'] 7\n"


def test_revoked(k, p, pty):
    """revoke(2) of a slave: who reads there is at the end, and opening it again works."""
    _, slave = pty
    p.begin("read", slave, 100)
    k.root().revoke(b"/dev/pts/0")
    assert p.finish() == b""
    with pytest.raises(OSError, match="Input/output"):
        p.write(slave, b"x")
    p.close(slave)
    assert p.isatty(p.open("/dev/pts/0", O_RDWR))
