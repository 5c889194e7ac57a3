# SPDX-License-Identifier: BSD-2-Clause
"""Calls and signals for other programs: a JSON object a line, tables of SQLite, Chrome's traces."""

import json
import sqlite3
from typing import Any, Final

from kernel.sys.errno import Errno
from userland.libktrace.calls import Call, Event, Signal
from userland.libktrace.names import signame

_ERRORS: Final = {int(error): error.name for error in Errno}
_SCHEMA: Final = """
    create table calls (
        id integer primary key, pid integer, lwp integer, comm text, call text, code integer,
        text text, result text, began integer, ended integer, duration integer, slept integer,
        error integer, errno text, value integer, made integer, child integer
    );
    create table arguments (
        call integer references calls, number integer, name text, type text, register integer,
        text text
    );
    create table paths (call integer references calls, number integer, path text);
    create table transfers (
        call integer references calls, number integer, fd integer, written integer, size integer,
        data blob
    );
    create table signals (
        id integer primary key, pid integer, lwp integer, comm text, time integer, signal text,
        signo integer, caught integer
    );
"""
_INDEXES: Final = """
    create index calls_call on calls (call);
    create index calls_errno on calls (errno);
    create index calls_pid on calls (pid, began);
    create index arguments_call on arguments (call);
    create index arguments_name on arguments (name, text);
    create index paths_call on paths (call);
    create index transfers_call on transfers (call);
    create index paths_path on paths (path);
"""
_CALLS: Final = (
    "pid", "lwp", "comm", "call", "code", "text", "result", "began", "ended", "duration",
    "slept", "error", "errno", "value", "made", "child",
)  # fmt: skip
_SIGNALS: Final = ("pid", "lwp", "comm", "time", "signal", "signo", "caught")
_WORD: Final = 1 << 63


def _too_large(value: object) -> bool:
    """Whether value is a number that SQLite's 64 bits do not hold: the time of a broken record."""
    return isinstance(value, int) and not -_WORD <= value < _WORD


def _parameters(call: Call) -> list[tuple[str, str]]:
    """Return names and C types of a call's arguments; none, if the table does not know the call."""
    return [(arg.name, arg.ctype) for arg in call.row.args if not arg.is_pad] if call.row else []


def _call(call: Call, arguments: list[str], text: str, result: str) -> dict[str, Any]:
    return {
        "type": "call",
        "pid": call.pid,
        "lwp": call.lid,
        "comm": call.comm,
        "call": call.c_name,
        "code": call.code,
        "args": list(call.registers),
        "arguments": arguments,
        "names": [name for name, _ in _parameters(call)],
        "text": text,
        "result": result,
        "began": call.began,
        "ended": call.ended,
        "duration": call.duration,
        "slept": call.slept,
        "error": call.error,
        "errno": _ERRORS.get(call.error) if call.failed else None,
        "value": call.value,
        "made": call.made,
        "child": call.child or None,
        "paths": call.paths,
        "transfers": [
            {
                "fd": moved.fd,
                "written": moved.written,
                "size": len(moved.data),
                "data": moved.data.decode("latin-1"),
            }
            for moved in call.transfers
        ],
    }


def _signal(signal: Signal) -> dict[str, Any]:
    return {
        "type": "signal",
        "pid": signal.pid,
        "lwp": signal.lid,
        "comm": signal.comm,
        "time": signal.time,
        "signal": f"SIG{signame(signal.signo)}",
        "signo": signal.signo,
        "caught": signal.action > 1,
    }


def to_json(event: Event, arguments: list[str], text: str, result: str) -> str:
    """Return a line of JSON: times in nanoseconds, data as Latin-1, registers unsigned.

    Args:
        event: a call or a signal.
        arguments: of the call, as they are shown.
        text: the call as it is shown.
        result: what it came to, as it is shown.
    """
    if isinstance(event, Signal):
        return json.dumps(_signal(event)) + "\n"
    return json.dumps(_call(event, arguments, text, result)) + "\n"


class Database:
    """A file of SQLite that gets a row for each event."""

    def __init__(self, path: str) -> None:
        """Make the tables.

        Raises:
            sqlite3.Error: the file cannot be written, or has the tables.
        """
        self._db = sqlite3.connect(path)
        self._db.executescript(_SCHEMA)
        self._calls = 0

    def add(self, event: Event, arguments: list[str], text: str, result: str) -> None:
        """Write an event; the arguments are those of to_json.

        Raises:
            sqlite3.Error: it cannot be written.
        """
        if isinstance(event, Signal):
            row = _signal(event)
            self._insert("signals", [None, *(row[column] for column in _SIGNALS)])
            return
        self._calls += 1
        row = _call(event, arguments, text, result)
        self._insert("calls", [self._calls, *(row[column] for column in _CALLS)])
        known = [*_parameters(event), *[(None, None)] * len(arguments)]
        for number, (value, shown) in enumerate(zip(event.registers, arguments, strict=False)):
            register = value - 2 * _WORD if value >= _WORD else value
            self._insert("arguments", [self._calls, number, *known[number], register, shown])
        for number, path in enumerate(event.paths):
            self._insert("paths", [self._calls, number, path])
        for number, moved in enumerate(event.transfers):
            values = [moved.fd, moved.written, len(moved.data), moved.data]
            self._insert("transfers", [self._calls, number, *values])

    def _insert(self, table: str, values: list[Any]) -> None:
        values = [float(value) if _too_large(value) else value for value in values]
        marks = ", ".join("?" * len(values))
        self._db.execute(f"insert into {table} values ({marks})", values)

    def close(self) -> None:
        """Make the indexes, and let all of it be written.

        Raises:
            sqlite3.Error: it cannot be.
        """
        self._db.executescript(_INDEXES)
        self._db.commit()
        self._db.close()


class ChromeTrace:
    """A file that chrome://tracing, Perfetto, speedscope and the Firefox Profiler show.

    A call is a pair of events, B and E, on the track of its LWP: of those that are one (X) Perfetto
    drops what overlaps.  Times are microseconds since the first event, with three decimals.
    """

    def __init__(self, path: str) -> None:
        """Begin the file.

        Raises:
            OSError: it cannot be written.
        """
        self._file = open(path, "w", encoding="utf-8")  # noqa: SIM115 - close() does
        self._file.write('{"displayTimeUnit":"ns","traceEvents":[')
        self._start: int | None = None
        self._names: dict[int, str] = {}
        self._comma = ""

    def add(self, event: Event, arguments: list[str], text: str, result: str) -> None:
        """Write an event; the arguments are those of to_json.

        Raises:
            OSError: it cannot be written.
        """
        if self._names.get(event.pid) != event.comm:
            self._names[event.pid] = event.comm
            self._put("M", "process_name", event, None, {"name": event.comm})
        if isinstance(event, Signal):
            self._put("i", f"SIG{signame(event.signo)}", event, event.time, {"signal": text})
            return
        if not event.made:
            return
        name = event.c_name
        shown = {"call": text, "result": result, "paths": event.paths}
        if event.ended is None:
            self._put("i", name, event, event.began, shown)
            return
        self._put("B", name, event, event.began, shown)
        self._put("E", name, event, event.ended, {})

    def _put(
        self, phase: str, name: str, event: Event, time: int | None, args: dict[str, Any]
    ) -> None:
        row: dict[str, Any] = {"ph": phase, "name": name, "pid": event.pid, "tid": event.lid}
        if time is not None:
            if self._start is None:
                self._start = time
            row["ts"] = (time - self._start) / 1000
        if phase == "i":
            row["s"] = "t"  # of the thread
        if args:
            row["args"] = args
        self._file.write(f"{self._comma}\n{json.dumps(row)}")
        self._comma = ","

    def close(self) -> None:
        """End the file.

        Raises:
            OSError: it cannot be written.
        """
        self._file.write("\n]}\n")
        self._file.close()
