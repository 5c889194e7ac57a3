# SPDX-License-Identifier: BSD-2-Clause
"""POSIX message queues.  NetBSD sys/sys/mqueue.h."""

from typing import TYPE_CHECKING, Final

from kernel.sys.cdefs import Long
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.selinfo import Selinfo
from kernel.sys.timevar import Sigevent

if TYPE_CHECKING:
    from kernel.sys.kernel import Kernel
    from kernel.sys.proc import Proc

MQ_NAMELEN: Final = 512  # bytes of a name, with room for a NUL
MQ_OPEN_MAX: Final = 512  # descriptors of a process
MQ_PRIO_MAX: Final = 32  # priorities are below it
MQ_DEF_MSGSIZE: Final = 1024  # bytes of a message with its header, if not said otherwise
MQ_MAX_MSGSIZE: Final = 16 * MQ_DEF_MSGSIZE
MQ_DEF_MAXMSG: Final = 32  # messages of a queue, if not said otherwise
MQ_MAX_MAXMSG: Final = 16 * MQ_DEF_MAXMSG
SIZEOF_MQ_MSG: Final = 32  # the header of a message

# mq_flags besides what mq_open was given.
MQ_UNLINKED: Final = 0x10000000
MQ_RECEIVE: Final = 0x20000000  # somebody waits for a message


class MqAttr(NamedTuple):
    """struct mq_attr."""

    mq_flags: Long = 0  # O_NONBLOCK ...
    mq_maxmsg: Long = MQ_DEF_MAXMSG
    mq_msgsize: Long = MQ_DEF_MSGSIZE - SIZEOF_MQ_MSG  # bytes of the longest message
    mq_curmsgs: Long = 0


class MqMsg(NamedTuple):
    """A message (struct mq_msg)."""

    msg_prio: int
    msg: bytes


@dataclass(slots=True, eq=False)
class Mqueue:
    """A queue (struct mqueue); times in ns since the epoch."""

    mq_kernel: "Kernel"
    mq_name: bytes
    mq_flags: int
    mq_maxmsg: int
    mq_msgsize: int
    mq_mode: int
    mq_euid: int
    mq_egid: int
    mq_btime: int
    mq_atime: int
    mq_mtime: int
    mq_msgs: list[MqMsg] = field(default_factory=list)  # the next to be received first
    mq_notify_proc: "Proc | None" = None  # who hears of the first message
    mq_sig_notify: Sigevent = field(default_factory=Sigevent)
    mq_rsel: Selinfo = field(default_factory=Selinfo)
    mq_wsel: Selinfo = field(default_factory=Selinfo)
