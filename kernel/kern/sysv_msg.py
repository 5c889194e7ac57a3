# SPDX-License-Identifier: BSD-2-Clause
"""System V message queues.  NetBSD sys/kern/sysv_msg.c."""

from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_synch import PCATCH, PLOCK, tsleep, wakeup
from kernel.kern.sysv_ipc import ipc_bykey, ipc_find, ipc_fresh, ipc_set, ipcperm, seconds
from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ipc import IPC_M, IPC_NOWAIT, IPC_R, IPC_RMID, IPC_SET, IPC_STAT, IPC_W
from kernel.sys.kernel import Kernel
from kernel.sys.msg import (
    MSG_NOERROR,
    MSGMNB,
    MSGMNI,
    MSGSEG,
    MSGSSZ,
    MSGTQL,
    SIZEOF_MTYPE,
    Msg,
    MsqidDs,
    Msqueue,
)
from kernel.sys.proc import Lwp


def sys_msgget(lwp: Lwp, key: int, msgflg: int) -> int:
    """msgget(2): return the queue that has key, or make one.

    Raises:
        KernelError: EACCES. EEXIST. ENOENT. ENOSPC, there are as many as there may be.
    """
    kernel = lwp.l_kernel
    found = ipc_bykey(lwp, kernel.msqueues, key, msgflg)
    if found is None:
        fresh = ipc_fresh(lwp, "msg", kernel.msqueues, MSGMNI, key, msgflg)
        found = Msqueue(*fresh, seconds(lwp))
        kernel.msqueues[found.ix] = found
    return found.id


def sys_msgsnd(lwp: Lwp, msqid: int, msgp: int, msgsz: int, msgflg: int) -> int:
    """msgsnd(2): put a message into a queue, waiting for room.

    Args:
        lwp: the caller.
        msqid: the queue.
        msgp: user address of a long, the type, and the text.
        msgsz: bytes of text.
        msgflg: IPC_NOWAIT.

    Raises:
        KernelError: EACCES. EAGAIN, there is no room and IPC_NOWAIT is given. EFAULT. EIDRM, the
            queue was removed meanwhile. EINTR. EINVAL, no such queue, more than it may hold, or
            a type below 1.
    """
    p, kernel = lwp.l_proc, lwp.l_kernel
    queue = ipc_find(kernel.msqueues, msqid)
    ipcperm(p.p_cred, queue, IPC_W)
    while True:
        if not 0 <= msgsz <= queue.msg_qbytes:
            raise KernelError(Errno.EINVAL)
        if msgsz + queue.msg_cbytes <= queue.msg_qbytes and _has_room(kernel, msgsz):
            break
        if msgflg & IPC_NOWAIT:
            raise KernelError(Errno.EAGAIN)
        _wait(lwp, queue, "msgwait")
    mtype = int.from_bytes(copyin(p.p_vmspace, msgp, SIZEOF_MTYPE), "little", signed=True)
    if mtype < 1:
        raise KernelError(Errno.EINVAL)
    queue.msg_queue.append(Msg(mtype, copyin(p.p_vmspace, msgp + SIZEOF_MTYPE, msgsz)))
    queue.msg_cbytes += msgsz
    queue.msg_lspid = p.p_pid
    queue.msg_stime = seconds(lwp)
    wakeup(kernel, queue)
    return 0


def _has_room(kernel: Kernel, msgsz: int) -> bool:
    """Whether the memory for messages of all queues has room for one more."""
    texts = [len(msg.msg_text) for queue in kernel.msqueues.values() for msg in queue.msg_queue]
    segments = sum(-(-size // MSGSSZ) for size in (*texts, msgsz))
    return segments <= MSGSEG and len(texts) < MSGTQL


def _wait(lwp: Lwp, queue: Msqueue, wmesg: str) -> None:
    """Sleep until something has changed.

    Raises:
        KernelError: EINTR. EIDRM.
    """
    try:
        tsleep(lwp, queue, PLOCK | PCATCH, wmesg)
    except KernelError:
        raise KernelError(Errno.EINTR) from None
    if queue.msg_removed:
        raise KernelError(Errno.EIDRM)


def sys_msgrcv(lwp: Lwp, msqid: int, msgp: int, msgsz: int, msgtyp: int, msgflg: int) -> int:
    """msgrcv(2): take a message out of a queue, waiting for one; return the bytes of its text.

    Args:
        lwp: the caller.
        msqid: the queue.
        msgp: where its type and text go.
        msgsz: bytes of text that there is room for.
        msgtyp: 0 takes the first, n the first of type n, -n the first of the lowest type up to n.
        msgflg: IPC_NOWAIT; MSG_NOERROR cuts a text that is too long.

    Raises:
        KernelError: E2BIG, the text is too long. EACCES. EFAULT: the message is lost. EIDRM, the
            queue was removed meanwhile. EINTR. EINVAL, no such queue. ENOMSG, there is none and
            IPC_NOWAIT is given.
    """
    p, kernel = lwp.l_proc, lwp.l_kernel
    queue = ipc_find(kernel.msqueues, msqid)
    ipcperm(p.p_cred, queue, IPC_R)
    while (msg := _choose(queue, msgtyp)) is None:
        if msgflg & IPC_NOWAIT:
            raise KernelError(Errno.ENOMSG)
        _wait(lwp, queue, "msgwait")
    if msgsz < len(msg.msg_text) and not msgflg & MSG_NOERROR:
        raise KernelError(Errno.E2BIG)
    at = next(at for at, other in enumerate(queue.msg_queue) if other is msg)
    del queue.msg_queue[at]
    queue.msg_cbytes -= len(msg.msg_text)
    queue.msg_lrpid = p.p_pid
    queue.msg_rtime = seconds(lwp)
    for other in kernel.msqueues.values():  # the memory for messages is one for all
        wakeup(kernel, other)
    text = msg.msg_text[: max(msgsz, 0)]
    copyout(p.p_vmspace, msg.msg_type.to_bytes(SIZEOF_MTYPE, "little"), msgp)
    copyout(p.p_vmspace, text, msgp + SIZEOF_MTYPE)
    return len(text)


def _choose(queue: Msqueue, msgtyp: int) -> Msg | None:
    """Return the message that is asked for."""
    if msgtyp >= 0:
        fitting = (msg for msg in queue.msg_queue if msgtyp in {0, msg.msg_type})
        return next(fitting, None)
    low = [msg for msg in queue.msg_queue if msg.msg_type <= -msgtyp]
    return min(low, key=lambda msg: msg.msg_type, default=None)


def sys___msgctl50(lwp: Lwp, msqid: int, cmd: int, buf: int) -> int:
    """msgctl(2): tell of a queue, change its owner, permissions and size, or remove it.

    Raises:
        KernelError: EACCES. EFAULT. EINVAL, cmd, no such queue, or a size of 0. EPERM; also for
            who is not root and gives it a larger size.
    """
    p, kernel = lwp.l_proc, lwp.l_kernel
    vm, cred = p.p_vmspace, p.p_cred
    new = unpack_from(MsqidDs, copyin(vm, buf, sizeof(MsqidDs))) if cmd == IPC_SET else None
    queue = ipc_find(kernel.msqueues, msqid)
    if cmd == IPC_RMID:
        ipcperm(cred, queue, IPC_M)
        queue.msg_removed = True
        del kernel.msqueues[queue.ix]
        wakeup(kernel, queue)
    elif new is not None:
        ipcperm(cred, queue, IPC_M)
        if new.msg_qbytes > queue.msg_qbytes and cred.cr_uid:
            raise KernelError(Errno.EPERM)
        size = min(new.msg_qbytes, MSGMNB)
        if not size:
            raise KernelError(Errno.EINVAL)
        ipc_set(queue, new.msg_perm)
        queue.msg_qbytes = size
        queue.msg_ctime = seconds(lwp)
    elif cmd == IPC_STAT:
        ipcperm(cred, queue, IPC_R)
        copyout(vm, pack(msqid_ds(queue)), buf)
    else:
        raise KernelError(Errno.EINVAL)
    return 0


def msqid_ds(queue: Msqueue) -> MsqidDs:
    """Return what msgctl(2) and ipcs(1) tell of a queue."""
    return MsqidDs(
        queue.perm(),
        len(queue.msg_queue),
        queue.msg_qbytes,
        queue.msg_lspid,
        queue.msg_lrpid,
        queue.msg_stime,
        queue.msg_rtime,
        queue.msg_ctime,
        msg_cbytes=queue.msg_cbytes,
    )
