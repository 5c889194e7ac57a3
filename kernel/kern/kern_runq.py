# SPDX-License-Identifier: BSD-2-Clause
"""Run queue and context switch.  NetBSD sys/kern/kern_runq.c, kern_synch.c (mi_switch, preempt).

Nothing here traces: KTR_CSW is written by the sleep, as in the seed's time.
"""

from kernel.arch.python.clock import clock_uptime
from kernel.arch.python.history import history_use
from kernel.arch.python.switch import cpu_switchto
from kernel.kern.kern_timeout import callout_schedule
from kernel.sys.kernel import Kernel
from kernel.sys.proc import LSONPROC, LSRUN, Lwp

SLICE = 100_000_000  # ns: roundrobin() ran ten times a second
_SEEDED_SLICE = 200_000  # ns: the longest slice when a seed shuffles the schedule


def setrunqueue(lwp: Lwp) -> None:
    """Put a runnable LWP at the tail of the run queue."""
    lwp.l_stat = LSRUN
    lwp.l_kernel.runq.append(lwp)


def runq_next(kernel: Kernel) -> Lwp | None:
    """Take the next LWP to run: the first, or with a seed any."""
    runq = kernel.runq
    if not runq:
        return None
    if kernel.seed is not None and len(runq) > 1:
        runq.rotate(-kernel.rng.randrange(len(runq)))
    return runq.popleft()


def mi_switch(lwp: Lwp) -> None:
    """Give up the CPU; return when lwp is chosen again.

    Preconditions: lwp is on the run queue, or somebody will put it there.
    """
    kernel = lwp.l_kernel
    updatertime(lwp)
    chosen = runq_next(kernel)
    if chosen is lwp:
        oncpu(lwp)
        return
    if chosen is None:
        kernel.curlwp = None
        cpu_switchto(kernel.idle)
    else:
        oncpu(chosen)
        cpu_switchto(chosen.l_pcb)


def oncpu(lwp: Lwp) -> None:
    """Make lwp the current one and give it a time slice."""
    kernel = lwp.l_kernel
    kernel.curlwp = lwp
    lwp.l_stat = LSONPROC
    if lwp.l_history is not None:
        history_use(lwp)
    kernel.shouldyield = False
    length = SLICE if kernel.seed is None else kernel.rng.randrange(1_000, _SEEDED_SLICE)
    now = clock_uptime(kernel)
    kernel.switchtime = now
    kernel.slice_end = now + length
    callout_schedule(kernel)


def updatertime(lwp: Lwp) -> None:
    """Charge the process of lwp, which is on the CPU, for the time since it got there.

    It counts as system time: the modelled cost of calls is all the time there is.  Past
    RLIMIT_CPU it has to answer for it at its return to user mode.
    """
    kernel = lwp.l_kernel
    now = clock_uptime(kernel)
    used = now - kernel.switchtime
    lwp.l_rtime += used
    p = lwp.l_proc
    p.p_stats.ru_stime += used
    if p.p_stats.ru_stime >= p.p_cpulimit:
        lwp.l_astpending = True
    kernel.switchtime = now


def preempt(lwp: Lwp) -> None:
    """Let the other runnable LWPs go first; an involuntary switch."""
    kernel = lwp.l_kernel
    kernel.shouldyield = False
    if kernel.runq:
        lwp.l_proc.p_stats.ru_nivcsw += 1
        setrunqueue(lwp)
        mi_switch(lwp)
