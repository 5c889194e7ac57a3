# SPDX-License-Identifier: BSD-2-Clause
"""System V semaphores.  NetBSD sys/sys/sem.h."""

from struct import Struct
from typing import Final

from kernel.sys.cdefs import Int, Int64, Pointer, Short, UShort
from kernel.sys.dataclasses import dataclass
from kernel.sys.ipc import Ipc, IpcPerm, IpcPermSysctl
from kernel.sys.namedtuple import NamedTuple

SEM_UNDO: Final = 0o10000  # a process's operations are undone at its end

# Commands of semctl besides IPC_*.
GETNCNT: Final = 3
GETPID: Final = 4
GETVAL: Final = 5
GETALL: Final = 6
GETZCNT: Final = 7
SETVAL: Final = 8
SETALL: Final = 9

SEMMNI: Final = 10  # sets
SEMMNS: Final = 60  # semaphores in all sets
SEMMNU: Final = 30  # processes with something to undo
SEMMSL: Final = SEMMNS  # semaphores in one set
SEMOPM: Final = 100  # operations in one call
SEMUME: Final = 10  # semaphores that one process has something to undo at
SEMVMX: Final = 32767  # the largest value
SEMAEM: Final = 16384  # the largest adjustment

SIZEOF_SEMUN: Final = 8  # union __semun
_SEMBUF: Final = Struct("<Hhh")
SIZEOF_SEMBUF: Final = _SEMBUF.size


class Sembuf(NamedTuple):
    """One operation (struct sembuf)."""

    sem_num: UShort
    sem_op: Short
    sem_flg: Short = 0

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _SEMBUF.pack(*self)


class SemidDs(NamedTuple):
    """struct semid_ds; times in seconds."""

    sem_perm: IpcPerm
    sem_nsems: UShort = 0
    sem_otime: Int64 = 0
    sem_ctime: Int64 = 0
    sem_base: Pointer = 0


SEM_ALLOC: Final = 0o1000  # in the mode that sysctl(3) tells


class Seminfo(NamedTuple):
    """Limits (struct seminfo)."""

    semmap: Int
    semmni: Int
    semmns: Int
    semmnu: Int
    semmsl: Int
    semopm: Int
    semume: Int
    semusz: Int
    semvmx: Int
    semaem: Int


class SemidDsSysctl(NamedTuple):
    """A set as sysctl(3) tells of it."""

    sem_perm: IpcPermSysctl = IpcPermSysctl()
    sem_nsems: Short = 0
    pad: Short = 0
    pad2: Int = 0
    sem_otime: Int64 = 0
    sem_ctime: Int64 = 0


@dataclass(slots=True, eq=False)
class Sem:
    """A semaphore (struct __sem)."""

    semval: int = 0
    sempid: int = 0  # who last changed it
    semncnt: int = 0  # who wait for it to grow
    semzcnt: int = 0  # who wait for 0


@dataclass(slots=True, eq=False)
class Semset(Ipc):
    """A set of semaphores."""

    sems: list[Sem]
    sem_ctime: int
    sem_otime: int = 0
    sem_removed: bool = False


def unpack_sembufs(data: bytes) -> list[Sembuf]:
    """Return the operations in an array of struct sembuf."""
    return [Sembuf(*fields) for fields in _SEMBUF.iter_unpack(data)]
