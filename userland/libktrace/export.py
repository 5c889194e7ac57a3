# SPDX-License-Identifier: BSD-2-Clause
"""Calls and signals for other programs: a JSON object a line, or tables of SQLite."""

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
        error integer, errno text, value integer, made integer
    );
    create table arguments (
        call integer references calls, number integer, register integer, text text
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
    create index paths_path on paths (path);
"""
_CALLS: Final = (
    "pid", "lwp", "comm", "call", "code", "text", "result", "began", "ended", "duration",
    "slept", "error", "errno", "value",
)  # fmt: skip
_SIGNALS: Final = ("pid", "lwp", "comm", "time", "signal", "signo", "caught")
_WORD: Final = 1 << 63


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
        "text": text,
        "result": result,
        "began": call.began,
        "ended": call.ended,
        "duration": call.duration,
        "slept": call.slept,
        "error": call.error,
        "errno": _ERRORS.get(call.error) if call.failed else None,
        "value": call.value,
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
        self._insert("calls", [self._calls, *(row[column] for column in _CALLS), event.made])
        for number, (value, shown) in enumerate(zip(event.registers, arguments, strict=False)):
            register = value - 2 * _WORD if value >= _WORD else value
            self._insert("arguments", [self._calls, number, register, shown])
        for number, path in enumerate(event.paths):
            self._insert("paths", [self._calls, number, path])
        for number, moved in enumerate(event.transfers):
            values = [moved.fd, moved.written, len(moved.data), moved.data]
            self._insert("transfers", [self._calls, number, *values])

    def _insert(self, table: str, values: list[Any]) -> None:
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
