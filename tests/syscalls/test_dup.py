# SPDX-License-Identifier: BSD-2-Clause
"""dup(2), dup2(2), dup3(2): how they fail, and what twins share."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_GETFD,
    F_GETFL,
    F_MAXFD,
    F_SETFL,
    FD_CLOEXEC,
    O_APPEND,
    O_CLOEXEC,
    O_NONBLOCK,
)
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit
from tests.syscalls.errnos import errnos


@errnos(
    Errno.EBADF,
    {
        "dup": lambda fd: ("dup", fd),
        "dup2": lambda fd: ("dup2", fd, fd),
        "dup3": lambda fd: ("dup3", fd, 5, O_APPEND),
    },
)
def test_not_open(fails, root, call):
    """The old descriptor is not open: over whatever the new one is, and over flags."""
    for fd in (99, -1, 1 << 30):
        fails(root, *call(fd))


@errnos(
    Errno.EBADF,
    {"dup2": lambda old, new: ("dup2", old, new), "dup3": lambda o, n: ("dup3", o, n, O_APPEND)},
)
def test_no_descriptor(fails, root, call):
    """The new descriptor is negative, or not below the limit: over flags, and over its being the old one."""
    old = root.dup2(root.pipe()[0], 20)
    root.setrlimit(RLIMIT_NOFILE, Rlimit(10, 100))
    for new in (-1, 10, 11, old):
        fails(root, *call(old, new))


@pytest.mark.errno("dup", Errno.EMFILE)
def test_full_table(fails, root):
    """No descriptor is left below the limit."""
    rfd, _ = root.pipe()
    root.setrlimit(RLIMIT_NOFILE, Rlimit(root.fcntl(0, F_MAXFD) + 1, 100))
    fails(root, "dup", rfd)


@pytest.mark.errno("dup3", Errno.EINVAL)
def test_flags(fails, root):
    """Flags that descriptors do not have; for a descriptor that is its own twin they do not matter."""
    rfd, wfd = root.pipe()
    fails(root, "dup3", rfd, wfd, O_APPEND)
    assert root.dup3(rfd, rfd, O_APPEND) == rfd
    assert root.write(wfd, b"open still") == 10


def test_what_twins_share(root):
    """The file's flags are shared; close-on-exec is not, and survives dup2 onto itself."""
    rfd, _ = root.pipe2(O_CLOEXEC)
    twin = root.dup(rfd)
    assert (root.fcntl(rfd, F_GETFD), root.fcntl(twin, F_GETFD)) == (FD_CLOEXEC, 0)
    root.fcntl(twin, F_SETFL, O_NONBLOCK)
    assert root.fcntl(rfd, F_GETFL) & O_NONBLOCK
    assert root.dup2(rfd, rfd) == rfd
    assert root.fcntl(rfd, F_GETFD) == FD_CLOEXEC
