# SPDX-License-Identifier: BSD-2-Clause
"""adjtime(2): the clock set right little by little.

NetBSD sys/kern/kern_time.c, kern_ntptime.c.
"""

from typing import Final

from kernel.arch.python.clock import clock_settime, nanotime
from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_proc import suser
from kernel.kern.kern_timeout import callout_reset
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.time import SIZEOF_TIMEVAL, Timeval

_SECOND: Final = 1_000_000_000  # ns
_BIG: Final = 1_000_000  # us: what is more goes at the fast rate
_FAST: Final = 5000  # us a second
_SLOW: Final = 500


def sys___adjtime50(lwp: Lwp, delta: int, olddelta: int) -> int:
    """adjtime(2): move the clock by delta, at most 5 ms a second; store what was left to move.

    Either may be 0.

    Raises:
        KernelError: EPERM, not root. EFAULT.
    """
    kernel, vm = lwp.l_kernel, lwp.l_proc.p_vmspace
    suser(lwp.l_proc)
    new = Timeval.unpack(copyin(vm, delta, SIZEOF_TIMEVAL)) if delta else None
    left = kernel.time_adjtime
    if new is not None:
        kernel.time_adjtime = new.ns // 1000
        if kernel.time_adjtime and not left:
            callout_reset(kernel, _SECOND, ntp_update_second, kernel)
    if olddelta:
        copyout(vm, Timeval.from_ns(left * 1000).pack(), olddelta)
    return 0


def ntp_update_second(kernel: Kernel) -> None:
    """A second has passed: move the clock by its share, until there is nothing left."""
    left = kernel.time_adjtime
    rate = _FAST if abs(left) > _BIG else _SLOW
    step = max(-rate, min(left, rate))
    kernel.time_adjtime -= step
    clock_settime(kernel, nanotime(kernel) + step * 1000)
    if kernel.time_adjtime:
        callout_reset(kernel, _SECOND, ntp_update_second, kernel)
