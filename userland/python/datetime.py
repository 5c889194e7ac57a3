# SPDX-License-Identifier: BSD-2-Clause
"""The _datetime module of a program: C's, but for what reads the clock or the zone.

The classes are the process's own, derived from C's, which make what they are asked for of the
class they are asked by.  CPython Modules/_datetimemodule.c.
"""

from __future__ import annotations

import _datetime  # type: ignore[import-not-found]  # typeshed has no such module
import datetime as _host
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.time import CLOCK_REALTIME
from userland.libc import sys as libc_sys
from userland.libc.data import curdata
from userland.libc.localtime import localtime
from userland.python import time
from userland.python.warn import warn

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY: Final = 86_400  # seconds
_EPOCH: Final[Any] = _host.datetime(1970, 1, 1)
_EPOCH_UTC: Final[Any] = _EPOCH.replace(tzinfo=_host.UTC)
_SECOND: Final = _host.timedelta(seconds=1)
_OWN: Final = re.compile(r"%(?:%|f|z|Z|:z)" if sys.version_info >= (3, 12) else r"%[%fzZ]")
_GAPS: Final = (3, 11, 8) <= sys.version_info[:3] != (3, 12, 0)  # are known to astimezone()
_DEPRECATED: Final = sys.version_info >= (3, 12)  # utcnow() and utcfromtimestamp()


def _offset(clock: int) -> int:
    """Return how many seconds east of UTC the local zone is at a time."""
    return localtime(clock).tm_gmtoff


def _zone(clock: int) -> _host.timezone:
    """Return what the local zone is at a time."""
    tm = localtime(clock)
    return _host.timezone(_host.timedelta(seconds=tm.tm_gmtoff), tm.tm_zone)


def _clock(local: int, fold: int) -> int:
    """Return the time, s since the epoch, that is local in the zone; of two the fold chooses."""
    before, after = (local - _offset(local + way * _DAY) for way in (-1, 1))
    right = [clock for clock in (before, after) if clock + _offset(clock) == local]
    if right:
        return right[fold and -1]
    return (max, min)[fold](before, after)  # left out by a change


def _seconds(when: Any) -> int:
    """Return the time, s since the epoch, of a local one."""
    local: int = (when.replace(tzinfo=None) - _EPOCH) // _SECOND
    return _clock(local, when.fold)


def _astimezone(when: Any) -> int:
    """Return a time at which the zone is that of a local time."""
    clock, other = _seconds(when), _seconds(when.replace(fold=1 - when.fold))
    if _GAPS and other != clock and (other > clock) == when.fold:
        return other  # a change has left it out
    return clock


def _fold(clock: int) -> int:
    """Whether it was the same local time before, since a change."""
    back = _offset(clock - _DAY) - _offset(clock)
    return int(back > 0 and _offset(clock - back) - _offset(clock) == back)


def _now() -> tuple[int, int]:
    """Return the time of day: seconds, microseconds."""
    return divmod(libc_sys.clock_gettime(CLOCK_REALTIME).ns // 1000, 1_000_000)


def _hhmm(offset: Any, colon: str) -> str:
    """Return an offset as %z writes it."""
    if offset is None:
        return ""
    sign, offset = ("-", -offset) if offset.days < 0 else ("+", offset)
    hours, rest = divmod(offset.days * _DAY + offset.seconds, 3600)
    text = f"{sign}{hours:02d}{colon}{rest // 60:02d}"
    if rest % 60 or offset.microseconds:
        text += f"{colon}{rest % 60:02d}"
    return text + (f".{offset.microseconds:06d}" if offset.microseconds else "")


def _strftime(when: Any, form: str) -> str:
    """Write a date; what time.strftime does not know of it first."""

    def own(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return match[0]
        if match[0] == "%f":
            return f"{getattr(when, 'microsecond', 0):06d}"
        if match[0] == "%Z":
            name = when.tzname() if hasattr(when, "tzname") else None
            if name is None:
                return ""
            name = name.replace("%", "%%")
            if not isinstance(name, str):
                raise TypeError("tzname.replace() did not return a string")
            return name
        offset = when.utcoffset() if hasattr(when, "utcoffset") else None
        return _hhmm(offset, ":" if match[0] == "%:z" else "")

    return time.strftime(_OWN.sub(own, form), when.timetuple())


def _of_class(repr_: Callable[[Any], str], *classes: type) -> Callable[[Any], str]:
    """Return a __repr__ that names the module with the classes of this module."""

    def __repr__(self: Any) -> str:
        """Return repr(self)."""
        return f"datetime.{repr_(self)}" if type(self) in classes else repr_(self)

    return __repr__


def make() -> dict[str, Any]:
    """Return what the module of a process has."""
    date = _date_class()
    datetime = _datetime_class(date)
    for cls, host in ((date, _host.date), (datetime, _host.datetime)):
        cls.__qualname__, cls.__module__ = cls.__name__, "datetime"
        cls.__repr__ = _of_class(host.__repr__, cls)
    return {**vars(_datetime), "date": date, "datetime": datetime}


def _date_class() -> Any:
    """Return a date that reads the process's clock and zone."""

    class date(_host.date):
        __slots__ = ()
        __doc__ = _host.date.__doc__

        @classmethod
        def today(cls) -> Any:
            """Return the date, or date and time, by the process's clock."""
            return cls.fromtimestamp(time.time())

        @classmethod
        def fromtimestamp(cls, timestamp: float, /) -> Any:
            """Return the local date of a time."""
            if timestamp is None:  # which would be now
                raise TypeError("'NoneType' object cannot be interpreted as an integer")
            when = time.localtime(timestamp)
            return cls(when.tm_year, when.tm_mon, when.tm_mday)

        def strftime(self, format: str) -> str:
            """Write it as format says."""
            return _strftime(self, format)

    date.min, date.max = date(1, 1, 1), date(9999, 12, 31)
    return date


def _datetime_class(own_date: Any) -> Any:
    """Return a datetime that reads the process's clock and zone; own_date is its date."""

    class datetime(_host.datetime, own_date):  # type: ignore[misc]  # made for each process
        __slots__ = ()
        __doc__ = _host.datetime.__doc__

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            """Return the time, local or in a zone."""
            seconds, micro = _now()
            if tz is None:
                return cls(*localtime(seconds)[:6], micro, fold=_fold(seconds))
            if not isinstance(tz, _host.tzinfo):
                kind = type(tz).__name__
                text = f"tzinfo argument must be None or of a tzinfo subclass, not type '{kind}'"
                raise TypeError(text)
            return tz.fromutc(cls(*time.gmtime(seconds)[:6], micro, tz))

        @classmethod
        def utcnow(cls) -> Any:
            """Return the time in UTC, without saying so."""
            if _DEPRECATED:
                _deprecated("utcnow()", "now(datetime.UTC)")
            seconds, micro = _now()
            return cls(*time.gmtime(seconds)[:6], micro)

        @classmethod
        def fromtimestamp(cls, timestamp: float, tz: Any = None) -> Any:
            """Return a time, local or in a zone."""
            if tz is not None:
                return super().fromtimestamp(timestamp, tz)
            utc = _host.datetime.fromtimestamp(timestamp, _host.UTC)
            clock = (utc - _EPOCH_UTC) // _SECOND
            return cls(*localtime(clock)[:6], utc.microsecond, fold=_fold(clock))

        @classmethod
        def utcfromtimestamp(cls, timestamp: float, /) -> Any:
            """Return a time in UTC, without saying so."""
            if _DEPRECATED:
                _deprecated("utcfromtimestamp()", "fromtimestamp(timestamp, datetime.UTC)")
            utc = _host.datetime.fromtimestamp(timestamp, _host.UTC)
            return cls(*utc.timetuple()[:6], utc.microsecond)

        @classmethod
        def strptime(cls, date_string: str, format: str, /) -> Any:
            """Return the time that a string says, format saying how."""
            _strptime = curdata().runtime.importer.import_("_strptime")
            return _strptime._strptime_datetime(cls, date_string, format)

        def strftime(self, format: str) -> str:
            """Write it as format says."""
            return _strftime(self, format)

        def timestamp(self) -> float:
            """Return the time in seconds since the epoch."""
            if self.tzinfo is not None:
                return super().timestamp()
            return _seconds(self) + self.microsecond / 1_000_000

        def astimezone(self, tz: Any = None) -> Any:
            """Return the same time in another zone, by default the local one."""
            if tz is not None and not isinstance(tz, _host.tzinfo):
                return super().astimezone(tz)
            aware: Any = self
            if self.tzinfo is None or self.utcoffset() is None:
                aware = self.replace(tzinfo=_zone(_astimezone(self)))
            if tz is None:
                tz = _zone((aware - _EPOCH_UTC) // _SECOND)
            return _host.datetime.astimezone(aware, tz)

        def date(self) -> Any:
            """Return the date."""
            return own_date(self.year, self.month, self.day)

    datetime.min = datetime(1, 1, 1)
    datetime.max = datetime(9999, 12, 31, 23, 59, 59, 999_999)
    return datetime


def _deprecated(what: str, instead: str) -> None:
    warn(
        f"datetime.datetime.{what} is deprecated and scheduled for removal in a future version. "
        f"Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.{instead}.",
        DeprecationWarning,
    )
