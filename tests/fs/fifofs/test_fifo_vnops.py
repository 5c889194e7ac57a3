# SPDX-License-Identifier: BSD-2-Clause
import errno

import pytest

from kernel.fs.fifofs.fifo_vnops import PIPSIZ, SB_LOWAT
from kernel.process import Deadlock
from kernel.sys.fcntl import O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.file import POLLIN, POLLOUT
from kernel.sys.signal import SIGPIPE, SIGUSR1

FIFO = b"/fifo"


@pytest.fixture
def two(booted):
    """Two processes, and a FIFO."""
    one, other = booted.system.process(), booted.system.process()
    one.mkfifo(FIFO, 0o666)
    return one, other


@pytest.mark.parametrize(
    ("first", "second", "wmesg"), [(O_RDONLY, O_WRONLY, "fifor"), (O_WRONLY, O_RDONLY, "fifow")]
)
def test_open_waits_for_the_other_side(two, first, second, wmesg):
    """Whoever comes first sleeps until the other side is open."""
    one, other = two
    one.begin("open", FIFO, first)
    assert one.lwp.l_wmesg == wmesg
    other.open(FIFO, second)

    assert one.finish() >= 0


def test_bytes_flow(two):
    """What one writes the other reads; with the last writer gone comes the end, once."""
    one, other = two
    one.begin("open", FIFO, O_RDONLY)
    wfd = other.open(FIFO, O_WRONLY)
    rfd = one.finish()
    other.write(wfd, b"through")

    assert one.read(rfd, 100) == b"through"
    one.begin("read", rfd, 100)
    assert one.lwp.l_wmesg == "piperd"
    other.close(wfd)
    assert one.finish() == b""
    one.begin("read", rfd, 100)
    assert one.lwp.l_wmesg == "piperd"
    wfd = other.open(FIFO, O_WRONLY)
    other.write(wfd, b"again")
    assert one.finish() == b"again"


def test_nonblocking_open(two):
    """With O_NONBLOCK a reader opens at once; a writer without a reader is ENXIO."""
    one, other = two
    with pytest.raises(OSError, match="Device not configured") as caught:
        other.open(FIFO, O_WRONLY | O_NONBLOCK)
    assert caught.value.errno == errno.ENXIO
    rfd = one.open(FIFO, O_RDONLY | O_NONBLOCK)
    assert one.read(rfd, 10) == b"", "no writer: the end of file"
    wfd = other.open(FIFO, O_WRONLY | O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        one.read(rfd, 10)
    assert other.write(wfd, bytes(PIPSIZ + 1)) == PIPSIZ
    with pytest.raises(BlockingIOError):
        other.write(wfd, b"x")


def test_both_sides_at_once(two):
    """O_RDWR never waits."""
    one, _ = two
    fd = one.open(FIFO, O_RDWR)
    one.write(fd, b"self")
    assert one.read(fd, 10) == b"self"


def test_no_reader_is_epipe(two):
    """Writing when the last reader has gone is EPIPE and SIGPIPE."""
    one, other = two
    rfd = one.open(FIFO, O_RDONLY | O_NONBLOCK)
    wfd = other.open(FIFO, O_WRONLY)
    one.close(rfd)
    other.begin("write", wfd, b"x")
    other.finish()

    assert other.status == SIGPIPE


def test_data_waits_for_the_next_reader(two):
    """While a writer holds the FIFO what is in it stays; with the last side it is gone."""
    one, other = two
    rfd = one.open(FIFO, O_RDONLY | O_NONBLOCK)
    wfd = other.open(FIFO, O_WRONLY)
    other.write(wfd, b"kept")
    one.close(rfd)
    rfd = one.open(FIFO, O_RDONLY)
    assert one.read(rfd, 10) == b"kept"
    other.write(wfd, b"lost")
    one.close(rfd)
    other.close(wfd)
    assert one.read(one.open(FIFO, O_RDONLY | O_NONBLOCK), 10) == b""


def test_interrupted_open_leaves_no_trace(two):
    """A signal ends the wait with EINTR, and the opener does not count as a reader."""
    one, other = two
    one.signal(SIGUSR1, lambda *_: None)
    one.begin("open", FIFO, O_RDONLY)
    other.kill(one.pid, SIGUSR1)
    with pytest.raises(InterruptedError):
        one.finish()
    with pytest.raises(OSError, match="Device not configured"):
        other.open(FIFO, O_WRONLY | O_NONBLOCK)


def test_waiting_for_nobody_is_a_deadlock(two):
    """When nothing else can run the host is told who waits for what."""
    one, _ = two
    one.begin("open", FIFO, O_RDONLY)
    with pytest.raises(Deadlock, match="fifor"):
        one.finish()


def test_poll(two):
    """A FIFO without writers is not ready until one has gone; the end is told once."""
    one, other = two
    rfd = one.open(FIFO, O_RDONLY | O_NONBLOCK)
    assert one.poll([(rfd, POLLIN)], 0) == []
    one.begin("poll", [(rfd, POLLIN)], -1)
    wfd = other.open(FIFO, O_WRONLY)
    assert other.poll([(wfd, POLLOUT)], 0) == [(wfd, POLLOUT)]
    other.write(wfd, b"x")
    assert one.finish() == [(rfd, POLLIN)]
    one.read(rfd, 1)
    other.close(wfd)
    assert one.poll([(rfd, POLLIN)], 0) == [(rfd, POLLIN)]
    assert one.read(rfd, 1) == b""
    assert one.poll([(rfd, POLLIN)], 0) == []


def test_poll_for_room(two):
    """Room for SB_LOWAT bytes makes it ready for writing; asked for both sides it always is."""
    one, other = two
    rfd = one.open(FIFO, O_RDONLY | O_NONBLOCK)
    wfd = other.open(FIFO, O_WRONLY | O_NONBLOCK)
    other.write(wfd, bytes(PIPSIZ - SB_LOWAT + 1))
    assert other.poll([(wfd, POLLOUT)], 0) == []
    assert other.poll([(wfd, POLLIN | POLLOUT)], 0) == [(wfd, POLLIN | POLLOUT)]
    with pytest.raises(BlockingIOError):
        other.write(wfd, bytes(SB_LOWAT))
    one.read(rfd, 1)
    assert other.poll([(wfd, POLLOUT)], 0) == [(wfd, POLLOUT)]
    one.close(rfd)
    assert other.poll([(wfd, POLLOUT)], 0) == [(wfd, POLLOUT)]


def test_a_fifo_has_no_offset(two):
    """lseek and pread are ESPIPE."""
    one, _ = two
    fd = one.open(FIFO, O_RDWR)
    for call, *args in (("lseek", fd, 0, 0), ("pread", fd, 1, 0)):
        with pytest.raises(OSError, match="seek") as caught:
            getattr(one, call)(*args)
        assert caught.value.errno == errno.ESPIPE
