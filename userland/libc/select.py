# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for sets of descriptors.  NetBSD include/sys/select.h."""

from collections.abc import Iterable

from kernel.sys.signal import pack_sigset, sigset
from kernel.sys.time import Timespec, Timeval
from userland.libc.stack import Frame, fetch, pushbytes, pushrecord
from userland.libc.syscall import call

__all__ = ["FD_SETSIZE", "pselect", "select"]

FD_SETSIZE = 256  # bits of an fd_set as C programs declare it
_MASK = 4  # bytes of an fd_mask

Sets = tuple[set[int], set[int], set[int]]


def select(
    readfds: Iterable[int] = (),
    writefds: Iterable[int] = (),
    exceptfds: Iterable[int] = (),
    timeout: Timeval | None = None,
) -> Sets:
    """Wait until a descriptor of the sets is ready; None: for ever.

    Returns:
        those that are: to read, to write, in an exceptional state.

    Raises:
        OSError: EBADF, EINVAL, EINTR.
    """
    return _select("__select50", (readfds, writefds, exceptfds), timeout)


def pselect(
    readfds: Iterable[int] = (),
    writefds: Iterable[int] = (),
    exceptfds: Iterable[int] = (),
    timeout: Timespec | None = None,
    sigmask: Iterable[int] | None = None,
) -> Sets:
    """As select, with a timeout in ns and, while it waits, another signal mask.

    Raises:
        OSError: as select.
    """
    with Frame() as lwp:
        mask = 0 if sigmask is None else pushbytes(lwp, pack_sigset(sigset(*sigmask)))
        return _select("__pselect50", (readfds, writefds, exceptfds), timeout, mask)


def _select(
    name: str,
    asked: tuple[Iterable[int], Iterable[int], Iterable[int]],
    timeout: Timeval | Timespec | None,
    *mask: int,
) -> Sets:
    sets = [set(fds) for fds in asked]
    nd = max((fd for fds in sets for fd in fds), default=-1) + 1
    size = (nd + 8 * _MASK - 1) // (8 * _MASK) * _MASK
    with Frame() as lwp:
        at = [
            pushbytes(lwp, sum(1 << fd for fd in fds).to_bytes(size, "little")) if fds else 0
            for fds in sets
        ]
        call(name, nd, *at, pushrecord(lwp, timeout), *mask)
        ready = [
            int.from_bytes(fetch(lwp, address, size), "little") if address else 0 for address in at
        ]
    read, write, other = ({fd for fd in range(nd) if bits >> fd & 1} for bits in ready)
    return read, write, other
