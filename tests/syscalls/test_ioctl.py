# SPDX-License-Identifier: BSD-2-Clause
"""ioctl(2), what concerns all files: how it fails, and how full they are."""

import pytest

from kernel.fs.fifofs.fifo_vnops import PIPSIZ
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_GETFD,
    F_GETFL,
    FD_CLOEXEC,
    O_CREAT,
    O_NONBLOCK,
    O_RDONLY,
    O_RDWR,
    O_WRONLY,
)
from kernel.sys.ioccom import (
    FIOCLEX,
    FIONBIO,
    FIONCLEX,
    FIONREAD,
    FIONSPACE,
    FIONWRITE,
    FIOSETOWN,
    TIOCGPGRP,
    TIOCSPGRP,
)
from userland.libc.syscall import call as trap


def ask(p, fd, com):
    return int.from_bytes(p.ioctl(fd, com), "little")


@pytest.mark.errno("ioctl", Errno.EBADF)
def test_not_open(fails, root):
    """The descriptor is not open: over what is asked."""
    for com in (FIONREAD, FIOCLEX, 0):
        fails(root, "ioctl", 99, com)


@pytest.mark.errno("ioctl", Errno.EFAULT)
def test_nowhere(fails, root):
    """The argument is not in the caller's memory: over a request nobody knows."""
    rfd, _ = root.pipe()
    for com in (FIONREAD, FIONBIO, FIONBIO + 1):
        fails(root, trap, "ioctl", rfd, com, 16)


@pytest.mark.errno("ioctl", Errno.ENOTTY)
def test_unknown(fails, root):
    """The kind of file does not know the request."""
    for fd in (root.pipe()[0], root.open(b"f", O_CREAT | O_RDWR, 0o644)):
        fails(root, "ioctl", fd, FIONBIO + 1)


@pytest.mark.errno("ioctl", Errno.EOPNOTSUPP)
def test_unknown_to_fifos(fails, root):
    """A FIFO does not know the request: a socket is asked."""
    root.mkfifo(b"p", 0o644)
    fails(root, "ioctl", root.open(b"p", O_RDWR), FIONBIO + 1)


@pytest.mark.errno("ioctl", Errno.EINVAL)
def test_no_group(fails, root):
    """The argument makes no sense, as a process group below 0."""
    rfd, _ = root.pipe()
    fails(root, "ioctl", rfd, TIOCSPGRP, (-5).to_bytes(4, "little", signed=True))
    fails(root, "ioctl", rfd, FIOSETOWN, (-1 << 31).to_bytes(4, "little", signed=True))


def test_groups(root):
    """TIOCSPGRP names a group by its number, which TIOCGPGRP tells."""
    rfd, _ = root.pipe()
    root.ioctl(rfd, TIOCSPGRP, root.getpgrp().to_bytes(4, "little"))
    assert ask(root, rfd, TIOCGPGRP) == root.getpgrp()


def test_flags(root):
    """FIOCLEX is F_SETFD's flag, FIONBIO F_SETFL's."""
    rfd, _ = root.pipe()
    root.ioctl(rfd, FIOCLEX)
    assert root.fcntl(rfd, F_GETFD) == FD_CLOEXEC
    root.ioctl(rfd, FIONCLEX)
    assert root.fcntl(rfd, F_GETFD) == 0
    root.ioctl(rfd, FIONBIO, b"\1")
    assert root.fcntl(rfd, F_GETFL) & O_NONBLOCK
    root.ioctl(rfd, FIONBIO, b"\0")
    assert not root.fcntl(rfd, F_GETFL) & O_NONBLOCK


def test_fifos(root):
    """Who may write learns of the room only, and nothing of what is there to read."""
    root.mkfifo(b"p", 0o644)
    rfd = root.open(b"p", O_RDONLY | O_NONBLOCK)
    wfd = root.open(b"p", O_WRONLY)
    both = root.open(b"p", O_RDWR)
    root.write(wfd, b"12345")
    told = [[ask(root, fd, c) for c in (FIONREAD, FIONWRITE, FIONSPACE)] for fd in (rfd, wfd, both)]
    assert told == [[5, 0, PIPSIZ], [0, 0, PIPSIZ - 5], [0, 0, PIPSIZ - 5]]


def test_files(root):
    """FIONREAD is what is left of a file from where it is."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.pwrite(fd, b"0123456789", 0)
    root.read(fd, 3)
    assert [ask(root, fd, com) for com in (FIONREAD, FIONWRITE, FIONSPACE)] == [7, 0, 0]
