# SPDX-License-Identifier: BSD-2-Clause
"""System calls about scheduling.  NetBSD sys/kern/sys_sched.c."""

from collections.abc import Iterator
from struct import Struct
from typing import Final

from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_proc import proc_find
from kernel.kern.kern_runq import remrunqueue, setrunqueue
from kernel.kern.kern_synch import yield_
from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import LSRUN, Lwp, Proc
from kernel.sys.sched import (
    PRI_NONE,
    PRI_USER_RT,
    SCHED_NONE,
    SCHED_OTHER,
    SCHED_PRI_MAX,
    SCHED_PRI_MIN,
    SCHED_RR,
    SchedParam,
)

_INT: Final = Struct("<i")
_CPUSET: Final = 32  # bytes of the largest set of CPUs
_ONLINE: Final = 1  # the set of the CPUs that there are: the first


def _target(lwp: Lwp, pid: int) -> Proc:
    """Return the process pid, 0 the caller's.

    Raises:
        KernelError: ESRCH, there is none.
    """
    p = proc_find(lwp.l_kernel, pid) if pid else lwp.l_proc
    if p is None:
        raise KernelError(Errno.ESRCH)
    return p


def _lwps(p: Proc, lid: int) -> Iterator[Lwp]:
    """Yield p's LWP lid, or with 0 all of them.

    Raises:
        KernelError: ESRCH, there is none.
    """
    found = [each for each in p.p_lwps if lid in (0, each.l_lid)]
    if not found:
        raise KernelError(Errno.ESRCH)
    yield from found


def _find(lwp: Lwp, pid: int, lid: int) -> Lwp:
    """Return one LWP: lid of process pid; 0 is the first, of the caller's own process (lwp_find2).

    Raises:
        KernelError: EINVAL, a negative number. ESRCH, there is none.
    """
    if pid < 0 or lid < 0:
        raise KernelError(Errno.EINVAL)
    return lwp if not pid and not lid else next(_lwps(_target(lwp, pid), lid))


def _uidmatch(caller: Proc, p: Proc) -> bool:
    mine, its = caller.p_cred, p.p_cred
    return not {mine.cr_uid, mine.cr_ruid}.isdisjoint((its.cr_uid, its.cr_ruid))


def sys__sched_setparam(lwp: Lwp, pid: int, lid: int, policy: int, params: int) -> int:
    """_sched_setparam(2): set class and priority of an LWP, with lid 0 of all of a process.

    Args:
        lwp: the caller.
        pid: a process, 0 the caller's.
        lid: an LWP of it, 0 all.
        policy: SCHED_OTHER, SCHED_FIFO, SCHED_RR; SCHED_NONE leaves it as it is.
        params: user address of a struct sched_param; priority PRI_NONE leaves it.

    Raises:
        KernelError: EFAULT. EINVAL, there is no such class or priority, or a
            priority for SCHED_OTHER. ESRCH, no such process or LWP. EPERM, it
            is another user's, or gains by it, and the caller is not root.
    """
    data = copyin(lwp.l_proc.p_vmspace, params, sizeof(SchedParam))
    do_sched_setparam(lwp, pid, lid, policy, unpack_from(SchedParam, data).sched_priority)
    return 0


def do_sched_setparam(lwp: Lwp, pid: int, lid: int, policy: int, priority: int) -> None:
    """Set class and priority: _sched_setparam(2) from the inside.

    Raises:
        KernelError: EINVAL, ESRCH, EPERM, as _sched_setparam(2).
    """
    if priority == PRI_NONE and policy == SCHED_NONE:
        return
    if policy != SCHED_NONE and not SCHED_OTHER <= policy <= SCHED_RR:
        raise KernelError(Errno.EINVAL)
    if priority != PRI_NONE and not SCHED_PRI_MIN <= priority <= SCHED_PRI_MAX:
        raise KernelError(Errno.EINVAL)
    p = _target(lwp, pid)
    for target in _lwps(p, lid):
        wanted = target.l_class if policy == SCHED_NONE else policy
        if wanted == SCHED_OTHER and priority != PRI_NONE:
            raise KernelError(Errno.EINVAL)
        kpri = _convert_pri(target, wanted, priority)
        harmless = wanted in (SCHED_OTHER, target.l_class) and kpri <= target.l_priority
        if lwp.l_proc.p_cred.cr_uid and not (_uidmatch(lwp.l_proc, p) and harmless):
            raise KernelError(Errno.EPERM)
        _changepri(target, wanted, kpri)


def _convert_pri(target: Lwp, policy: int, priority: int) -> int:
    """Return the kernel's priority for what a program asks for."""
    if priority != PRI_NONE:
        return PRI_USER_RT + priority
    if SCHED_OTHER not in (policy, target.l_class) or policy == target.l_class:
        return target.l_priority
    return PRI_USER_RT if target.l_class == SCHED_OTHER else target.l_priority - PRI_USER_RT


def _changepri(target: Lwp, policy: int, kpri: int) -> None:
    """Give target another class and priority, and the run queue of it."""
    queued = target.l_stat == LSRUN
    if queued:
        remrunqueue(target)
    if policy == SCHED_OTHER and target.l_class != SCHED_OTHER:
        target.l_pritime = 0
    target.l_class, target.l_priority = policy, kpri
    if queued:
        setrunqueue(target)


def sys__sched_getparam(lwp: Lwp, pid: int, lid: int, policy: int, params: int) -> int:
    """_sched_getparam(2): store class (unless policy is 0) and priority of an LWP.

    Raises:
        KernelError: EINVAL, a negative number. ESRCH, no such process or LWP.
            EPERM, it is another user's, and the caller is not root. EFAULT.
    """
    p = _target(lwp, max(pid, 0))
    if lwp.l_proc.p_cred.cr_uid and not _uidmatch(lwp.l_proc, p):
        raise KernelError(Errno.EPERM)  # of init, too, whose LWP is nowhere to be seen
    target = _find(lwp, pid, lid)
    priority = target.l_priority
    if target.l_class != SCHED_OTHER:
        priority -= PRI_USER_RT
    vm = lwp.l_proc.p_vmspace
    copyout(vm, pack(SchedParam(priority)), params)
    if policy:
        copyout(vm, _INT.pack(target.l_class), policy)
    return 0


def sys__sched_setaffinity(lwp: Lwp, pid: int, lid: int, size: int, cpuset: int) -> int:
    """_sched_setaffinity(2): choose the CPUs, of the one there is, that an LWP may run on.

    Raises:
        KernelError: EINVAL, a set too large, or without a CPU that there is.
            EFAULT. ESRCH, no such process or LWP. EPERM, the caller is not root.
    """
    if size > _CPUSET:
        raise KernelError(Errno.EINVAL)
    cpus = copyin(lwp.l_proc.p_vmspace, cpuset, size)
    if any(cpus) and not int.from_bytes(cpus, "little") & _ONLINE:
        raise KernelError(Errno.EINVAL)
    p = _target(lwp, pid)
    if lwp.l_proc.p_cred.cr_uid:
        raise KernelError(Errno.EPERM)
    for target in _lwps(p, lid):
        target.l_affinity = cpus if any(cpus) else None
    return 0


def sys__sched_getaffinity(lwp: Lwp, pid: int, lid: int, size: int, cpuset: int) -> int:
    """_sched_getaffinity(2): store the CPUs that were chosen for an LWP; an empty set: any.

    Raises:
        KernelError: EINVAL, a negative number, or a set too large. ESRCH, no
            such process or LWP. EFAULT.
    """
    if size > _CPUSET:
        raise KernelError(Errno.EINVAL)
    target = _find(lwp, pid, lid)
    cpus = (target.l_affinity or b"").ljust(size, b"\0")[:size]
    copyout(lwp.l_proc.p_vmspace, cpus, cpuset)
    return 0


def sys_sched_yield(lwp: Lwp) -> int:
    """sched_yield(2): let the other processes go first."""
    yield_(lwp)
    return 0
