# SPDX-License-Identifier: BSD-2-Clause
"""The time module of a program: the kernel's clock.  CPython Modules/timemodule.c."""

from __future__ import annotations

import math as _math
import time as _host
from types import SimpleNamespace as _SimpleNamespace
from typing import Any

from kernel.sys.errno import Errno as _Errno
from kernel.sys.time import (
    CLOCK_MONOTONIC,
    CLOCK_PROCESS_CPUTIME_ID,
    CLOCK_PROF,
    CLOCK_REALTIME,
    CLOCK_THREAD_CPUTIME_ID,
)
from kernel.sys.time import Timespec as _Timespec
from kernel.sys.wait import P_LWPID as _P_LWPID
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.libc.cerror import oserror as _oserror
from userland.libc.data import curdata as _curdata
from userland.libc.localtime import localtime as _localtime
from userland.libc.localtime import mktime as _mktime
from userland.libc.localtime import tzname as _tzname
from userland.libc.localtime import tzset as _tzset
from userland.libc.pthread_int import threads as _threads
from userland.libc.strftime import strftime_tm as _strftime
from userland.libc.timegm import Tm as _Tm
from userland.python.pytime import nanoseconds as _nanoseconds

struct_time = _host.struct_time

_NS = 1_000_000_000
_STRUCT_TM_ITEMS = 11
_FIELDS = 9
_ZONE = ("altzone", "daylight", "timezone", "tzname")
_CLOCKS = {
    "monotonic": "CLOCK_MONOTONIC",
    "perf_counter": "CLOCK_MONOTONIC",
    "process_time": "CLOCK_PROCESS_CPUTIME_ID",
    "thread_time": "CLOCK_THREAD_CPUTIME_ID",
    "time": "CLOCK_REALTIME",
}

__all__ = [
    "CLOCK_MONOTONIC", "CLOCK_PROCESS_CPUTIME_ID", "CLOCK_PROF", "CLOCK_REALTIME",
    "CLOCK_THREAD_CPUTIME_ID", "_STRUCT_TM_ITEMS", "__getattr__", "asctime", "clock_getres",
    "clock_gettime", "clock_gettime_ns", "clock_settime", "clock_settime_ns", "ctime",
    "get_clock_info", "gmtime", "localtime", "mktime", "monotonic", "monotonic_ns",
    "perf_counter", "perf_counter_ns", "process_time", "process_time_ns",
    "pthread_getcpuclockid", "sleep", "strftime", "strptime", "struct_time", "thread_time",
    "thread_time_ns", "time", "time_ns", "tzset",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Look at the zone when the program first asks."""
    if name not in _ZONE:
        text = f"module 'time' has no attribute {name!r}"
        raise AttributeError(text, name=name, obj=_curdata().runtime.sys.modules.get("time"))
    _export()
    return vars(_curdata().runtime.sys.modules["time"])[name]


def _export() -> None:
    """Set the module's variables as libc's are; of NetBSD's summer times one hour is known."""
    zone = _tzname()
    vars(_curdata().runtime.sys.modules["time"]).update(
        tzname=zone.tzname,
        timezone=zone.timezone,
        daylight=zone.daylight,
        altzone=zone.timezone - 3600,
    )


def clock_gettime_ns(clk_id: int, /) -> int:
    """Return a clock's reading, ns."""
    reading: _Timespec = _sys.clock_gettime(clk_id)
    return reading.ns


def clock_gettime(clk_id: int, /) -> float:
    """Return a clock's reading, seconds."""
    return clock_gettime_ns(clk_id) / _NS


def clock_settime(clk_id: int, time: float, /) -> None:
    """Set a clock, for the super-user: seconds."""
    clock_settime_ns(clk_id, _floor(time))


def clock_settime_ns(clk_id: int, time: int, /) -> None:
    """Set a clock, for the super-user: ns."""
    _sys.clock_settime(clk_id, _Timespec.from_ns(time))


def _floor(seconds: float) -> int:
    if isinstance(seconds, float) and _math.isfinite(seconds):
        return _math.floor(seconds * 1e9)
    return _nanoseconds(seconds)


def clock_getres(clk_id: int, /) -> float:
    """Return a clock's resolution, seconds."""
    reading: _Timespec = _sys.clock_getres(clk_id)
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


def perf_counter_ns() -> int:
    """Return the time since boot, ns."""
    return clock_gettime_ns(CLOCK_MONOTONIC)


def perf_counter() -> float:
    """Return the time since boot, seconds."""
    return monotonic_ns() / _NS


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


def pthread_getcpuclockid(thread_id: int, /) -> int:
    """Return the clock that tells the CPU time of a thread."""
    thread = _threads().all.get(thread_id)
    if thread is None:
        raise _oserror(_Errno.ESRCH)
    return _libc.clock_getcpuclockid2(_P_LWPID, thread.lid)


def sleep(seconds: float, /) -> None:
    """Sleep so long in virtual time, on after signals whose handlers return."""
    ns = _nanoseconds(seconds)
    if ns < 0:
        raise ValueError("sleep length must be non-negative")
    until = _Timespec.from_ns(clock_gettime_ns(CLOCK_MONOTONIC) + ns)
    while True:
        try:
            _libc.clock_sleep(CLOCK_MONOTONIC, until)
        except InterruptedError:
            continue
        return


def gmtime(seconds: float | None = None, /) -> struct_time:
    """Return a time, by default now, as UTC."""
    return _host.gmtime(time() if seconds is None else seconds)


def localtime(seconds: float | None = None, /) -> struct_time:
    """Return a time, by default now, in the local zone."""
    if seconds is None:
        seconds = time_ns() // _NS
    _host.gmtime(seconds)  # raises what there is to raise
    tm = _localtime(_math.floor(seconds))
    return struct_time((
        *tm[:6], (tm.tm_wday + 6) % 7, tm.tm_yday, tm.tm_isdst, tm.tm_zone, tm.tm_gmtoff
    ))  # fmt: skip


def _tm(name: str, when: Any) -> _Tm:
    """Return the struct tm of a program's tuple."""
    if not isinstance(when, tuple):
        raise TypeError("Tuple or struct_time argument required")
    if len(when) != _FIELDS:
        raise TypeError(f"{name}(): illegal time tuple argument")
    year, month, day, hour, minute, second, weekday, yearday, isdst = map(_index, when)
    zone = getattr(when, "tm_zone", None) or ""
    offset = getattr(when, "tm_gmtoff", None) or 0
    return _Tm(
        year, month, day, hour, minute, second, (weekday + 1) % 7, yearday, isdst, offset, zone
    )


def _index(number: Any) -> int:
    """Return an int of C."""
    value = number.__index__() if hasattr(number, "__index__") else None
    if value is None:
        text = f"'{type(number).__name__}' object cannot be interpreted as an integer"
        raise TypeError(text)
    if not -(1 << 31) <= value < 1 << 31:
        side = "greater than maximum" if value > 0 else "less than minimum"
        raise OverflowError(f"signed integer is {side}")
    return int(value)


def mktime(time_tuple: struct_time | tuple[int, ...], /) -> float:
    """Return the seconds since the epoch of a local time."""
    clock = _mktime(_tm("mktime", time_tuple))
    if clock is None or not -(1 << 63) <= clock < 1 << 63:
        raise OverflowError("mktime argument out of range")
    return float(clock)


def asctime(time_tuple: struct_time | tuple[int, ...] | None = None, /) -> str:
    """Return a time, by default now, as text."""
    return _host.asctime(localtime() if time_tuple is None else time_tuple)  # type: ignore[arg-type]


def strptime(
    data_string: str, format: str = "%a %b %d %H:%M:%S %Y", /
) -> struct_time:  # fmt: skip
    """Return the time that text says, form saying how."""
    _strptime = _curdata().runtime.importer.import_("_strptime")
    result: struct_time = _strptime._strptime_time(data_string, format)
    return result


def ctime(seconds: float | None = None, /) -> str:
    """Return a time, by default now, as text."""
    return asctime(localtime(seconds))


def strftime(format: str, time_tuple: struct_time | tuple[int, ...] | None = None, /) -> str:
    """Return a time, by default now, as form says."""
    when = localtime() if time_tuple is None else time_tuple
    if not isinstance(format, str):
        raise TypeError(f"strftime() argument 1 must be str, not {type(format).__name__}")
    probe = "\0" if "\0" in format else ""
    _host.strftime(probe, when)  # type: ignore[arg-type]  # raises what there is to raise
    tm = _tm("strftime", when)
    if not (tm.tm_mon and tm.tm_mday and tm.tm_yday):  # taken for the first
        tm = tm._replace(tm_mon=tm.tm_mon or 1, tm_mday=tm.tm_mday or 1, tm_yday=tm.tm_yday or 1)
    return _strftime(format, tm)


def tzset() -> None:
    """Look at TZ again."""
    _tzset()
    _export()


def get_clock_info(name: str, /) -> _SimpleNamespace:
    """Return what is to know of a clock."""
    clock = _CLOCKS.get(name)
    if clock is None:
        raise ValueError("unknown clock")
    return _SimpleNamespace(
        implementation=f"clock_gettime({clock})",
        monotonic=name != "time",
        adjustable=name == "time",
        resolution=clock_getres(globals()[clock]),
    )
