# SPDX-License-Identifier: BSD-2-Clause
"""The first steps of a new LWP.  NetBSD sys/arch/amd64/amd64/locore.S (lwp_trampoline)."""

from collections.abc import Callable

from kernel.arch.python.trap import trap, userret
from kernel.kern.kern_exit import sigexit
from kernel.sys.proc import Lwp
from kernel.sys.signal import SIGSEGV
from kernel.sys.syscall import sysno
from kernel.sys.ucontext import UC_TLSBASE, Ucontext
from kernel.sys.vm import Segment
from kernel.uvm.uvm_map import uvm_map_stack

SYS__lwp_exit = sysno("_lwp_exit")


def startlwp(lwp: Lwp, context: Ucontext) -> None:
    """Take up context and call the function it names with its argument: e_startlwp.

    One that returns ends its LWP.  Where there is no function or no stack, the
    process ends, as by a jump to nowhere.
    """
    enter(lwp, context, _userret)


def _userret(lwp: Lwp) -> None:
    """What was pending for the new LWP comes before its function, on its stack."""
    lwp.l_astpending = True
    userret(lwp)


def enter(lwp: Lwp, context: Ucontext, before: Callable[[Lwp], object]) -> None:
    """Take up context, live or in a replay; before(lwp) is what happens before user mode."""
    if context.uc_flags & UC_TLSBASE:
        lwp.l_private = context.uc_tlsbase
    func = lwp.l_proc.p_md.md_text.get(context.uc_rip)
    stack = _stack(lwp, context)
    if func is None or stack is None:
        sigexit(lwp, SIGSEGV)
    lwp.l_stack = stack
    lwp.l_ustack = context.uc_rsp
    before(lwp)
    func(context.uc_rdi)
    trap(SYS__lwp_exit)
    sigexit(lwp, SIGSEGV)  # it has returned: a fault was injected into it


def _stack(lwp: Lwp, context: Ucontext) -> Segment | None:
    """Return the memory that the stack pointer is the end of, None if it cannot be written."""
    size = context.ss_size
    start = context.uc_rsp - size
    segment = uvm_map_stack(lwp.l_proc.p_vmspace, context.uc_rsp)
    if not size or segment is None or start < segment.start:
        return None
    return Segment(start, segment.mem[start - segment.start :][:size])
