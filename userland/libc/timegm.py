# SPDX-License-Identifier: BSD-2-Clause
"""Dates as numbers: timegm(3), gmtime(3), parsedate(3).  NetBSD lib/libc/time, lib/libutil."""

from datetime import UTC, datetime
from typing import NamedTuple


class Tm(NamedTuple):
    """A date and time of day (struct tm), the year in full, months from 1."""

    tm_year: int
    tm_mon: int
    tm_mday: int
    tm_hour: int = 0
    tm_min: int = 0
    tm_sec: int = 0


def timegm(tm: Tm) -> int:
    """Return seconds since the epoch.

    Raises:
        ValueError: there is no such date.
    """
    return int(datetime(*tm, tzinfo=UTC).timestamp())


def gmtime(seconds: int) -> Tm:
    """Return the date that is so many seconds after the epoch."""
    when = datetime.fromtimestamp(seconds, UTC)
    return Tm(when.year, when.month, when.day, when.hour, when.minute, when.second)


def parsedate(text: str) -> int:
    """Return the time, ns since the epoch, of an ISO 8601 date; UTC if it names no zone.

    Raises:
        ValueError: it is none.
    """
    when = datetime.fromisoformat(text)
    whole = when.replace(tzinfo=when.tzinfo or UTC, microsecond=0)
    return int(whole.timestamp()) * 10**9 + when.microsecond * 1000
