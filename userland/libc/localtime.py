# SPDX-License-Identifier: BSD-2-Clause
"""Local time: tzset(3), localtime(3), mktime(3).  NetBSD lib/libc/time/localtime.c.

TZ names a file below /usr/share/zoneinfo, or is a POSIX string; without TZ there is
/etc/localtime.  What is none of these is UTC.
"""

from typing import Final

from kernel.sys.fcntl import O_RDONLY
from kernel.sys.namedtuple import NamedTuple
from userland.libc import sys
from userland.libc.data import curdata
from userland.libc.timegm import Tm, gmtime, seconds
from userland.libc.tzfile import UTC, Zone, tzload, tzparse

TZDIR: Final = "/usr/share/zoneinfo"
_DEFAULT: Final = b":/etc/localtime"  # without TZ
_WILDABBR: Final = "   "  # of a kind of time that the zone does not have
_LARGEST: Final = 1 << 16  # bytes of a file


class Tzname(NamedTuple):
    """The variables of libc: the names of standard and summer time, seconds west of UTC."""

    tzname: tuple[str, str]
    timezone: int
    daylight: int


def tzset() -> Zone:
    """Look at TZ again; return the zone."""
    return _set(curdata().environ.get(b"TZ", _DEFAULT))


def tznote() -> None:
    """Keep what TZ says now for the first who asks for the local time."""
    data = curdata()
    data.zone = data.environ.get(b"TZ", _DEFAULT)


def _set(name: bytes) -> Zone:
    text = name.decode("utf-8", "surrogateescape")
    path = text.removeprefix(":")
    zone = _load(path if path.startswith("/") else f"{TZDIR}/{path}") if path else UTC
    if zone is None and not text.startswith(":") and (rule := tzparse(text)) is not None:
        zone = Zone(rule.standard, rule=rule)
    found = curdata().zone = zone or UTC
    return found


def _load(path: str) -> Zone | None:
    """Return the zone that a file says, None if there is none."""
    try:
        fd = sys.open(path, O_RDONLY)
    except (OSError, ValueError):
        return None
    try:
        return tzload(sys.read(fd, _LARGEST))
    except OSError:  # a directory
        return None
    finally:
        sys.close(fd)


def _zone() -> Zone:
    zone: Zone | bytes | None = curdata().zone
    if isinstance(zone, Zone):
        return zone
    return tzset() if zone is None else _set(zone)


def tzname() -> Tzname:
    """Return the names and the offset that the zone has had last."""
    zone = _zone()
    names, west = [_WILDABBR, _WILDABBR], 0
    daylight = 0
    for kind in reversed(zone.kinds()):
        names[kind.isdst] = kind.abbr
        if kind.isdst:
            daylight = 1
        else:
            west = -kind.offset
    return Tzname((names[0], names[1]), west, daylight)


def localtime(clock: int) -> Tm:
    """Return the local date and time, seconds after the epoch."""
    kind = _zone().at(clock)
    return gmtime(clock, *kind)


def mktime(tm: Tm) -> int | None:
    """Return the seconds since the epoch of a local time, None if it cannot be told.

    tm_isdst says whether it is summer time; negative: as it was then.  A time that a change
    has left out is taken as of before the change.
    """
    zone = _zone()
    utc = seconds(tm)
    kinds = sorted(zone.kinds(), key=lambda kind: kind.isdst)
    wanted = max(min(tm.tm_isdst, 1), -1)
    for kind in kinds:  # what there is twice at an autumn's change: standard time
        clock = utc - kind.offset
        if zone.at(clock) == kind and wanted in (-1, kind.isdst):
            return clock
    if wanted < 0:
        return utc - zone.at(utc - max(kind.offset for kind in kinds)).offset
    for kind in kinds:  # of a kind that was not in use
        if kind.isdst == wanted:
            return utc - kind.offset
    return None
