# SPDX-License-Identifier: BSD-2-Clause
"""Sleep queues: who waits on which channel.  NetBSD sys/kern/kern_sleepq.c."""

from kernel.kern.kern_runq import setrunqueue
from kernel.kern.kern_timeout import callout_stop
from kernel.sys.errno import Errno
from kernel.sys.kernel import Kernel
from kernel.sys.proc import LSSLEEP, LW_SINTR, Lwp
from kernel.sys.sched import PRI_KERNEL


def sleepq_enter(lwp: Lwp, chan: object, wmesg: str, catch: bool) -> None:
    """Note that lwp sleeps on chan; catch says that a signal may end the sleep."""
    kernel = lwp.l_kernel
    lwp.l_wchan = chan
    lwp.l_wmesg = wmesg
    lwp.l_wakeup = None
    lwp.l_stat = LSSLEEP
    lwp.l_slpstart = kernel.clock.now
    if catch:
        lwp.l_flag |= LW_SINTR
    if chan in kernel.sleepq:
        kernel.sleepq[chan].append(lwp)
    else:
        kernel.sleepq[chan] = [lwp]


def sleepq_remove(lwp: Lwp, why: Errno | None = None) -> None:
    """End lwp's sleep and make it runnable; why is what tsleep fails with, None for a wakeup."""
    _leave(lwp)
    _awaken(lwp, why)


def sleepq_transfer(lwp: Lwp, chan: object) -> None:
    """Let lwp, which sleeps, sleep on another channel."""
    kernel = lwp.l_kernel
    _leave(lwp)
    lwp.l_wchan = chan
    kernel.sleepq.setdefault(chan, []).append(lwp)


def _leave(lwp: Lwp) -> None:
    """Take lwp off the queue of its channel."""
    kernel = lwp.l_kernel
    sleepers = kernel.sleepq[lwp.l_wchan]
    sleepers.remove(lwp)
    if not sleepers:
        del kernel.sleepq[lwp.l_wchan]


def sleepq_wake(kernel: Kernel, chan: object) -> None:
    """Make every sleeper on chan runnable, in the order they came."""
    sleepers = kernel.sleepq.pop(chan, None)
    if sleepers is not None:
        for lwp in sleepers:
            _awaken(lwp, None)


def _awaken(lwp: Lwp, why: Errno | None) -> None:
    if lwp.l_timeout is not None:
        callout_stop(lwp.l_kernel, lwp.l_timeout)
        lwp.l_timeout = None
    lwp.l_wchan = None
    lwp.l_wmesg = ""
    lwp.l_wakeup = why
    lwp.l_flag &= ~LW_SINTR
    if lwp.l_stat == LSSLEEP:  # else it was stopped or suspended in its sleep, and stays so
        setrunqueue(lwp, PRI_KERNEL)
