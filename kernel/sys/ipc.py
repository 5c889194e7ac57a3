# SPDX-License-Identifier: BSD-2-Clause
"""What the three kinds of System V IPC share.  NetBSD sys/sys/ipc.h."""

from typing import Final

from kernel.sys.cdefs import Long, Short, UInt, UInt64, UShort
from kernel.sys.dataclasses import dataclass
from kernel.sys.namedtuple import NamedTuple

# Flags of shmget, semget and msgget, and of the calls that may wait.
IPC_CREAT: Final = 0o1000
IPC_EXCL: Final = 0o2000
IPC_NOWAIT: Final = 0o4000
IPC_PRIVATE: Final = 0  # a key that is nobody else's

# Commands of shmctl, semctl and msgctl.
IPC_RMID: Final = 0
IPC_SET: Final = 1
IPC_STAT: Final = 2

# What ipcperm is asked for.
IPC_R: Final = 0o400
IPC_W: Final = 0o200
IPC_M: Final = 0o10000  # change it, or take it away


class IpcPerm(NamedTuple):
    """Who may do what (struct ipc_perm)."""

    uid: UInt = 0
    gid: UInt = 0
    cuid: UInt = 0  # the creator's
    cgid: UInt = 0
    mode: UInt = 0  # permissions
    seq: UShort = 0
    key: Long = 0


class IpcPermSysctl(NamedTuple):
    """The same as sysctl(3) tells it (struct ipc_perm_sysctl)."""

    key: UInt64 = 0
    uid: UInt = 0
    gid: UInt = 0
    cuid: UInt = 0
    cgid: UInt = 0
    mode: UInt = 0  # with the bit of what is in use
    seq: Short = 0
    pad: Short = 0


@dataclass(slots=True, eq=False)
class Ipc:
    """The permissions of one that exists, and its place: what identifiers are made of."""

    ix: int
    seq: int
    key: int
    perm_uid: int
    perm_gid: int
    perm_cuid: int
    perm_cgid: int
    perm_mode: int

    @property
    def id(self) -> int:
        """The identifier that programs know it by."""
        return self.seq << 16 | self.ix

    def perm(self) -> IpcPerm:
        """Return the struct."""
        return IpcPerm(
            self.perm_uid,
            self.perm_gid,
            self.perm_cuid,
            self.perm_cgid,
            self.perm_mode,
            self.seq,
            (self.key + (1 << 63)) % (1 << 64) - (1 << 63),
        )

    def perm_sysctl(self, used: int) -> IpcPermSysctl:
        """Return what sysctl(3) tells; used is the bit that says that it is there."""
        ids = self.perm_uid, self.perm_gid, self.perm_cuid, self.perm_cgid
        return IpcPermSysctl(self.key % (1 << 64), *ids, self.perm_mode | used, self.seq)
