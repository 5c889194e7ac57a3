# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for descriptors to be ready.  NetBSD include/poll.h."""

from collections.abc import Iterable
from struct import Struct

from userland.libc.stack import Frame, fetch, pushbytes
from userland.libc.syscall import call

__all__ = ["INFTIM", "poll"]

_POLLFD = Struct("<ihh")

INFTIM = -1


def poll(fds: Iterable[tuple[int, int]], timeout: int = INFTIM) -> list[tuple[int, int]]:
    """Wait until a descriptor is ready, at most timeout milliseconds (INFTIM: for ever).

    Args:
        fds: (descriptor, POLLIN | POLLOUT ...).
        timeout: ms.

    Returns:
        (descriptor, what it is ready for) of those that are.

    Raises:
        OSError: EINTR, EINVAL.
    """
    table = b"".join(_POLLFD.pack(fd, events, 0) for fd, events in fds)
    with Frame() as lwp:
        at = pushbytes(lwp, table)
        call("poll", at, len(table) // _POLLFD.size, timeout)
        ready = _POLLFD.iter_unpack(fetch(lwp, at, len(table)))
        return [(fd, revents) for fd, _, revents in ready if revents]
