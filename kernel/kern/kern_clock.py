# SPDX-License-Identifier: BSD-2-Clause
"""The clock interrupt: what is due at the time the trap looks up.  NetBSD sys/kern/kern_clock.c."""

from kernel.arch.python.clock import clock_uptime
from kernel.kern.kern_runq import SLICE, updatertime
from kernel.kern.kern_timeout import callout_hardclock, callout_schedule
from kernel.kern.sched_4bsd import LOAD_PERIOD, loadav
from kernel.sys.kernel import Kernel
from kernel.sys.sched import SCHED_FIFO
from kernel.sys.time import NEVER


def hardclock(kernel: Kernel) -> None:
    """Run the callouts that are due; at the end of the slice ask for a switch.

    Who is SCHED_FIFO has no slices.
    """
    running = kernel.curlwp
    if clock_uptime(kernel) >= kernel.loadtime + LOAD_PERIOD:
        loadav(kernel, kernel.nrunnable + (running is not None))
    callout_hardclock(kernel)
    if kernel.curlwp is not None:
        updatertime(kernel.curlwp)
    if clock_uptime(kernel) >= kernel.slice_end:
        others = bool(kernel.whichqs) and (running is None or running.l_class != SCHED_FIFO)
        kernel.shouldyield = others or kernel.shouldyield
        kernel.slice_end = NEVER if others else clock_uptime(kernel) + SLICE
        callout_schedule(kernel)


def cp_time(kernel: Kernel) -> tuple[int, int]:
    """Return what processes and their children have used since boot, and the rest, ns."""
    up = clock_uptime(kernel) - kernel.clock.boot
    busy = sum(
        used.ru_utime + used.ru_stime
        for p in kernel.allproc.values()
        for used in (p.p_stats, p.p_cru)
    )
    return busy, max(up - busy, 0)
