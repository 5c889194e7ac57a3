# SPDX-License-Identifier: BSD-2-Clause
"""Sleep queues: who sleeps on what, and who wakes them."""

from kernel.kern.kern_runq import runq_next
from kernel.kern.kern_sleepq import sleepq_enter, sleepq_remove, sleepq_wake
from kernel.kern.kern_synch import PCATCH, PZERO, tsleep, wakeup
from kernel.kern.kern_timeout import callout_reset
from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import LSRUN, LSSLEEP, LW_SINTR, Lwp


def sleeper(k, chan: object = "chan") -> Lwp:
    """An LWP that sleeps."""
    lwp = Lwp(k.root().proc, 9, k.kernel)
    sleepq_enter(lwp, chan, "test", catch=True)
    return lwp


def test_a_sleeper_is_on_the_queue_of_its_channel(k):
    """With its message, and the flag that lets signals end the sleep."""
    lwp = sleeper(k)
    assert k.kernel.sleepq["chan"] == [lwp]
    assert (lwp.l_stat, lwp.l_wmesg, lwp.l_flag & LW_SINTR) == (LSSLEEP, "test", LW_SINTR)


def test_a_wakeup_wakes_all_of_its_channel_in_order(k):
    """And nobody else; no channel is left behind."""
    first, second, other = sleeper(k), sleeper(k), sleeper(k, "other")
    sleepq_wake(k.kernel, "chan")
    assert [runq_next(k.kernel) for _ in range(2)] == [first, second]
    assert (first.l_stat, first.l_wchan, first.l_flag) == (LSRUN, None, 0)
    assert other.l_stat == LSSLEEP
    assert "chan" not in k.kernel.sleepq
    sleepq_remove(other)
    assert runq_next(k.kernel) is other


def test_one_may_be_taken_out_with_a_reason(k):
    """The others sleep on; the timeout of who wakes is stopped."""
    first, second = sleeper(k), sleeper(k)
    first.l_timeout = callout_reset(k.kernel, 10, list)
    sleepq_remove(first, Errno.EWOULDBLOCK)
    assert (first.l_wakeup, first.l_timeout) == (Errno.EWOULDBLOCK, None)
    assert not k.kernel.callouts
    assert k.kernel.sleepq["chan"] == [second]
    sleepq_remove(second)
    assert [runq_next(k.kernel) for _ in range(2)] == [first, second]


def test_waking_an_empty_channel_is_nothing(k):
    """A wakeup is not remembered."""
    sleepq_wake(k.kernel, "nobody")
    assert "nobody" not in k.kernel.sleepq


def test_a_sleep_that_times_out_fails(k):
    """EWOULDBLOCK after exactly that time; a wakeup before it is no error."""
    p, q = k.process(), k.process()

    def sleep(lwp: Lwp) -> object:
        try:
            tsleep(lwp, "chan", PZERO | PCATCH, "test", 1_000_000_000)
        except KernelError as exc:
            return exc.errno
        return None

    start = k.time()
    assert p.call(sleep, p.lwp) is Errno.EWOULDBLOCK
    assert k.time() - start >= 1
    p.begin(sleep, p.lwp)
    q.call(wakeup, k.kernel, "chan")
    assert p.finish() is None
    assert not k.kernel.callouts
