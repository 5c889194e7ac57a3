# SPDX-License-Identifier: BSD-2-Clause
"""Mutexes, and what is done once.  NetBSD lib/libpthread/pthread_mutex.c, pthread_once.c."""

from collections import deque
from collections.abc import Callable
from typing import Final

from kernel.sys.errno import Errno
from kernel.sys.time import Timespec
from userland.libc.cerror import cerror
from userland.libc.pthread_int import Pthread, Waiter, park_on, pthread_self, wake_first

__all__ = [
    "PTHREAD_MUTEX_ERRORCHECK", "PTHREAD_MUTEX_NORMAL", "PTHREAD_MUTEX_RECURSIVE", "PthreadMutex",
    "PthreadOnce", "pthread_mutex_destroy", "pthread_mutex_init", "pthread_mutex_lock",
    "pthread_mutex_timedlock", "pthread_mutex_trylock", "pthread_mutex_unlock", "pthread_once",
]  # fmt: skip

PTHREAD_MUTEX_NORMAL: Final = 0
PTHREAD_MUTEX_ERRORCHECK: Final = 1
PTHREAD_MUTEX_RECURSIVE: Final = 2


class PthreadMutex:
    """A mutex (pthread_mutex_t); a new one is free."""

    __slots__ = ("depth", "owner", "type", "waiters")

    def __init__(self, type: int = PTHREAD_MUTEX_NORMAL) -> None:
        self.type = type
        self.owner: Pthread | None = None
        self.depth = 0  # how often its owner has locked it besides
        self.waiters: deque[Waiter] = deque()


def pthread_mutex_init(type: int = PTHREAD_MUTEX_NORMAL) -> PthreadMutex:
    """Return a new mutex: NORMAL, ERRORCHECK or RECURSIVE.

    Raises:
        OSError: EINVAL, there is no such type.
    """
    if not PTHREAD_MUTEX_NORMAL <= type <= PTHREAD_MUTEX_RECURSIVE:
        cerror(Errno.EINVAL)
    return PthreadMutex(type)


def pthread_mutex_destroy(mutex: PthreadMutex) -> int:
    """Give up a mutex.

    Raises:
        OSError: EBUSY, it is locked.
    """
    if mutex.owner is not None:
        cerror(Errno.EBUSY)
    return 0


def pthread_mutex_lock(mutex: PthreadMutex) -> int:
    """Take a mutex; wait while another thread has it.

    Raises:
        OSError: EDEADLK, the caller has it, and it is ERRORCHECK.
    """
    return pthread_mutex_timedlock(mutex, None)


def pthread_mutex_timedlock(mutex: PthreadMutex, abstime: Timespec | None) -> int:
    """Take a mutex; wait until a time of day at most.

    Raises:
        OSError: ETIMEDOUT. EDEADLK, as pthread_mutex_lock. EINVAL, abstime.
    """
    mine = pthread_self()
    if mutex.owner is mine and mutex.type != PTHREAD_MUTEX_NORMAL:
        if mutex.type == PTHREAD_MUTEX_ERRORCHECK:
            cerror(Errno.EDEADLK)
        mutex.depth += 1
        return 0
    while mutex.owner is not None:
        if not park_on(mutex.waiters, abstime):
            cerror(Errno.ETIMEDOUT)
    mutex.owner = mine
    return 0


def pthread_mutex_trylock(mutex: PthreadMutex) -> int:
    """Take a mutex if it is free.

    Raises:
        OSError: EBUSY, it is not.
    """
    mine = pthread_self()
    if mutex.owner is mine and mutex.type == PTHREAD_MUTEX_RECURSIVE:
        mutex.depth += 1
    elif mutex.owner is not None:
        cerror(Errno.EBUSY)
    else:
        mutex.owner = mine
    return 0


def pthread_mutex_unlock(mutex: PthreadMutex) -> int:
    """Let a mutex go; who has waited longest tries to take it.

    Raises:
        OSError: EPERM, the caller has not locked it.
    """
    if mutex.owner is not pthread_self():
        cerror(Errno.EPERM)
    if mutex.depth:
        mutex.depth -= 1
        return 0
    mutex.owner = None
    wake_first(mutex.waiters)
    return 0


class PthreadOnce:
    """What says whether something was done (pthread_once_t)."""

    __slots__ = ("done", "mutex")

    def __init__(self) -> None:
        self.done = False
        self.mutex = PthreadMutex()


def pthread_once(once: PthreadOnce, routine: Callable[[], object]) -> int:
    """Call routine unless that was done; return when it has returned, whoever calls it."""
    if not once.done:
        pthread_mutex_lock(once.mutex)
        try:
            if not once.done:
                routine()
                once.done = True
        finally:
            pthread_mutex_unlock(once.mutex)
    return 0
