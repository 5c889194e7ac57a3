# SPDX-License-Identifier: BSD-2-Clause
"""System V semaphores.  NetBSD sys/kern/sysv_sem.c."""

from struct import Struct

from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_synch import PCATCH, PLOCK, tsleep, wakeup
from kernel.kern.sysv_ipc import ipc_bykey, ipc_find, ipc_fresh, ipc_set, ipcperm, seconds
from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ipc import IPC_M, IPC_NOWAIT, IPC_R, IPC_RMID, IPC_SET, IPC_STAT, IPC_W
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp, Proc
from kernel.sys.sem import (
    GETALL,
    GETNCNT,
    GETPID,
    GETVAL,
    GETZCNT,
    SEM_UNDO,
    SEMMNI,
    SEMMNS,
    SEMMNU,
    SEMMSL,
    SEMOPM,
    SEMUME,
    SEMVMX,
    SETALL,
    SETVAL,
    SIZEOF_SEMBUF,
    SIZEOF_SEMUN,
    Sem,
    Sembuf,
    SemidDs,
    Semset,
    unpack_sembufs,
)

_GETS = {GETNCNT: "semncnt", GETPID: "sempid", GETVAL: "semval", GETZCNT: "semzcnt"}
_WITH_ARG = {IPC_SET, IPC_STAT, GETALL, SETVAL, SETALL}
_VALUE = Struct("<H")
_USHRT_MAX = 0xFFFF


def sys_semconfig(lwp: Lwp, flag: int) -> int:
    """semconfig(2): do nothing."""
    del lwp, flag
    return 0


def sys_semget(lwp: Lwp, key: int, nsems: int, semflg: int) -> int:
    """semget(2): return the set that has key, or make one of nsems semaphores, all 0.

    Raises:
        KernelError: EACCES. EEXIST. EINVAL, nsems is more than it has, or than there may be, or a
            new one's 0. ENOENT. ENOSPC, there are as many sets, or semaphores, as there may be.
    """
    kernel = lwp.l_kernel
    found = ipc_bykey(lwp, kernel.semsets, key, semflg)
    if found is not None:
        if nsems > len(found.sems):
            raise KernelError(Errno.EINVAL)
        return found.id
    if not 0 < nsems <= SEMMSL:
        raise KernelError(Errno.EINVAL)
    if nsems > SEMMNS - sum(len(semset.sems) for semset in kernel.semsets.values()):
        raise KernelError(Errno.ENOSPC)
    fresh = ipc_fresh(lwp, "sem", kernel.semsets, SEMMNI, key, semflg)
    semset = Semset(*fresh, [Sem() for _ in range(nsems)], seconds(lwp))
    kernel.semsets[semset.ix] = semset
    return semset.id


def sys_semop(lwp: Lwp, semid: int, sops: int, nsops: int) -> int:
    """semop(2): do nsops operations, all or none, waiting until they can be done.

    Raises:
        KernelError: E2BIG, too many. EACCES. EAGAIN, it would have to wait and IPC_NOWAIT is given.
            EFAULT. EFBIG, there is no semaphore of that number. EIDRM, the set was removed
            meanwhile. EINTR. EINVAL, no such set, or too many to undo. ENOSPC, too many
            processes have something to undo.

    Source: sys_semop: what was done before the first that cannot be is undone.
    """
    p, kernel = lwp.l_proc, lwp.l_kernel
    if not 0 <= nsops <= SEMOPM:
        raise KernelError(Errno.E2BIG)
    ops = unpack_sembufs(copyin(p.p_vmspace, sops, nsops * SIZEOF_SEMBUF))
    semset = ipc_find(kernel.semsets, semid)
    ipcperm(p.p_cred, semset, IPC_W)
    if any(op.sem_num >= len(semset.sems) for op in ops):
        raise KernelError(Errno.EFBIG)
    while (stuck := _attempt(semset, ops)) is not None:
        if stuck.sem_flg & IPC_NOWAIT:
            raise KernelError(Errno.EAGAIN)
        _wait(lwp, semset, stuck)
    try:
        _undo_note(p, semset, ops)
    except KernelError:
        for op in ops:
            _add(semset.sems[op.sem_num], -op.sem_op)
        raise
    for op in ops:
        semset.sems[op.sem_num].sempid = p.p_pid
    semset.sem_otime = seconds(lwp)
    if any(_waited_for(semset.sems[op.sem_num], op.sem_op) for op in ops):
        wakeup(kernel, semset)
    return 0


def _waited_for(sem: Sem, done: int) -> bool:
    """Whether somebody sleeps who may go on now that done was added to sem."""
    return bool(sem.semncnt if done > 0 else done and not sem.semval and sem.semzcnt)


def _attempt(semset: Semset, ops: list[Sembuf]) -> Sembuf | None:
    """Do all of ops, or none: then return the first that cannot be done."""
    for at, op in enumerate(ops):
        sem = semset.sems[op.sem_num]
        if sem.semval + op.sem_op < 0 or (not op.sem_op and sem.semval):
            for done in ops[:at]:
                _add(semset.sems[done.sem_num], -done.sem_op)
            return op
        _add(sem, op.sem_op)
    return None


def _add(sem: Sem, count: int) -> None:
    """Change a value, an unsigned short: beyond 65535 it begins at 0 again, as NetBSD's does."""
    sem.semval = (sem.semval + count) & _USHRT_MAX


def _wait(lwp: Lwp, semset: Semset, op: Sembuf) -> None:
    """Sleep until a semaphore of the set has changed.

    Raises:
        KernelError: EINTR. EIDRM.
    """
    sem = semset.sems[op.sem_num]
    count = "semncnt" if op.sem_op else "semzcnt"
    setattr(sem, count, getattr(sem, count) + 1)
    interrupted = False
    try:
        tsleep(lwp, semset, PLOCK | PCATCH, "semwait")
    except KernelError:
        interrupted = True
    finally:
        setattr(sem, count, getattr(sem, count) - 1)
    if semset.sem_removed:
        raise KernelError(Errno.EIDRM)
    if interrupted:
        raise KernelError(Errno.EINTR)


def _undo_note(p: Proc, semset: Semset, ops: list[Sembuf]) -> None:
    """Note what is to be undone when p ends; nothing, if there is no room for all of it.

    Raises:
        KernelError: ENOSPC, EINVAL.
    """
    todo = [op for op in ops if op.sem_flg & SEM_UNDO and op.sem_op]
    if not todo:
        return
    undos = p.p_kernel.semundo
    if p not in undos and len(undos) >= SEMMNU:
        raise KernelError(Errno.ENOSPC)
    mine = dict(undos.get(p, {}))
    for op in todo:
        where = semset.ix, op.sem_num
        if where not in mine and len(mine) >= SEMUME:
            raise KernelError(Errno.EINVAL)
        mine[where] = mine.get(where, 0) - op.sem_op
        if not mine[where]:
            del mine[where]
    _undo_keep(p, mine)


def _undo_keep(p: Proc, mine: dict[tuple[int, int], int]) -> None:
    undos = p.p_kernel.semundo
    if mine:
        undos[p] = mine
    else:
        undos.pop(p, None)


def _undo_clear(kernel: Kernel, ix: int, num: int | None = None) -> None:
    """Forget what was to be undone at a semaphore, or at all of a set."""
    for p, undo in list(kernel.semundo.items()):
        left = {at: n for at, n in undo.items() if at[0] != ix or num not in {None, at[1]}}
        _undo_keep(p, left)


def semexit(p: Proc) -> None:
    """Undo what p has done with SEM_UNDO; no value falls below 0."""
    for (ix, num), adjval in p.p_kernel.semundo.pop(p, {}).items():
        semset = p.p_kernel.semsets[ix]
        sem = semset.sems[num]
        _add(sem, max(adjval, -sem.semval))
        wakeup(p.p_kernel, semset)


def sys_____semctl50(lwp: Lwp, semid: int, semnum: int, cmd: int, arg: int) -> int:
    """semctl(2): tell of a set or of its semaphores, change or remove it.

    Args:
        lwp: the caller.
        semid: the set.
        semnum: which of its semaphores; some commands do not care.
        cmd: IPC_*, GET*, SET*.
        arg: user address of a union __semun, if cmd has one.

    Raises:
        KernelError: EACCES. EFAULT. EINVAL, cmd, no such set or semaphore. EPERM. ERANGE, a value
            above SEMVMX.
    """
    p, kernel = lwp.l_proc, lwp.l_kernel
    vm, cred = p.p_vmspace, p.p_cred
    semun = int.from_bytes(copyin(vm, arg, SIZEOF_SEMUN), "little") if cmd in _WITH_ARG else 0
    new = unpack_from(SemidDs, copyin(vm, semun, sizeof(SemidDs))) if cmd == IPC_SET else None
    semset = ipc_find(kernel.semsets, semid)
    if cmd == IPC_RMID:
        ipcperm(cred, semset, IPC_M)
        semset.sem_removed = True
        del kernel.semsets[semset.ix]
        _undo_clear(kernel, semset.ix)
        wakeup(kernel, semset)
    elif new is not None:
        ipcperm(cred, semset, IPC_M)
        ipc_set(semset, new.sem_perm)
        semset.sem_ctime = seconds(lwp)
    elif cmd == IPC_STAT:
        ipcperm(cred, semset, IPC_R)
        copyout(vm, pack(semid_ds(semset)), semun)
    elif cmd == GETALL:
        ipcperm(cred, semset, IPC_R)
        copyout(vm, b"".join(_VALUE.pack(sem.semval) for sem in semset.sems), semun)
    elif cmd in _GETS:
        ipcperm(cred, semset, IPC_R)
        value: int = getattr(_sem(semset, semnum), _GETS[cmd])
        return value
    elif cmd in {SETVAL, SETALL}:
        ipcperm(cred, semset, IPC_W)
        _set_values(lwp, semset, semnum if cmd == SETVAL else None, semun)
    else:
        raise KernelError(Errno.EINVAL)
    return 0


def _sem(semset: Semset, semnum: int) -> Sem:
    if not 0 <= semnum < len(semset.sems):
        raise KernelError(Errno.EINVAL)
    return semset.sems[semnum]


def _set_values(lwp: Lwp, semset: Semset, semnum: int | None, semun: int) -> None:
    """SETVAL, or without semnum SETALL from the array at semun."""
    if semnum is not None:
        sem = _sem(semset, semnum)
        value = semun & 0xFFFF_FFFF
        if value > SEMVMX:
            raise KernelError(Errno.ERANGE)
        sem.semval = value
    else:
        for at, sem in enumerate(semset.sems):  # those before one that is wrong are set
            raw = copyin(lwp.l_proc.p_vmspace, semun + at * _VALUE.size, _VALUE.size)
            value = _VALUE.unpack(raw)[0]
            if value > SEMVMX:
                raise KernelError(Errno.ERANGE)
            sem.semval = value
    _undo_clear(lwp.l_kernel, semset.ix, semnum)
    wakeup(lwp.l_kernel, semset)


def semid_ds(semset: Semset) -> SemidDs:
    """Return what semctl(2) and ipcs(1) tell of a set."""
    return SemidDs(semset.perm(), len(semset.sems), semset.sem_otime, semset.sem_ctime)
