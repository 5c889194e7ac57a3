# SPDX-License-Identifier: BSD-2-Clause
"""The select module of a program, on this system's calls.  CPython Modules/selectmodule.c."""

from __future__ import annotations

from functools import partial as _partial
from typing import TYPE_CHECKING, Any
from weakref import WeakSet as _WeakSet

from kernel.sys import event as _event
from kernel.sys import file as _file
from kernel.sys.fcntl import O_CLOEXEC as _O_CLOEXEC
from kernel.sys.time import CLOCK_MONOTONIC as _CLOCK_MONOTONIC
from kernel.sys.time import Timespec as _Timespec
from kernel.sys.time import Timeval as _Timeval
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.libc.data import curdata as _curdata
from userland.libc.select import FD_SETSIZE as _FD_SETSIZE
from userland.python.gc import finalize as _finalize
from userland.python.getargs import INT_MAX as _INT_MAX
from userland.python.getargs import c_int as _c_int
from userland.python.getargs import c_ushort as _c_ushort
from userland.python.pytime import MILLISECOND as _MILLISECOND
from userland.python.pytime import ceil_to as _ceil_to
from userland.python.pytime import nanoseconds as _nanoseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
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
    number = _c_int(number)
    if number < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({number})")
    return number


def _now() -> int:
    return _sys.clock_gettime(_CLOCK_MONOTONIC).ns


class _Waiting:
    """How long a call may still wait, over signals whose handlers return."""

    __slots__ = ("_first", "_until")

    def __init__(self, ns: int | None) -> None:
        self._first = ns
        self._until = _now() + ns if ns else None  # neither for ever nor not at all

    def left(self) -> int | None:
        """Return the ns that are left: of the first call all, None for ever."""
        first, self._first = self._first, None
        if first is not None or self._until is None:
            return first
        return self._until - _now()

    def __call__(self, call: Callable[[int | None], Any]) -> Any:
        """Make a call, given the ns that it may wait, until it returns; None: the time is over."""
        ns = self.left()
        while True:
            try:
                return call(ns)
            except InterruptedError:
                if self._until is None:
                    continue
                ns = self.left()
                if ns is not None and ns < 0:
                    return None


def _objects(objects: Iterable[Any]) -> list[tuple[int, Any]]:
    try:
        each_of = iter(objects)
    except TypeError:
        raise TypeError("arguments 1-3 must be sequences") from None
    pairs = [(_fileno(each), each) for each in each_of]
    if any(fd >= _FD_SETSIZE for fd, _ in pairs):
        raise ValueError("filedescriptor out of range in select()")
    return pairs


def select(
    rlist: Iterable[Any],
    wlist: Iterable[Any],
    xlist: Iterable[Any],
    timeout: float | None = None,
    /,
) -> tuple[list[Any], list[Any], list[Any]]:
    """Wait until one of the objects is ready; return those that are, of each list."""
    ns = None
    if timeout is not None:
        try:
            ns = _nanoseconds(timeout)
        except TypeError:
            raise TypeError("timeout must be a float or None") from None
        if ns < 0:
            raise ValueError("timeout must be non-negative")
    lists = [_objects(objects) for objects in (rlist, wlist, xlist)]
    reads, writes, others = ([fd for fd, _ in pairs] for pairs in lists)

    def wait(ns: int | None) -> Any:
        time = None if ns is None else _Timeval.from_ns(_ceil_to(ns, 1000) * 1000)
        return _libc.select(reads, writes, others, time)

    ready = _Waiting(ns)(wait) or ((), (), ())
    found = [
        [each for fd, each in pairs if fd in fds] for pairs, fds in zip(lists, ready, strict=True)
    ]
    return found[0], found[1], found[2]


_made = object()  # what only the function of this module gives to the type


class _poll:
    """A list of descriptors that are waited for."""

    def __new__(cls, made: object = None) -> Self:
        if made is not _made:
            raise TypeError("cannot create 'select.poll' instances")
        return object.__new__(cls)

    def __init__(self, made: object) -> None:
        self._events: dict[int, int] = {}
        self._running = False

    def register(self, fd: Any, eventmask: int = POLLIN | POLLPRI | POLLOUT, /) -> None:
        """Wait for fd, too."""
        number = _fileno(fd)
        self._events[number] = _c_ushort(eventmask)

    def modify(self, fd: Any, eventmask: int, /) -> None:
        """Wait for other events of fd."""
        number, mask = _fileno(fd), _c_ushort(eventmask)
        if number not in self._events:
            raise FileNotFoundError(2, "No such file or directory")
        self._events[number] = mask

    def unregister(self, fd: Any, /) -> None:
        """Do not wait for fd any more."""
        del self._events[_fileno(fd)]

    def poll(self, timeout: float | None = None, /) -> list[tuple[int, int]]:
        """Wait, at most timeout ms; return (descriptor, events) of those that are ready."""
        ns = None
        if timeout is not None:
            try:
                ns = _nanoseconds(timeout, _MILLISECOND)
            except TypeError:
                raise TypeError("timeout must be an integer or None") from None
            if not ~_INT_MAX <= _ceil_to(ns, _MILLISECOND) <= _INT_MAX:
                raise OverflowError("timeout is too large")
            if ns < 0:
                ns = None
        if self._running:
            raise RuntimeError("concurrent poll() invocation")

        def wait(ns: int | None) -> list[tuple[int, int]]:
            ms = _libc.INFTIM if ns is None else _ceil_to(ns, _MILLISECOND)
            return _libc.poll(list(self._events.items()), ms)

        self._running = True
        try:
            return _Waiting(ns)(wait) or []
        finally:
            self._running = False


_poll.__name__ = _poll.__qualname__ = "poll"


def poll() -> _poll:
    """Return an object that waits for descriptors."""
    return _poll(_made)


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
        self.ident = ident if isinstance(ident, int) else _fileno(ident)
        self.filter = filter
        self.flags = flags
        self.fflags = fflags
        self.data = data
        self.udata = udata

    def _key(self) -> tuple[int, ...]:
        return self.ident, self.filter, self.flags, self.fflags, self.data, self.udata

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, kevent) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._key() < other._key() if isinstance(other, kevent) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self._key() <= other._key() if isinstance(other, kevent) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._key() > other._key() if isinstance(other, kevent) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self._key() >= other._key() if isinstance(other, kevent) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it can change, as the host's

    def __repr__(self) -> str:
        ident, *rest = self._key()
        words = [f"ident={ident}"]
        names = ("filter", "flags", "fflags", "data", "udata")
        words += [f"{name}=0x{value:x}" for name, value in zip(names, rest, strict=True)]
        return f"<select.kevent {' '.join(words)}>"


def _forget(runtime: Any) -> None:
    for queue in runtime.kqueues:
        queue._fd = -1
    runtime.kqueues.clear()


class kqueue:
    """A queue of kernel events."""

    def __init__(self) -> None:
        self._owner = _curdata()
        self._fd = _sys.kqueue1(_O_CLOEXEC)
        self._noted()

    @classmethod
    def fromfd(cls, fd: int, /) -> Self:
        """Return the queue that is open at fd."""
        queue = cls.__new__(cls)
        queue._owner, queue._fd = _curdata(), _c_int(fd)
        queue._noted()
        return queue

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return self._fd < 0

    def __del__(self) -> None:
        if getattr(self, "_fd", -1) >= 0:
            _finalize(self._owner, self._number, self.close)

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

    def _noted(self) -> None:
        """Have it closed in children that are forked: queues do not come along."""
        runtime = self._owner.runtime
        self._number = runtime.files.number()
        if runtime.kqueues is None:
            runtime.kqueues = _WeakSet()
            runtime.after_in_child.append(_partial(_forget, runtime))
        runtime.kqueues.add(self)

    def control(
        self, changelist: Sequence[kevent] | None, maxevents: int, timeout: float | None = None, /
    ) -> list[kevent]:
        """Change what it watches, and wait for up to maxevents events."""
        fd, room = self.fileno(), _c_int(maxevents)
        if room < 0:
            raise ValueError(f"Length of eventlist must be 0 or positive, got {room}")
        ns = None
        if timeout is not None:
            try:
                ns = _nanoseconds(timeout)
            except TypeError:
                kind = type(timeout).__name__
                text = f"timeout argument must be a number or None, got {kind}"
                raise TypeError(text) from None
            if ns < 0:
                raise ValueError("timeout must be positive or None")
        try:
            asked = list(changelist or ())
        except TypeError:
            raise TypeError("changelist is not iterable") from None
        if not all(isinstance(change, kevent) for change in asked):
            raise TypeError("changelist must be an iterable of select.kevent objects")
        changes = [_libc.Kevent(*change._key()) for change in asked]

        def wait(ns: int | None) -> list[Any]:
            todo = changes[:]
            changes.clear()  # after a signal they are made
            return _libc.kevent(fd, todo, room, None if ns is None else _Timespec.from_ns(ns))

        return [kevent(*event) for event in _Waiting(ns)(wait) or ()]
