# SPDX-License-Identifier: BSD-2-Clause
"""The idle loop: what the CPU does when the LWP on it has gone.  NetBSD sys/kern/kern_idle.c."""

from kernel.arch.python.clock import clock_idle
from kernel.arch.python.switch import cpu_return, cpu_switchto
from kernel.kern.kern_clock import hardclock
from kernel.kern.kern_runq import oncpu, runq_next
from kernel.kern.kern_sig import signal_host
from kernel.kern.kern_sleepq import sleepq_wake
from kernel.kern.kern_timeout import callout_next
from kernel.sys.kernel import Kernel
from kernel.sys.time import NEVER


def idle_loop(kernel: Kernel) -> None:
    """Run whoever can run, take input, jump to the next callout; else go back to the host.

    It goes back, too, once kernel.hostdone says that what the host waited for
    has happened.  Entered anew by each cpu_enter.
    """
    while True:
        if kernel.starting is not None:
            context, kernel.starting = kernel.starting, None
            cpu_switchto(context)
            continue
        if kernel.hostdone is not None and kernel.hostdone():
            cpu_return()
            continue
        if kernel.signals or kernel.stopping:
            signal_host(kernel)
        chosen = runq_next(kernel)
        if chosen is not None:
            oncpu(chosen)
            cpu_switchto(chosen.l_pcb)
            continue
        kernel.curlwp = None
        if _poll(kernel, block=False):
            continue
        when = callout_next(kernel)
        if when != NEVER or kernel.inputs:
            _wait_begins(kernel)
        if when != NEVER:
            clock_idle(kernel, when)
            hardclock(kernel)
        elif kernel.inputs:
            _poll(kernel, block=True)  # for a moment: the host's signals are looked at, too
        else:
            cpu_return()


def _wait_begins(kernel: Kernel) -> None:
    """Let the host have what was written, if it is the host's time that passes now."""
    if kernel.inputs or kernel.clock.real:
        for flush in kernel.behind.values():
            flush()


def _poll(kernel: Kernel, block: bool) -> bool:
    """Wake those whose input has come; return whether there was any."""
    ready = [chan for chan, poll in kernel.inputs.items() if poll(block)]
    for chan in ready:
        del kernel.inputs[chan]
        sleepq_wake(kernel, chan)
    return bool(ready)
