# SPDX-License-Identifier: BSD-2-Clause
"""System V shared memory.  NetBSD sys/sys/shm.h."""

from typing import Final

from kernel.sys.cdefs import Int, Int64, Pointer, UInt, UInt64, ULong
from kernel.sys.dataclasses import dataclass
from kernel.sys.ipc import Ipc, IpcPerm, IpcPermSysctl
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.param import PAGE_SIZE
from kernel.sys.vm import UvmObject

SHM_RDONLY: Final = 0o10000  # attach for reading only
SHM_RND: Final = 0o20000  # round the address down to SHMLBA
SHMLBA: Final = PAGE_SIZE

# Commands of shmctl besides IPC_*.
SHM_LOCK: Final = 3
SHM_UNLOCK: Final = 4

SHMMNI: Final = 128  # segments
SHMSEG: Final = 128  # that one process may attach


class ShmidDs(NamedTuple):
    """struct shmid_ds; times in seconds."""

    shm_perm: IpcPerm
    shm_segsz: ULong = 0  # bytes
    shm_lpid: Int = 0  # who last attached or detached it
    shm_cpid: Int = 0  # who made it
    shm_nattch: UInt = 0
    shm_atime: Int64 = 0
    shm_dtime: Int64 = 0
    shm_ctime: Int64 = 0
    shm_internal: Pointer = 0


SHMSEG_ALLOCATED: Final = 0x0800  # in the mode that sysctl(3) tells


class Shminfo(NamedTuple):
    """Limits (struct shminfo)."""

    shmmax: UInt64
    shmmin: UInt
    shmmni: UInt
    shmseg: UInt
    shmall: UInt  # pages


class ShmidDsSysctl(NamedTuple):
    """A segment as sysctl(3) tells of it."""

    shm_perm: IpcPermSysctl = IpcPermSysctl()
    shm_segsz: UInt64 = 0
    shm_lpid: Int = 0
    shm_cpid: Int = 0
    shm_atime: Int64 = 0
    shm_dtime: Int64 = 0
    shm_ctime: Int64 = 0
    shm_nattch: UInt = 0


@dataclass(slots=True, eq=False)
class Shmseg(Ipc):
    """A segment."""

    shm_segsz: int
    shm_object: UvmObject
    shm_cpid: int
    shm_ctime: int
    shm_lpid: int = 0
    shm_nattch: int = 0
    shm_atime: int = 0
    shm_dtime: int = 0
    shm_removed: bool = False  # goes with the last who has it attached
