# SPDX-License-Identifier: BSD-2-Clause
"""The 4.4BSD scheduler: who uses the CPU sinks, who sleeps rises, who is nice waits."""

from collections.abc import Callable

import pytest

from kernel import api
from kernel.api import Process
from kernel.kern.kern_clock import hardclock
from kernel.kern.kern_runq import runq_next, setrunqueue
from kernel.kern.sched_4bsd import (
    ESTCPU_MAX,
    FSCALE,
    decay_cpu_batch,
    loadav,
    resetpriority,
    sched_nice,
)
from kernel.sys.proc import Lwp
from kernel.sys.sched import PRI_KERNEL, SCHED_FIFO, SCHED_RR
from tests.lwps import park
from userland.libc import include as libc

SECOND = 1_000_000_000


@pytest.fixture
def lwp(k: api.System) -> Lwp:
    """An LWP that has used nothing."""
    made = Lwp(k.root().proc, 9, k.kernel)
    resetpriority(made)
    return made


def uses(lwp: Lwp, ns: int) -> None:
    """Let lwp have used the CPU for ns."""
    lwp.l_rtime += ns
    lwp.l_kernel.clock.now += ns
    resetpriority(lwp)


def test_the_priority_of_who_uses_nothing(lwp):
    """PRI_KERNEL - 1 less the nice value, NZERO."""
    resetpriority(lwp)
    assert lwp.l_priority == PRI_KERNEL - 1 - 20


def test_use_of_the_cpu_lowers_the_priority(lwp):
    """Eight steps a second, at most eighteen in all."""
    lwp.l_kernel.averunnable[:] = [100 * FSCALE] * 3  # nothing is forgotten
    uses(lwp, SECOND)
    after = lwp.l_priority
    assert after == pytest.approx(43 - 8, abs=1)
    for _ in range(9):
        uses(lwp, SECOND)
    assert lwp.l_priority in (43 - 18, 43 - 17)  # of the last second a little is forgotten
    assert lwp.l_estcpu <= ESTCPU_MAX


def test_small_uses_add_up(lwp):
    """However often the priority is computed."""
    lwp.l_decayed = lwp.l_kernel.clock.now // SECOND
    for _ in range(200):
        uses(lwp, 2_000_000)
    assert lwp.l_priority == 43 - 3


@pytest.mark.parametrize("load", [1, 2, 4])
def test_nine_tenths_are_forgotten_in_five_times_the_load(load):
    """The decay of each second depends on the load average."""
    left = decay_cpu_batch(2 * load * FSCALE, 1 << 30, 5 * load)
    assert 0.07 < left / (1 << 30) < 0.14


def test_a_long_sleep_forgets_all(lwp):
    """Seven times the load factor is enough."""
    lwp.l_kernel.averunnable[:] = [FSCALE] * 3
    uses(lwp, 3 * SECOND)
    assert lwp.l_priority < 43
    lwp.l_kernel.clock.now += 14 * SECOND
    resetpriority(lwp)
    assert lwp.l_priority == 43


def test_nice_counts_at_once(lwp):
    """One level each; never below 0."""
    proc = lwp.l_proc
    proc.p_lwps.append(lwp)
    resetpriority(lwp)
    sched_nice(proc, 40)
    setrunqueue(lwp)
    assert lwp.l_priority == 23
    assert runq_next(lwp.l_kernel) is lwp
    proc.p_lwps.remove(lwp)


def test_the_better_queue_is_served_first(k):
    """Woken in the kernel, real time, nice or not: the best first, each queue in order."""
    kernel = k.kernel
    user, second, nice, woken, realtime = (Lwp(k.root().proc, 9, kernel) for _ in range(5))
    for each, priority in ((user, 43), (second, 42), (nice, 20), (woken, 43), (realtime, 100)):
        each.l_priority, each.l_pritime = priority, 1 << 62
    for each in (nice, user, second):
        setrunqueue(each)
    setrunqueue(woken, PRI_KERNEL)
    setrunqueue(realtime)
    order = [runq_next(kernel) for _ in range(5)]
    assert order == [realtime, woken, user, second, nice]
    assert (runq_next(kernel), kernel.whichqs, kernel.nrunnable) == (None, 0, 0)


def test_real_time_is_served_by_priority(k):
    """Within a queue, too; among equals in order."""
    lwps = [Lwp(k.root().proc, 9, k.kernel, l_class=SCHED_FIFO) for _ in range(4)]
    for each, priority in zip(lwps, (99, 101, 99, 100), strict=True):
        each.l_priority = priority
        setrunqueue(each)
    order = [runq_next(k.kernel) for _ in lwps]
    assert order == [lwps[1], lwps[3], lwps[0], lwps[2]]


def burn(p: Process, turns: int, done: list[str], name: str) -> Callable[[], None]:
    """What a process runs that uses a hundredth of a second at a time."""

    def body() -> None:
        for _ in range(turns):
            done.append(name)
            p.kernel.clock.now += SECOND // 100
            libc.getpid()

    return body


def both(k: api.System, first: Process, second: Process, turns: int) -> list[str]:
    """Let two processes use the CPU; return who did, a hundredth of a second at a time."""
    done: list[str] = []
    first.begin(burn(first, turns, done, "first"), run=False)
    second.begin(burn(second, turns, done, "second"), run=False)
    k.settle()
    return done


def test_equals_take_turns(k):
    """A tenth of a second each."""
    done = both(k, k.process(), k.process(), 100)
    assert done.count("first") == done.count("second") == 100
    assert done[:40] == (["first"] * 10 + ["second"] * 10) * 2 or done[:20] == (
        ["second"] * 10 + ["first"] * 10
    )


def test_who_is_nice_gets_less(k):
    """But it gets some: the other sinks by its use."""
    nice, other = k.process(), k.process()
    nice.setpriority(0, 0, 10)
    half = both(k, nice, other, 600)[:600]
    assert 0 < half.count("first") < half.count("second") / 2


def test_fifo_keeps_the_cpu(k):
    """SCHED_FIFO has no slices; SCHED_RR has."""
    first, second = k.process(), k.process()
    for p in (first, second):
        p._sched_setparam(0, 0, SCHED_FIFO, 5)
    assert both(k, first, second, 30) in (
        ["first"] * 30 + ["second"] * 30,
        ["second"] * 30 + ["first"] * 30,
    )
    for p in (first, second):
        p._sched_setparam(0, 0, SCHED_RR, 5)
    done = both(k, first, second, 30)
    assert done[:10] == done[20:30] != done[10:20]


def test_real_time_takes_the_cpu_from_others(k):
    """Woken, it runs at the next return to user mode of who has the CPU."""
    urgent, other = k.process(), k.process()
    urgent._sched_setparam(0, 0, SCHED_FIFO, 5)
    order: list[str] = []

    def wakes() -> None:
        order.append("before")
        libc.kill(urgent.pid, libc.SIGUSR1)
        order.append("after")

    urgent.signal(libc.SIGUSR1, lambda _: order.append("handler"))
    urgent.begin(park)
    other.call(wakes)
    assert order == ["before", "handler", "after"]


def test_the_load_is_averaged(k):
    """One minute with two that can run: 2 (1 - 1/e)."""
    kernel = k.kernel
    for _ in range(12):
        kernel.clock.now += 5 * SECOND
        loadav(kernel, 2)
    assert kernel.averunnable[0] / FSCALE == pytest.approx(1.26, abs=0.01)
    assert kernel.averunnable[0] > kernel.averunnable[1] > kernel.averunnable[2] > 0


def test_an_idle_system_has_no_load(k):
    """Time that nobody ran brings it to nothing, however long it was."""
    kernel = k.kernel
    kernel.averunnable[:] = [3 * FSCALE] * 3
    k.root().nanosleep(600)
    assert kernel.averunnable[0] == 0 < kernel.averunnable[2]
    kernel.clock.now += 10**18
    hardclock(kernel)
    assert kernel.averunnable == [0, 0, 0]


def test_a_busy_system_has_a_load(k):
    """Two that use the CPU for a minute."""
    both(k, k.process(), k.process(), 3000)
    assert k.kernel.averunnable[0] / FSCALE > 0.8


def test_yield_lets_all_others_run(k):
    """Even those who are nice: sched_yield(2)."""
    nice, other = k.process(), k.process()
    nice.setpriority(0, 0, 20)
    order: list[str] = []
    nice.begin(order.append, "nice", run=False)

    def yields() -> None:
        libc.sched_yield()
        order.append("after")

    other.call(yields)
    nice.finish()
    assert order == ["nice", "after"]
