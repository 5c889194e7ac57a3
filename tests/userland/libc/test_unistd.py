# SPDX-License-Identifier: BSD-2-Clause
"""Calls on descriptors as programs make them."""

from kernel.sys.fcntl import (
    F_GETFL,
    F_GETLK,
    F_RDLCK,
    F_SETLK,
    F_UNLCK,
    F_WRLCK,
    O_CREAT,
    O_RDWR,
    Flock,
)
from kernel.sys.unistd import SEEK_SET


def test_fcntl_takes_a_number_or_a_lock(k):
    """A command with a lock gives it back as the kernel left it: for F_GETLK, the one in the way."""
    holder, asker = k.root(), k.process()
    fd = holder.open(b"/tmp/f", O_CREAT | O_RDWR, 0o600)
    own = Flock(0, 10, 0, F_WRLCK, SEEK_SET)
    assert holder.fcntl(fd, F_GETFL) == O_RDWR
    assert holder.fcntl(fd, F_SETLK, own) == own

    fd = asker.open(b"/tmp/f", O_RDWR)
    wanted = Flock(5, 1, 0, F_RDLCK, SEEK_SET)
    assert asker.fcntl(fd, F_GETLK, wanted) == own._replace(l_pid=holder.pid)
    free = wanted._replace(l_start=10)
    assert asker.fcntl(fd, F_GETLK, free) == free._replace(l_type=F_UNLCK)
    assert asker.fcntl(fd, F_GETLK, free.pack()) == free._replace(l_type=F_UNLCK).pack()
