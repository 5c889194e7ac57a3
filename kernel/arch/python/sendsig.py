# SPDX-License-Identifier: BSD-2-Clause
"""Running a signal handler on the process's stack.  NetBSD sys/arch/amd64/amd64/machdep.c."""

from typing import NamedTuple

from kernel.arch.python.copy import copyout
from kernel.arch.python.trap import trap
from kernel.kern.kern_exit import exit1
from kernel.sys.proc import Lwp
from kernel.sys.signal import SA_SIGINFO, SIGILL
from kernel.sys.signalvar import Ksiginfo, Sigaction
from kernel.sys.syscall import sysno
from kernel.sys.ucontext import SIZEOF_UCONTEXT, Ucontext, ucontext_pack

SYS_setcontext = sysno("setcontext")


class Delivery(NamedTuple):
    """One handler's run, as the history of a process keeps it for replay."""

    ksi: Ksiginfo
    action: Sigaction
    oldmask: int


def sendsig(lwp: Lwp, ksi: Ksiginfo, action: Sigaction, oldmask: int) -> None:
    """Call the handler at action.sa_handler, then return from it by setcontext(2).

    An address without a function kills, as a jump to nowhere does.  What the
    handler raises goes through, as a longjmp would, the mask restored.
    """
    if action.sa_handler not in lwp.l_proc.p_md.md_text:
        exit1(lwp, 0, SIGILL)
    delivery = Delivery(ksi, action, oldmask)
    history = lwp.l_proc.p_md.md_history
    if history is not None:
        history.append(delivery)
    run_handler(lwp, delivery)


def run_handler(lwp: Lwp, delivery: Delivery) -> None:
    """The user's side of a delivery: the handler, and its way back through the trampoline."""
    p = lwp.l_proc
    stack = lwp.l_ustack
    frame = lwp.l_ustack = stack - SIZEOF_UCONTEXT & ~15
    log, p.p_vmspace.vm_log = p.p_vmspace.vm_log, None
    copyout(p.p_vmspace, ucontext_pack(Ucontext(delivery.oldmask)), frame)
    p.p_vmspace.vm_log = log
    handler = p.p_md.md_text[delivery.action.sa_handler]
    try:
        if delivery.action.sa_flags & SA_SIGINFO:
            handler(delivery.ksi.ksi_signo, delivery.ksi, frame)
        else:
            handler(delivery.ksi.ksi_signo)
    finally:
        trap(SYS_setcontext, frame)
        lwp.l_ustack = stack
