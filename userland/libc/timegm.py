# SPDX-License-Identifier: BSD-2-Clause
"""Dates as numbers: timegm(3), gmtime(3), parsedate(3).  NetBSD lib/libc/time, lib/libutil."""

from typing import TYPE_CHECKING, Final

from kernel.sys.module import autoload
from kernel.sys.namedtuple import NamedTuple

if TYPE_CHECKING:
    import datetime
else:
    datetime = autoload("datetime")

_DAY: Final = 86_400  # seconds
_EPOCH: Final = 719_468  # days from 1 March of the year 0 to 1970
_ERA: Final = 146_097  # days of 400 years


class Tm(NamedTuple):
    """A date and time of day (struct tm), the year in full, months and days of the year from 1."""

    tm_year: int
    tm_mon: int
    tm_mday: int
    tm_hour: int = 0
    tm_min: int = 0
    tm_sec: int = 0
    tm_wday: int = 0  # from Sunday
    tm_yday: int = 1
    tm_isdst: int = 0
    tm_gmtoff: int = 0  # seconds east of UTC
    tm_zone: str = "UTC"


def days_from_civil(year: int, month: int, day: int) -> int:
    """Return the days from the epoch to a date; a month or day past the end counts on."""
    years, month = divmod(month - 3, 12)  # a year from March on ends with its leap day
    year += years
    return (
        365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day - 719_469
    )


def seconds(tm: Tm) -> int:
    """Return the seconds since the epoch; of what is past its end the rest counts on."""
    days = days_from_civil(tm.tm_year, tm.tm_mon, tm.tm_mday)
    return days * _DAY + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec


def timegm(tm: Tm) -> int:
    """Return seconds since the epoch.

    Raises:
        ValueError: there is no such date.
    """
    found = seconds(tm)
    if gmtime(found)[:6] != tm[:6]:
        raise ValueError("no such date")
    return found


def gmtime(clock: int, offset: int = 0, isdst: int = 0, zone: str = "UTC") -> Tm:
    """Return the date that is clock seconds after the epoch, offset seconds east of UTC."""
    days, second = divmod(clock + offset, _DAY)
    era, day = divmod(days + _EPOCH, _ERA)
    year = (day - day // 1460 + day // 36524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153  # from March
    day -= (153 * month + 2) // 5
    month, year = (month + 3, year) if month < 10 else (month - 9, year + 1)
    year += era * 400
    return Tm(
        year, month, day + 1, second // 3600, second // 60 % 60, second % 60, (days + 4) % 7,
        days - days_from_civil(year, 1, 1) + 1, isdst, offset, zone,
    )  # fmt: skip


def parsedate(text: str) -> int:
    """Return the time, ns since the epoch, of an ISO 8601 date; UTC if it names no zone.

    Raises:
        ValueError: it is none.
    """
    when = datetime.datetime.fromisoformat(text)
    whole = when.replace(tzinfo=when.tzinfo or datetime.UTC, microsecond=0)
    return int(whole.timestamp()) * 10**9 + when.microsecond * 1000
