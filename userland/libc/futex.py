# SPDX-License-Identifier: BSD-2-Clause
"""Futexes as C programs use them.  NetBSD sys/sys/futex.h."""

from struct import Struct

from kernel.sys.futex import FUTEX_ROBUST_HEAD_SIZE
from kernel.sys.time import Timespec
from userland.libc.stack import Frame, fetch, pushrecord, reserve
from userland.libc.syscall import call

_WORD = Struct("<Q")


def futex(
    uaddr: int,
    op: int,
    val: int,
    timeout: Timespec | None = None,
    uaddr2: int = 0,
    val2: int = 0,
    val3: int = 0,
) -> int:
    """Wait while the int at uaddr is val (FUTEX_WAIT), wake val who wait (FUTEX_WAKE), ...

    Raises:
        OSError: EAGAIN, the word has another value. EINTR, EINVAL, ETIMEDOUT ...
    """
    with Frame() as lwp:
        at = pushrecord(lwp, timeout)
        return call("__futex", uaddr, op, val, at, uaddr2, val2, val3)


def futex_set_robust_list(head: int, size: int = FUTEX_ROBUST_HEAD_SIZE) -> int:
    """Say where the LWP keeps the list of locks that it holds.

    Raises:
        OSError: EINVAL.
    """
    return call("__futex_set_robust_list", head, size)


def futex_get_robust_list(lid: int = 0) -> int:
    """Return where an LWP, 0 the caller, keeps its list; 0: it has none.

    Raises:
        OSError: ESRCH.
    """
    with Frame() as lwp:
        at = reserve(lwp, 2 * _WORD.size)
        call("__futex_get_robust_list", lid, at, at + _WORD.size)
        head: int = _WORD.unpack(fetch(lwp, at, _WORD.size))[0]
    return head
