# SPDX-License-Identifier: BSD-2-Clause
"""kern.ipc, kern.posix, kern.uidinfo, kern.coredump: what users have and may have.

NetBSD sys/kern/sysv_ipc.c, uipc_sem.c, kern_uidinfo.c, init_sysctl.c.
"""

from typing import Final

from kernel.kern.init_sysctl_base import Getter, Mib, Node, integer, node, quad, variable
from kernel.sys.msg import MSGMNI, MSGSEG
from kernel.sys.param import MAXPATHLEN, PAGE_SHIFT, PHYSMEM
from kernel.sys.proc import Lwp, Proc
from kernel.sys.sem import SEMMNI, SEMMNS, SEMMNU
from kernel.sys.shm import SHMMNI, SHMSEG
from kernel.sys.sysctl import (
    CTLFLAG_PERMANENT,
    CTLTYPE_QUAD,
    KERN_SYSVIPC,
    KERN_SYSVIPC_MSG,
    KERN_SYSVIPC_SEM,
    KERN_SYSVIPC_SHM,
    KERN_SYSVIPC_SHMMAX,
    KERN_SYSVIPC_SHMMAXPGS,
    KERN_SYSVIPC_SHMMNI,
    KERN_SYSVIPC_SHMSEG,
    KERN_SYSVIPC_SHMUSEPHYS,
)

_ANY: Final = -1  # a number that the tree gives
_SHMMAX: Final = PHYSMEM // 4  # bytes of a segment


def _mine(lwp: Lwp) -> list[Proc]:
    """Return the processes of the caller's real user."""
    uid = lwp.l_proc.p_cred.cr_ruid
    return [p for p in lwp.l_kernel.allproc.values() if p.p_cred.cr_ruid == uid]


def _proccnt(lwp: Lwp, _mib: Mib) -> int:
    return len(_mine(lwp))


def _lwpcnt(lwp: Lwp, _mib: Mib) -> int:
    return sum(len(p.p_lwps) for p in _mine(lwp))


def _lockcnt(lwp: Lwp, _mib: Mib) -> int:
    return lwp.l_kernel.ui_lockcnt.get(lwp.l_proc.p_cred.cr_ruid, 0)


def _count(name: str, desc: str, get: Getter) -> Node:
    return Node(name, _ANY, CTLTYPE_QUAD | CTLFLAG_PERMANENT, desc, 8, get)


IPC_TREE: Final = (
    node("ipc", KERN_SYSVIPC, "SysV IPC options", (
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
