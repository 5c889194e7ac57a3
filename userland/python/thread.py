# SPDX-License-Identifier: BSD-2-Clause
"""The _thread module of a program, which has one thread.  CPython Modules/_threadmodule.c."""

from __future__ import annotations

import _thread as _host
from typing import TYPE_CHECKING, Any, NoReturn

from kernel.sys.signal import SIGINT as _SIGINT
from userland import libc as _libc

if TYPE_CHECKING:
    from types import TracebackType

globals().update({k: v for k, v in vars(_host).items() if not k.startswith("__")})


class lock:
    """A lock of the one thread: held already, it can only be waited for."""

    __slots__ = ("__weakref__", "_lock")

    def __init__(self) -> None:
        self._lock = _host.allocate_lock()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take it; who would wait sleeps so long, or until a signal's handler has released it."""
        if not blocking and timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if self._lock.acquire(blocking=False):
            return True
        if not blocking:
            return False
        if timeout >= 0:
            _libc.nanosleep(timeout)
            return self._lock.acquire(blocking=False)
        while not self._lock.acquire(blocking=False):
            _libc.pause()
        return True

    acquire_lock = acquire

    def release(self) -> None:
        """Give it back."""
        self._lock.release()

    release_lock = release

    def locked(self) -> bool:
        """Whether it is held."""
        return self._lock.locked()

    locked_lock = locked

    def _at_fork_reinit(self) -> None:
        self._lock = _host.allocate_lock()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


allocate_lock = allocate = LockType = lock


def start_new_thread(*_args: Any, **_kwargs: Any) -> NoReturn:
    """Refuse: a process has one thread.

    Raises:
        RuntimeError: always.
    """
    raise RuntimeError("can't start new thread: a process of this kernel has one")


start_new = start_joinable_thread = _start_joinable_thread = start_new_thread


def interrupt_main(signum: int = _SIGINT, /) -> None:
    """Send the process SIGINT, or another signal."""
    _libc.raise_(signum)
