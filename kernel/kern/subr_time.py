# SPDX-License-Identifier: BSD-2-Clause
"""Times that programs wait by.  NetBSD sys/kern/subr_time.c."""

from kernel.arch.python.clock import clock_gettime
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel
from kernel.sys.time import CLOCK_MONOTONIC, CLOCK_REALTIME, TIMER_ABSTIME, Timespec


def itimespecfix(ts: Timespec) -> int:
    """Return an interval in ns.

    Raises:
        KernelError: EINVAL, it is malformed. ETIMEDOUT, it is negative.
    """
    if not 0 <= ts.tv_nsec < 1_000_000_000:
        raise KernelError(Errno.EINVAL)
    if ts.tv_sec < 0:
        raise KernelError(Errno.ETIMEDOUT)
    return ts.ns


def ts2timo(kernel: Kernel, clock_id: int, flags: int, ts: Timespec) -> int:
    """Return how long to sleep, ns: ts, or with TIMER_ABSTIME in flags until ts by that clock.

    Raises:
        KernelError: EINVAL, there is no such clock, or ts is malformed. ETIMEDOUT, it is past.
    """
    if clock_id not in (CLOCK_REALTIME, CLOCK_MONOTONIC) or not 0 <= ts.tv_nsec < 1_000_000_000:
        raise KernelError(Errno.EINVAL)
    delay = ts.ns
    if flags & TIMER_ABSTIME:
        delay -= clock_gettime(kernel, clock_id)
    if delay <= 0:
        raise KernelError(Errno.ETIMEDOUT)
    return delay
