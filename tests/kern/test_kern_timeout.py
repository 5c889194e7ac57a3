# SPDX-License-Identifier: BSD-2-Clause
"""Callouts: in the order of their times, once, unless they are stopped."""

from hypothesis import given
from hypothesis import strategies as st

from kernel import api
from kernel.kern.kern_timeout import (
    NEVER,
    callout_hardclock,
    callout_next,
    callout_reset,
    callout_stop,
)


def test_callouts_are_called_in_time_and_once(k):
    """Those of one time in the order they were set; not before."""
    called: list[str] = []
    for delay, name in ((20, "late"), (10, "a"), (10, "b")):
        callout_reset(k.kernel, delay, called.append, name)
    assert callout_next(k.kernel) == k.kernel.clock.now + 10
    k.kernel.clock.now += 9
    callout_hardclock(k.kernel)
    assert called == []
    k.kernel.clock.now += 1
    callout_hardclock(k.kernel)
    assert called == ["a", "b"]
    k.kernel.clock.now += 100
    callout_hardclock(k.kernel)
    callout_hardclock(k.kernel)
    assert called == ["a", "b", "late"]


def test_a_stopped_callout_is_not_called(k):
    """callout_stop says whether it was still pending."""
    called: list[int] = []
    callout = callout_reset(k.kernel, 5, called.append, 1)
    assert callout_stop(k.kernel, callout)
    assert not callout_stop(k.kernel, callout)
    k.kernel.clock.now += 10
    callout_hardclock(k.kernel)
    assert called == []
    assert callout_next(k.kernel) == NEVER


def test_stopped_callouts_do_not_pile_up(k):
    """However many are set far ahead and stopped; those that are left are called."""
    called: list[int] = []
    callout_reset(k.kernel, 2000, called.append, 1)
    for delay in range(1000):
        callout_stop(k.kernel, callout_reset(k.kernel, 1000 + delay, called.append, 2))
    assert len(k.kernel.calloutq) < 100
    k.kernel.clock.now += 2000
    callout_hardclock(k.kernel)
    assert called == [1]


def test_a_callout_may_set_another(k):
    """One that is due already is called in the same round."""
    called: list[int] = []
    callout_reset(k.kernel, 1, lambda: callout_reset(k.kernel, 0, called.append, 2))
    k.kernel.clock.now += 1
    callout_hardclock(k.kernel)
    assert called == [2]


def test_the_trap_looks_up_when_the_first_is_due(k):
    """clock.event is the earlier of the first callout and the slice's end."""
    kernel = k.kernel
    kernel.slice_end = kernel.clock.now + 50
    callout = callout_reset(kernel, 10, list)
    assert kernel.clock.event == kernel.clock.now + 10
    callout_stop(kernel, callout)
    assert kernel.clock.event == kernel.slice_end


@given(st.lists(st.integers(0, 50), max_size=20))
def test_any_set_of_callouts_runs_sorted(delays: list[int]) -> None:
    """Whatever the order they were set in, times never go back."""
    with api.boot() as k:
        times: list[int] = []
        for delay in delays:
            callout_reset(k.kernel, delay, times.append, delay)
        k.kernel.clock.now += 50
        callout_hardclock(k.kernel)
        assert times == sorted(delays)
