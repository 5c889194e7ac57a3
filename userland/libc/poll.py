# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for descriptors to be ready.  NetBSD include/poll.h."""

from collections.abc import Callable, Iterable
from struct import Struct

from kernel.sys.signal import pack_sigset, sigset
from kernel.sys.time import Timespec
from userland.libc.stack import Arena
from userland.libc.syscall import call

__all__ = ["INFTIM", "poll", "pollts", "ppoll"]

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
    return _poll("poll", fds, lambda _: (timeout,))


def pollts(
    fds: Iterable[tuple[int, int]],
    timeout: Timespec | None = None,
    sigmask: Iterable[int] | None = None,
) -> list[tuple[int, int]]:
    """As poll, with a timeout in ns (None: for ever) and, while it waits, another signal mask.

    Raises:
        OSError: as poll.
    """

    def registers(memory: Arena) -> tuple[int, ...]:
        time = 0 if timeout is None else memory.put(timeout.pack())
        return time, 0 if sigmask is None else memory.put(pack_sigset(sigset(*sigmask)))

    return _poll("__pollts50", fds, registers)


ppoll = pollts  # its other name


def _poll(
    name: str, fds: Iterable[tuple[int, int]], registers: Callable[[Arena], tuple[int, ...]]
) -> list[tuple[int, int]]:
    table = bytearray().join(_POLLFD.pack(fd, events, 0) for fd, events in fds)
    with Arena() as memory:
        at = memory.put(table)
        call(name, at, len(table) // _POLLFD.size, *registers(memory))
        ready = _POLLFD.iter_unpack(memory.get(at, len(table)))
        return [(fd, revents) for fd, _, revents in ready if revents]
