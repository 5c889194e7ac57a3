# SPDX-License-Identifier: BSD-2-Clause
"""The 4.4BSD scheduler: priorities sink with use of the CPU.  NetBSD sys/kern/sched_4bsd.c.

NetBSD recomputes every priority each second.  Here a priority is recomputed
when somebody joins the run queue a while after the last time: that is when it
counts, and an idle system has nothing to do each second.
"""

from typing import Final

from kernel.arch.python.clock import nanotime
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp, Proc
from kernel.sys.resource import PRIO_MAX
from kernel.sys.sched import PRI_KERNEL, SCHED_OTHER

FSHIFT: Final = 11
FSCALE: Final = 1 << FSHIFT  # of numbers with a fixed point

ESTCPU_SHIFT: Final = 11
ESTCPU_MAX: Final = (PRIO_MAX - 2) << ESTCPU_SHIFT
ESTCPU_ACCUM: Final = 1 << ESTCPU_SHIFT - 1  # what one tick of the scheduler's clock adds
SCHEDHZ: Final = 16  # its ticks a second
_TICK: Final = 1_000_000_000 // SCHEDHZ  # ns

PERIOD: Final = 100_000_000  # ns for which a priority stands
_NS: Final = 1_000_000_000

LOAD_PERIOD: Final = 5 * _NS  # between two looks at how many can run
# exp(-1/12), exp(-1/60), exp(-1/180): averages of 1, 5 and 15 minutes.
_CEXP: Final = tuple(int(x * FSCALE) for x in (0.9200444146, 0.9834714538, 0.9944598480))
_FORGOTTEN: Final = 4000  # looks after which nothing is left of any load


def resetpriority(lwp: Lwp) -> None:
    """Compute lwp's priority from what it has used of the CPU lately, and its nice value."""
    kernel = lwp.l_kernel
    now = kernel.clock.now
    lwp.l_pritime = now + PERIOD
    if lwp.l_class != SCHED_OTHER:
        return
    ticks = (lwp.l_rtime - lwp.l_esttime) // _TICK
    lwp.l_esttime += ticks * _TICK
    estcpu = min(lwp.l_estcpu + ticks * ESTCPU_ACCUM, ESTCPU_MAX)
    second = now // _NS
    if second != lwp.l_decayed:
        estcpu = decay_cpu_batch(2 * kernel.averunnable[0], estcpu, second - lwp.l_decayed)
        lwp.l_decayed = second
    lwp.l_estcpu = estcpu
    lwp.l_priority = max(PRI_KERNEL - 1 - (estcpu >> ESTCPU_SHIFT) - lwp.l_proc.p_nice, 0)


def decay_cpu_batch(loadfac: int, estcpu: int, seconds: int) -> int:
    """Return what is left of estcpu: of a second's share a part that grows with the load."""
    if seconds << FSHIFT >= 7 * loadfac:
        return 0
    for _ in range(seconds):
        estcpu = estcpu * loadfac // (loadfac + FSCALE)
    return estcpu


def sched_nice(p: Proc, nice: int) -> None:
    """Set p's nice value, which counts from now on."""
    p.p_nice = nice
    for lwp in p.p_lwps:
        lwp.l_pritime = 0


def sched_lwp_fork(parent: Lwp, lwp: Lwp) -> None:
    """A new LWP, or the first of a new process, starts with its maker's record and class."""
    lwp.l_estcpu = parent.l_estcpu
    lwp.l_decayed = parent.l_decayed
    lwp.l_class = parent.l_class
    lwp.l_priority = parent.l_priority
    lwp.l_affinity = parent.l_affinity


def sched_lwp_collect(lwp: Lwp, collected: Lwp) -> None:
    """Who waits for an LWP takes over what it has used."""
    lwp.l_estcpu = min(lwp.l_estcpu + collected.l_estcpu, ESTCPU_MAX)


def pctcpu(p: Proc, used: int) -> int:
    """Return which part of p's life used is, ns, in 1/FSCALE: there is no decaying average here."""
    life = nanotime(p.p_kernel) - p.p_start
    return min(used * FSCALE // life, FSCALE) if life > 0 else 0


def loadav(kernel: Kernel, runnable: int) -> None:
    """Take the looks at how many can run that are due: runnable, since the last look."""
    now = kernel.clock.now
    looks = (now - kernel.loadtime) // LOAD_PERIOD
    kernel.loadtime += looks * LOAD_PERIOD
    averages = kernel.averunnable
    if not runnable and (looks > _FORGOTTEN or not any(averages)):
        averages[:] = [0, 0, 0]
        return
    for _ in range(min(looks, _FORGOTTEN)):
        averages[:] = [
            (cexp * average + runnable * FSCALE * (FSCALE - cexp)) >> FSHIFT
            for cexp, average in zip(_CEXP, averages, strict=True)
        ]
