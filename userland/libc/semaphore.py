# SPDX-License-Identifier: BSD-2-Clause
"""POSIX semaphores; a sem_t is an int.  NetBSD include/semaphore.h, lib/librt/sem.c."""

from typing import Final

from kernel.sys.ksem import SEM_VALUE_MAX, SIZEOF_SEM_ID
from kernel.sys.time import Timespec
from userland.libc.stack import Frame, StrPath, fetch, pushrecord, pushstr, reserve
from userland.libc.syscall import call

__all__ = [
    "SEM_VALUE_MAX", "sem_close", "sem_destroy", "sem_getvalue", "sem_init", "sem_open", "sem_post",
    "sem_timedwait", "sem_trywait", "sem_unlink", "sem_wait",
]  # fmt: skip

_UINT: Final = 4  # bytes


def sem_init(pshared: int = 0, value: int = 0) -> int:
    """Make a semaphore without a name; children inherit it, whatever pshared says.

    Raises:
        OSError: EMFILE, ENFILE, ENOSPC.
    """
    del pshared
    with Frame() as lwp:
        at = reserve(lwp, SIZEOF_SEM_ID)
        call("_ksem_init", value, at)
        return int.from_bytes(fetch(lwp, at, SIZEOF_SEM_ID), "little")


def sem_open(name: StrPath, oflag: int, mode: int = 0, value: int = 0) -> int:
    """Open the semaphore called name, or with O_CREAT make it.

    Raises:
        OSError: EACCES, EEXIST, EINVAL, EMFILE, ENAMETOOLONG, ENFILE, ENOENT, ENOSPC.
    """
    with Frame() as lwp:
        at = reserve(lwp, SIZEOF_SEM_ID)
        call("_ksem_open", pushstr(lwp, name), oflag, mode, value, at, about=(name,))
        return int.from_bytes(fetch(lwp, at, SIZEOF_SEM_ID), "little")


def sem_close(sem: int) -> int:
    """Close a semaphore that has a name.

    Raises:
        OSError: EINVAL.
    """
    return call("_ksem_close", sem)


def sem_destroy(sem: int) -> int:
    """Close a semaphore that has no name.

    Raises:
        OSError: EBUSY, EINVAL.
    """
    return call("_ksem_destroy", sem)


def sem_unlink(name: StrPath) -> int:
    """Take the name of a semaphore away.

    Raises:
        OSError: EACCES, ENAMETOOLONG, ENOENT.
    """
    with Frame() as lwp:
        return call("_ksem_unlink", pushstr(lwp, name), about=(name,))


def sem_post(sem: int) -> int:
    """Add 1.

    Raises:
        OSError: EINVAL, EOVERFLOW.
    """
    return call("_ksem_post", sem)


def sem_wait(sem: int) -> int:
    """Take 1, waiting until there is one.

    Raises:
        OSError: EINTR, EINVAL.
    """
    return call("_ksem_wait", sem)


def sem_timedwait(sem: int, abstime: Timespec | None) -> int:
    """Take 1, waiting no longer than until abstime.

    Raises:
        OSError: EINTR, EINVAL, ETIMEDOUT.
    """
    with Frame() as lwp:
        return call("_ksem_timedwait", sem, pushrecord(lwp, abstime))


def sem_trywait(sem: int) -> int:
    """Take 1 if there is one.

    Raises:
        OSError: EAGAIN, EINVAL.
    """
    return call("_ksem_trywait", sem)


def sem_getvalue(sem: int) -> int:
    """Return the value.

    Raises:
        OSError: EINVAL.
    """
    with Frame() as lwp:
        at = reserve(lwp, _UINT)
        call("_ksem_getvalue", sem, at)
        return int.from_bytes(fetch(lwp, at, _UINT), "little")
