# SPDX-License-Identifier: BSD-2-Clause
"""System V shared memory, semaphores and queues.  NetBSD sys/sys/shm.h, sem.h, msg.h."""

from collections.abc import Sequence
from struct import Struct
from typing import Final, TypeVar

from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.ipc import IPC_STAT
from kernel.sys.msg import MsqidDs
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.sem import GETALL, Sembuf, SemidDs
from kernel.sys.shm import ShmidDs
from userland.libc.stack import Arena, Frame, Readable, StrPath, bytesof, fetch, pushbytes, reserve
from userland.libc.sys import stat
from userland.libc.syscall import call

__all__ = [
    "MsqidDs", "Sembuf", "SemidDs", "ShmidDs", "ftok", "msgctl", "msgrcv", "msgsnd", "semctl",
    "semop", "shmat", "shmctl",
]  # fmt: skip

_LONG: Final = Struct("<q")
_SEMUN: Final = Struct("<Q")

_Ds = TypeVar("_Ds", bound=NamedTuple)


def ftok(path: StrPath, id: int) -> int:
    """Return a key made of a file and the low 8 bits of id.

    Raises:
        OSError: as stat(2).
    """
    st = stat(path)
    return (id & 0xFF) << 24 | (st.st_dev & 0xFF) << 16 | st.st_ino & 0xFFFF


def shmat(shmid: int, shmaddr: int = 0, shmflg: int = 0) -> int:
    """Map a shared segment; return its address.

    Raises:
        OSError: EACCES, EINVAL, EMFILE, ENOMEM.
    """
    return call("shmat", shmid, shmaddr, shmflg)


def shmctl(shmid: int, cmd: int, buf: ShmidDs | None = None) -> ShmidDs | None:
    """Return a segment's ShmidDs (IPC_STAT), set it (IPC_SET), or remove the segment.

    Raises:
        OSError: EACCES, EFAULT, EINVAL, EPERM.
    """
    return _ctl("__shmctl50", shmid, cmd, ShmidDs, buf)


def msgctl(msqid: int, cmd: int, buf: MsqidDs | None = None) -> MsqidDs | None:
    """Return a queue's MsqidDs (IPC_STAT), set it (IPC_SET), or remove the queue.

    Raises:
        OSError: EACCES, EFAULT, EINVAL, EPERM.
    """
    return _ctl("__msgctl50", msqid, cmd, MsqidDs, buf)


def _ctl(name: str, ipcid: int, cmd: int, cls: type[_Ds], buf: _Ds | None) -> _Ds | None:
    with Frame() as lwp:
        at = pushbytes(lwp, pack(buf)) if buf is not None else 0
        if cmd == IPC_STAT:
            at = reserve(lwp, sizeof(cls))
        call(name, ipcid, cmd, at)
        return unpack_from(cls, fetch(lwp, at, sizeof(cls))) if cmd == IPC_STAT else None


def semop(semid: int, sops: Sequence[Sembuf | tuple[int, ...]]) -> int:
    """Do operations (number, change, flags) on a set, all or none.

    Raises:
        OSError: E2BIG, EACCES, EAGAIN, EFBIG, EIDRM, EINTR, EINVAL, ENOSPC.
    """
    data = b"".join(Sembuf(*op).pack() for op in sops)
    with Frame() as lwp:
        return call("semop", semid, pushbytes(lwp, data), len(sops))


def semctl(
    semid: int, semnum: int, cmd: int, arg: int | Sequence[int] | SemidDs | None = None
) -> int | list[int] | SemidDs:
    """Return what cmd asks for, or set what arg says.

    GETALL returns a list and IPC_STAT a SemidDs; SETVAL takes an int, SETALL a
    sequence and IPC_SET a SemidDs.

    Raises:
        OSError: EACCES, EFAULT, EINVAL, EPERM, ERANGE.
    """
    size = sizeof(SemidDs)
    with Frame() as lwp:
        if isinstance(arg, SemidDs):
            value = pushbytes(lwp, pack(arg))
        elif isinstance(arg, Sequence):
            value = pushbytes(lwp, Struct(f"<{len(arg)}H").pack(*arg))
        elif cmd == GETALL:
            count = semctl(semid, 0, IPC_STAT)
            size = 2 * count.sem_nsems if isinstance(count, SemidDs) else 0
            value = reserve(lwp, size)
        elif cmd == IPC_STAT:
            value = reserve(lwp, size)
        else:
            value = arg or 0
        answer = call("____semctl50", semid, semnum, cmd, pushbytes(lwp, _SEMUN.pack(value)))
        if cmd == GETALL:
            return list(Struct(f"<{size // 2}H").unpack(fetch(lwp, value, size)))
        return unpack_from(SemidDs, fetch(lwp, value, size)) if cmd == IPC_STAT else answer


def msgsnd(msqid: int, mtype: int, mtext: Readable, msgflg: int = 0) -> int:
    """Put a message into a queue.

    Raises:
        OSError: EACCES, EAGAIN, EIDRM, EINTR, EINVAL.
    """
    data = _LONG.pack(mtype) + bytes(bytesof(mtext))
    with Arena() as memory:
        return call("msgsnd", msqid, memory.put(data), len(data) - _LONG.size, msgflg)


def msgrcv(msqid: int, msgsz: int, msgtyp: int = 0, msgflg: int = 0) -> tuple[int, bytes]:
    """Take a message out of a queue; return its type and its text.

    Raises:
        OSError: E2BIG, EACCES, EIDRM, EINTR, EINVAL, ENOMSG.
    """
    with Arena() as memory:
        at = memory.room(_LONG.size + msgsz)
        count = call("msgrcv", msqid, at, msgsz, msgtyp, msgflg)
        data = memory.get(at, _LONG.size + count)
    return _LONG.unpack_from(data)[0], data[_LONG.size :]
