# SPDX-License-Identifier: BSD-2-Clause
"""Record locks from where a file's offset is.  NetBSD lib/libc/gen/lockf.c."""

from kernel.sys.errno import Errno
from kernel.sys.fcntl import F_GETLK, F_SETLK, F_SETLKW, F_UNLCK, F_WRLCK, Flock
from kernel.sys.unistd import F_LOCK, F_TEST, F_TLOCK, F_ULOCK, SEEK_CUR
from userland.libc.cerror import oserror
from userland.libc.syscall import getpid
from userland.libc.unistd import fcntl

__all__ = ["lockf"]

_HOW = {
    F_ULOCK: (F_SETLK, F_UNLCK), F_LOCK: (F_SETLKW, F_WRLCK), F_TLOCK: (F_SETLK, F_WRLCK),
    F_TEST: (F_GETLK, F_WRLCK),
}  # fmt: skip


def lockf(fd: int, function: int, size: int) -> None:
    """Lock (F_LOCK, F_TLOCK), unlock (F_ULOCK) or ask about (F_TEST) a piece of a file.

    Args:
        fd: a descriptor, open for writing to lock.
        function: F_*.
        size: bytes, from the offset on; negative, before it; 0, to the end and beyond.

    Raises:
        OSError: EINVAL, no such function or piece. EAGAIN, another process has a lock.
            EBADF. EDEADLK. EINTR.
    """
    if function not in _HOW:
        raise oserror(Errno.EINVAL)
    cmd, kind = _HOW[function]
    found = fcntl(fd, cmd, Flock(0, size, 0, kind, SEEK_CUR))
    if function == F_TEST and found.l_type != F_UNLCK and found.l_pid != getpid():
        raise oserror(Errno.EAGAIN)
