# SPDX-License-Identifier: BSD-2-Clause
"""Barriers: all wait until all have come.  NetBSD lib/libpthread/pthread_barrier.c."""

from collections import deque
from typing import Final

from kernel.sys.errno import Errno
from userland.libc.cerror import cerror
from userland.libc.pthread_int import Waiter, park_on, wake_all

__all__ = [
    "PTHREAD_BARRIER_SERIAL_THREAD", "PthreadBarrier", "pthread_barrier_destroy",
    "pthread_barrier_init", "pthread_barrier_wait",
]  # fmt: skip

PTHREAD_BARRIER_SERIAL_THREAD: Final = 1234567


class PthreadBarrier:
    """A barrier (pthread_barrier_t)."""

    __slots__ = ("count", "waiters")

    def __init__(self, count: int) -> None:
        self.count = count
        self.waiters: deque[Waiter] = deque()


def pthread_barrier_init(count: int) -> PthreadBarrier:
    """Return a barrier for count threads.

    Raises:
        OSError: EINVAL, count is 0.
    """
    if count < 1:
        cerror(Errno.EINVAL)
    return PthreadBarrier(count)


def pthread_barrier_destroy(barrier: PthreadBarrier) -> int:
    """Give up a barrier.

    Raises:
        OSError: EBUSY, somebody waits.
    """
    if barrier.waiters:
        cerror(Errno.EBUSY)
    return 0


def pthread_barrier_wait(barrier: PthreadBarrier) -> int:
    """Wait until as many threads as it is for have come; the last one gets SERIAL_THREAD."""
    if len(barrier.waiters) + 1 == barrier.count:
        wake_all(barrier.waiters)
        return PTHREAD_BARRIER_SERIAL_THREAD
    park_on(barrier.waiters)
    return 0
