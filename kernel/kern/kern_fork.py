# SPDX-License-Identifier: BSD-2-Clause
"""New processes: fork, vfork, __clone.  NetBSD sys/kern/kern_fork.c.

A Python stack cannot be copied.  A forked child starts its program anew and is
fed with the results its parent got since exec, up to the fork (the machine's
replay, arch/python/replay); __clone runs a function and needs none of that.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kernel.arch.python.clock import nanotime
from kernel.arch.python.history import history_fork
from kernel.arch.python.switch import cpu_context
from kernel.kern.kern_descrip import fd_copy, fd_share
from kernel.kern.kern_event import knote_proc_fork
from kernel.kern.kern_ktrace import ktradref, ktrpoint, ktrsysret
from kernel.kern.kern_lwp import lwp_create
from kernel.kern.kern_proc import proc_addchild, proc_alloc_pid, proc_enter, proc_reparent
from kernel.kern.kern_runq import setrunqueue
from kernel.kern.kern_sig import eventswitch, eventswitchchild
from kernel.kern.kern_synch import PWAIT, kpause, tsleep
from kernel.kern.kern_uidinfo import chgproccnt
from kernel.kern.sched_4bsd import sched_lwp_fork
from kernel.kern.vfs_cwd import cwdinit, cwdshare
from kernel.kern.vfs_subr import vref
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ktrace import KTR_SYSRET, KTRFAC_INHERIT
from kernel.sys.module import autoload
from kernel.sys.param import TICK
from kernel.sys.proc import (
    P_CLONED,
    P_CONTROLT,
    P_PPWAIT,
    P_SUGID,
    SACTIVE,
    Lwp,
    MdProc,
    Proc,
)
from kernel.sys.ptrace import (
    PTRACE_FORK,
    PTRACE_POSIX_SPAWN,
    PTRACE_VFORK,
    PTRACE_VFORK_DONE,
    Ptrace,
)
from kernel.sys.resource import RLIMIT_NPROC
from kernel.sys.sched import (
    CLONE_CSIGNAL,
    CLONE_FILES,
    CLONE_FS,
    CLONE_SIGHAND,
    CLONE_VFORK,
    CLONE_VM,
)
from kernel.sys.signal import NSIG, SIGCHLD, TRAP_CHLD
from kernel.sys.signalvar import Sigacts, Sigctx
from kernel.sys.syscall import sysno
from kernel.sys.vm import VmSpace
from kernel.uvm.uvm_map import uvmspace_clone, uvmspace_fork

if TYPE_CHECKING:
    from kernel.kern import sysv_shm
else:
    sysv_shm = autoload("kernel.kern.sysv_shm")

SYS_FORK = sysno("fork")


def sys_fork(lwp: Lwp) -> tuple[int, int]:
    """fork(2): make a copy of the process; return its pid, and 0 in the copy.

    Raises:
        KernelError: EAGAIN, a limit on processes is reached. ENOTSUP, the
            caller runs a function of another program (__clone) that cannot be replayed.
    """
    return fork1(lwp, SIGCHLD), 0


def sys_vfork(lwp: Lwp) -> tuple[int, int]:
    """vfork(2): fork, and wait until the child execs or exits.

    Raises:
        KernelError: as fork(2).
    """
    return _vfork(lwp), 0


def sys___vfork14(lwp: Lwp) -> tuple[int, int]:
    """vfork(2), the entry of today's libc.

    Raises:
        KernelError: as fork(2).
    """
    return _vfork(lwp), 0


def _vfork(lwp: Lwp) -> int:
    return fork1(lwp, SIGCHLD, CLONE_VFORK)


def sys___clone(lwp: Lwp, flags: int, stack: int) -> tuple[int, int]:
    """__clone(2): run the function at address stack in a new process; return its pid.

    Raises:
        KernelError: EINVAL, an impossible signal or CLONE_SIGHAND without
            CLONE_VM. EFAULT, no function there. EAGAIN, a limit.
    """
    if flags & CLONE_SIGHAND and not flags & CLONE_VM:
        raise KernelError(Errno.EINVAL)
    if flags & CLONE_CSIGNAL >= NSIG:
        raise KernelError(Errno.EINVAL)
    func = lwp.l_proc.p_md.md_text.get(stack)
    if func is None:
        raise KernelError(Errno.EFAULT)
    return fork1(lwp, flags & CLONE_CSIGNAL, flags, func), 0


def fork1(
    lwp: Lwp,
    exitsig: int,
    flags: int = 0,
    func: Callable[[], object] | None = None,
    start: Callable[[Lwp], object] | None = None,
) -> int:
    """Make a new process; return its pid.

    Args:
        lwp: the parent.
        exitsig: sent to the parent when the child ends, 0 for none.
        flags: CLONE_FILES, CLONE_FS share; CLONE_VFORK waits.
        func: what the child runs; None: the parent's program, replayed to this call.
        start: what it runs in the kernel, before another program: posix_spawn.

    The child inherits the trace and all its flags if KTRFAC_INHERIT is set.

    Raises:
        KernelError: EAGAIN, ENOTSUP.
    """
    p1 = lwp.l_proc
    kernel = lwp.l_kernel
    if func is None and start is None and p1.p_flag & P_CLONED:
        raise KernelError(Errno.ENOTSUP)
    if limit := full_limit(p1):
        if kernel.forkfsleep:
            kpause(lwp, limit, kernel.forkfsleep * TICK)
        raise KernelError(Errno.EAGAIN)
    p2 = Proc(
        p_pid=proc_alloc_pid(kernel),
        p_kernel=kernel,
        p_pptr=p1,
        p_pgrp=p1.p_pgrp,
        p_emul=p1.p_emul,
        p_fd=fd_share(p1.p_fd) if flags & CLONE_FILES else fd_copy(p1.p_fd),
        p_cwdi=cwdshare(p1.p_cwdi) if flags & CLONE_FS else cwdinit(p1.p_cwdi),
        p_vmspace=_vm_copy(lwp, cloned=func is not None),
        p_md=_md_copy(p1.p_md, func is not None, start is not None),
        p_limit=p1.p_limit,
        p_cred=p1.p_cred,
        p_stat=SACTIVE,
        p_flag=p1.p_flag & (P_CONTROLT | P_SUGID) | (P_CLONED if func is not None else 0),
        p_comm=bytearray(p1.p_comm),
        p_sigacts=Sigacts(p1.p_sigacts.sa_sigdesc),
        p_sigctx=Sigctx(p1.p_sigctx.ps_sigignore, p1.p_sigctx.ps_sigcatch),
        p_start=nanotime(kernel),
        p_nice=p1.p_nice,
        p_exitsig=exitsig,
        p_args=p1.p_args,
        p_textvp=p1.p_textvp,
        p_path=p1.p_path,
        p_corename=p1.p_corename,
        p_cpulimit=p1.p_cpulimit,
        p_cpuevent=p1.p_cpulimit,
    )
    if p2.p_vmspace.vm_shm:
        sysv_shm.shmfork(p2)
    if p2.p_textvp is not None:
        vref(p2.p_textvp)
    proc_addchild(p1, p2)
    p1.p_pgrp.pg_members[p2] = None
    proc_enter(p2)
    if p1.p_traceflag & KTRFAC_INHERIT:
        p2.p_traceflag = p1.p_traceflag
        p2.p_ktrforms = p1.p_ktrforms
        p2.p_tracep = p1.p_tracep
        ktradref(p2)
    lwp2 = lwp_create(p2, lwp.l_sigmask)
    lwp2.l_private = lwp.l_private
    sched_lwp_fork(lwp, lwp2)
    lwp2.l_sigstk = lwp.l_sigstk
    if func is not None:
        p2.p_emul.e_syscall_intern(p2)
        lwp2.l_ustack = lwp.l_ustack
        lwp2.l_stack = p2.p_vmspace.vm_stack
        p2.p_md.md_func = func
    begin = _clone_start if func is not None else start or p2.p_md.md_child
    lwp2.l_pcb = cpu_context(begin, lwp2, kernel.idle)
    if p1.p_klist and start is None:
        knote_proc_fork(p1, p2)
    event = PTRACE_VFORK if flags & CLONE_VFORK else PTRACE_FORK
    told = _trace_child(p1, p2, PTRACE_POSIX_SPAWN if start is not None else event)
    if flags & CLONE_VFORK:
        p2.p_flag |= P_PPWAIT
    setrunqueue(lwp2)
    if told and start is None:
        eventswitch(lwp, TRAP_CHLD, event, p2.p_pid)
    if flags & CLONE_VFORK:
        while p2.p_flag & P_PPWAIT:
            tsleep(lwp, (p1, "vfork"), PWAIT, "vfork")
        if p1.p_ptrace is not None and p1.p_ptrace.pt_events & PTRACE_VFORK_DONE:
            eventswitch(lwp, TRAP_CHLD, PTRACE_VFORK_DONE, p2.p_pid)
    return p2.p_pid


def _trace_child(p1: Proc, p2: Proc, event: int) -> bool:
    """Have a new process traced by who traces p1, if that one has asked for such events."""
    pt = p1.p_ptrace
    if pt is None or not pt.pt_events & event or p1.p_pptr is None:
        return False
    p2.p_ptrace = Ptrace(p1, pt_newborn=event)
    p2.p_kernel.ptraced[p2] = None
    proc_reparent(p2, p1.p_pptr)
    return True


def child_return(lwp: Lwp) -> None:
    """The new process's side of fork, whichever call made it: its first record is `RET fork 0`."""
    if ktrpoint(lwp, KTR_SYSRET):
        ktrsysret(lwp, SYS_FORK, 0, None)
    if lwp.l_proc.p_ptrace is not None:
        eventswitchchild(lwp)


def _clone_start(lwp: Lwp) -> None:
    """What the context of a __clone child runs."""
    child_return(lwp)
    func = lwp.l_proc.p_md.md_func
    if func is not None:
        func()


def full_limit(p: Proc) -> str:
    """Return which limit of processes p has reached, as who sleeps at it is shown; "" for none.

    forkmx is the system's, whose last five processes are root's, forkulim RLIMIT_NPROC.
    """
    kernel = p.p_kernel
    uid = p.p_cred.cr_ruid
    room = kernel.limits.maxproc - len(kernel.allproc)
    if room <= 0 or (uid and room <= 5):
        return "forkmx"
    if uid and chgproccnt(kernel, uid, 0) >= p.p_limit[RLIMIT_NPROC][0]:
        return "forkulim"
    return ""


def _vm_copy(lwp: Lwp, cloned: bool) -> VmSpace:
    """The memory of a child: a copy for the end of the replay, or the same but for a stack."""
    vm = lwp.l_proc.p_vmspace
    return uvmspace_clone(vm, lwp.l_stack) if cloned else uvmspace_fork(vm)


def _md_copy(md: MdProc, cloned: bool, spawned: bool) -> MdProc:
    """The machine's part of a child: the history so far, the same heap (__clone), or nothing."""
    if spawned:
        return MdProc(md.md_syscall, md.md_child)
    if cloned:
        md.md_datarefs[0] += 1
        return MdProc(
            md.md_syscall,
            md.md_child,
            md_text=md.md_text,
            md_data=md.md_data,
            md_datarefs=md.md_datarefs,
        )
    if md.md_streams is not None:
        streams = [stream[:] for stream in md.md_streams]
        return MdProc(md.md_syscall, md.md_child, md.md_image, streams[0], (), md_streams=streams)
    history = None if md.md_history is None else list[Any]()
    forebears = history_fork(md)
    return MdProc(md.md_syscall, md.md_child, md.md_image, history, forebears)
