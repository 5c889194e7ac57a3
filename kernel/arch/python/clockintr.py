# SPDX-License-Identifier: BSD-2-Clause
"""The clock's interrupt in user mode: a program is preempted between two of its statements.

NetBSD sys/arch/x86/x86/lapic.c (lapic_clockintr), sys/kern/kern_clock.c.

Only a kernel that was booted to preempt has it: the language runtime then lets a
program's own code come here at each statement.  Statements are counted, not timed: one seed
has one schedule, and a fork's replay is interrupted where its parent was.
"""

from contextlib import suppress
from typing import Any

from kernel.arch.python.clock import clock_uptime
from kernel.arch.python.history import Interrupted, history_turn
from kernel.arch.python.replay import deliver_again, syscall_replay
from kernel.arch.python.switch import cpu_current
from kernel.arch.python.trap import dead_syscall, userret
from kernel.kern.kern_runq import updatertime
from kernel.kern.kern_synch import PCATCH, tsleep
from kernel.kern.kern_timeout import callout_next
from kernel.sys.errno import KernelError
from kernel.sys.proc import Lwp
from kernel.sys.time import NEVER

STATEMENT_COST = 100  # ns of virtual time
PATIENCE = 10_000  # rounds of a loop until time passes; each may read a line, 8,192 of a buffer
_NEVER = 1 << 62


def statement(value: Any = None) -> Any:
    """Let the clock interrupt here, if it is time; return value."""
    lwp: Lwp = cpu_current().lwp
    lwp.l_statements += 1
    if lwp.l_statements >= lwp.l_interrupt:
        _INTERRUPTS.get(lwp.l_proc.p_md.md_syscall, _clockintr)(lwp)
    return value


def spin(calls: bool) -> None:
    """A round of a loop that waits: let signals come, and others; or let time pass.

    It passes once so many rounds have found everything as it was: nobody has made a system call.
    Then the next thing happens that is due, as when all are asleep; the time was the LWP's.

    Args:
        calls: functions are called in a round, and may get on with something: where nothing is
            due the loop goes on.
    """
    lwp: Lwp = cpu_current().lwp
    lwp.l_statements += 1
    entry = lwp.l_proc.p_md.md_syscall
    if entry in _INTERRUPTS:
        if lwp.l_statements >= lwp.l_interrupt:
            _INTERRUPTS[entry](lwp)
        return
    kernel = lwp.l_kernel
    lwp.l_spins = lwp.l_spins + 1 if lwp.l_spun == kernel.clock.now else 0
    waited = lwp.l_spins >= PATIENCE
    if waited or kernel.whichqs:
        _note(lwp)
        if waited and not kernel.whichqs:
            _idle(lwp, 1 if calls else 0)
        lwp.l_astpending = kernel.shouldyield = True
        userret(lwp)
    lwp.l_spun = kernel.clock.now


def _idle(lwp: Lwp, least: int) -> None:
    """Let time pass until something is due; it counts as time that lwp had the CPU.

    Args:
        least: how long, in ns, if nothing is; 0: for ever.
    """
    kernel, p = lwp.l_kernel, lwp.l_proc
    updatertime(lwp)
    now = clock_uptime(kernel)
    when = min(callout_next(kernel), now + p.p_cpuevent - p.p_stats.ru_stime)
    with suppress(KernelError):  # the time has come, or a signal
        tsleep(lwp, lwp, PCATCH, "spin", max(when - now, 1) if when < NEVER else least)
    used = clock_uptime(kernel) - now
    lwp.l_rtime += used
    p.p_stats.ru_stime += used


def program_begins(lwp: Lwp) -> None:
    """Count from here on: a program has started, live or in a replay."""
    lwp.l_statements = lwp.l_interrupt = 0


def _clockintr(lwp: Lwp) -> None:
    """Note that the clock has interrupted lwp; let signals come, callouts run, and others."""
    kernel = lwp.l_kernel
    if lwp.l_interrupt:
        _note(lwp)
        cost = kernel.preempt * STATEMENT_COST
        if lwp.l_spun == kernel.clock.now:  # not by a call
            lwp.l_spun += cost
        kernel.clock.now += cost
        lwp.l_astpending = kernel.shouldyield = True
        userret(lwp)
    every = kernel.preempt
    if kernel.seed is not None:
        every = kernel.rng.randrange(1, 2 * every + 1)
    lwp.l_interrupt = lwp.l_statements + every


def _note(lwp: Lwp) -> None:
    """Keep where lwp is interrupted."""
    md = lwp.l_proc.p_md
    if md.md_streams is not None:
        history_turn(lwp)
    if md.md_history is not None:
        md.md_history.append(Interrupted(lwp.l_statements))
    md.md_inside = False


def _interrupt_again(lwp: Lwp) -> None:
    """In a replay: do what was done where lwp is, and look for the next place."""
    md = lwp.l_proc.p_md
    history = md.md_history or ()
    at = md.md_replay
    if at < len(history) and history[at] == Interrupted(lwp.l_statements):
        md.md_replay += 1
        if not deliver_again(lwp):
            return
        at = md.md_replay
    coming = (each for each in history[at:] if isinstance(each, Interrupted))
    lwp.l_interrupt = next(coming, Interrupted(_NEVER)).statements


def _dead(lwp: Lwp) -> None:
    dead_syscall(lwp, 0, ())


_INTERRUPTS = {syscall_replay: _interrupt_again, dead_syscall: _dead}
