# SPDX-License-Identifier: BSD-2-Clause
"""System V message queues.  NetBSD sys/sys/msg.h."""

from collections import deque
from typing import Final

from kernel.sys.cdefs import Int, Int64, Pointer, UInt64, ULong
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.ipc import Ipc, IpcPerm, IpcPermSysctl
from kernel.sys.namedtuple import NamedTuple

MSG_NOERROR: Final = 0o10000  # a message that is too long is cut

MSGSSZ: Final = 8  # bytes of a segment of a message
MSGSEG: Final = 2048  # segments in the system
MSGMAX: Final = MSGSSZ * MSGSEG  # bytes in a message
MSGMNB: Final = 2048  # bytes in a queue
MSGMNI: Final = 40  # queues
MSGTQL: Final = 40  # messages in the system

SIZEOF_MTYPE: Final = 8  # the long before a message's text


class MsqidDs(NamedTuple):
    """struct msqid_ds; times in seconds."""

    msg_perm: IpcPerm
    msg_qnum: ULong = 0  # messages
    msg_qbytes: ULong = 0  # bytes that it may hold
    msg_lspid: Int = 0
    msg_lrpid: Int = 0
    msg_stime: Int64 = 0
    msg_rtime: Int64 = 0
    msg_ctime: Int64 = 0
    msg_first: Pointer = 0
    msg_last: Pointer = 0
    msg_cbytes: ULong = 0


class Msginfo(NamedTuple):
    """Limits (struct msginfo)."""

    msgmax: Int
    msgmni: Int
    msgmnb: Int
    msgtql: Int
    msgssz: Int
    msgseg: Int


class MsqidDsSysctl(NamedTuple):
    """A queue as sysctl(3) tells of it; one whose size is 0 is not there."""

    msg_perm: IpcPermSysctl = IpcPermSysctl()
    msg_qnum: UInt64 = 0
    msg_qbytes: UInt64 = 0
    msg_cbytes: UInt64 = 0
    msg_lspid: Int = 0
    msg_lrpid: Int = 0
    msg_stime: Int64 = 0
    msg_rtime: Int64 = 0
    msg_ctime: Int64 = 0
    pad: Int = 0


class Msg(NamedTuple):
    """A message (struct __msg)."""

    msg_type: int
    msg_text: bytes


@dataclass(slots=True, eq=False)
class Msqueue(Ipc):
    """A queue of messages."""

    msg_ctime: int
    msg_qbytes: int = MSGMNB
    msg_queue: deque[Msg] = field(default_factory=deque)
    msg_cbytes: int = 0
    msg_lspid: int = 0
    msg_lrpid: int = 0
    msg_stime: int = 0
    msg_rtime: int = 0
    msg_removed: bool = False
