# SPDX-License-Identifier: BSD-2-Clause
"""Callouts: functions called at a time.  NetBSD sys/kern/kern_timeout.c."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from kernel.arch.python.clock import clock_uptime
from kernel.sys.dataclasses import dataclass
from kernel.sys.kernel import Kernel
from kernel.sys.time import NEVER

_SLACK = 64  # keys of callouts that were stopped, which the queue may hold besides


@dataclass(slots=True, eq=False)
class Callout:
    """One pending call; c_key orders the queue: (when in ns, sequence)."""

    c_key: tuple[int, int]
    c_func: Callable[..., object]
    c_args: tuple[Any, ...]


def callout_reset(
    kernel: Kernel, delay: int, func: Callable[..., object], *args: object
) -> Callout:
    """Have func(*args) called delay ns from now; return what callout_stop takes."""
    kernel.calloutseq += 1
    callout = Callout((clock_uptime(kernel) + delay, kernel.calloutseq), func, args)
    kernel.callouts[callout.c_key] = callout
    heappush(kernel.calloutq, callout.c_key)
    callout_schedule(kernel)
    return callout


def callout_stop(kernel: Kernel, callout: Callout) -> bool:
    """Take the callout back; return whether it was still pending."""
    found = kernel.callouts.pop(callout.c_key, None) is not None
    if len(kernel.calloutq) > _SLACK + 2 * len(kernel.callouts):
        kernel.calloutq = sorted(kernel.callouts)
    callout_schedule(kernel)
    return found


def callout_next(kernel: Kernel) -> int:
    """Return when the first callout is due, ns; NEVER if there is none, or time ends before."""
    callouts, queue = kernel.callouts, kernel.calloutq
    while queue:
        if queue[0] in callouts:
            return min(queue[0][0], NEVER)
        heappop(queue)
    return NEVER


def callout_schedule(kernel: Kernel) -> None:
    """Set the time at which the trap looks up: a callout or the slice's end."""
    event = kernel.slice_end
    if kernel.callouts:
        event = min(callout_next(kernel), event)
    kernel.clock.event = event


def callout_hardclock(kernel: Kernel) -> None:
    """Call what is due."""
    now = clock_uptime(kernel)
    while callout_next(kernel) <= now:
        callout = kernel.callouts.pop(heappop(kernel.calloutq))
        callout.c_func(*callout.c_args)
    callout_schedule(kernel)
