# SPDX-License-Identifier: BSD-2-Clause
"""The run queue: who is next, and for how long."""

from kernel import api
from kernel.kern.kern_runq import SLICE, oncpu, preempt, runq_next, setrunqueue, updatertime
from kernel.sys.proc import LSONPROC, LSRUN, Lwp


def test_without_a_seed_it_is_a_queue(k):
    """First come, first served; nobody when it is empty."""
    first, second = (Lwp(k.root().proc, 9, k.kernel) for _ in range(2))
    setrunqueue(first)
    setrunqueue(second)
    assert first.l_stat == LSRUN
    assert [runq_next(k.kernel) for _ in range(3)] == [first, second, None]


def test_a_seed_shuffles_and_everybody_gets_a_turn():
    """The order is the seed's; nobody is lost or served twice."""
    orders = set()
    for seed in range(8):
        with api.boot(seed=seed) as k:
            lwps = [Lwp(k.root().proc, 9, k.kernel) for _ in range(4)]
            for lwp in lwps:
                setrunqueue(lwp)
            chosen = [runq_next(k.kernel) for _ in lwps]
            assert sorted(lwps, key=id) == sorted(chosen, key=id)
            orders.add(tuple(lwps.index(lwp) for lwp in chosen))
    assert len(orders) > 1


def test_on_the_cpu_one_has_a_slice(k):
    """A tenth of a second, as roundrobin() gave."""
    lwp = Lwp(k.root().proc, 9, k.kernel)
    oncpu(lwp)
    assert (k.kernel.curlwp, lwp.l_stat) == (lwp, LSONPROC)
    assert k.kernel.slice_end == k.kernel.clock.now + SLICE
    assert k.kernel.clock.event <= k.kernel.slice_end
    k.kernel.curlwp = None


def test_time_on_the_cpu_is_charged_once(k):
    """updatertime charges what passed since the last time."""
    lwp = Lwp(k.root().proc, 9, k.kernel)
    oncpu(lwp)
    before = lwp.l_proc.p_stats.ru_stime
    k.kernel.clock.now += 500
    updatertime(lwp)
    updatertime(lwp)
    assert lwp.l_proc.p_stats.ru_stime == before + 500
    k.kernel.curlwp = None


def test_preempt_with_nobody_waiting_is_no_switch(k):
    """The flag is cleared; the switch is counted only if there is one."""
    p = k.root()
    k.kernel.shouldyield = True
    switches = p.proc.p_stats.ru_nivcsw
    p.call(preempt, p.lwp)
    assert not k.kernel.shouldyield
    assert p.proc.p_stats.ru_nivcsw == switches


def test_preempt_lets_others_go_first(k):
    """An involuntary switch is counted as one."""
    p, other = k.process(), k.process()
    order: list[str] = []

    def both() -> None:
        other.begin(order.append, "other", run=False)
        preempt(p.lwp)
        order.append("preempted")

    p.call(both)
    other.finish()
    assert order == ["other", "preempted"]
    assert p.proc.p_stats.ru_nivcsw == 1
