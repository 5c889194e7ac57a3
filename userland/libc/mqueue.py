# SPDX-License-Identifier: BSD-2-Clause
"""POSIX message queues.  NetBSD include/mqueue.h."""

from typing import Final

from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.mqueue import MqAttr
from kernel.sys.time import Timespec
from kernel.sys.timevar import Sigevent
from userland.libc.stack import (
    Arena,
    Frame,
    Readable,
    StrPath,
    fetch,
    pushbytes,
    pushrecord,
    pushstr,
    reserve,
)
from userland.libc.syscall import call

__all__ = [
    "MqAttr", "mq_getattr", "mq_notify", "mq_open", "mq_receive", "mq_send", "mq_setattr",
    "mq_timedreceive", "mq_timedsend",
]  # fmt: skip

_SIZE: Final = sizeof(MqAttr)
_PRIO: Final = 4  # bytes of a priority


def mq_open(name: StrPath, oflag: int, mode: int = 0, attr: MqAttr | None = None) -> int:
    """Open a message queue, or with O_CREAT make it; return its descriptor.

    Raises:
        OSError: EACCES, EEXIST, EINVAL, EMFILE, ENAMETOOLONG, ENFILE, ENOENT.
    """
    with Frame() as lwp:
        at = 0 if attr is None else pushbytes(lwp, pack(attr))
        return call("mq_open", pushstr(lwp, name), oflag, mode, at, about=(name,))


def mq_getattr(mqdes: int) -> MqAttr:
    """Return a queue's flags and limits, and how many messages are in it.

    Raises:
        OSError: EBADF.
    """
    with Frame() as lwp:
        at = reserve(lwp, _SIZE)
        call("mq_getattr", mqdes, at)
        return unpack_from(MqAttr, fetch(lwp, at, _SIZE))


def mq_setattr(mqdes: int, attr: MqAttr) -> MqAttr:
    """Set O_NONBLOCK of a queue, or clear it; return what its attributes were.

    Raises:
        OSError: EBADF.
    """
    with Frame() as lwp:
        old = reserve(lwp, _SIZE)
        call("mq_setattr", mqdes, pushbytes(lwp, pack(attr)), old)
        return unpack_from(MqAttr, fetch(lwp, old, _SIZE))


def mq_send(mqdes: int, msg: Readable, prio: int = 0) -> int:
    """Send a message.

    Raises:
        OSError: EAGAIN, EBADF, EINTR, EINVAL, EMSGSIZE.
    """
    with Arena() as memory:
        return call("mq_send", mqdes, memory.put(msg), len(msg), prio)


def mq_timedsend(mqdes: int, msg: Readable, prio: int, abstime: Timespec | None) -> int:
    """Send a message, waiting no longer than until abstime.

    Raises:
        OSError: as mq_send; ETIMEDOUT.
    """
    with Frame() as lwp, Arena() as memory:
        at = pushrecord(lwp, abstime)
        return call("__mq_timedsend50", mqdes, memory.put(msg), len(msg), prio, at)


def mq_receive(mqdes: int, size: int | None = None) -> tuple[bytes, int]:
    """Receive a message; return it and its priority.

    Args:
        mqdes: the queue.
        size: bytes that there is room for; None: as many as the longest message has.

    Raises:
        OSError: EAGAIN, EBADF, EINTR, EMSGSIZE.
    """
    return _receive("mq_receive", mqdes, size)


def mq_timedreceive(mqdes: int, size: int | None, abstime: Timespec | None) -> tuple[bytes, int]:
    """Receive a message, waiting no longer than until abstime.

    Raises:
        OSError: as mq_receive; ETIMEDOUT.
    """
    with Frame() as lwp:
        return _receive("__mq_timedreceive50", mqdes, size, pushrecord(lwp, abstime))


def _receive(name: str, mqdes: int, size: int | None, *abstime: int) -> tuple[bytes, int]:
    if size is None:
        size = mq_getattr(mqdes).mq_msgsize
    with Frame() as lwp, Arena() as memory:
        prio = reserve(lwp, _PRIO)
        at = memory.room(size)
        count = call(name, mqdes, at, size, prio, *abstime)
        return memory.get(at, count), int.from_bytes(fetch(lwp, prio, _PRIO), "little")


def mq_notify(mqdes: int, notification: Sigevent | None) -> int:
    """Ask for a signal when a message comes into the empty queue; None: not any more.

    Raises:
        OSError: EBADF, EBUSY, EINVAL.
    """
    with Frame() as lwp:
        return call("mq_notify", mqdes, pushrecord(lwp, notification))
