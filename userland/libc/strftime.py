# SPDX-License-Identifier: BSD-2-Clause
"""Dates as text: strftime(3) in the C locale.  NetBSD lib/libc/time/strftime.c."""

import re
from collections.abc import Callable
from typing import Final

from userland.libc.localtime import localtime, mktime, tzname
from userland.libc.timegm import Tm, days_from_civil

DAYS: Final = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()
MONTHS: Final = (
    "January February March April May June July August September October November December"
).split()


def _name(names: list[str], at: int) -> str:
    return names[at] if 0 <= at < len(names) else "?"


def _week(tm: Tm, first: int) -> int:
    """Return the week of the year, weeks beginning on weekday first (0: Sunday)."""
    return (tm.tm_yday + 6 - (tm.tm_wday - first) % 7) // 7


def _isoweek(tm: Tm) -> tuple[int, int]:
    """Return the year and the week by ISO 8601."""
    year, week = tm.tm_year, (tm.tm_yday + 9 - (tm.tm_wday + 6) % 7) // 7
    if week < 1:
        year -= 1
        days = days_from_civil(tm.tm_year, 1, 1) - days_from_civil(year, 1, 1)
        week = (tm.tm_yday + days + 9 - (tm.tm_wday + 6) % 7) // 7
    elif week == 53:
        thursday = tm.tm_yday + 3 - (tm.tm_wday + 6) % 7
        if thursday > days_from_civil(year + 1, 1, 1) - days_from_civil(year, 1, 1):
            return year + 1, 1
    return year, week


def _century(year: int) -> str:
    lead = int(year / 100)
    return "-0" if lead == 0 and year < 0 else f"{lead:02d}"


def _zone(tm: Tm) -> str:
    """%Z: the zone that came with the date, or of the process."""
    if tm.tm_zone or tm.tm_isdst < 0:
        return tm.tm_zone
    return tzname().tzname[bool(tm.tm_isdst)]


def _offset(tm: Tm) -> str:
    if tm.tm_isdst < 0:
        return ""
    minutes = abs(tm.tm_gmtoff) // 60
    return f"{'-' if tm.tm_gmtoff < 0 else '+'}{minutes // 60:02d}{minutes % 60:02d}"


def _epoch(tm: Tm) -> str:
    clock = mktime(tm)
    return "-1" if clock is None else str(clock)


_DIRECTIVES: Final[dict[str, Callable[[Tm], str]]] = {
    "A": lambda t: _name(DAYS, t.tm_wday),
    "a": lambda t: _name(DAYS, t.tm_wday)[:3],
    "B": lambda t: _name(MONTHS, t.tm_mon - 1),
    "b": lambda t: _name(MONTHS, t.tm_mon - 1)[:3],
    "C": lambda t: _century(t.tm_year),
    "d": lambda t: f"{t.tm_mday:02d}",
    "e": lambda t: f"{t.tm_mday:2d}",
    "G": lambda t: _century(_isoweek(t)[0]) + f"{abs(_isoweek(t)[0]) % 100:02d}",
    "g": lambda t: f"{abs(_isoweek(t)[0]) % 100:02d}",
    "H": lambda t: f"{t.tm_hour:02d}",
    "I": lambda t: f"{(t.tm_hour - 1) % 12 + 1:02d}",
    "j": lambda t: f"{t.tm_yday:03d}",
    "k": lambda t: f"{t.tm_hour:2d}",
    "l": lambda t: f"{(t.tm_hour - 1) % 12 + 1:2d}",
    "M": lambda t: f"{t.tm_min:02d}",
    "m": lambda t: f"{t.tm_mon:02d}",
    "n": lambda t: "\n",
    "p": lambda t: "AM" if t.tm_hour < 12 else "PM",
    "S": lambda t: f"{t.tm_sec:02d}",
    "s": _epoch,
    "t": lambda t: "\t",
    "U": lambda t: f"{_week(t, 0):02d}",
    "u": lambda t: str(t.tm_wday or 7),
    "V": lambda t: f"{_isoweek(t)[1]:02d}",
    "W": lambda t: f"{_week(t, 1):02d}",
    "w": lambda t: str(t.tm_wday),
    "Y": lambda t: _century(t.tm_year) + f"{abs(t.tm_year) % 100:02d}",
    "y": lambda t: f"{abs(t.tm_year) % 100:02d}",
    "Z": _zone,
    "z": _offset,
    "%": lambda t: "%",
}
_COMPOSED: Final = {
    "c": "%a %b %e %H:%M:%S %Y",
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "h": "%b",
    "R": "%H:%M",
    "r": "%I:%M:%S %p",
    "T": "%H:%M:%S",
    "v": "%e-%b-%Y",
    "X": "%H:%M:%S",
    "x": "%m/%d/%y",
    "+": "%a %b %e %H:%M:%S %Z %Y",
}
_DIRECTIVE: Final = re.compile(r"%[EO]*(.)", re.DOTALL)


def strftime_tm(form: str, tm: Tm) -> str:
    """Return a date as form says; of an unknown directive its letter stays."""

    def replace(match: re.Match[str]) -> str:
        letter = match[1]
        if letter in _COMPOSED:
            return strftime_tm(_COMPOSED[letter], tm)
        directive = _DIRECTIVES.get(letter)
        return letter if directive is None else directive(tm)

    return _DIRECTIVE.sub(replace, form)


def strftime(form: str, seconds: int) -> str:
    """Return a time, seconds since the epoch, in the local zone as form says."""
    return strftime_tm(form, localtime(seconds))
