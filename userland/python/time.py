# SPDX-License-Identifier: BSD-2-Clause
"""The time module of a program: the kernel's clock.  CPython Modules/timemodule.c."""

import time as _host
from types import SimpleNamespace

from kernel.sys.time import (
    CLOCK_MONOTONIC,
    CLOCK_PROCESS_CPUTIME_ID,
    CLOCK_REALTIME,
    CLOCK_THREAD_CPUTIME_ID,
    Timespec,
)
from userland import libc as _libc
from userland.libc import sys as _sys
from userland.libc.data import curdata as _curdata

struct_time = _host.struct_time
timezone = altzone = daylight = 0
tzname = ("UTC", "UTC")

_NS = 1_000_000_000
_STRUCT_TM_ITEMS = 11

__all__ = [
    "CLOCK_MONOTONIC", "CLOCK_PROCESS_CPUTIME_ID", "CLOCK_REALTIME", "CLOCK_THREAD_CPUTIME_ID",
    "_STRUCT_TM_ITEMS", "altzone", "asctime", "clock_getres", "clock_gettime", "clock_gettime_ns",
    "ctime", "daylight", "get_clock_info", "gmtime", "localtime", "mktime", "monotonic",
    "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "process_time_ns", "sleep",
    "strftime", "strptime", "struct_time", "thread_time", "thread_time_ns", "time", "time_ns",
    "timezone", "tzname", "tzset",
]  # fmt: skip


def clock_gettime_ns(clock: int) -> int:
    """Return a clock's reading, ns."""
    reading: Timespec = _sys.clock_gettime(clock)
    return reading.ns


def clock_gettime(clock: int) -> float:
    """Return a clock's reading, seconds."""
    return clock_gettime_ns(clock) / _NS


def clock_getres(clock: int) -> float:
    """Return a clock's resolution, seconds."""
    reading: Timespec = _sys.clock_getres(clock)
    return reading.ns / _NS


def time_ns() -> int:
    """Return the time of day, ns."""
    return clock_gettime_ns(CLOCK_REALTIME)


def time() -> float:
    """Return the time of day, seconds."""
    return time_ns() / _NS


def monotonic_ns() -> int:
    """Return the time since boot, ns."""
    return clock_gettime_ns(CLOCK_MONOTONIC)


def monotonic() -> float:
    """Return the time since boot, seconds."""
    return monotonic_ns() / _NS


perf_counter_ns = monotonic_ns
perf_counter = monotonic


def process_time_ns() -> int:
    """Return the time the process has had of the CPU, ns."""
    return clock_gettime_ns(CLOCK_PROCESS_CPUTIME_ID)


def process_time() -> float:
    """Return the time the process has had of the CPU, seconds."""
    return process_time_ns() / _NS


def thread_time_ns() -> int:
    """Return the time the thread has had of the CPU, ns."""
    return clock_gettime_ns(CLOCK_THREAD_CPUTIME_ID)


def thread_time() -> float:
    """Return the time the thread has had of the CPU, seconds."""
    return thread_time_ns() / _NS


def sleep(seconds: float) -> None:
    """Sleep so long in virtual time, on after signals whose handlers return."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    left = float(seconds)
    while True:
        try:
            _libc.nanosleep(left)
        except _libc.Interrupted as exc:
            left = exc.left
        else:
            return


def gmtime(seconds: float | None = None) -> struct_time:
    """Return a time as UTC."""
    return _host.gmtime(time() if seconds is None else seconds)


localtime = gmtime  # this system is in UTC


def mktime(when: struct_time | tuple[int, ...], /) -> float:
    """Return the seconds since the epoch of a local time, which is UTC."""
    year, month, day, hour, minute, second = when[:6]
    years, month = divmod(month - 3, 12)  # a year from March on ends with its leap day
    year += years
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day
    return float(((days - 719_469) * 24 + hour) * 3600 + minute * 60 + second)


def asctime(when: struct_time | tuple[int, ...] | None = None, /) -> str:
    """Return a time, by default now, as text."""
    return _host.asctime(gmtime() if when is None else when)  # type: ignore[arg-type]


def strptime(text: str, form: str = "%a %b %d %H:%M:%S %Y", /) -> struct_time:
    """Return the time that text says, form saying how."""
    _strptime = _curdata().runtime.importer.import_("_strptime")
    result: struct_time = _strptime._strptime_time(text, form)
    return result


def ctime(seconds: float | None = None) -> str:
    """Return a time as text."""
    return asctime(gmtime(seconds))


def strftime(form: str, when: struct_time | tuple[int, ...] | None = None) -> str:
    """Return a time, by default now, as form says."""
    return _host.strftime(form, gmtime() if when is None else when)  # type: ignore[arg-type]


def tzset() -> None:
    """The zone is UTC, whatever TZ says."""


def get_clock_info(name: str) -> SimpleNamespace:
    """Return what is to know of a clock."""
    return SimpleNamespace(
        implementation=f"clock_gettime({name})",
        monotonic=name != "time",
        adjustable=name == "time",
        resolution=1e-9,
    )
