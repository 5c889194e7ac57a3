# SPDX-License-Identifier: BSD-2-Clause
"""The select module of a program, on this system's calls.  CPython Modules/selectmodule.c."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.sys import event as _event
from kernel.sys import file as _file
from kernel.sys.fcntl import O_CLOEXEC as _O_CLOEXEC
from kernel.sys.time import Timespec as _Timespec
from userland import libc as _libc
from userland.libc import sys as _sys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

error = OSError
PIPE_BUF = 512
POLLIN, POLLOUT, POLLERR = _file.POLLIN, _file.POLLOUT, _file.POLLERR
POLLHUP, POLLNVAL, POLLPRI = _file.POLLHUP, _file.POLLNVAL, _file.POLLPRI
POLLRDNORM, POLLRDBAND = _file.POLLRDNORM, _file.POLLRDBAND
POLLWRNORM, POLLWRBAND = _file.POLLWRNORM, _file.POLLWRBAND
for _prefix, _names in (
    ("KQ_FILTER_", "READ WRITE AIO VNODE PROC SIGNAL TIMER FS USER"),
    ("KQ_EV_", "ADD DELETE ENABLE DISABLE ONESHOT CLEAR SYSFLAGS FLAG1 EOF ERROR"),
    (
        "KQ_NOTE_",
        "LOWAT DELETE WRITE EXTEND ATTRIB LINK RENAME REVOKE EXIT FORK EXEC PCTRLMASK PDATAMASK"
        " TRACK CHILD TRACKERR",
    ),
):
    for _name in _names.split():
        _c = {"KQ_FILTER_": "EVFILT_", "KQ_EV_": "EV_", "KQ_NOTE_": "NOTE_"}[_prefix] + _name
        globals()[_prefix + _name] = getattr(_event, _c)


def _fileno(fd: Any) -> int:
    """Return a descriptor, or that of an object with a fileno method."""
    if isinstance(fd, int):
        number = fd
    else:
        method = getattr(fd, "fileno", None)
        if method is None:
            raise TypeError("argument must be an int, or have a fileno() method.")
        number = method()
        if not isinstance(number, int):
            raise TypeError("fileno() returned a non-integer")
    if number < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({number})")
    return number


def _seconds(timeout: float | None) -> _Timespec | None:
    return None if timeout is None else _Timespec.from_ns(max(round(timeout * 1e9), 0))


def select(
    rlist: Iterable[Any],
    wlist: Iterable[Any],
    xlist: Iterable[Any],
    timeout: float | None = None,
    /,
) -> tuple[list[Any], list[Any], list[Any]]:
    """Wait until one of the objects is ready; return those that are, of each list."""
    if timeout is not None and timeout < 0:
        raise ValueError("timeout must be non-negative")
    lists = [[(_fileno(each), each) for each in objects] for objects in (rlist, wlist, xlist)]
    reads, writes, others = ([fd for fd, _ in pairs] for pairs in lists)
    until = None if timeout is None else _now() + round(timeout * 1e9)
    while True:
        left = None if until is None else _Timespec.from_ns(max(until - _now(), 0))
        try:
            ready = _libc.pselect(reads, writes, others, left)
            break
        except InterruptedError:
            continue
    found = [
        [each for fd, each in pairs if fd in fds] for pairs, fds in zip(lists, ready, strict=True)
    ]
    return found[0], found[1], found[2]


def _now() -> int:
    return _sys.clock_gettime(3).ns


class poll:
    """A list of descriptors that are waited for."""

    def __init__(self) -> None:
        self._events: dict[int, int] = {}

    def register(self, fd: Any, eventmask: int = POLLIN | POLLPRI | POLLOUT, /) -> None:
        """Wait for fd, too."""
        self._events[_fileno(fd)] = eventmask

    def modify(self, fd: Any, eventmask: int, /) -> None:
        """Wait for other events of fd."""
        number = _fileno(fd)
        if number not in self._events:
            raise FileNotFoundError(2, "No such file or directory")
        self._events[number] = eventmask

    def unregister(self, fd: Any, /) -> None:
        """Do not wait for fd any more."""
        del self._events[_fileno(fd)]

    def poll(self, timeout: float | None = None, /) -> list[tuple[int, int]]:
        """Wait, at most timeout ms; return (descriptor, events) of those that are ready."""
        if timeout is not None and timeout >= 1 << 63:
            raise OverflowError("timeout is too large")
        forever = timeout is None or timeout < 0
        until = None if forever else _now() + round((timeout or 0) * 1e6)
        while True:
            left = None if until is None else _Timespec.from_ns(max(until - _now(), 0))
            try:
                return _libc.pollts(list(self._events.items()), left)
            except InterruptedError:
                continue


class kevent:
    """One event of a kqueue."""

    def __init__(
        self,
        ident: Any,
        filter: int = _event.EVFILT_READ,
        flags: int = _event.EV_ADD,
        fflags: int = 0,
        data: int = 0,
        udata: int = 0,
    ) -> None:
        self.ident = _fileno(ident) if hasattr(ident, "fileno") else ident
        self.filter = filter
        self.flags = flags
        self.fflags = fflags
        self.data = data
        self.udata = udata

    def _key(self) -> tuple[int, ...]:
        return self.ident, self.filter, self.flags, self.fflags, self.data, self.udata

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, kevent) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        ident, *rest = self._key()
        words = [f"ident={ident}"]
        names = ("filter", "flags", "fflags", "data", "udata")
        words += [f"{name}=0x{value:x}" for name, value in zip(names, rest, strict=True)]
        return f"<select.kevent {' '.join(words)}>"


class kqueue:
    """A queue of kernel events."""

    def __init__(self) -> None:
        self._fd = _sys.kqueue1(_O_CLOEXEC)

    @classmethod
    def fromfd(cls, fd: int, /) -> Self:
        """Return the queue that is open at fd."""
        queue = cls.__new__(cls)
        queue._fd = fd
        return queue

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return self._fd < 0

    def fileno(self) -> int:
        """Return its descriptor."""
        if self._fd < 0:
            raise ValueError("I/O operation on closed kqueue object")
        return self._fd

    def close(self) -> None:
        """Close it; again does nothing."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            _sys.close(fd)

    def control(
        self, changelist: Sequence[kevent] | None, maxevents: int, timeout: float | None = None, /
    ) -> list[kevent]:
        """Change what it watches, and wait for up to maxevents events."""
        if maxevents < 0:
            raise ValueError(f"Length of eventlist must be 0 or positive, got {maxevents}")
        if timeout is not None and timeout < 0:
            raise ValueError("timeout must be positive or None")
        changes = [_libc.Kevent(*change._key()) for change in changelist or ()]
        while True:
            try:
                told = _libc.kevent(self.fileno(), changes, maxevents, _seconds(timeout))
                return [kevent(*event) for event in told]
            except InterruptedError:
                changes = []
