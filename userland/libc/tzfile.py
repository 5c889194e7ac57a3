# SPDX-License-Identifier: BSD-2-Clause
"""Time zones: files of them, and what TZ says.  NetBSD lib/libc/time/localtime.c, tzfile(5)."""

import re
from bisect import bisect_right
from struct import unpack_from
from typing import Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.namedtuple import NamedTuple
from userland.libc.timegm import days_from_civil, gmtime

_DAY: Final = 86_400  # seconds
_USA: Final = ",M3.2.0,M11.1.0"  # TZDEFRULESTRING, for a summer time without rules
_MAGIC: Final = b"TZif"
_HEADER: Final = 44  # bytes


class Ttinfo(NamedTuple):
    """A kind of local time."""

    offset: int  # seconds east of UTC
    isdst: int
    abbr: str


class Change(NamedTuple):
    """When summer time begins or ends each year: J (day 1 to 365), D (0 to 365) or M."""

    kind: str
    month: int
    week: int
    day: int
    time: int = 7200  # seconds after midnight, local

    def seconds(self, year: int) -> int:
        """Return when it is in a year, seconds since the epoch as if the time were UTC."""
        start = days_from_civil(year, 1, 1)
        if self.kind == "J":
            leap = days_from_civil(year, 3, 1) - start == 60
            days = start + self.day - 1 + (leap and self.day >= 60)
        elif self.kind == "D":
            days = start + self.day
        else:
            first = days_from_civil(year, self.month, 1)
            days = first + (self.day - first - 4) % 7 + 7 * (self.week - 1)
            if days >= days_from_civil(year, self.month + 1, 1):
                days -= 7
        return days * _DAY + self.time


class Rule(NamedTuple):
    """What a POSIX TZ string says."""

    standard: Ttinfo
    summer: Ttinfo | None = None
    start: Change | None = None
    end: Change | None = None

    def at(self, clock: int) -> Ttinfo:
        """Return the local time that is used at a time, seconds since the epoch."""
        if self.summer is None or self.start is None or self.end is None:
            return self.standard
        year = gmtime(clock + self.standard.offset).tm_year
        start = self.start.seconds(year) - self.standard.offset
        end = self.end.seconds(year) - self.summer.offset
        summer = start <= clock < end if start < end else not end <= clock < start
        return self.summer if summer else self.standard


@dataclass(slots=True, eq=False)
class Zone:
    """A time zone (struct state)."""

    first: Ttinfo  # before the first change
    times: list[int] = field(default_factory=list)  # of changes, seconds since the epoch
    after: list[Ttinfo] = field(default_factory=list)  # what each changes to
    rule: Rule | None = None  # after the last change

    def at(self, clock: int) -> Ttinfo:
        """Return the local time that is used at a time, seconds since the epoch."""
        place = bisect_right(self.times, clock)
        if place == len(self.times) and self.rule is not None:
            return self.rule.at(clock)
        return self.after[place - 1] if place else self.first

    def kinds(self) -> list[Ttinfo]:
        """Return the kinds of local time that there have been, the latest first."""
        last = () if self.rule is None else (self.rule.standard, self.rule.summer)
        found = [kind for kind in (self.first, *self.after, *last) if kind is not None]
        return list(dict.fromkeys(reversed(found)))


UTC: Final = Zone(Ttinfo(0, 0, "UTC"))

_ABBR: Final = r"(<[^>]*>|[^-\d,+<>]+)"
_TIME: Final = r"([-+]?)(\d{1,3})(?::(\d{1,2})(?::(\d{1,2}))?)?"
_NAMES: Final = re.compile(rf"{_ABBR}{_TIME}(?:{_ABBR}(?:{_TIME})?)?")
_CHANGE: Final = re.compile(
    rf"(?:J(\d{{1,3}})|(\d{{1,3}})|M(\d{{1,2}})\.([1-5])\.([0-6]))(?:/{_TIME})?"
)


def _seconds(sign: str | None, hours: str, minutes: str | None, seconds: str | None) -> int:
    total = int(hours) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return -total if sign == "-" else total


def _change(text: str) -> Change | None:
    match = _CHANGE.fullmatch(text)
    if match is None:
        return None
    julian, plain, month, week, day, sign, *time = match.groups()
    when = _seconds(sign, *time) if time[0] is not None else 7200
    if julian is not None:
        return Change("J", 0, 0, int(julian), when) if 1 <= int(julian) <= 365 else None
    if plain is not None:
        return Change("D", 0, 0, int(plain), when) if int(plain) <= 365 else None
    return Change("M", int(month), int(week), int(day), when) if 1 <= int(month) <= 12 else None


def tzparse(text: str) -> Rule | None:
    """Return what a POSIX TZ string says, None if it is none."""
    match = _NAMES.match(text)
    if match is None:
        return None
    name, sign, hours, minutes, seconds, summer, *later = match.groups()
    offset = -_seconds(sign, hours, minutes, seconds)
    standard = Ttinfo(offset, 0, name.strip("<>"))
    rest = text[match.end() :]
    if summer is None:
        return None if rest else Rule(standard)
    ahead = offset + 3600 if later[1] is None else -_seconds(*later)
    comma, *rules = (rest or _USA).split(",")
    changes = [_change(rule) for rule in rules]
    if comma or len(changes) != 2 or None in changes:
        return None
    return Rule(standard, Ttinfo(ahead, 1, summer.strip("<>")), *changes)


def tzload(data: bytes) -> Zone | None:
    """Return the zone that a file says, None if it is not one."""
    if len(data) < _HEADER or data[:4] != _MAGIC:
        return None
    if data[4] == 0:
        return _body(data, 4)[0]
    _, end = _body(data, 4)
    return _body(data[end:], 8)[0]


def _body(data: bytes, width: int) -> tuple[Zone, int]:
    """Return what a header and its body say, times having width bytes, and where they end."""
    isutcs, isstds, leaps, count, types, chars = unpack_from(">6l", data, 20)
    at = _HEADER
    times = list(unpack_from(f">{count}{'q' if width == 8 else 'l'}", data, at))
    at += count * width
    indexes = data[at : at + count]
    at += count
    names = data[at + types * 6 : at + types * 6 + chars]
    kinds = []
    for number in range(types):
        offset, isdst, start = unpack_from(">lBB", data, at + number * 6)
        abbr = names[start : names.index(b"\0", start)].decode("ascii", "replace")
        kinds.append(Ttinfo(offset, isdst, abbr))
    at += types * 6 + chars + leaps * (width + 4) + isstds + isutcs
    footer = data[at:].split(b"\n")
    rule = tzparse(footer[1].decode("ascii", "replace")) if len(footer) > 2 else None
    first = next((kind for kind in kinds if not kind.isdst), kinds[0])
    if kinds and (not indexes or 0 not in indexes):
        first = kinds[0]
    return Zone(first, times, [kinds[index] for index in indexes], rule), at
