# SPDX-License-Identifier: BSD-2-Clause
"""Limits, priorities and accounts of processes.  NetBSD sys/kern/kern_resource.c."""

from typing import Final

from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_exit import rusage_maxrss, rusage_pack
from kernel.kern.kern_proc import p_comm, pgrp_find, proc_find
from kernel.kern.kern_runq import cpu_event, updatertime
from kernel.kern.kern_sig import psignal
from kernel.kern.sched_4bsd import sched_nice
from kernel.kern.subr_log import log
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import NZERO, PAGE_SIZE
from kernel.sys.proc import SZOMB, Lwp, Proc
from kernel.sys.resource import (
    PRIO_MAX,
    PRIO_MIN,
    PRIO_PGRP,
    PRIO_PROCESS,
    PRIO_USER,
    RLIM_NLIMITS,
    RLIMIT_CPU,
    RLIMIT_DATA,
    RLIMIT_NOFILE,
    RLIMIT_NPROC,
    RLIMIT_NTHR,
    RLIMIT_STACK,
    RUSAGE_CHILDREN,
    RUSAGE_SELF,
    SIZEOF_RLIMIT,
    Rlimit,
)
from kernel.sys.signal import SIGKILL, SIGXCPU
from kernel.sys.time import NEVER

MAXDSIZ: Final = 8 << 30  # bytes of data a process may have, amd64
MAXSSIZ: Final = 128 << 20  # bytes of stack
_SECOND: Final = 1_000_000_000  # ns
_GRACE: Final = 5  # seconds between one SIGXCPU and the next
MAXLWP: Final = 2048  # threads of the whole system


def sys_getrlimit(lwp: Lwp, which: int, rlp: int) -> int:
    """getrlimit(2): store a limit.

    Raises:
        KernelError: EINVAL, there is no limit which. EFAULT.
    """
    if not 0 <= which < RLIM_NLIMITS:
        raise KernelError(Errno.EINVAL)
    copyout(lwp.l_proc.p_vmspace, Rlimit(*lwp.l_proc.p_limit[which]).pack(), rlp)
    return 0


def sys_setrlimit(lwp: Lwp, which: int, rlp: int) -> int:
    """setrlimit(2): set a limit; what the system cannot give is cut.

    Raises:
        KernelError: EFAULT; and as dosetrlimit.
    """
    p = lwp.l_proc
    dosetrlimit(lwp, p, which, Rlimit.unpack(copyin(p.p_vmspace, rlp, SIZEOF_RLIMIT)))
    return 0


def dosetrlimit(lwp: Lwp, p: Proc, which: int, new: Rlimit) -> None:
    """Set a limit of p.

    Raises:
        KernelError: EINVAL, there is no limit which, the soft limit is
            above the hard one, or the stack in use is larger. EPERM, the hard
            limit rises, or p is another user's, and the caller is not root.

    Source: dosetrlimit, resource_listener_cb.
    """
    if not 0 <= which < RLIM_NLIMITS or new.rlim_cur > new.rlim_max:
        raise KernelError(Errno.EINVAL)
    old = Rlimit(*p.p_limit[which])
    if new == old:
        return
    cred, its = lwp.l_proc.p_cred, p.p_cred
    foreign = p is not lwp.l_proc and (cred.cr_ruid != its.cr_ruid or cred.cr_ruid != its.cr_svuid)
    if cred.cr_uid and (foreign or new.rlim_max > old.rlim_max):
        raise KernelError(Errno.EPERM)
    cur, hard = (min(value, _ceiling(lwp, which, value)) for value in new)
    if which == RLIMIT_STACK:
        if cur < p.p_vmspace.vm_ssize:
            raise KernelError(Errno.EINVAL)
        cur = -(-cur // PAGE_SIZE) * PAGE_SIZE
    p.p_limit = {**p.p_limit, which: (cur, hard)}  # fork shares the old one
    if which == RLIMIT_CPU:
        p.p_cpulimit = NEVER if cur >= NEVER // _SECOND else cur * _SECOND
        cpu_event(p)
        updatertime(lwp)


def rlimit_cpu(lwp: Lwp) -> None:
    """lwp's process has used its time: SIGXCPU, and five seconds more; past the hard limit SIGKILL.

    Source: sched_pstats, NetBSD sys/kern/kern_synch.c.
    """
    p = lwp.l_proc
    soft, hard = p.p_limit[RLIMIT_CPU]
    used = p.p_stats.ru_stime // _SECOND
    if used >= hard:
        p.p_cpulimit = NEVER
        comm = p_comm(p).decode(errors="replace")
        log(lwp.l_kernel, f"pid {p.p_pid}, command {comm}, is killed: exceeded RLIMIT_CPU")
        psignal(p, SIGKILL)
    elif used >= soft:
        soft = min(soft + _GRACE, hard)
        p.p_limit = {**p.p_limit, RLIMIT_CPU: (soft, hard)}
        p.p_cpulimit = soft * _SECOND
        psignal(p, SIGXCPU)
    cpu_event(p)


def _ceiling(lwp: Lwp, which: int, value: int) -> int:
    """Return the most that the system gives of a resource; value if it does not say."""
    limits = lwp.l_kernel.limits
    return {
        RLIMIT_DATA: MAXDSIZ,
        RLIMIT_STACK: MAXSSIZ,
        RLIMIT_NOFILE: limits.maxfiles,
        RLIMIT_NPROC: limits.maxproc,
        RLIMIT_NTHR: MAXLWP,
    }.get(which, value)


def sys___getrusage50(lwp: Lwp, who: int, rusage: int) -> int:
    """getrusage(2): store what the process, or its collected children, have used.

    Raises:
        KernelError: EINVAL, who. EFAULT.
    """
    p = lwp.l_proc
    if who not in (RUSAGE_SELF, RUSAGE_CHILDREN):
        raise KernelError(Errno.EINVAL)
    updatertime(lwp)
    rusage_maxrss(p)
    copyout(p.p_vmspace, rusage_pack(p.p_stats if who == RUSAGE_SELF else p.p_cru), rusage)
    return 0


def sys_getpriority(lwp: Lwp, which: int, who: int) -> int:
    """getpriority(2): the best (lowest) priority among some processes, -20 to 20.

    Raises:
        KernelError: EINVAL, which. ESRCH, there is no such process.
    """
    return min(p.p_nice for p in _subjects(lwp, which, who)) - NZERO


def sys_setpriority(lwp: Lwp, which: int, who: int, prio: int) -> int:
    """setpriority(2): set the priority of some processes; the last refusal is the error.

    Raises:
        KernelError: EINVAL, which. ESRCH, there is no such process. EPERM, one
            of another user's. EACCES, better than before and the caller not root.
    """
    refused: KernelError | None = None
    for p in _subjects(lwp, which, who):
        try:
            donice(lwp.l_proc, p, prio)
            refused = None
        except KernelError as exc:
            refused = exc
    if refused is not None:
        raise refused
    return 0


def _subjects(lwp: Lwp, which: int, who: int) -> list[Proc]:
    """Return the processes that which and who name; who 0 is the caller's own.

    Raises:
        KernelError: EINVAL, ESRCH.
    """
    caller, kernel = lwp.l_proc, lwp.l_kernel
    found: list[Proc] = []
    if which == PRIO_PROCESS:
        p = proc_find(kernel, who) if who else caller
        found = [p] if p is not None else []
    elif which == PRIO_PGRP:
        group = pgrp_find(kernel, who) if who else caller.p_pgrp
        found = list(group.pg_members) if group is not None else []
    elif which == PRIO_USER:
        uid = who or caller.p_cred.cr_uid
        found = [p for p in kernel.allproc.values() if p.p_cred.cr_uid == uid]
    else:
        raise KernelError(Errno.EINVAL)
    found = [p for p in found if p.p_stat != SZOMB]
    if not found:
        raise KernelError(Errno.ESRCH)
    return found


def donice(caller: Proc, p: Proc, prio: int) -> None:
    """Set p's priority, cut to -20 ... 20.

    Raises:
        KernelError: EPERM, EACCES, as setpriority(2).
    """
    mine, its = caller.p_cred, p.p_cred
    if mine.cr_uid and mine.cr_ruid and its.cr_uid not in (mine.cr_uid, mine.cr_ruid):
        raise KernelError(Errno.EPERM)
    nice = NZERO + max(PRIO_MIN, min(prio, PRIO_MAX))
    if nice < p.p_nice and mine.cr_uid:
        raise KernelError(Errno.EACCES)
    sched_nice(p, nice)
