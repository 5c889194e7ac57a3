# SPDX-License-Identifier: BSD-2-Clause
"""The gc module of a program.  CPython Modules/gcmodule.c, Python/gc.c.

The interpreter has one collector, for all processes and the kernel: a program can have it run,
but what it sets is its own and changes nothing.  It comes by itself seldom (the machine says
how), and what it finds then is left to the next gc.collect() or the end of the process.  What
gc.collect() finds of a program's own is finalized there and then, with what was found before:
its __del__ methods in the order in which their objects were made, then what holds descriptors
and semaphores in that of theirs.  It looks at all generations: of which an object is depends on
when the collector came by itself.
"""

import gc as _host
from collections.abc import Callable
from contextlib import suppress as _suppress
from functools import partial as _partial
from functools import wraps as _wraps
from operator import itemgetter as _itemgetter
from types import FunctionType as _FunctionType
from typing import Any

from kernel.sys.proc import NoProcess as _NoProcess
from kernel.sys.proc import ProcessExit as _ProcessExit
from userland.libc.data import curdata as _curdata
from userland.libc.machine import collect as _collect
from userland.libc.machine import collecting as _collecting
from userland.libc.machine import curlwp as _curlwp
from userland.python.frames import LIBRARY as _LIBRARY

__all__ = [
    "DEBUG_COLLECTABLE", "DEBUG_LEAK", "DEBUG_SAVEALL", "DEBUG_STATS", "DEBUG_UNCOLLECTABLE",
    "collect", "disable", "enable", "freeze", "get_count", "get_debug", "get_freeze_count",
    "get_objects", "get_referents", "get_referrers", "get_stats", "get_threshold", "is_finalized",
    "is_tracked", "isenabled", "set_debug", "set_threshold", "unfreeze",
]  # fmt: skip

DEBUG_STATS, DEBUG_COLLECTABLE = _host.DEBUG_STATS, _host.DEBUG_COLLECTABLE
DEBUG_UNCOLLECTABLE, DEBUG_SAVEALL = _host.DEBUG_UNCOLLECTABLE, _host.DEBUG_SAVEALL
DEBUG_LEAK = _host.DEBUG_LEAK
get_count, get_objects = _host.get_count, _host.get_objects
get_referents, get_referrers = _host.get_referents, _host.get_referrers
is_finalized, is_tracked = _host.is_finalized, _host.is_tracked

_THRESHOLD = _host.get_threshold()
_OLDEST = 2  # generation
_UNKNOWN = float("inf")  # number of what was made by nobody's call: after all others
# Classes of the library whose instances a weak reference calls as its object goes.
_CALLBACKS = frozenset((("weakref", "finalize"), ("multiprocessing.util", "Finalize")))


def own_doing(owner: object) -> bool:
    """Whether the process whose data segment is owner runs; the collector is no process."""
    try:
        return _curlwp().l_proc.p_md.md_data is owner
    except RuntimeError:  # no process runs
        return False


def put_off(
    owner: Any, number: int, act: Callable[[], object], *, found: bool = True, writes: bool = False
) -> bool:
    """Return whether act, which finalizes one of a program's files, is not to be done now.

    It waits for the program's next settling if it is the collector that calls, by itself or
    asked: so it comes at its place among the others in either case.

    Args:
        owner: the program's data segment.
        number: of the file (OpenFiles.number).
        act: makes calls.
        found: whether the program does it since the file is garbage, if it is its own doing.
        writes: whether it is to be done at the end of the program, too.
    """
    own = own_doing(owner)
    if (found or not own) and _collecting():
        if owner.runtime is not None:
            owner.runtime.files.set_aside(number, act, writes)
        return True
    return not own


def finalize(owner: Any, number: int, act: Callable[[], object]) -> None:
    """Do what closes a program's file that nobody can reach any more, in its time."""
    if not put_off(owner, number, act):
        with _suppress(OSError):  # nobody is there to hear of it
            act()


def collect(generation: int = _OLDEST) -> int:
    """Run the collector; return how many objects nobody could reach."""
    if not 0 <= generation <= _OLDEST:
        raise ValueError("invalid generation")
    told = _settings().callbacks
    for callback in [*told]:
        callback("start", {"generation": generation, "collected": 0, "uncollectable": 0})
    found = _collect(_OLDEST)
    if settle():
        found += _collect(_OLDEST)  # what was finalized, and has waited for its turn
        _settings().more += 1
    if generation < _OLDEST:
        _collect(generation)  # as far as get_count() tells it is what was asked for
        _settings().more += 1
    _curdata().runtime.files.settle()
    for callback in [*told]:
        callback("stop", {"generation": generation, "collected": found, "uncollectable": 0})
    return found


def collect_at_end() -> None:
    """Finalize what a program that ends cannot reach any more, if that may be its own."""
    settle()
    if _settings().finalizers:
        _collect(_OLDEST)
        settle()


def settle() -> bool:
    """Finalize what the collector, asked or not, has found of this program's, oldest first.

    Returns:
        whether there was anything.
    """
    settings = _settings()
    left, settings.left = settings.left or [], []
    left.sort(key=_itemgetter(0))
    for _, finalizer, act in left:
        try:
            act()
        except (_NoProcess, _ProcessExit):
            raise
        except BaseException as exc:  # noqa: BLE001 - whatever a program's method raises
            _curdata().runtime.tell_unraisable(exc, None, finalizer)
    return bool(left)


def guard(owner: Any, cls: object) -> None:
    """Let instances of a class of a program's be finalized by that program, and in its own time.

    Args:
        owner: the program's data segment.
        cls: what a class statement has made.
    """
    if not isinstance(cls, type):
        return
    members = vars(cls)
    callback = (cls.__module__, cls.__name__) in _CALLBACKS
    name = "__call__" if callback else "__del__"
    finalizer = members.get(name)
    if not isinstance(finalizer, _FunctionType):
        return
    if not callback and not finalizer.__code__.co_filename.startswith(_LIBRARY):
        owner.runtime.gc.finalizers = True

    @_wraps(finalizer)
    def guarded(self: object, *args: Any, **kwargs: Any) -> Any:
        own = own_doing(owner)
        settings: Settings | None = owner.runtime.gc if owner.runtime is not None else None
        number = settings.numbers.pop(id(self), _UNKNOWN) if settings is not None else _UNKNOWN
        if own and not _collecting():
            return finalizer(self, *args, **kwargs)
        if settings is not None and settings.left is not None:
            turn = not callback, number  # callbacks come first, as in CPython
            act = _partial(finalizer, self, *args, **kwargs)
            settings.left.append((turn, self if callback else finalizer, act))
        return None

    type.__setattr__(cls, name, guarded)
    _number(owner, cls)


def _number(owner: Any, cls: type) -> None:
    """Number the instances of cls as they are made."""
    own = vars(cls).get("__new__")

    def made(kind: type, *args: Any, **kwargs: Any) -> Any:
        make = own.__func__ if isinstance(own, staticmethod) else _next_new(kind, made)
        if make is not object.__new__:
            new = make(kind, *args, **kwargs)
        elif (args or kwargs) and kind.__init__ is object.__init__:  # type: ignore[misc]  # that of the instance's class
            raise TypeError(f"{kind.__name__}() takes no arguments")
        else:
            new = make(kind)
        if owner.runtime is not None:
            owner.runtime.gc.number(new)
        return new

    begin: Any = cls.__init__  # type: ignore[misc]  # that of this very class
    signed = begin if own is None and isinstance(begin, _FunctionType) else cls.__new__
    type.__setattr__(cls, "__new__", staticmethod(_wraps(signed)(made)))


def _next_new(kind: type, made: object) -> Any:
    """Return the __new__ that kind has after made, of one of its bases, as super() would."""
    classes = iter(kind.__mro__)
    for cls in classes:
        if getattr(vars(cls).get("__new__"), "__func__", None) is made:
            break
    return next(cls for cls in classes if "__new__" in vars(cls)).__new__


class Settings:
    """What a program has set, and what is left to be finalized; None once it has ended."""

    def __init__(self) -> None:
        self.enabled = True
        self.threshold = _THRESHOLD
        self.debug = 0
        self.callbacks: list[Any] = []
        self.left: list[tuple[tuple[bool, float], Any, Callable[[], object]]] | None = []
        self.numbers: dict[int, int] = {}  # of objects that have a finalizer, by id
        self._made = 0
        self.more = 0  # collections of the oldest generation that it has not asked for
        self.finalizers = False  # whether a class that is not the library's has a __del__

    def number(self, made: object) -> None:
        """Give a new object that has a finalizer its number: it is the same on each run."""
        self._made += 1
        self.numbers[id(made)] = self._made


def _settings() -> Settings:
    settings: Settings = _curdata().runtime.gc
    return settings


def get_stats() -> list[dict[str, int]]:
    """Return what the collector has done in each generation, but for what collect() adds."""
    stats = _host.get_stats()
    stats[_OLDEST]["collections"] -= _settings().more
    return stats


def enable() -> None:
    """Say that the collector may come by itself."""
    _settings().enabled = True


def disable() -> None:
    """Say that it may not."""
    _settings().enabled = False


def isenabled() -> bool:
    """Whether it may."""
    return _settings().enabled


def set_threshold(threshold0: int, threshold1: int = 10, threshold2: int = 10, /) -> None:
    """Set how often it is to come by itself."""
    _settings().threshold = (threshold0, threshold1, threshold2)


def get_threshold() -> tuple[int, int, int]:
    """Return what was set."""
    return _settings().threshold


def set_debug(flags: int, /) -> None:
    """Set what is to be said of a collection."""
    _settings().debug = flags


def get_debug() -> int:
    """Return what was set."""
    return _settings().debug


def freeze() -> None:
    """Have nothing that there is be collected: a hint, which is not taken."""


def unfreeze() -> None:
    """Undo it."""


def get_freeze_count() -> int:
    """Return how many objects are not to be collected."""
    return 0
