# SPDX-License-Identifier: BSD-2-Clause
"""Condition variables.  NetBSD lib/libpthread/pthread_cond.c."""

from collections import deque

from kernel.sys.errno import Errno
from kernel.sys.time import CLOCK_MONOTONIC, CLOCK_REALTIME, Timespec
from userland.libc.cerror import cerror
from userland.libc.pthread_int import Waiter, pthread_self, wake_all, wake_first
from userland.libc.pthread_mutex import (
    PthreadMutex,
    pthread_mutex_lock,
    pthread_mutex_unlock,
)

__all__ = [
    "PthreadCond", "pthread_cond_broadcast", "pthread_cond_destroy", "pthread_cond_init",
    "pthread_cond_signal", "pthread_cond_timedwait", "pthread_cond_wait",
]  # fmt: skip


class PthreadCond:
    """A condition variable (pthread_cond_t)."""

    __slots__ = ("clock", "waiters")

    def __init__(self, clock: int = CLOCK_REALTIME) -> None:
        self.clock = clock
        self.waiters: deque[Waiter] = deque()


def pthread_cond_init(clock: int = CLOCK_REALTIME) -> PthreadCond:
    """Return a new condition variable; times are by clock.

    Raises:
        OSError: EINVAL, there is no such clock.
    """
    if clock not in (CLOCK_REALTIME, CLOCK_MONOTONIC):
        cerror(Errno.EINVAL)
    return PthreadCond(clock)


def pthread_cond_destroy(cond: PthreadCond) -> int:
    """Give up a condition variable.

    Raises:
        OSError: EBUSY, somebody waits.
    """
    if cond.waiters:
        cerror(Errno.EBUSY)
    return 0


def pthread_cond_wait(cond: PthreadCond, mutex: PthreadMutex) -> int:
    """Let mutex go, wait to be signalled, take mutex again.

    Raises:
        OSError: EPERM, the caller has not locked mutex.
    """
    return pthread_cond_timedwait(cond, mutex, None)


def pthread_cond_timedwait(cond: PthreadCond, mutex: PthreadMutex, abstime: Timespec | None) -> int:
    """pthread_cond_wait, until a time by cond's clock at most.

    Raises:
        OSError: ETIMEDOUT. EPERM. EINVAL, abstime.
    """
    waiter = Waiter(pthread_self())
    cond.waiters.append(waiter)
    signalled = False
    try:
        pthread_mutex_unlock(mutex)
        try:
            signalled = waiter.park(abstime, cond.clock)
        finally:
            pthread_mutex_lock(mutex)
    finally:
        signalled = signalled or waiter.woken
        if not signalled:
            cond.waiters.remove(waiter)
    if not signalled:
        cerror(Errno.ETIMEDOUT)
    return 0


def pthread_cond_signal(cond: PthreadCond) -> int:
    """Wake who has waited longest, if anybody does."""
    wake_first(cond.waiters)
    return 0


def pthread_cond_broadcast(cond: PthreadCond) -> int:
    """Wake all who wait."""
    wake_all(cond.waiters)
    return 0
