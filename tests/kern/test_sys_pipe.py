# SPDX-License-Identifier: BSD-2-Clause
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.kern.sys_descrip import sys___fstat50, sys_close, sys_fcntl
from kernel.kern.sys_generic import sys_ioctl, sys_read, sys_write
from kernel.kern.sys_pipe import BIG_PIPE_SIZE, PIPE_SIZE, sys_pipe, sys_pipe2
from kernel.sys.errno import Errno
from kernel.sys.fcntl import F_GETFD, F_GETFL, FD_CLOEXEC, O_CLOEXEC, O_CREAT, O_NONBLOCK
from kernel.sys.ioccom import FIONREAD, FIONSPACE, FIONWRITE
from kernel.sys.param import PIPE_BUF
from kernel.sys.signal import SIGPIPE
from kernel.sys.stat import SIZEOF_STAT, Stat
from userland.libc import include as libc

from .conftest import Caller, make_kernel


def nonblocking(caller):
    """A pipe that never waits: (read, write)."""
    fds = caller.map(bytes(8))
    caller(sys_pipe2, fds, O_NONBLOCK)
    return struct.unpack("<ii", caller.peek(fds, 8))


def put(caller, fd, data):
    return caller(sys_write, fd, caller.map(data), len(data))


def get(caller, fd, size):
    there = caller.map(bytes(size))
    return caller.peek(there, caller(sys_read, fd, there, size))


def test_both_ends_in_registers(root):
    """pipe(2) returns the pair, pipe2(2) stores it."""
    assert root(sys_pipe) == (0, 1)
    assert nonblocking(root) == (2, 3)


def test_pipe2_flags(root):
    """O_CLOEXEC is the descriptors', O_NONBLOCK the files'; others are refused."""
    there = root.map(bytes(8))
    root(sys_pipe2, there, O_CLOEXEC | O_NONBLOCK)

    for fd in (0, 1):
        assert root(sys_fcntl, fd, F_GETFD, 0) == FD_CLOEXEC
        assert root(sys_fcntl, fd, F_GETFL, 0) & O_NONBLOCK
    assert root.error(sys_pipe2, there, O_CREAT) is Errno.EINVAL


def test_empty_pipe(root):
    """Nothing there is EAGAIN; nobody writing is the end; 0 bytes never wait."""
    rfd, wfd = nonblocking(root)
    there = root.map(bytes(8))

    assert root.error(sys_read, rfd, there, 8) is Errno.EAGAIN
    assert root(sys_read, rfd, there, 0) == 0
    put(root, wfd, b"last")
    root(sys_close, wfd)
    assert get(root, rfd, 8) == b"last"
    assert get(root, rfd, 8) == b""


def test_small_writes_are_atomic(root):
    """A write of up to PIPE_BUF bytes goes whole or not at all; a larger one as far as it can."""
    rfd, wfd = nonblocking(root)
    put(root, wfd, bytes(PIPE_SIZE - PIPE_BUF + 1))
    data = root.map(bytes(PIPE_BUF + 1))

    assert root.error(sys_write, wfd, data, PIPE_BUF) is Errno.EAGAIN
    assert root(sys_write, wfd, data, PIPE_BUF + 1) == PIPE_BUF - 1
    assert len(get(root, rfd, 99999)) == PIPE_SIZE


def test_a_large_write_makes_a_big_pipe(root):
    """An empty pipe grows when a write is larger than it is; one with data does not."""
    _, wfd = nonblocking(root)
    assert put(root, wfd, bytes(100_000)) == BIG_PIPE_SIZE
    _, wfd = nonblocking(root)
    put(root, wfd, b"x")
    assert put(root, wfd, bytes(100_000)) == PIPE_SIZE - 1


def test_counts(root):
    """Each end knows its own: to read there, to be written and the room for it here."""
    rfd, wfd = root(sys_pipe)
    put(root, wfd, b"12345")
    number = root.map(bytes(4))

    for fd, com, expected in (
        (rfd, FIONREAD, 5),
        (rfd, FIONWRITE, 0),
        (rfd, FIONSPACE, 0),
        (wfd, FIONREAD, 0),
        (wfd, FIONWRITE, 5),
        (wfd, FIONSPACE, PIPE_SIZE - 5),
    ):
        root(sys_ioctl, fd, com, number)
        assert struct.unpack("<i", root.peek(number, 4)) == (expected,)
    sb = root.map(bytes(SIZEOF_STAT))
    root(sys___fstat50, rfd, sb)
    stat = Stat.unpack(root.peek(sb, SIZEOF_STAT))
    assert (stat.st_size, stat.st_blksize, stat.st_blocks, stat.st_nlink) == (5, PIPE_SIZE, 1, 0)


def test_efault_keeps_the_data(root):
    """What could not be copied out is still there; what could not be copied in is not."""
    rfd, wfd = nonblocking(root)
    put(root, wfd, b"safe")

    assert root.error(sys_read, rfd, 16, 4) is Errno.EFAULT
    assert root.error(sys_write, wfd, 16, 4) is Errno.EFAULT
    assert get(root, rfd, 99) == b"safe"


def test_writer_s_memory_is_copied(root):
    """What the writer does to its buffer afterwards does not matter."""
    rfd, wfd = root(sys_pipe)
    data = root.map(b"before")
    root(sys_write, wfd, data, 6)
    root.p.p_vmspace.vm_map[data].mem[:] = b"after!"

    assert get(root, rfd, 99) == b"before"


@given(st.lists(st.one_of(st.binary(min_size=1, max_size=700), st.integers(1, 900)), max_size=60))
def test_stream(steps):
    """Whatever the sizes of writes and reads, bytes come out as they went in, none lost."""
    caller = Caller(make_kernel())
    rfd, wfd = nonblocking(caller)
    sent = received = b""
    for step in steps:
        if isinstance(step, bytes):
            if caller.error(sys_write, wfd, caller.map(step), len(step)) is None:
                sent += step
        elif len(sent) > len(received):
            received += get(caller, rfd, step)
    caller(sys_close, wfd)
    while piece := get(caller, rfd, 500):
        received += piece
    assert received == sent


@pytest.mark.parametrize("first", [0, 1])
def test_nothing_is_left(root, kernel, first):
    """Both ends closed, in either order, no file is left."""
    root(sys_pipe)
    root(sys_close, first)
    root(sys_close, 1 - first)

    assert kernel.nfiles == 0


class Pair:
    """Two processes with a pipe: one can only read it, the other only write it."""

    def __init__(self, booted):
        self.system = booted.system
        self.reader = booted.system.process()
        self.rfd, self.wfd = self.reader.pipe()
        self.writer = self.reader.fork()
        self.reader.close(self.wfd)
        self.writer.close(self.rfd)


@pytest.fixture
def pair(booted):
    return Pair(booted)


def test_reader_waits_for_a_writer(pair):
    """A read of an empty pipe sleeps until there is something, and takes what there is."""
    pair.reader.begin("read", pair.rfd, 100)
    assert pair.reader.lwp.l_wmesg == "piperd"
    pair.writer.write(pair.wfd, b"hello")

    assert pair.reader.finish() == b"hello"


def test_reader_waits_for_the_end(pair):
    """The last writer's going wakes a reader: the end of file."""
    pair.reader.begin("read", pair.rfd, 100)
    pair.writer.close(pair.wfd)

    assert pair.reader.finish() == b""


def test_writer_waits_for_room(pair):
    """A write larger than the pipe sleeps and goes on as the reader reads."""
    data = bytes(range(256)) * 400
    pair.writer.begin("write", pair.wfd, data)
    assert pair.writer.lwp.l_wmesg == "pipewr"
    got = b""
    while len(got) < len(data):
        got += pair.reader.read(pair.rfd, 7000)

    assert got == data
    assert pair.writer.finish() == len(data)


def test_atomic_write_waits_for_its_whole_room(pair):
    """A small write does not begin until all of it fits."""
    pair.writer.write(pair.wfd, bytes(PIPE_SIZE - 10))
    pair.writer.begin("write", pair.wfd, b"x" * 100)
    pair.reader.read(pair.rfd, 89)
    pair.system.settle()
    assert pair.writer.lwp.l_wmesg == "pipewr"
    pair.reader.read(pair.rfd, 1)

    assert pair.writer.finish() == 100


def test_reader_goes_while_a_writer_waits(pair):
    """A sleeping writer whose reader goes gets EPIPE and SIGPIPE, though bytes had moved."""
    pair.writer.begin("write", pair.wfd, bytes(BIG_PIPE_SIZE + 1))
    pair.reader.close(pair.rfd)
    pair.writer.finish()

    assert not pair.writer.alive
    assert pair.writer.status == SIGPIPE


def test_exit_closes(pair):
    """A process that dies closes its ends."""
    pair.reader.begin("read", pair.rfd, 100)
    pair.writer.begin("_exit", 0)

    assert pair.reader.finish() == b""


def flood(fd, record):
    """What each writer runs."""
    for _ in range(60):
        libc.write(fd, record)
    libc._exit(0)


def test_interleaving_of_small_writes(booted):
    """Writes of up to PIPE_BUF bytes by several processes never mix."""
    reader = booted.system.process()
    rfd, wfd = reader.pipe()
    writers = [reader.fork() for _ in range(3)]
    reader.close(wfd)
    for number, writer in enumerate(writers):
        writer.begin(flood, wfd, bytes([number]) * PIPE_BUF)
    seen = b""
    while piece := reader.read(rfd, 1000):
        seen += piece

    assert len(seen) == 3 * 60 * PIPE_BUF
    assert all(len(set(seen[at : at + PIPE_BUF])) == 1 for at in range(0, len(seen), PIPE_BUF))
