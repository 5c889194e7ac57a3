# SPDX-License-Identifier: BSD-2-Clause
"""The clock's interrupt in user mode: a program is preempted between two of its statements.

NetBSD sys/arch/x86/x86/lapic.c (lapic_clockintr), sys/kern/kern_clock.c.

Only a kernel that was booted to preempt has it: the language runtime then lets a
program's own code come here at each statement.  Statements are counted, not timed: one seed
has one schedule, and a fork's replay is interrupted where its parent was.
"""

from typing import Any

from kernel.arch.python.history import Interrupted, history_turn
from kernel.arch.python.replay import deliver_again, syscall_replay
from kernel.arch.python.switch import cpu_current
from kernel.arch.python.trap import dead_syscall, userret
from kernel.sys.proc import Lwp

STATEMENT_COST = 100  # ns of virtual time
_NEVER = 1 << 62


def statement(value: Any = None) -> Any:
    """Let the clock interrupt here, if it is time; return value."""
    lwp: Lwp = cpu_current().lwp
    lwp.l_statements += 1
    if lwp.l_statements >= lwp.l_interrupt:
        _INTERRUPTS.get(lwp.l_proc.p_md.md_syscall, _clockintr)(lwp)
    return value


def program_begins(lwp: Lwp) -> None:
    """Count from here on: a program has started, live or in a replay."""
    lwp.l_statements = lwp.l_interrupt = 0


def _clockintr(lwp: Lwp) -> None:
    """Note that the clock has interrupted lwp; let signals come, callouts run, and others."""
    kernel = lwp.l_kernel
    if lwp.l_interrupt:
        md = lwp.l_proc.p_md
        if md.md_streams is not None:
            history_turn(lwp)
        if md.md_history is not None:
            md.md_history.append(Interrupted(lwp.l_statements))
        md.md_inside = False
        kernel.clock.now += kernel.preempt * STATEMENT_COST
        lwp.l_astpending = kernel.shouldyield = True
        userret(lwp)
    every = kernel.preempt
    if kernel.seed is not None:
        every = kernel.rng.randrange(1, 2 * every + 1)
    lwp.l_interrupt = lwp.l_statements + every


def _interrupt_again(lwp: Lwp) -> None:
    """In a replay: do what was done where lwp is, and look for the next place."""
    md = lwp.l_proc.p_md
    history = md.md_history or ()
    at = md.md_replay
    if at < len(history) and history[at] == Interrupted(lwp.l_statements):
        md.md_replay += 1
        deliver_again(lwp)
        at = md.md_replay
    coming = (each for each in history[at:] if isinstance(each, Interrupted))
    lwp.l_interrupt = next(coming, Interrupted(_NEVER)).statements


def _dead(lwp: Lwp) -> None:
    dead_syscall(lwp, 0, ())


_INTERRUPTS = {syscall_replay: _interrupt_again, dead_syscall: _dead}
