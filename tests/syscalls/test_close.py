# SPDX-License-Identifier: BSD-2-Clause
"""close(2): how it fails, and that another process's sleep on the same pipe ends."""

import pytest

from kernel.sys.errno import Errno


@pytest.mark.errno("close", Errno.EBADF)
def test_not_open(fails, root):
    """The descriptor is not open, or is none."""
    fd, _ = root.pipe()
    root.close(fd)
    for bad in (fd, -1, 1 << 30):
        fails(root, "close", bad)


def test_last_writer_ends_a_read(root):
    """A reader that sleeps meets the end when the last descriptor to write is closed."""
    rfd, wfd = root.pipe()
    child = root.fork()
    child.close(wfd)
    child.begin("read", rfd, 10)
    twin = root.dup(wfd)
    root.close(wfd)
    assert child.lwp.l_wmesg == "piperd"
    root.close(twin)
    assert child.finish() == b""
