# SPDX-License-Identifier: BSD-2-Clause
"""Dates as text: strftime(3) in UTC and the C locale.  NetBSD lib/libc/time/strftime.c."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

_DAYS: Final = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()
_MONTHS: Final = (
    "January February March April May June July August September October November December"
).split()


def _week(when: datetime, first: int) -> int:
    """Return the week of the year, weeks beginning on weekday first (0: Sunday)."""
    weekday = (when.isoweekday() - first) % 7
    return (when.timetuple().tm_yday + 6 - weekday) // 7


_DIRECTIVES: Final[dict[str, Callable[[datetime], str]]] = {
    "A": lambda t: _DAYS[t.isoweekday() % 7],
    "a": lambda t: _DAYS[t.isoweekday() % 7][:3],
    "B": lambda t: _MONTHS[t.month - 1],
    "b": lambda t: _MONTHS[t.month - 1][:3],
    "C": lambda t: f"{t.year // 100:02d}",
    "d": lambda t: f"{t.day:02d}",
    "e": lambda t: f"{t.day:2d}",
    "G": lambda t: str(t.isocalendar().year),
    "g": lambda t: f"{t.isocalendar().year % 100:02d}",
    "H": lambda t: f"{t.hour:02d}",
    "I": lambda t: f"{(t.hour - 1) % 12 + 1:02d}",
    "j": lambda t: f"{t.timetuple().tm_yday:03d}",
    "k": lambda t: f"{t.hour:2d}",
    "l": lambda t: f"{(t.hour - 1) % 12 + 1:2d}",
    "M": lambda t: f"{t.minute:02d}",
    "m": lambda t: f"{t.month:02d}",
    "n": lambda t: "\n",
    "p": lambda t: "AM" if t.hour < 12 else "PM",
    "S": lambda t: f"{t.second:02d}",
    "s": lambda t: str(int(t.timestamp())),
    "t": lambda t: "\t",
    "U": lambda t: f"{_week(t, 0):02d}",
    "u": lambda t: str(t.isoweekday()),
    "V": lambda t: f"{t.isocalendar().week:02d}",
    "W": lambda t: f"{_week(t, 1):02d}",
    "w": lambda t: str(t.isoweekday() % 7),
    "Y": lambda t: str(t.year),
    "y": lambda t: f"{t.year % 100:02d}",
    "Z": lambda t: "UTC",
    "z": lambda t: "+0000",
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


def strftime(form: str, seconds: int) -> str:
    """Return the time, seconds since the epoch, as form says; unknown directives stay."""
    when = datetime.fromtimestamp(seconds, UTC)

    def replace(match: re.Match[str]) -> str:
        letter = match[1]
        if letter in _COMPOSED:
            return strftime(_COMPOSED[letter], seconds)
        directive = _DIRECTIVES.get(letter)
        return directive(when) if directive is not None else match[0]

    return re.sub(r"%[EO]?(.)", replace, form, flags=re.DOTALL)
