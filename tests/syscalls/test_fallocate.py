# SPDX-License-Identifier: BSD-2-Clause
"""posix_fallocate(2), fdiscard and posix_fadvise: tmpfs does neither of the first two, as NetBSD's."""

import os

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    O_CREAT,
    O_RDONLY,
    O_RDWR,
    POSIX_FADV_DONTNEED,
    POSIX_FADV_NOREUSE,
    POSIX_FADV_NORMAL,
)
from tests.syscalls.errnos import errnos
from userland.libc import include as libc

OFF_MAX = (1 << 63) - 1


def raising(function, *args):
    """Make a call that returns its error, and raise that."""
    error = getattr(libc, function)(*args)
    if error:
        raise OSError(error, os.strerror(error))
    return error


def fallocate(fd, pos, size):
    return raising, "posix_fallocate", fd, pos, size


def fdiscard(fd, pos, size):
    return "fdiscard", fd, pos, size


def fadvise(fd, offset, size, advice=POSIX_FADV_NORMAL):
    return raising, "posix_fadvise", fd, offset, size, advice


BOTH = {"posix_fallocate": fallocate, "fdiscard": fdiscard}


@pytest.fixture
def fd(root):
    """A file of ten bytes."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.pwrite(fd, b"0123456789", 0)
    return fd


@errnos(Errno.EOPNOTSUPP, BOTH)
def test_not_on_tmpfs(fails, root, fd, call):
    """The file is on a tmpfs, which cannot: it stays as it is."""
    before = root.fstat(fd)
    fails(root, *call(fd, 0, 10))
    fails(root, *call(fd, 1 << 40, 0))
    assert root.fstat(fd) == before
    assert root.pread(fd, 20, 0) == b"0123456789"


@errnos(Errno.EINVAL, BOTH)
def test_range(fails, root, fd, call):
    """The position or the length is negative, or their sum is too large; over EBADF."""
    for bad in ((-1, 10), (0, -1), (OFF_MAX, 1), (1, OFF_MAX)):
        fails(root, *call(fd, *bad))
        fails(root, *call(99, *bad))


@errnos(Errno.EINVAL, BOTH)
def test_no_file(fails, root, call):
    """The descriptor is a pipe."""
    fails(root, *call(root.pipe()[1], 0, 10))


@errnos(Errno.EBADF, BOTH)
def test_not_open_for_writing(fails, root, fd, call):
    """There is no such descriptor, or it is open for reading only, as directories always are."""
    for bad in (99, -1, root.open(b"f", O_RDONLY), root.open(b"/t", O_RDONLY)):
        fails(root, *call(bad, 0, 10))


@pytest.mark.errno("posix_fadvise", Errno.EBADF)
def test_advice_for_nothing(fails, root):
    """There is no such descriptor; over an advice that is none."""
    fails(root, *fadvise(99, 0, 0))
    fails(root, *fadvise(99, 0, 0, 77))


@pytest.mark.errno("posix_fadvise", Errno.EINVAL)
def test_advice_that_is_none(fails, root, fd):
    """The advice is unknown; the length is negative or leads too far, over EBADF and ESPIPE."""
    fails(root, *fadvise(fd, 0, 0, POSIX_FADV_NORMAL - 1))
    fails(root, *fadvise(fd, 0, 0, POSIX_FADV_NOREUSE + 1))
    for descriptor in (fd, 99, root.pipe()[0]):
        fails(root, *fadvise(descriptor, 0, -1))
        fails(root, *fadvise(descriptor, OFF_MAX, 1))


@pytest.mark.errno("posix_fadvise", Errno.ESPIPE)
def test_advice_for_a_pipe(fails, root):
    """The descriptor is a pipe; over an advice that is none."""
    for fd in root.pipe():
        fails(root, *fadvise(fd, 0, 0))
        fails(root, *fadvise(fd, 0, 0, 77))


def test_advice_changes_nothing(root, fd):
    """All advice is heard, about any range and any file, and nothing comes of it."""
    before = root.fstat(fd)
    for advice in range(POSIX_FADV_NORMAL, POSIX_FADV_NOREUSE + 1):
        for at in (0, 5, OFF_MAX):
            assert root.posix_fadvise(fd, at, 0, advice) == 0
    assert root.posix_fadvise(fd, 0, OFF_MAX, POSIX_FADV_DONTNEED) == 0
    assert root.posix_fadvise(root.open(b"/t", O_RDONLY), 0, 0, POSIX_FADV_DONTNEED) == 0
    assert root.fstat(fd) == before
    assert root.pread(fd, 20, 0) == b"0123456789"
