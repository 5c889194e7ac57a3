# SPDX-License-Identifier: BSD-2-Clause
"""pipe(2), pipe2(2): how they fail, what is left, and what each end tells of itself."""

import pytest

from kernel.kern.sys_pipe import PIPE_SIZE
from kernel.sys.errno import Errno
from kernel.sys.fcntl import F_MAXFD, O_APPEND, O_NONBLOCK
from kernel.sys.param import PIPE_BUF
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit
from tests.syscalls.errnos import errnos
from userland.libc.syscall import call as trap

PIPES = {"pipe": lambda: ("pipe",), "pipe2": lambda: ("pipe2", O_NONBLOCK)}


@errnos(Errno.EMFILE, PIPES)
def test_room_for_one_end(fails, k, root, call):
    """The process has fewer than two descriptors left; none is used up."""
    highest, files = root.fcntl(0, F_MAXFD), k.kernel.nfiles
    for room in (1, 2):
        root.setrlimit(RLIMIT_NOFILE, Rlimit(highest + room, highest + 2))
        fails(root, *call())
        assert (root.fcntl(0, F_MAXFD), k.kernel.nfiles) == (highest, files)


@errnos(Errno.ENFILE, PIPES)
def test_no_file_left(fails, k, root, call):
    """The system has fewer than two open files left; none is used up."""
    highest, files = root.fcntl(0, F_MAXFD), k.kernel.nfiles
    for room in (0, 1):
        k.kernel.limits.maxfiles = files + room
        fails(root, *call())
        assert (root.fcntl(0, F_MAXFD), k.kernel.nfiles) == (highest, files)


@pytest.mark.errno("pipe2", Errno.EFAULT)
def test_nowhere_to_store(fails, root):
    """The descriptors cannot be stored."""
    fails(root, trap, "pipe2", 16, 0)


@pytest.mark.errno("pipe2", Errno.EINVAL)
def test_flags(fails, root):
    """Flags that pipes do not have: over EMFILE and EFAULT."""
    root.setrlimit(RLIMIT_NOFILE, Rlimit(0, 100))
    fails(root, trap, "pipe2", 16, O_APPEND)


@pytest.mark.errno("write", Errno.EAGAIN)
def test_all_of_a_small_write(fails, root):
    """A pipe has room for some of at most PIPE_BUF bytes: none of them go."""
    rfd, wfd = root.pipe2(O_NONBLOCK)
    root.write(wfd, bytes(PIPE_SIZE - PIPE_BUF + 1))
    fails(root, "write", wfd, bytes(PIPE_BUF))
    assert root.write(wfd, bytes(PIPE_BUF + 1)) == PIPE_BUF - 1
    assert root.fstat(rfd).st_size == PIPE_SIZE


def test_each_end_has_its_own_state(root):
    """Size and times are those of the end that is read; the other one's never change."""
    rfd, wfd = root.pipe()
    made = root.fstat(wfd)
    root.write(wfd, b"abc")
    read_end = root.fstat(rfd)
    assert (read_end.st_size, read_end.st_blocks, read_end.st_blksize) == (3, 1, PIPE_SIZE)
    assert read_end.st_mtim > made.st_mtim
    assert read_end.st_atim == made.st_atim
    root.read(rfd, 1)
    assert root.fstat(rfd).st_atim > made.st_atim
    assert root.fstat(wfd) == made
    root.close(rfd)
    assert root.fstat(wfd).st_blksize == 0
