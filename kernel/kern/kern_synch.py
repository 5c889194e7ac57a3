# SPDX-License-Identifier: BSD-2-Clause
"""Sleep and wakeup: the only way a process waits.  NetBSD sys/kern/kern_synch.c."""

from contextlib import suppress
from typing import Final

from kernel.kern.kern_ktrace import ktrcsw, ktrpoint
from kernel.kern.kern_runq import mi_switch, setrunqueue, setrunqueue_last
from kernel.kern.kern_sleepq import sleepq_enter, sleepq_remove, sleepq_wake
from kernel.kern.kern_timeout import callout_reset
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel
from kernel.sys.ktrace import KTR_CSW
from kernel.sys.proc import LSSLEEP, LW_CANCELLED, LW_WEXIT, P_STOPPING, Lwp
from kernel.sys.signal import SA_RESTART, SA_STOP, sigprop
from kernel.sys.signalvar import sigispending

# Sleep priorities, NetBSD sys/sys/param.h; PCATCH lets a signal end the sleep.
PSWP: Final = 0
PVM: Final = 4
PINOD: Final = 8
PRIBIO: Final = 16
PVFS: Final = 20
PZERO: Final = 22
PSOCK: Final = 24
PWAIT: Final = 32
PLOCK: Final = 36
PPAUSE: Final = 40
PCATCH: Final = 0x100

_INTERRUPTED: Final = LW_CANCELLED | LW_WEXIT


def tsleep(lwp: Lwp, chan: object, priority: int, wmesg: str, timo: int = 0) -> None:
    """Sleep until wakeup(chan).

    Args:
        lwp: the caller.
        chan: the wait channel, any hashable object.
        priority: PZERO ...; with PCATCH a signal ends the sleep.
        wmesg: what ps(1) shows.
        timo: ns, 0 for ever.

    Raises:
        KernelError: EWOULDBLOCK, timo has passed.  With PCATCH: EINTR, a
            signal came whose handler does not want the call restarted, or
            the LWP is to end, or its sleep was cancelled by another;
            ERESTART, a signal that does, or that has no handler.  A signal that
            stops the process does so here, and the sleep is over with it going on.

    Callers loop: `while not condition: tsleep(...)`.
    Source: ltsleep, NetBSD sys/kern/kern_synch.c.
    """
    p = lwp.l_proc
    catch = bool(priority & PCATCH)
    if catch and p.p_flag & P_STOPPING:
        p.p_emul.e_issignal(lwp)
    if p.p_traceflag and ktrpoint(lwp, KTR_CSW):
        ktrcsw(lwp, 1, 0)
    if not (catch and (lwp.l_flag & _INTERRUPTED or sigispending(lwp))):
        sleepq_enter(lwp, chan, wmesg, catch)
        if timo:
            lwp.l_timeout = callout_reset(lwp.l_kernel, timo, _endtsleep, lwp)
        p.p_stats.ru_nvcsw += 1
        mi_switch(lwp)
    why, lwp.l_wakeup = lwp.l_wakeup, None
    if p.p_traceflag and ktrpoint(lwp, KTR_CSW):
        ktrcsw(lwp, 0, 0)
    if catch and lwp.l_flag & _INTERRUPTED:
        lwp.l_flag &= ~LW_CANCELLED
        raise KernelError(Errno.EINTR)
    if catch and (signo := sigispending(lwp)):
        if sigprop[signo] & SA_STOP:
            signo = p.p_emul.e_issignal(lwp)
        if signo:
            action = p.p_sigacts.sa_sigdesc[signo]
            raise KernelError(Errno.ERESTART if action.sa_flags & SA_RESTART else Errno.EINTR)
    if why is not None:
        raise KernelError(why)


def kpause(lwp: Lwp, wmesg: str, timo: int) -> None:
    """Sleep for timo ns, whatever signal comes."""
    with suppress(KernelError):  # EWOULDBLOCK: the time is up
        tsleep(lwp, (lwp, wmesg), PWAIT, wmesg, timo)


def _endtsleep(lwp: Lwp) -> None:
    """The time of a sleep is up."""
    lwp.l_timeout = None
    sleepq_remove(lwp, Errno.EWOULDBLOCK)


wakeup: Final = sleepq_wake  # all who sleep on a channel


def wakeup_one(kernel: Kernel, chan: object) -> None:
    """Make the one runnable who has slept longest on chan: cv_signal."""
    sleepers = kernel.sleepq.get(chan)
    if sleepers:
        sleepq_remove(sleepers[0])


def setrunnable(lwp: Lwp) -> None:
    """Make lwp run, whatever it waits for: a signal has come.

    One that was stopped in its sleep sleeps on.
    """
    if lwp.l_stat == LSSLEEP:
        sleepq_remove(lwp)
    elif lwp.l_wchan is not None:
        lwp.l_stat = LSSLEEP
    else:
        setrunqueue(lwp)


def yield_(lwp: Lwp) -> None:
    """Let the others go first, of one's own will (sched_yield)."""
    if lwp.l_kernel.whichqs:
        setrunqueue_last(lwp)
        mi_switch(lwp)
