# SPDX-License-Identifier: BSD-2-Clause
"""Run queue and context switch.  NetBSD sys/kern/kern_runq.c, kern_synch.c (mi_switch, preempt).

Nothing here traces: KTR_CSW is written by the sleep, as in the seed's time.
"""

from kernel.arch.python.clock import clock_uptime
from kernel.arch.python.history import history_use
from kernel.arch.python.switch import cpu_switchto
from kernel.kern.kern_timeout import callout_schedule
from kernel.kern.sched_4bsd import resetpriority
from kernel.sys.kernel import Kernel
from kernel.sys.proc import LSONPROC, LSRUN, Lwp, Proc
from kernel.sys.sched import PPQ, PRI_USER_RT, RUNQUE_NQS, SCHED_OTHER
from kernel.sys.time import NEVER

SLICE = 100_000_000  # ns: roundrobin() ran ten times a second
_SEEDED_SLICE = 200_000  # ns: the longest slice when a seed shuffles the schedule


def setrunqueue(lwp: Lwp, boost: int = 0) -> None:
    """Put a runnable LWP at the tail of the run queue of its priority.

    With boost, PRI_KERNEL, it has slept in the kernel and comes before all who
    have not.  A seed shuffles who waits: then there is one queue.
    """
    kernel = lwp.l_kernel
    lwp.l_stat = LSRUN
    if kernel.seed is not None:
        qnum = 0
    else:
        if kernel.clock.now >= lwp.l_pritime:
            resetpriority(lwp)
        priority = lwp.l_priority
        if priority >= PRI_USER_RT:
            _enqueue_rt(lwp)
            return
        qnum = ((priority >> 1) + boost if boost else priority) // PPQ
    lwp.l_qnum = qnum
    kernel.runqs[qnum].append(lwp)
    kernel.whichqs |= 1 << qnum
    kernel.nrunnable += 1


def _enqueue_rt(lwp: Lwp) -> None:
    """Put a real-time LWP behind those of its priority, and before whoever has the CPU and less."""
    kernel = lwp.l_kernel
    lwp.l_qnum = qnum = lwp.l_priority // PPQ
    queue = kernel.runqs[qnum]
    at = len(queue)
    while at and queue[at - 1].l_priority < lwp.l_priority:
        at -= 1
    queue.insert(at, lwp)
    kernel.whichqs |= 1 << qnum
    kernel.nrunnable += 1
    running = kernel.curlwp
    if running is not None and running.l_priority < lwp.l_priority:
        kernel.shouldyield = running.l_astpending = True


def setrunqueue_first(lwp: Lwp) -> None:
    """Let lwp run before all others."""
    kernel = lwp.l_kernel
    lwp.l_stat = LSRUN
    lwp.l_qnum = qnum = RUNQUE_NQS - 1 if kernel.seed is None else 0
    kernel.runqs[qnum].appendleft(lwp)
    kernel.whichqs |= 1 << qnum
    kernel.nrunnable += 1


def setrunqueue_last(lwp: Lwp) -> None:
    """Let all others run before lwp, for once: sched_yield(2)."""
    kernel = lwp.l_kernel
    if lwp.l_class != SCHED_OTHER:
        setrunqueue(lwp)
        return
    lwp.l_stat = LSRUN
    lwp.l_qnum = 0
    kernel.runqs[0].append(lwp)
    kernel.whichqs |= 1
    kernel.nrunnable += 1


def remrunqueue(lwp: Lwp) -> None:
    """Take lwp off its run queue."""
    kernel = lwp.l_kernel
    queue = kernel.runqs[lwp.l_qnum]
    queue.remove(lwp)
    kernel.nrunnable -= 1
    if not queue:
        kernel.whichqs &= ~(1 << lwp.l_qnum)


def runq_next(kernel: Kernel) -> Lwp | None:
    """Take the next LWP to run: the first of the best queue, or with a seed any."""
    if not kernel.whichqs:
        return None
    qnum = kernel.whichqs.bit_length() - 1
    queue = kernel.runqs[qnum]
    if kernel.seed is not None and len(queue) > 1:
        queue.rotate(-kernel.rng.randrange(len(queue)))
    kernel.nrunnable -= 1
    lwp = queue.popleft()
    if not queue:
        kernel.whichqs &= ~(1 << qnum)
    return lwp


def runq_clear(kernel: Kernel) -> None:
    """Let nobody run any more: the system goes down."""
    for queue in kernel.runqs:
        queue.clear()
    kernel.whichqs = kernel.nrunnable = 0


def mi_switch(lwp: Lwp) -> None:
    """Give up the CPU; return when lwp is chosen again.

    Preconditions: lwp is on the run queue, or somebody will put it there.
    """
    kernel = lwp.l_kernel
    updatertime(lwp)
    chosen = runq_next(kernel)
    if chosen is None:
        kernel.curlwp = None
        cpu_switchto(kernel.idle)
        return
    oncpu(chosen)
    if chosen is lwp:
        return
    if chosen.l_pcb:
        cpu_switchto(chosen.l_pcb)
    else:  # a stack starts as deep as the one it is started from: the idle loop's is not deep
        kernel.starting = chosen.l_pcb
        cpu_switchto(kernel.idle)


def host_stop(kernel: Kernel, signo: int) -> None:
    """Let the host go on, as it has got signo; who has the CPU is the next to have it again."""
    kernel.stopped = signo
    kernel.hostdone = lambda: True
    lwp = kernel.curlwp
    if lwp is not None:
        setrunqueue_first(lwp)
        updatertime(lwp)
        kernel.curlwp = None
        cpu_switchto(kernel.idle)


def oncpu(lwp: Lwp) -> None:
    """Make lwp the current one and give it a time slice."""
    kernel = lwp.l_kernel
    kernel.curlwp = lwp
    lwp.l_stat = LSONPROC
    if lwp.l_history is not None:
        history_use(lwp)
    kernel.shouldyield = False
    length = SLICE if kernel.seed is None else kernel.rng.randrange(1_000, _SEEDED_SLICE)
    clock = kernel.clock
    now = clock_uptime(kernel) if clock.real else clock.now
    kernel.switchtime = now
    kernel.slice_end = end = now + length
    if lwp.l_proc.p_cpuevent < NEVER:
        _cut_slice(kernel, lwp.l_proc)
        callout_schedule(kernel)
    elif kernel.callouts:
        callout_schedule(kernel)
    else:
        clock.event = end


def cpu_event(p: Proc) -> None:
    """What waits for p's CPU time has changed: a limit, a timer; look when the first is due."""
    p.p_cpuevent = min(p.p_cpulimit, p.p_cputimer)
    kernel = p.p_kernel
    if kernel.curlwp is not None and kernel.curlwp.l_proc is p:
        _cut_slice(kernel, p)
        callout_schedule(kernel)


def _cut_slice(kernel: Kernel, p: Proc) -> None:
    """Have the slice of p, which is on the CPU, end when something waits for its CPU time."""
    left = p.p_cpuevent - p.p_stats.ru_stime
    kernel.slice_end = min(kernel.slice_end, kernel.switchtime + max(left, 0))


def updatertime(lwp: Lwp) -> None:
    """Charge the process of lwp, which is on the CPU, for the time since it got there.

    It counts as system time: the modelled cost of calls is all the time there is.  When
    a limit or a timer waits for it, the process looks at that at its return to user mode.
    """
    kernel = lwp.l_kernel
    clock = kernel.clock
    now = clock_uptime(kernel) if clock.real else clock.now
    used = now - kernel.switchtime
    lwp.l_rtime += used
    p = lwp.l_proc
    p.p_stats.ru_stime = total = p.p_stats.ru_stime + used
    if total >= p.p_cpuevent:
        lwp.l_astpending = True
    kernel.switchtime = now


def preempt(lwp: Lwp) -> None:
    """Let the other runnable LWPs go first; an involuntary switch."""
    kernel = lwp.l_kernel
    kernel.shouldyield = False
    if kernel.whichqs:
        lwp.l_proc.p_stats.ru_nivcsw += 1
        setrunqueue(lwp)
        mi_switch(lwp)
