# SPDX-License-Identifier: BSD-2-Clause
"""The _queue module of a program.  CPython Modules/_queuemodule.c."""

from __future__ import annotations

import _queue as _host
from collections import deque as _deque
from operator import index as _index
from types import GenericAlias as _GenericAlias
from typing import TYPE_CHECKING, Any

from kernel.sys.time import CLOCK_MONOTONIC as _CLOCK_MONOTONIC
from kernel.sys.time import Timespec as _Timespec
from userland.libc import include as _libc
from userland.libc.pthread_int import park_on as _park_on
from userland.libc.pthread_int import wake_first as _wake_first
from userland.python.thread import TIMEOUT_MAX as _TIMEOUT_MAX

if TYPE_CHECKING:
    from userland.libc.pthread_int import Waiter as _Waiter

__all__ = ["Empty", "SimpleQueue"]

Empty = _host.Empty  # an exception without a state, which all may share
_NS = 1_000_000_000


class SimpleQueue:
    """Simple, unbounded, reentrant FIFO queue."""

    __slots__ = ("__weakref__", "_items", "_waiters")

    __class_getitem__ = classmethod(_GenericAlias)  # type: ignore[var-annotated]

    def __init__(self) -> None:
        self._items: _deque[Any] = _deque()
        self._waiters: _deque[_Waiter] = _deque()

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Put the item on the queue; there is always room."""
        del block, timeout
        self._items.append(item)
        if self._waiters:
            _wake_first(self._waiters)

    def put_nowait(self, item: Any) -> None:
        """Put the item on the queue."""
        self.put(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take the first item; wait, perhaps so many seconds, until there is one."""
        until = None
        if block and timeout is not None:
            timeout = timeout if isinstance(timeout, float) else _index(timeout)
            if timeout < 0:
                raise ValueError("'timeout' must be a non-negative number")
            if timeout > _TIMEOUT_MAX:
                raise OverflowError("timeout value is too large")
            now = _libc.clock_gettime(_CLOCK_MONOTONIC)
            until = _Timespec.from_ns(now.ns + int(timeout * _NS))
        while not self._items:
            if not block or not _park_on(self._waiters, until, _CLOCK_MONOTONIC):
                if self._items:
                    break
                raise Empty
        return self._items.popleft()

    def get_nowait(self) -> Any:
        """Take the first item if there is one."""
        return self.get(block=False)

    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self._items

    def qsize(self) -> int:
        """How many items there are."""
        return len(self._items)
