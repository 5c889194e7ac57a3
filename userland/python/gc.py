# SPDX-License-Identifier: BSD-2-Clause
"""The gc module of a program.  CPython Modules/gcmodule.c, Python/gc.c.

The interpreter has one collector, for all processes and the kernel: a program can have it run,
but what it sets is its own and changes nothing.  It comes by itself seldom (the machine says
how), and what it finds then is left to the next gc.collect() or the end of the process.  What
gc.collect() finds of a program's own is finalized there and then: its __del__ methods in the
order of the collector, then what holds descriptors and semaphores in that of its making, with
what was found before.
"""

import gc as _host
from collections.abc import Callable
from contextlib import suppress as _suppress
from functools import partial as _partial
from functools import wraps as _wraps
from types import FunctionType as _FunctionType
from typing import Any

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
get_count, get_objects, get_stats = _host.get_count, _host.get_objects, _host.get_stats
get_referents, get_referrers = _host.get_referents, _host.get_referrers
is_finalized, is_tracked = _host.is_finalized, _host.is_tracked

_THRESHOLD = _host.get_threshold()
_OLDEST = 2  # generation
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
    settle()
    found = _collect(generation)
    settle()
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


def settle() -> None:
    """Finalize what the collector, or another program's, has found of this one's."""
    settings = _settings()
    while left := settings.left:
        settings.left = []
        for finalizer in left:
            finalizer()


def guard(owner: Any, cls: object) -> None:
    """Let instances of a class of a program's be finalized by that program, and in its own time.

    Args:
        owner: the program's data segment.
        cls: what a class statement has made.
    """
    if not isinstance(cls, type):
        return
    members = vars(cls)
    name = "__call__" if (cls.__module__, cls.__name__) in _CALLBACKS else "__del__"
    finalizer = members.get(name)
    if not isinstance(finalizer, _FunctionType):
        return
    if name == "__del__" and not finalizer.__code__.co_filename.startswith(_LIBRARY):
        owner.runtime.gc.finalizers = True

    @_wraps(finalizer)
    def guarded(self: object, *args: Any, **kwargs: Any) -> Any:
        if own_doing(owner):
            return finalizer(self, *args, **kwargs)
        if owner.runtime.gc.left is not None:
            owner.runtime.gc.left.append(_partial(finalizer, self))
        return None

    type.__setattr__(cls, name, guarded)


class Settings:
    """What a program has set, and what is left to be finalized; None once it has ended."""

    def __init__(self) -> None:
        self.enabled = True
        self.threshold = _THRESHOLD
        self.debug = 0
        self.callbacks: list[Any] = []
        self.left: list[Callable[[], object]] | None = []
        self.finalizers = False  # whether a class that is not the library's has a __del__


def _settings() -> Settings:
    settings: Settings = _curdata().runtime.gc
    return settings


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
