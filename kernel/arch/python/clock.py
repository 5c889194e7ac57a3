# SPDX-License-Identifier: BSD-2-Clause
"""Time: virtual, advanced by a modelled cost; or the host's.  NetBSD timecounter(9)."""

import time

from kernel.sys.kernel import Clock, Kernel
from kernel.sys.time import CLOCK_MONOTONIC

SYSCALL_COST = 1_000  # ns of virtual time a system call takes


def clock_init(real: bool) -> Clock:
    """Make the clock of a kernel that boots: at a fixed date, or with the host's time."""
    if not real:
        return Clock()
    now = time.time_ns()
    return Clock(now=now, boot=now, real=True)


def nanotime(kernel: Kernel) -> int:
    """Return the time of day, ns since the epoch."""
    clock = kernel.clock
    return (clock_uptime(kernel) if clock.real else clock.now) + clock.offset


def clock_uptime(kernel: Kernel) -> int:
    """Return what callouts are due on: ns, never going back."""
    clock = kernel.clock
    if clock.real:
        clock.now = max(clock.now, time.time_ns())
    return clock.now


def clock_idle(kernel: Kernel, until: int) -> None:
    """Nothing can run before until (ns): jump there, or wait a little for the host's clock.

    A wait is cut short so that the idle loop sees what the host's signals post.
    """
    clock = kernel.clock
    if clock.real:
        delay = until - clock_uptime(kernel)
        if delay > 0:
            time.sleep(min(delay / 1e9, 0.05))
        clock_uptime(kernel)
    elif until > clock.now:
        clock.now = until


def clock_settime(kernel: Kernel, when: int) -> None:
    """Make the time of day when, ns; callouts keep their distance, who asked to know is told."""
    kernel.clock.offset += when - nanotime(kernel)
    for stepped in list(kernel.clock_steps.values()):
        stepped()


def clock_gettime(kernel: Kernel, clock_id: int) -> int:
    """Return a clock's reading, ns; CLOCK_MONOTONIC counts from boot."""
    if clock_id == CLOCK_MONOTONIC:
        return clock_uptime(kernel) - kernel.clock.boot
    return nanotime(kernel)
