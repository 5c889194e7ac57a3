# SPDX-License-Identifier: BSD-2-Clause
"""kern.ipc, kern.posix, kern.uidinfo, kern.coredump: what users have and may have.

NetBSD sys/kern/sysv_ipc.c, uipc_sem.c, kern_uidinfo.c, init_sysctl.c.
"""

from typing import Final

from kernel.kern.init_sysctl_base import Getter, Mib, Node, function, integer, node, quad, variable
from kernel.kern.kern_uidinfo import chglockcnt, chgproccnt
from kernel.sys.cdefs import pack
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel
from kernel.sys.msg import (
    MSGMAX,
    MSGMNB,
    MSGMNI,
    MSGSEG,
    MSGSSZ,
    MSGTQL,
    Msginfo,
    MsqidDsSysctl,
)
from kernel.sys.param import MAXPATHLEN, PAGE_SHIFT, PHYSMEM
from kernel.sys.proc import Lwp
from kernel.sys.sem import (
    SEM_ALLOC,
    SEMAEM,
    SEMMNI,
    SEMMNS,
    SEMMNU,
    SEMMSL,
    SEMOPM,
    SEMUME,
    SEMVMX,
    SemidDsSysctl,
    Seminfo,
)
from kernel.sys.shm import SHMMNI, SHMSEG, SHMSEG_ALLOCATED, ShmidDsSysctl, Shminfo
from kernel.sys.sysctl import (
    CTLFLAG_PERMANENT,
    CTLTYPE_QUAD,
    KERN_SYSVIPC,
    KERN_SYSVIPC_INFO,
    KERN_SYSVIPC_MSG,
    KERN_SYSVIPC_MSG_INFO,
    KERN_SYSVIPC_SEM,
    KERN_SYSVIPC_SEM_INFO,
    KERN_SYSVIPC_SHM,
    KERN_SYSVIPC_SHM_INFO,
    KERN_SYSVIPC_SHMMAX,
    KERN_SYSVIPC_SHMMAXPGS,
    KERN_SYSVIPC_SHMMNI,
    KERN_SYSVIPC_SHMSEG,
    KERN_SYSVIPC_SHMUSEPHYS,
)

_ANY: Final = -1  # a number that the tree gives
_SHMMAX: Final = PHYSMEM // 4  # bytes of a segment


def _proccnt(lwp: Lwp, _mib: Mib) -> int:
    return chgproccnt(lwp.l_kernel, lwp.l_proc.p_cred.cr_ruid, 0)


def _lwpcnt(lwp: Lwp, _mib: Mib) -> int:
    uid = lwp.l_proc.p_cred.cr_ruid
    processes = lwp.l_kernel.allproc.values()
    return sum(len(p.p_lwps) for p in processes if p.p_cred.cr_ruid == uid)


def _lockcnt(lwp: Lwp, _mib: Mib) -> int:
    return chglockcnt(lwp.l_kernel, lwp.l_proc.p_cred.cr_ruid, 0)


def _count(name: str, desc: str, get: Getter) -> Node:
    return Node(name, _ANY, CTLTYPE_QUAD | CTLFLAG_PERMANENT, desc, 8, get)


def _shm_info(kernel: Kernel) -> bytes:
    info = Shminfo(_SHMMAX, 1, SHMMNI, SHMSEG, _SHMMAX >> PAGE_SHIFT)
    segs = [kernel.shmsegs.get(ix) for ix in range(SHMMNI)]
    return pack(info) + b"".join(
        pack(
            ShmidDsSysctl()
            if seg is None
            else ShmidDsSysctl(
                seg.perm_sysctl(SHMSEG_ALLOCATED), seg.shm_segsz, seg.shm_lpid, seg.shm_cpid,
                seg.shm_atime, seg.shm_dtime, seg.shm_ctime, seg.shm_nattch,
            )
        )
        for seg in segs
    )  # fmt: skip


def _sem_info(kernel: Kernel) -> bytes:
    info = Seminfo(30, SEMMNI, SEMMNS, SEMMNU, SEMMSL, SEMOPM, SEMUME, 100, SEMVMX, SEMAEM)
    sets = [kernel.semsets.get(ix) for ix in range(SEMMNI)]
    return pack(info) + b"".join(
        pack(
            SemidDsSysctl()
            if semset is None
            else SemidDsSysctl(
                semset.perm_sysctl(SEM_ALLOC), len(semset.sems), 0, 0, semset.sem_otime,
                semset.sem_ctime,
            )
        )
        for semset in sets
    )  # fmt: skip


def _msg_info(kernel: Kernel) -> bytes:
    info = Msginfo(MSGMAX, MSGMNI, MSGMNB, MSGTQL, MSGSSZ, MSGSEG)
    queues = [kernel.msqueues.get(ix) for ix in range(MSGMNI)]
    return pack(info) + b"".join(
        pack(
            MsqidDsSysctl()
            if queue is None
            else MsqidDsSysctl(
                queue.perm_sysctl(0), len(queue.msg_queue), queue.msg_qbytes, queue.msg_cbytes,
                queue.msg_lspid, queue.msg_lrpid, queue.msg_stime, queue.msg_rtime,
                queue.msg_ctime,
            )
        )
        for queue in queues
    )  # fmt: skip


_INFO: Final = {
    KERN_SYSVIPC_MSG_INFO: _msg_info,
    KERN_SYSVIPC_SEM_INFO: _sem_info,
    KERN_SYSVIPC_SHM_INFO: _shm_info,
}


def _sysvipc_info(lwp: Lwp, mib: Mib, room: int | None) -> tuple[bytes, int]:
    """kern.ipc.sysvipc_info.WHICH: the limits, and a struct for each place, in use or not.

    Raises:
        KernelError: EINVAL, there is no such kind.

    Source: sysctl_kern_sysvipc, NetBSD sys/kern/sysv_ipc.c.
    """
    if len(mib) != 1 or mib[0] not in _INFO:
        raise KernelError(Errno.EINVAL)
    data = _INFO[mib[0]](lwp.l_kernel)
    return data[: room or 0], len(data)


IPC_TREE: Final = (
    node("ipc", KERN_SYSVIPC, "SysV IPC options", (
        function(
            "sysvipc_info", KERN_SYSVIPC_INFO, "System V style IPC information", _sysvipc_info,
        ),
        integer("sysvmsg", KERN_SYSVIPC_MSG, "System V style message support available", 1),
        integer("sysvsem", KERN_SYSVIPC_SEM, "System V style semaphore support available", 1),
        integer("sysvshm", KERN_SYSVIPC_SHM, "System V style shared memory support available", 1),
        quad("shmmax", KERN_SYSVIPC_SHMMAX, "Max shared memory segment size in bytes", _SHMMAX),
        integer("shmmni", KERN_SYSVIPC_SHMMNI, "Max number of shared memory identifiers", SHMMNI),
        integer("shmseg", KERN_SYSVIPC_SHMSEG, "Max shared memory segments per process", SHMSEG),
        integer(
            "shmmaxpgs", KERN_SYSVIPC_SHMMAXPGS, "Max amount of shared memory in pages",
            _SHMMAX >> PAGE_SHIFT,
        ),
        integer("shm_use_phys", KERN_SYSVIPC_SHMUSEPHYS, "Locking of shared memory in memory", 0),
        integer("msgmni", _ANY, "Max number of message queue identifiers", MSGMNI),
        integer("msgseg", _ANY, "Max number of number of message segments", MSGSEG),
        integer("semmni", _ANY, "Max number of number of semaphore identifiers", SEMMNI),
        integer("semmns", _ANY, "Max number of number of semaphores in system", SEMMNS),
        integer("semmnu", _ANY, "Max number of undo structures in system", SEMMNU),
    )),
    node("uidinfo", _ANY, "Resource usage per uid", (
        _count("proccnt", "Number of processes for the current user", _proccnt),
        _count("lwpcnt", "Number of lwps for the current user", _lwpcnt),
        _count("lockcnt", "Number of locks for the current user", _lockcnt),
    )),
    node("coredump", _ANY, "Coredump settings.", (
        node("setid", _ANY, "Set-id processes' coredump settings.", (
            variable("dump", _ANY, "Allow set-id processes to dump core.", 0),
            variable(
                "path", _ANY, "Path pattern for set-id coredumps.", b"/var/crash/%n.core",
                size=MAXPATHLEN,
            ),
            variable("owner", _ANY, "Owner id for set-id processes' cores.", 0),
            variable("group", _ANY, "Group id for set-id processes' cores.", 0),
            variable("mode", _ANY, "Mode for set-id processes' cores.", 0o600),
        )),
    )),
)  # fmt: skip
