# SPDX-License-Identifier: BSD-2-Clause
"""From user mode into the kernel and back.  NetBSD sys/arch/amd64/amd64/trap.c, sys/sys/userret.h.

What libc may use of the machine is here: trap, and the mappings that a program
does without the kernel; its loads and stores are in access.
"""

from typing import TYPE_CHECKING, Any

from kernel.arch.python.collector import collect, collecting
from kernel.arch.python.copy import uvm_findspace, uvm_map, uvm_unmap
from kernel.arch.python.switch import cpu_current, cpu_setframes, cpu_unwind, curlwp
from kernel.arch.python.unwind import stand_still
from kernel.kern.kern_clock import hardclock
from kernel.kern.kern_exit import sigexit
from kernel.kern.kern_lwp import lwp_userret
from kernel.kern.kern_runq import preempt, setrunqueue_first, updatertime
from kernel.kern.kern_sig import issignal, postsig, signal_host
from kernel.sys.errno import Errno
from kernel.sys.module import autoload
from kernel.sys.proc import LW_USERRET, P_CLONED, Lwp, ProcessExit
from kernel.uvm.uvm_fault import uvm_grow

if TYPE_CHECKING:
    from kernel.kern import kern_time
else:
    kern_time = autoload("kernel.kern.kern_time")

__all__ = [
    "collect", "collecting", "cpu_setframes", "curlwp", "forgo_fork", "grow_stack", "map_buffer",
    "nobody",
    "trap", "unmap_buffer",
]  # fmt: skip

_T_PAGEFLT = 6  # trap number of a page fault, amd64
UPCALL = object()  # in the history: the first of the LWP's upcalls is made
RESTARTED = object()  # in the history: a call was interrupted; its handlers' entries follow


def trap(code: int, *args: int) -> tuple[int, Any]:
    """Make a system call as the process whose stack this is.

    locore's trap is faster, but a frame of C is kept for as long as the call sleeps.

    Args:
        code: the call's number.
        args: registers: integers and user addresses, as many as the call takes.

    Returns:
        (errno or 0, the register or a pair of them).
    """
    try:
        lwp: Lwp = cpu_current().lwp
        entry = lwp.l_proc.p_md.md_syscall
    except AttributeError:  # no process: curlwp says so
        curlwp()
        raise
    result: tuple[int, Any] = entry(lwp, code, args)
    if result[0] < 0:
        return trap_again(lwp, code, args, result[0])
    if lwp.l_astpending:
        userret(lwp)
    return result


def trap_again(lwp: Lwp, code: int, args: tuple[int, ...], error: int) -> tuple[int, Any]:
    """Finish a call that ended in ERESTART or EJUSTRETURN."""
    retval: Any = 0
    while error == Errno.ERESTART:
        history = lwp.l_proc.p_md.md_history
        if history is not None:
            history.append(RESTARTED)
        lwp.l_astpending = True
        lwp.l_uphold += 1
        try:
            userret(lwp)
            error, retval = lwp.l_proc.p_md.md_syscall(lwp, code, args)
        finally:
            lwp.l_uphold -= 1
    if error == Errno.EJUSTRETURN:
        if lwp.l_pcb is not cpu_current():  # execve: go on in the new program
            updatertime(lwp)
            lwp.l_kernel.curlwp = None
            setrunqueue_first(lwp)
            cpu_unwind()
        error = retval = 0
        history = lwp.l_proc.p_md.md_history
        if history is not None:
            history += (code, args, 0, 0)
    if lwp.l_astpending or lwp.l_upcalls:
        userret(lwp)
    return error, retval


def userret(lwp: Lwp) -> None:
    """Before user mode: deliver signals, run what the clock has due, let others run."""
    kernel = lwp.l_kernel
    while lwp.l_astpending or (lwp.l_upcalls and not lwp.l_uphold):
        lwp.l_astpending = False
        p = lwp.l_proc
        if p.p_stats.ru_stime >= p.p_cpuevent:
            kern_time.cpu_due(lwp)
        if kernel.signals or kernel.stopping:
            signal_host(kernel)
        while signo := issignal(lwp):
            if fatal := postsig(lwp, signo):
                sigexit(lwp, fatal)
        if kernel.clock.now >= kernel.clock.event:
            hardclock(kernel)
        if kernel.shouldyield:
            preempt(lwp)
        if lwp.l_flag & LW_USERRET:
            lwp_userret(lwp)
        if lwp.l_upcalls and not lwp.l_uphold and not lwp.l_astpending:
            history = p.p_md.md_history
            if history is not None:
                history.append(UPCALL)
            upcall(lwp)


def upcall(lwp: Lwp) -> None:
    """Make the first of the LWP's upcalls; what it raises goes through to the program.

    Then the others are made before, as the program might get far without another call.
    """
    try:
        lwp.l_upcalls.pop(0).function()
    except ProcessExit:
        raise
    except BaseException:
        if lwp.l_upcalls:
            upcall(lwp)
        raise


def dead_syscall(_lwp: Lwp, _code: int, _args: tuple[int, ...]) -> tuple[int, Any]:
    """The entry for who has no process any more: unwind, and in the end stand still.

    Raises:
        ProcessExit: to be swallowed at most a few times.
    """
    if collecting():
        raise ProcessExit
    context = cpu_current()
    context.traps = getattr(context, "traps", 0) + 1
    if context.traps > _PATIENCE:
        stand_still(context)
    raise ProcessExit


_PATIENCE = 100  # traps of a dead program whose `except:` swallows ProcessExit


def nobody() -> bool:
    """Whether what runs has lost its process, or is called by the collector."""
    try:
        lwp = getattr(cpu_current(), "lwp", None)
    except RuntimeError:  # the host's interpreter ends
        return True
    return lwp is not None and lwp is lwp.l_kernel.deadlwp


def forgo_fork() -> None:
    """Promise that this program will not fork(2), only __clone(2) or posix_spawn(2).

    Nothing of what it does is then kept for a replay, however long it lives; if it
    forks in spite of its promise, that is ENOTSUP.  A process of several LWPs keeps
    its histories.
    """
    p = curlwp().l_proc
    if p.p_md.md_streams is None:
        p.p_md.md_history = p.p_vmspace.vm_log = None
        p.p_md.md_forebears = ()
        p.p_flag |= P_CLONED


def grow_stack(lwp: Lwp, uaddr: int) -> None:
    """Let lwp's stack reach down to uaddr.

    Raises:
        RecursionError: it is used up.
    """
    vm = lwp.l_proc.p_vmspace
    if lwp.l_stack is not vm.vm_stack or not uvm_grow(vm, uaddr):
        raise RecursionError("the user stack is full")


def map_buffer(mem: memoryview, prot: int) -> int:
    """Let mem be part of the address space, in place; return its address."""
    vm = curlwp().l_proc.p_vmspace
    start = uvm_findspace(vm, len(mem))
    uvm_map(vm, start, mem, prot)
    return start


def unmap_buffer(uaddr: int) -> None:
    """Undo map_buffer; after an execve there is nothing left to undo."""
    vm = curlwp().l_proc.p_vmspace
    if uaddr in vm.vm_map:
        uvm_unmap(vm, uaddr)
