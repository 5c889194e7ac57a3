# SPDX-License-Identifier: BSD-2-Clause
"""Running a signal handler on the process's stack.  NetBSD sys/arch/amd64/amd64/machdep.c."""

from kernel.arch.python.copy import copyout
from kernel.arch.python.trap import trap
from kernel.kern.kern_exit import sigexit
from kernel.kern.kern_sig import getucontext
from kernel.sys.cdefs import LP64
from kernel.sys.errno import KernelError
from kernel.sys.ktrace import SIGINFO_SIZE
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.proc import Lwp
from kernel.sys.siginfo import Siginfo, siginfo_pack
from kernel.sys.signal import SA_ONSTACK, SA_SIGINFO, SIGILL, SS_DISABLE, SS_ONSTACK
from kernel.sys.signalvar import Ksiginfo, Sigaction, Upcall
from kernel.sys.syscall import sysno
from kernel.sys.ucontext import SIZEOF_UCONTEXT, Ucontext, ucontext_pack
from kernel.sys.vm import NO_STACK, Segment
from kernel.uvm.uvm_map import uvm_map_stack

SYS_setcontext = sysno("setcontext")


class Delivery(NamedTuple):
    """One handler's run, as the history of a process keeps it for replay."""

    ksi: Ksiginfo
    action: Sigaction
    context: Ucontext  # what it returns to
    top: int  # of the alternate signal stack, 0 if it runs on the usual one


def sendsig(lwp: Lwp, ksi: Ksiginfo, action: Sigaction, oldmask: int) -> None:
    """Call the handler at action.sa_handler, then return from it by setcontext(2).

    An address without a function kills, as a jump to nowhere does, and so does a signal
    stack that is not there.  What the handler raises goes through, as a longjmp would, the
    mask restored.
    """
    stack = lwp.l_sigstk
    onstack = action.sa_flags & SA_ONSTACK and not stack.ss_flags & (SS_DISABLE | SS_ONSTACK)
    top = stack.ss_sp + stack.ss_size if onstack else 0
    delivery = Delivery(ksi, action, getucontext(lwp, oldmask), top)
    if action.sa_handler not in lwp.l_proc.p_md.md_text or not _push(lwp, delivery):
        sigexit(lwp, SIGILL)
    history = lwp.l_proc.p_md.md_history
    if history is not None:
        history.append(delivery)
    if onstack:
        lwp.l_sigstk = stack._replace(ss_flags=stack.ss_flags | SS_ONSTACK)
    run_handler(lwp, delivery)


def _frame(lwp: Lwp, delivery: Delivery) -> int:
    """Return where the frame goes: a siginfo_t, and a ucontext_t after it."""
    top: int = delivery.top or lwp.l_ustack
    return top - SIGINFO_SIZE - SIZEOF_UCONTEXT & ~15


def _push(lwp: Lwp, delivery: Delivery) -> bool:
    """Store the frame that the handler returns by; return whether there is memory for it."""
    vm = lwp.l_proc.p_vmspace
    log, vm.vm_log = vm.vm_log, None
    data = siginfo_pack(delivery.ksi, LP64) + ucontext_pack(delivery.context)
    try:
        copyout(vm, data, _frame(lwp, delivery))
    except KernelError:
        return False
    finally:
        vm.vm_log = log
    return True


def _memory(lwp: Lwp, top: int) -> Segment:
    """Return what is mapped below top, as the memory of a stack."""
    return uvm_map_stack(lwp.l_proc.p_vmspace, top) or NO_STACK


def run_handler(lwp: Lwp, delivery: Delivery) -> None:
    """The user's side of a delivery: the handler, and its way back through the trampoline."""
    stack, memory = lwp.l_ustack, lwp.l_stack
    _push(lwp, delivery)
    frame = lwp.l_ustack = _frame(lwp, delivery)
    context = frame + SIGINFO_SIZE
    ksi, action = delivery.ksi, delivery.action
    handler = lwp.l_proc.p_md.md_text[action.sa_handler]
    result = None
    lwp.l_uphold += 1
    if delivery.top:
        lwp.l_stack = _memory(lwp, delivery.top)
    try:
        if action.sa_flags & SA_SIGINFO:
            result = handler(ksi.ksi_signo, Siginfo.of(ksi), context)
        else:
            result = handler(ksi.ksi_signo)
    finally:
        lwp.l_ustack = frame
        trap(SYS_setcontext, context)
        lwp.l_ustack, lwp.l_stack = stack, memory
        lwp.l_uphold -= 1
    if isinstance(result, Upcall):
        _note(lwp.l_proc.p_lwps[0], result)


def _note(lwp: Lwp, upcall: Upcall) -> None:
    """Let lwp make upcall before it is in user mode again."""
    if all(other.order != upcall.order for other in lwp.l_upcalls):
        lwp.l_upcalls.append(upcall)
        lwp.l_upcalls.sort(key=lambda other: other.order)
        lwp.l_astpending = True
