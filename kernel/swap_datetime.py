# SPDX-License-Identifier: BSD-2-Clause
"""datetime as a process has it in a patched block, for kernel.swap: its clock is the process's.

What is made there is of the host's classes: whoever looks for a date's very type (yaml, sqlite3,
pickle ...) finds it, and dates made outside mix with those made inside.  The classes that names
mean in the block only stand for the host's.
"""

import datetime as host_datetime
from types import ModuleType
from typing import Any

_UTC = host_datetime.UTC


class _StandIn(type):
    """The type of a class that stands for one of the host's: has its instances, equals it."""

    _host: type

    def __new__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> Any:
        made: Any = super().__new__(cls, name, bases, members)
        if "_host" in members:
            made.__module__, made.__qualname__ = "datetime", name
        return made

    def _stands_for(cls) -> type:
        return cls._host if "_host" in vars(cls) else cls

    def __instancecheck__(cls, instance: object) -> bool:
        return type.__instancecheck__(cls._stands_for(), instance)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return type.__subclasscheck__(cls._stands_for(), subclass)

    def __eq__(cls, other: object) -> bool:
        host = cls._stands_for()
        return other is host or (type(other) is _StandIn and other._stands_for() is host)

    def __hash__(cls) -> int:
        return type.__hash__(cls._stands_for())


def make_datetime(clock: Any) -> dict[int, Any]:
    """Return the datetime module's stand-ins by the id of what they stand for.

    Args:
        clock: the process's time module.
    """

    class datetime(host_datetime.datetime, metaclass=_StandIn):
        __slots__ = ()
        _host = host_datetime.datetime

        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return _new(host_datetime.datetime, cls, args, kwargs)

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            """The time of the emulated system; without tz, by its clock's zone."""
            if tz is not None:
                return cls.fromtimestamp(clock.time(), tz)
            seconds, nano = divmod(clock.time_ns(), 1_000_000_000)
            year, month, day, hour, minute, second, *_ = clock.localtime(seconds)
            return cls(year, month, day, hour, minute, second, nano // 1000)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(clock.time(), _UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return cls.now()

    class date(host_datetime.date, metaclass=_StandIn):
        __slots__ = ()
        _host = host_datetime.date

        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return _new(host_datetime.date, cls, args, kwargs)

        @classmethod
        def today(cls) -> Any:
            return cls(*clock.localtime()[:3])

    module = ModuleType("datetime", host_datetime.__doc__)
    vars(module).update(vars(host_datetime), datetime=datetime, date=date)
    return {
        id(host_datetime): module,
        id(host_datetime.datetime): datetime,
        id(host_datetime.date): date,
    }


def clock_methods(base: type) -> dict[str, Any]:
    """Return the methods of a stand-in that read the clock; none of any other class."""
    if type(base) is not _StandIn or "_host" not in vars(base):
        return {}
    return {name: value for name, value in vars(base).items() if type(value) is classmethod}


def _new(host: Any, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return an instance of the class that cls stands for; of cls itself, if it is derived."""
    return host.__new__(cls._stands_for(), *args, **kwargs)
