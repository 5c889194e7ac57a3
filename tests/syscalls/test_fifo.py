# SPDX-License-Identifier: BSD-2-Clause
"""FIFOs as programs see them: who waits for whom, what is written whole, what is at the end."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.param import PIPE_BUF
from kernel.sys.signal import SIGALRM, SIGKILL, SIGPIPE, SIGUSR1
from userland.libc.signal import Sigaction

CAPACITY = 4096  # bytes that a FIFO holds


@pytest.fixture
def fifo(root, person):
    """A FIFO, with somebody who reads and somebody who writes."""
    root.mkfifo(b"p", 0o666)
    reader, writer = person(0, 0), person(0, 0)
    reader.begin("open", b"p", O_RDONLY)
    wfd = writer.open(b"p", O_WRONLY)
    return reader, reader.finish(), writer, wfd


@pytest.mark.errno("open", Errno.ENXIO)
def test_writer_without_reader(fails, root):
    """A FIFO is opened to be written, with O_NONBLOCK, and nobody has it open to read."""
    root.mkfifo(b"p", 0o666)
    fails(root, "open", b"p", O_WRONLY | O_NONBLOCK)
    rfd = root.open(b"p", O_RDONLY | O_NONBLOCK)
    root.close(root.open(b"p", O_WRONLY | O_NONBLOCK))
    root.close(rfd)
    fails(root, "open", b"p", O_WRONLY | O_NONBLOCK)


@pytest.mark.errno("write", Errno.EPIPE)
def test_nobody_reads_any_more(fails, fifo):
    """The last reader has gone; SIGPIPE is posted, too."""
    reader, rfd, writer, wfd = fifo
    seen = []
    writer.signal(SIGPIPE, seen.append)
    reader.close(rfd)
    fails(writer, "write", wfd, b"x")
    assert seen == [SIGPIPE]


@pytest.mark.errno("write", Errno.EPIPE)
def test_the_reader_goes_while_one_writes(begins, fifo):
    """The last reader goes while the writer waits for room, and nothing has been taken."""
    reader, rfd, writer, wfd = fifo
    writer.signal(SIGPIPE, lambda signo: None)
    writer.write(wfd, bytes(CAPACITY))
    finish = begins(writer, "write", wfd, b"x")
    reader.close(rfd)
    finish()


@pytest.mark.errno("read", Errno.EAGAIN)
def test_nothing_to_read(fails, root):
    """The FIFO is empty, O_NONBLOCK is set, and somebody has it open to write."""
    root.mkfifo(b"p", 0o666)
    rfd = root.open(b"p", O_RDONLY | O_NONBLOCK)
    assert root.read(rfd, 10) == b""
    wfd = root.open(b"p", O_WRONLY)
    fails(root, "read", rfd, 10)
    root.write(wfd, b"x")
    assert root.read(rfd, 10) == b"x"
    root.close(wfd)
    assert root.read(rfd, 10) == b""


@pytest.mark.errno("write", Errno.EAGAIN)
def test_no_room(fails, root):
    """O_NONBLOCK is set, and there is no room for as much as must be written at once."""
    root.mkfifo(b"p", 0o666)
    fd = root.open(b"p", O_RDWR | O_NONBLOCK)
    written = 0
    while written < CAPACITY:
        written += root.write(fd, bytes(PIPE_BUF))
    assert written == CAPACITY
    fails(root, "write", fd, bytes(PIPE_BUF))
    root.read(fd, PIPE_BUF - 1)
    fails(root, "write", fd, bytes(PIPE_BUF))


@pytest.mark.errno("read", Errno.EINTR)
def test_interrupted_read(begins, k, root, fifo):
    """A signal is caught before there is anything to read."""
    reader, rfd, _, _ = fifo
    reader.sigaction(SIGUSR1, Sigaction(lambda signo: None))
    finish = begins(reader, "read", rfd, 10)
    root.kill(reader.pid, SIGUSR1)
    finish()


def test_who_comes_first_waits(k, root, person):
    """Readers wait for a writer and writers for a reader; the killed do not count."""
    root.mkfifo(b"p", 0o666)
    first, second, third = (person(0, 0) for _ in range(3))
    first.begin("open", b"p", O_WRONLY)
    k.settle()
    assert not first.idle
    root.kill(first.pid, SIGKILL)
    k.settle()
    second.begin("open", b"p", O_RDONLY)
    k.settle()
    assert not second.idle
    wfd = third.open(b"p", O_WRONLY)
    third.write(wfd, b"hello")
    assert second.read(second.finish(), 10) == b"hello"


def test_a_time_limit_on_opening(root):
    """alarm(3) ends the wait for the other side; the FIFO is as if nobody had come."""
    root.mkfifo(b"p", 0o666)
    root.sigaction(SIGALRM, Sigaction(lambda signo: None))
    root.alarm(2)
    with pytest.raises(InterruptedError):
        root.open(b"p", O_RDONLY)
    with pytest.raises(OSError, match="not configured"):
        root.open(b"p", O_WRONLY | O_NONBLOCK)


def test_pipe_buf_bytes_are_written_whole(k, fifo, person):
    """Of several writers at a full FIFO the pieces of PIPE_BUF bytes are never mixed."""
    reader, rfd, writer, wfd = fifo
    writers = [person(0, 0) for _ in range(4)]
    fds = [w.open(b"p", O_WRONLY) for w in writers]
    writer.write(wfd, b"." * (CAPACITY - 100))
    for number, (w, fd) in enumerate(zip(writers, fds, strict=True)):
        w.begin("write", fd, bytes([65 + number]) * PIPE_BUF)
    k.settle()
    data = b""
    while len(data) < CAPACITY - 100 + 4 * PIPE_BUF:
        data += reader.read(rfd, 333)
    assert [w.finish() for w in writers] == [PIPE_BUF] * 4
    pieces = data[CAPACITY - 100 :]
    split = [pieces[at : at + PIPE_BUF] for at in range(0, len(pieces), PIPE_BUF)]
    assert sorted(split) == [bytes([65 + number]) * PIPE_BUF for number in range(4)]


def test_more_than_it_holds(fifo):
    """A long write goes through in pieces and returns when all has gone."""
    reader, rfd, writer, wfd = fifo
    message = bytes(range(256)) * 100
    writer.begin("write", wfd, message)
    data = b""
    while len(data) < len(message):
        data += reader.read(rfd, 5000)
    assert data == message
    assert writer.finish() == len(message)


def test_the_end_comes_once(k, fifo, person):
    """After the last writer the end is read, once; a new writer makes it go on."""
    reader, rfd, writer, wfd = fifo
    writer.write(wfd, b"last")
    writer.close(wfd)
    assert reader.read(rfd, 10) == b"last"
    assert reader.read(rfd, 10) == b""
    reader.begin("read", rfd, 10)
    k.settle()
    assert not reader.idle
    again = person(0, 0)
    again.write(again.open(b"p", O_WRONLY), b"again")
    assert reader.finish() == b"again"


def test_two_names_are_one_fifo(root, person):
    """A FIFO is what its inode is: links, renames and removals do not part its ends."""
    root.mkfifo(b"p", 0o666)
    root.link(b"p", b"q")
    other = person(0, 0)
    rfd = root.open(b"p", O_RDONLY | O_NONBLOCK)
    root.rename(b"q", b"r")
    wfd = other.open(b"r", O_WRONLY)
    root.unlink(b"p")
    root.unlink(b"r")
    other.write(wfd, b"still")
    assert root.read(rfd, 10) == b"still"
    assert root.fstat(rfd).st_nlink == 0
