# SPDX-License-Identifier: BSD-2-Clause
"""fsync(2), fdatasync, fsync_range and sync: memory is always in step, arguments are checked."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.unistd import FDATASYNC, FDISKSYNC, FFILESYNC
from tests.syscalls.errnos import errnos

OFF_MAX = (1 << 63) - 1

SYNCS = {
    "fsync": lambda fd: ("fsync", fd),
    "fdatasync": lambda fd: ("fdatasync", fd),
    "fsync_range": lambda fd: ("fsync_range", fd, FFILESYNC, 0, 0),
}


@errnos(Errno.EBADF, SYNCS)
def test_not_open(fails, root, call):
    """There is no such descriptor."""
    for bad in (99, -1):
        fails(root, *call(bad))


@pytest.mark.errno("fsync_range", Errno.EBADF)
def test_not_open_for_writing(fails, root):
    """The descriptor is not open for writing; that comes before the arguments."""
    root.close(root.open(b"f", O_CREAT | O_RDWR, 0o644))
    for path in (b"f", b"."):
        fails(root, "fsync_range", root.open(path, O_RDONLY), FFILESYNC, 0, 0)
        fails(root, "fsync_range", root.open(path, O_RDONLY), 0, 5, -10)


@errnos(Errno.EINVAL, SYNCS)
def test_no_file(fails, root, call):
    """The descriptor is a pipe."""
    for fd in root.pipe():
        fails(root, *call(fd))


@errnos(Errno.EINVAL, {"fsync_range": lambda fd, *args: ("fsync_range", fd, *args)})
def test_range(fails, root, call):
    """how is neither or both of FDATASYNC and FFILESYNC, or the range ends before it starts."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    for how in (0, FDISKSYNC, FDATASYNC | FFILESYNC):
        fails(root, *call(fd, how, 0, 0))
    fails(root, *call(fd, FDATASYNC, 5, -10))
    fails(root, *call(fd, FDATASYNC, 5, OFF_MAX))
    assert root.fsync_range(fd, FDATASYNC | FDISKSYNC, 5, OFF_MAX - 5) == 0
    assert root.fsync_range(fd, FFILESYNC, OFF_MAX, 0) == 0


def test_of_anything(root):
    """Files of any type, however they are open; times stay."""
    root.close(root.open(b"f", O_CREAT | O_RDWR, 0o644))
    root.mkfifo(b"p", 0o644)
    opened = [(b"f", O_RDONLY), (b"f", O_WRONLY), (b"/t", O_RDONLY), (b"p", O_RDWR)]
    for path, flags in [*opened, (b"/dev/null", O_RDWR)]:
        fd = root.open(path, flags)
        before = root.fstat(fd)
        for name, call in SYNCS.items():
            if flags != O_RDONLY or name != "fsync_range":
                assert root.call(*call(fd)) == 0
        assert root.fstat(fd) == before
    assert root.sync() == 0
