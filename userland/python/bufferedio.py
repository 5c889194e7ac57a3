# SPDX-License-Identifier: BSD-2-Clause
"""Buffered files that several threads may use.  CPython Modules/_io/bufferedio.c.

C's own lock is the host thread's, which all threads of a program are: to it the
second one would be the first once more.  Here the second one waits.

Handlers of signals run when a method is done: what one raises within a method of the file
below would have it that nothing was read or written.
"""

import io
from collections import deque
from collections.abc import Callable
from typing import Any, Final, TypeVar

from kernel.sys.errno import Errno
from kernel.sys.proc import Lwp
from userland.libc.machine import curlwp, upcalls
from userland.libc.pthread_int import Waiter, park_on, wake_first
from userland.python.fileio import FileIO
from userland.python.iobase import keep, no_pickle, shown_type

_METHODS: Final = (
    "read", "read1", "readinto", "readinto1", "readline", "readlines", "peek", "seek", "tell",
    "write", "flush", "truncate", "close", "detach", "__next__",
)  # fmt: skip
_OUTWARD: Final = ("write", "flush", "close")  # a file of text loses nothing if one of them raises

_T = TypeVar("_T", bound=type)


def _alone(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that one thread at a time is in."""
    inward = plain.__name__ not in _OUTWARD

    def method(self: Any, *args: Any) -> Any:
        try:
            mine = curlwp()
        except RuntimeError:  # its process has gone, and the host takes what is left apart
            return plain(self, *args)
        if self._holder is not None:
            if self._holder is mine:
                return plain(self, *args)
            _wait(self, mine)
        self._holder = mine
        held = mine.l_uphold
        if type(self.raw) is FileIO:  # else it is the program that runs below
            mine.l_uphold = held + 1
        try:
            result = plain(self, *args)
        except BlockingIOError as exc:
            if exc.errno != Errno.EAGAIN and len(exc.args) > 2:  # C's own: it has the host's number
                exc.args = (int(Errno.EAGAIN), *exc.args[1:])
                exc.errno = int(Errno.EAGAIN)
            raise
        finally:
            mine.l_uphold = held
            if mine.l_upcalls:
                mine.l_astpending = True
            if self._waiters:
                _hand_on(self)
            else:
                self._holder = None
        if mine.l_upcalls and not (inward and self._text):  # what it returns is not lost there
            upcalls(mine)
        return result

    method.__name__ = plain.__name__
    method.__doc__ = plain.__doc__
    return method


def _wait(self: Any, mine: Lwp) -> None:
    """Wait until it is mine's turn in the methods of self: who has waited longest comes first."""
    if self._waiters is None:
        self._waiters = deque[Waiter]()
    try:
        while self._holder is not None and self._holder is not mine:
            park_on(self._waiters, what=mine)
    except BaseException:  # of a signal's handler
        if self._holder is mine:
            _hand_on(self)
        raise


def _hand_on(self: Any) -> None:
    """Give the turn to who has waited longest: whoever just had it would take it again."""
    self._holder = self._waiters[0].what if self._waiters else None
    wake_first(self._waiters)


def _shared(cls: _T) -> _T:
    """Let the methods of a class of buffered files take turns; it looks like its C class."""
    base: Any = cls.__mro__[1]
    for name in _METHODS:
        if hasattr(base, name):
            setattr(cls, name, _alone(getattr(base, name)))

    def __new__(kind: Any, /, *_args: object, **_kwargs: object) -> Any:
        self = base.__new__(kind)
        self._holder = self._waiters = None
        self._text = False  # below a file of text
        return self

    def __repr__(self: Any) -> str:
        text: str = base.__repr__(self)
        return f"<{shown_type(self, cls, always=True)}{text[1 + len(type(self).__name__) :]}"

    for function in (__new__, __repr__):
        setattr(cls, function.__name__, function)
    for name in ("__getstate__", "__reduce__", "__reduce_ex__"):
        if name == "__reduce_ex__" or name in vars(base):
            setattr(cls, name, no_pickle)
    cls.__module__ = base.__module__
    cls.__doc__ = base.__doc__
    return cls


@_shared
class BufferedReader(io.BufferedReader):
    """A file that is read."""

    __slots__ = ("_holder", "_text", "_waiters")
    _text: bool


@_shared
class BufferedWriter(io.BufferedWriter):
    """A file that is written."""

    __slots__ = ("_holder", "_text", "_waiters")

    def __init__(self, raw: Any, buffer_size: int = io.DEFAULT_BUFFER_SIZE) -> None:
        super().__init__(raw, buffer_size)
        keep(self)


@_shared
class BufferedRandom(io.BufferedRandom):
    """A file that is read and written."""

    __slots__ = ("_holder", "_text", "_waiters")
    _text: bool

    def __init__(self, raw: Any, buffer_size: int = io.DEFAULT_BUFFER_SIZE) -> None:
        super().__init__(raw, buffer_size)
        keep(self)


def _forward(name: str, end: str) -> Callable[..., Any]:
    """Return a method that is that of the reader or the writer of a pair."""
    plain = getattr(io.BufferedRWPair, name)

    def method(self: Any, *args: Any) -> Any:
        return getattr(getattr(self, end), name)(*args)

    method.__name__ = name
    method.__qualname__ = plain.__qualname__
    method.__doc__ = plain.__doc__
    return method


class BufferedRWPair(io.BufferedRWPair):
    """Two files, of which one is read and one is written; C's own would make C's buffers."""

    __slots__ = ("_reader", "_writer")

    def __init__(
        self, reader: Any, writer: Any, buffer_size: int = io.DEFAULT_BUFFER_SIZE, /
    ) -> None:
        if not reader.readable():
            raise io.UnsupportedOperation("File or stream is not readable.")
        if not writer.writable():
            raise io.UnsupportedOperation("File or stream is not writable.")
        self._reader = BufferedReader(reader, buffer_size)
        self._writer = BufferedWriter(writer, buffer_size)

    def __getattr__(self, name: str) -> Any:
        if name in {"_reader", "_writer"}:
            raise ValueError("I/O operation on uninitialized object")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def isatty(self) -> bool:
        """Whether one of them is a terminal."""
        return self._writer.isatty() or self._reader.isatty()

    def close(self) -> None:
        """Close both: the first error is told, and that there were two."""
        try:
            self._writer.close()
        finally:
            self._reader.close()

    @property
    def closed(self) -> bool:
        """Whether the one that is written is closed."""
        return self._writer.closed


for _end, _names in (
    ("_reader", ("peek", "read", "read1", "readable", "readinto", "readinto1")),
    ("_writer", ("flush", "writable", "write")),
):
    for _name in _names:
        setattr(BufferedRWPair, _name, _forward(_name, _end))
BufferedRWPair.__module__ = io.BufferedRWPair.__module__
BufferedRWPair.__doc__ = io.BufferedRWPair.__doc__
