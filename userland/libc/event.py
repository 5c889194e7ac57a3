# SPDX-License-Identifier: BSD-2-Clause
"""Kernel queues of events.  NetBSD sys/sys/event.h."""

from collections.abc import Iterable

from kernel.sys.event import SIZEOF_KEVENT, Kevent
from kernel.sys.time import Timespec
from userland.libc.stack import Arena
from userland.libc.syscall import call

__all__ = ["Kevent", "kevent"]


def kevent(
    fd: int,
    changelist: Iterable[Kevent] = (),
    nevents: int = 0,
    timeout: Timespec | None = None,
) -> list[Kevent]:
    """Change what the queue fd watches; then wait for up to nevents events, and return them.

    Args:
        fd: from kqueue().
        changelist: Kevent(ident, EVFILT_READ, EV_ADD) ...
        nevents: 0 waits for nothing.
        timeout: None waits for ever.

    Returns:
        What has happened; or, with EV_ERROR in flags, the changes that failed.

    Raises:
        OSError: EBADF, EFAULT, EINTR, EINVAL; and of a change if nevents is 0.
    """
    changes = b"".join(change.pack() for change in changelist)
    with Arena() as memory:
        at, room = memory.put(changes), memory.room(nevents * SIZEOF_KEVENT)
        time = 0 if timeout is None else memory.put(timeout.pack())
        count = call("__kevent50", fd, at, len(changes) // SIZEOF_KEVENT, room, nevents, time)
        told = memory.get(room, count * SIZEOF_KEVENT)
    return [
        Kevent.unpack(told[start : start + SIZEOF_KEVENT])
        for start in range(0, len(told), SIZEOF_KEVENT)
    ]
