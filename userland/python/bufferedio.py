# SPDX-License-Identifier: BSD-2-Clause
"""Buffered files that several threads may use.  CPython Modules/_io/bufferedio.c.

C's own lock is the host thread's, which all threads of a program are: to it the
second one would be the first once more.  Here the second one waits.
"""

import io
from collections import deque
from collections.abc import Callable
from typing import Any, Final, TypeVar

from userland.libc.machine import curlwp
from userland.libc.pthread_int import Waiter, park_on, wake_first

_METHODS: Final = (
    "read", "read1", "readinto", "readinto1", "readline", "readlines", "peek", "seek", "tell",
    "write", "flush", "truncate", "close", "detach", "__next__",
)  # fmt: skip

_T = TypeVar("_T", bound=type)


def _alone(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that one thread at a time is in."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            mine = curlwp()
        except RuntimeError:  # its process has gone, and the host takes what is left apart
            return plain(self, *args, **kwargs)
        if self._holder is mine:
            return plain(self, *args, **kwargs)
        while self._holder is not None:
            if self._waiters is None:
                self._waiters = deque[Waiter]()
            park_on(self._waiters)
        self._holder = mine
        try:
            return plain(self, *args, **kwargs)
        finally:
            self._holder = None
            if self._waiters:
                wake_first(self._waiters)

    method.__name__ = plain.__name__
    method.__doc__ = plain.__doc__
    return method


def _shared(cls: _T) -> _T:
    """Let the methods of a class of buffered files take turns; it looks like its C class."""
    base = cls.__mro__[1]
    for name in _METHODS:
        if hasattr(base, name):
            setattr(cls, name, _alone(getattr(base, name)))
    cls.__module__ = base.__module__
    cls.__doc__ = base.__doc__
    return cls


@_shared
class BufferedReader(io.BufferedReader):
    """A file that is read."""

    _holder: Any = None
    _waiters: Any = None


@_shared
class BufferedWriter(io.BufferedWriter):
    """A file that is written."""

    _holder: Any = None
    _waiters: Any = None


@_shared
class BufferedRandom(io.BufferedRandom):
    """A file that is read and written."""

    _holder: Any = None
    _waiters: Any = None
