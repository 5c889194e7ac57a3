# SPDX-License-Identifier: BSD-2-Clause
"""The _multiprocessing module of a program: locks of several processes.

CPython Modules/_multiprocessing/multiprocessing.c and semaphore.c: each is a POSIX
semaphore of the kernel's, which forked children inherit and others open by name.
"""

from __future__ import annotations

from functools import partial as _partial
from itertools import count as _count
from typing import TYPE_CHECKING, Any

from kernel.sys.fcntl import O_CREAT as _O_CREAT
from kernel.sys.fcntl import O_EXCL as _O_EXCL
from kernel.sys.time import CLOCK_REALTIME as _CLOCK_REALTIME
from kernel.sys.time import Timespec as _Timespec
from userland.libc import include as _libc
from userland.libc.data import curdata as _curdata
from userland.python.gc import finalize as _finalize
from userland.python.retry import retried as _retried
from userland.python.thread import get_ident as _get_ident

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

__all__ = ["SemLock", "flags", "sem_unlink"]

flags = {"HAVE_SEM_OPEN": 1, "HAVE_SEM_TIMEDWAIT": 1}

_RECURSIVE_MUTEX, _SEMAPHORE = 0, 1
_NS = 1_000_000_000
_wait, _timedwait = _retried(_libc.sem_wait), _retried(_libc.sem_timedwait)


def number_processes(module: Any) -> None:
    """Let a set of processes have the same order in a fork's replay: that of their numbers."""

    def number(self: Any) -> int:
        return hash(getattr(self, "_identity", ()))

    module.BaseProcess.__hash__ = number


def number_objects(module: Any) -> None:
    """Let a manager call its objects the same in a fork's replay: first, second, not by id()."""
    numbers = _count()

    def number(obj: object) -> int:
        del obj  # one that is given out twice has two names, and lives until both are let go
        return next(numbers)

    module.id = number


def sem_unlink(name: str, /) -> None:
    """Take the name of a semaphore away."""
    _libc.sem_unlink(name)


class SemLock:
    """Semaphore/Mutex type."""

    __slots__ = (
        "__weakref__", "_held", "_number", "_owner", "_thread",
        "handle", "kind", "maxvalue", "name",
    )  # fmt: skip

    SEM_VALUE_MAX = _libc.SEM_VALUE_MAX

    handle: int
    kind: int
    maxvalue: int
    name: str | None
    _number: int
    _owner: Any  # the data segment of the process that it is for

    def __new__(cls, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> Self:
        """Make the semaphore; with unlink its name is gone at once."""
        if kind not in (_RECURSIVE_MUTEX, _SEMAPHORE):
            raise ValueError("unrecognized kind")
        handle = _libc.sem_open(name, _O_CREAT | _O_EXCL, 0o600, value)
        if unlink:
            _libc.sem_unlink(name)
        return cls._made(handle, kind, maxvalue, None if unlink else name)

    @classmethod
    def _rebuild(cls, handle: int, kind: int, maxvalue: int, name: str | None, /) -> Self:
        """Return the lock that another process has: by its name, or else as it was inherited."""
        if name is not None:
            handle = _libc.sem_open(name, 0)
        return cls._made(handle, kind, maxvalue, name)

    @classmethod
    def _made(cls, handle: int, kind: int, maxvalue: int, name: str | None) -> Self:
        self = object.__new__(cls)
        self.handle, self.kind, self.maxvalue, self.name = handle, kind, maxvalue, name
        self._held = 0  # how often this process has it
        self._thread = 0  # get_ident() of who took it last
        self._owner = _curdata()
        self._number = self._owner.runtime.files.number()
        return self

    def __del__(self) -> None:
        _finalize(self._owner, self._number, _partial(_libc.sem_close, self.handle))

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take it; wait, perhaps so many seconds, until it is free."""
        if self.kind == _RECURSIVE_MUTEX and self._is_mine():
            self._held += 1
            return True
        if not self._take(block, timeout):
            return False
        self._held += 1
        self._thread = _get_ident()
        return True

    def _take(self, block: bool, timeout: float | None) -> bool:
        until = None
        if block and timeout is not None:
            now = _libc.clock_gettime(_CLOCK_REALTIME)
            until = _Timespec.from_ns(now.ns + round(max(timeout, 0) * _NS))
        try:
            _libc.sem_trywait(self.handle)
        except BlockingIOError:
            if not block:
                return False
        else:
            return True
        try:
            if until is None:
                _wait(self.handle)
            else:
                _timedwait(self.handle, until)
        except TimeoutError:
            return False
        return True

    def release(self) -> None:
        """Give it back; a mutex, as often as it was taken."""
        if self.kind == _RECURSIVE_MUTEX:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._held > 1:
                self._held -= 1
                return
        elif _libc.sem_getvalue(self.handle) >= self.maxvalue:
            raise ValueError("semaphore or lock released too many times")
        _libc.sem_post(self.handle)
        self._held -= 1

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc: BaseException | None = None,
        traceback: TracebackType | None = None,
        /,
    ) -> None:
        self.release()

    def _count(self) -> int:
        """How often the process has it."""
        return self._held

    def _is_mine(self) -> bool:
        """Whether the thread has it."""
        return self._held > 0 and self._thread == _get_ident()

    def _get_value(self) -> int:
        """How often it can be taken."""
        return _libc.sem_getvalue(self.handle)

    def _is_zero(self) -> bool:
        """Whether it cannot be taken."""
        return not self._get_value()

    def _after_fork(self) -> None:
        """In a forked child: it is the parent that has it."""
        self._held = 0
