# SPDX-License-Identifier: BSD-2-Clause
"""fcntl(2), but for record locks: how it fails, and what it tells."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_CLOSEM,
    F_DUPFD,
    F_DUPFD_CLOEXEC,
    F_FSCTL,
    F_GETFL,
    F_GETOWN,
    F_GETPATH,
    F_MAXFD,
    F_SETFL,
    F_SETNOSIGPIPE,
    F_SETOWN,
    O_APPEND,
    O_CREAT,
    O_NONBLOCK,
    O_RDONLY,
    O_RDWR,
)
from kernel.sys.param import MAXPATHLEN
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit


@pytest.mark.errno("fcntl", Errno.EBADF)
def test_not_open(fails, root):
    """The descriptor is not open: over a command that there is not; or F_CLOSEM from below 0."""
    for command in (F_DUPFD, F_GETFL, 99):
        fails(root, "fcntl", 99, command, 0)
    fails(root, "fcntl", -1, F_CLOSEM)


@pytest.mark.errno("fcntl", Errno.EINVAL)
def test_no_command(fails, root):
    """There is no such command; or F_DUPFD from a number that is negative or not below the limit."""
    rfd, _ = root.pipe()
    for command in (16, 99, -1):
        fails(root, "fcntl", rfd, command, 0)
    root.setrlimit(RLIMIT_NOFILE, Rlimit(10, 100))
    for command in (F_DUPFD, F_DUPFD_CLOEXEC):
        for least in (-1, 10, 11):
            fails(root, "fcntl", rfd, command, least)


@pytest.mark.errno("fcntl", Errno.EMFILE)
def test_full_table(fails, root):
    """No descriptor from the number on is left below the limit."""
    rfd, _ = root.pipe()
    root.dup2(rfd, 9)
    root.setrlimit(RLIMIT_NOFILE, Rlimit(10, 100))
    fails(root, "fcntl", rfd, F_DUPFD, 9)
    assert root.fcntl(rfd, F_DUPFD, 8) == 8


@pytest.mark.errno("fcntl", Errno.EOPNOTSUPP)
def test_not_for_pipes(fails, root):
    """F_GETPATH of what has no path; or a command for a file system that does not know it."""
    rfd, _ = root.pipe()
    fails(root, "fcntl", rfd, F_GETPATH, bytes(MAXPATHLEN))
    for fd in (rfd, root.open(b"f", O_RDWR | O_CREAT, 0o644)):
        fails(root, "fcntl", fd, F_FSCTL | 7, 0)


@pytest.mark.errno("fcntl", Errno.ENOENT)
def test_no_path(fails, root):
    """F_GETPATH of a directory that is removed, or of a file whose name is not remembered."""
    root.mkdir(b"d", 0o755)
    fd = root.open(b"d", O_RDONLY)
    assert root.fcntl(fd, F_GETPATH, bytes(MAXPATHLEN)).rstrip(b"\0") == b"/t/d"
    root.rmdir(b"d")
    fails(root, "fcntl", fd, F_GETPATH, bytes(MAXPATHLEN))
    fails(root, "fcntl", root.open(b"f", O_RDWR | O_CREAT, 0o644), F_GETPATH, bytes(MAXPATHLEN))


@pytest.mark.errno("fcntl", Errno.EACCES)
def test_path_through_the_dark(fails, root, user):
    """F_GETPATH of a directory below one that may not be searched."""
    user.mkdir(b"dark", 0o755)
    user.mkdir(b"dark/d", 0o755)
    fd = user.open(b"dark/d", O_RDONLY)
    user.chmod(b"dark", 0)
    fails(user, "fcntl", fd, F_GETPATH, bytes(MAXPATHLEN))


@pytest.mark.errno("fcntl", Errno.EFAULT)
def test_nowhere_to_store(fails, root):
    """F_GETPATH's path cannot be stored."""
    fails(root, "fcntl", root.open(b"/t", O_RDONLY), F_GETPATH, 16)


@pytest.mark.errno("fcntl", Errno.ESRCH)
def test_no_process(fails, root):
    """F_SETOWN names a process that there is not, on a pipe or a FIFO."""
    root.mkfifo(b"p", 0o644)
    for fd in (root.pipe()[0], root.open(b"p", O_RDWR)):
        fails(root, "fcntl", fd, F_SETOWN, 9999)
        root.fcntl(fd, F_SETOWN, root.pid)
        assert root.fcntl(fd, F_GETOWN) == root.pid


@pytest.mark.errno("fcntl", Errno.EPERM)
def test_no_group(fails, root):
    """F_SETOWN names a process group that is not of the caller's session."""
    fails(root, "fcntl", root.pipe()[0], F_SETOWN, -9999)


def test_flags_are_the_open_file_s(root):
    """F_SETFL in one process stops the other from waiting; access modes cannot be set."""
    rfd, _ = root.pipe()
    child = root.fork()
    child.fcntl(rfd, F_SETFL, O_NONBLOCK | O_RDWR | O_CREAT)
    assert root.fcntl(rfd, F_GETFL) == O_RDONLY | O_NONBLOCK
    with pytest.raises(BlockingIOError):
        root.read(rfd, 1)
    root.fcntl(rfd, F_SETFL, O_APPEND)
    assert child.fcntl(rfd, F_GETFL) == O_RDONLY | O_APPEND


@pytest.mark.errno("write", Errno.EPIPE)
def test_no_signal(fails, root):
    """Nobody can read the pipe; with F_SETNOSIGPIPE the caller lives on."""
    rfd, wfd = root.pipe()
    root.close(rfd)
    root.fcntl(wfd, F_SETNOSIGPIPE, 1)
    fails(root, "write", wfd, b"x")
    assert root.alive


def test_closem(root):
    """F_CLOSEM closes from a number up, which need not be open."""
    for _ in range(5):
        root.pipe()
    root.fcntl(4, F_CLOSEM)
    assert root.fcntl(0, F_MAXFD) == 3
    root.fcntl(50, F_CLOSEM)
    assert root.fcntl(0, F_MAXFD) == 3
