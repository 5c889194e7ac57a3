# SPDX-License-Identifier: BSD-2-Clause
"""The clock interrupt: callouts, and the end of a time slice."""

from kernel.kern.kern_clock import hardclock
from kernel.kern.kern_runq import SLICE, oncpu, runq_next, setrunqueue
from kernel.kern.kern_timeout import callout_reset
from kernel.sys.proc import Lwp


def test_due_callouts_run(k):
    """And those that are not due do not."""
    called: list[int] = []
    callout_reset(k.kernel, 1, called.append, 1)
    callout_reset(k.kernel, 9, called.append, 9)
    k.kernel.clock.now += 1
    hardclock(k.kernel)
    assert called == [1]


def test_a_slice_ends_for_who_has_company(k):
    """With somebody on the run queue the LWP is asked to yield."""
    kernel = k.kernel
    lwp, other = (Lwp(k.root().proc, 9, kernel) for _ in range(2))
    oncpu(lwp)
    setrunqueue(other)
    kernel.clock.now += SLICE - 1
    hardclock(kernel)
    assert not kernel.shouldyield
    kernel.clock.now += 1
    hardclock(kernel)
    assert kernel.shouldyield
    assert runq_next(kernel) is other
    kernel.curlwp = None
    kernel.shouldyield = False


def test_who_is_alone_gets_another_slice(k):
    """No switch for nobody."""
    kernel = k.kernel
    oncpu(Lwp(k.root().proc, 9, kernel))
    kernel.clock.now += SLICE
    hardclock(kernel)
    assert not kernel.shouldyield
    assert kernel.slice_end == kernel.clock.now + SLICE
    kernel.curlwp = None
