# SPDX-License-Identifier: BSD-2-Clause
"""Locks for many readers or one writer.  NetBSD lib/libpthread/pthread_rwlock.c."""

from collections import deque

from kernel.sys.errno import Errno
from kernel.sys.time import Timespec
from userland.libc.cerror import cerror
from userland.libc.pthread_int import Pthread, Waiter, park_on, pthread_self, wake_all, wake_first

__all__ = [
    "PthreadRwlock", "pthread_rwlock_destroy", "pthread_rwlock_init", "pthread_rwlock_rdlock",
    "pthread_rwlock_timedrdlock", "pthread_rwlock_timedwrlock", "pthread_rwlock_tryrdlock",
    "pthread_rwlock_trywrlock", "pthread_rwlock_unlock", "pthread_rwlock_wrlock",
]  # fmt: skip


class PthreadRwlock:
    """A readers' and writers' lock (pthread_rwlock_t)."""

    __slots__ = ("owner", "readers", "rwaiters", "wwaiters")

    def __init__(self) -> None:
        self.owner: Pthread | None = None  # the writer
        self.readers = 0
        self.rwaiters: deque[Waiter] = deque()
        self.wwaiters: deque[Waiter] = deque()


def pthread_rwlock_init() -> PthreadRwlock:
    """Return a new lock."""
    return PthreadRwlock()


def pthread_rwlock_destroy(lock: PthreadRwlock) -> int:
    """Give up a lock.

    Raises:
        OSError: EBUSY, it is in use.
    """
    if lock.owner is not None or lock.readers or lock.rwaiters or lock.wwaiters:
        cerror(Errno.EBUSY)
    return 0


def pthread_rwlock_rdlock(lock: PthreadRwlock) -> int:
    """Take a lock to read; wait while somebody writes, or waits to.

    Raises:
        OSError: EDEADLK, the caller writes.
    """
    return pthread_rwlock_timedrdlock(lock, None)


def pthread_rwlock_timedrdlock(lock: PthreadRwlock, abstime: Timespec | None) -> int:
    """pthread_rwlock_rdlock, until a time of day at most.

    Raises:
        OSError: ETIMEDOUT. EDEADLK. EINVAL, abstime.
    """
    if lock.owner is pthread_self():
        cerror(Errno.EDEADLK)
    while lock.owner is not None or lock.wwaiters:
        if not park_on(lock.rwaiters, abstime):
            cerror(Errno.ETIMEDOUT)
        if lock.owner is None:  # woken by who let it go: now it is the readers' turn
            break
    lock.readers += 1
    return 0


def pthread_rwlock_tryrdlock(lock: PthreadRwlock) -> int:
    """Take a lock to read if that needs no waiting.

    Raises:
        OSError: EBUSY, it does.
    """
    if lock.owner is not None or lock.wwaiters:
        cerror(Errno.EBUSY)
    lock.readers += 1
    return 0


def pthread_rwlock_wrlock(lock: PthreadRwlock) -> int:
    """Take a lock to write; wait while somebody reads or writes.

    Raises:
        OSError: EDEADLK, the caller writes already.
    """
    return pthread_rwlock_timedwrlock(lock, None)


def pthread_rwlock_timedwrlock(lock: PthreadRwlock, abstime: Timespec | None) -> int:
    """pthread_rwlock_wrlock, until a time of day at most.

    Raises:
        OSError: ETIMEDOUT. EDEADLK. EINVAL, abstime.
    """
    mine = pthread_self()
    if lock.owner is mine:
        cerror(Errno.EDEADLK)
    while lock.owner is not None or lock.readers:
        if not park_on(lock.wwaiters, abstime):
            if not lock.wwaiters and lock.owner is None:
                wake_all(lock.rwaiters)
            cerror(Errno.ETIMEDOUT)
    lock.owner = mine
    return 0


def pthread_rwlock_trywrlock(lock: PthreadRwlock) -> int:
    """Take a lock to write if it is free.

    Raises:
        OSError: EBUSY, it is not.
    """
    if lock.owner is not None or lock.readers:
        cerror(Errno.EBUSY)
    lock.owner = pthread_self()
    return 0


def pthread_rwlock_unlock(lock: PthreadRwlock) -> int:
    """Let a lock go: after a writer the readers that wait come, else a writer.

    Raises:
        OSError: EPERM, the caller has not locked it.
    """
    if lock.owner is pthread_self():
        lock.owner = None
        if lock.rwaiters:
            wake_all(lock.rwaiters)
        else:
            wake_first(lock.wwaiters)
        return 0
    if lock.owner is not None or not lock.readers:
        cerror(Errno.EPERM)
    lock.readers -= 1
    if not lock.readers:
        wake_first(lock.wwaiters)
    return 0
