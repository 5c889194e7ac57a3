# SPDX-License-Identifier: BSD-2-Clause
"""lseek(2): where it leads, what it refuses, and that it makes no file longer."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_DIRECTORY, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.unistd import SEEK_CUR, SEEK_END, SEEK_SET

OFF_MAX = (1 << 63) - 1  # the largest offset


@pytest.fixture
def fd(root):
    """A file of ten bytes."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.pwrite(fd, b"0123456789", 0)
    return fd


@pytest.mark.errno("lseek", Errno.EBADF)
def test_not_open(fails, root, fd):
    """There is no such descriptor; over an offset or a whence that is none."""
    root.close(fd)
    for bad in (fd, -1, 1 << 30):
        fails(root, "lseek", bad, 0, SEEK_SET)
        fails(root, "lseek", bad, -1, SEEK_SET)
        fails(root, "lseek", bad, 0, 99)


@pytest.mark.errno("lseek", Errno.ESPIPE)
def test_no_offset(fails, root):
    """The file is a pipe or a FIFO; over an offset or a whence that is none."""
    root.mkfifo(b"p", 0o644)
    for pipe in (*root.pipe(), root.open(b"p", O_RDWR)):
        fails(root, "lseek", pipe, 0, SEEK_CUR)
        fails(root, "lseek", pipe, -1, SEEK_SET)
        fails(root, "lseek", pipe, 0, 99)


@pytest.mark.errno("lseek", Errno.EINVAL)
def test_nowhere(fails, root, fd):
    """whence is none of the three (nor are SEEK_DATA and SEEK_HOLE), or it leads before the start.

    A place farther than the largest offset is, in 64 bits, before the start, too.
    """
    root.lseek(fd, 3, SEEK_SET)
    for whence in (-1, 3, 4, 99):
        fails(root, "lseek", fd, 0, whence)
    fails(root, "lseek", fd, OFF_MAX, SEEK_CUR)
    fails(root, "lseek", fd, OFF_MAX, SEEK_END)
    fails(root, "lseek", fd, -1, SEEK_SET)
    fails(root, "lseek", fd, -4, SEEK_CUR)
    fails(root, "lseek", fd, -11, SEEK_END)
    fails(root, "lseek", fd, -OFF_MAX - 1, SEEK_CUR)
    assert root.lseek(fd, 0, SEEK_CUR) == 3


def test_from_three_places(root, fd):
    """From the start, from where it is, and from the end, which another may move."""
    assert root.lseek(fd, 7, SEEK_SET) == 7
    assert root.lseek(fd, -2, SEEK_CUR) == 5
    assert root.lseek(fd, -4, SEEK_END) == 6
    assert root.read(fd, 10) == b"6789"
    root.ftruncate(fd, 1 << 40)
    assert root.lseek(fd, 0, SEEK_END) == 1 << 40
    assert root.lseek(fd, -(1 << 40), SEEK_CUR) == 0


def test_the_largest_offset(root, fd):
    """There is nothing to read, and one way on: back."""
    assert root.lseek(fd, OFF_MAX, SEEK_SET) == OFF_MAX
    assert root.read(fd, 10) == b""
    assert root.lseek(fd, -OFF_MAX, SEEK_CUR) == 0


def test_past_the_end(root, fd):
    """The file stays as long as it is until something is written; then there is a hole."""
    before = root.fstat(fd)
    root.lseek(fd, 5, SEEK_END)
    assert root.read(fd, 10) == b""
    assert root.fstat(fd).st_size == 10
    assert root.fstat(fd).st_mtim == before.st_mtim
    root.write(fd, b"x")
    assert root.pread(fd, 20, 8) == b"89\0\0\0\0\0x"


def test_shared_with_what_is_duplicated(root, fd):
    """dup and fork share one offset."""
    twin = root.dup(fd)
    child = root.fork()
    child.lseek(fd, 4, SEEK_SET)
    assert root.lseek(twin, 0, SEEK_CUR) == 4
    second = root.open(b"f", O_WRONLY)
    assert root.lseek(second, 0, SEEK_CUR) == 0


def test_directories(root):
    """A directory has an offset, a cookie of getdents; any other is taken as well."""
    fd = root.open(b"/t", O_RDONLY | O_DIRECTORY)
    assert root.lseek(fd, 0, SEEK_CUR) == 0
    assert root.lseek(fd, 12345, SEEK_SET) == 12345
    assert root.lseek(fd, 0, SEEK_END) == root.fstat(fd).st_size


def test_devices(root):
    """A device knows its offsets itself: below 0 is fine, and 64 bits go round."""
    fd = root.open(b"/dev/zero", O_RDONLY)
    assert root.lseek(fd, -5, SEEK_SET) == -5
    assert root.read(fd, 2) == b"\0\0"
    assert root.lseek(fd, 0, SEEK_CUR) == -3
    assert root.lseek(fd, -OFF_MAX - 1, SEEK_CUR) == OFF_MAX - 2
