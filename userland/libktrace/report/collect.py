# SPDX-License-Identifier: BSD-2-Clause
"""What the page shows of a trace, in columns: small to keep and quick to read in.

A text that occurs more than once is there once.  Times are nanoseconds since the first record.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno
from userland.libktrace.calls import Call, Signal, events
from userland.libktrace.callset import CLASSES, callset
from userland.libktrace.decode import Decoder
from userland.libktrace.names import strerror
from userland.libktrace.reader import TornTrace
from userland.libktrace.records import Record
from userland.libktrace.report.lanes import Lane, Lanes
from userland.libktrace.siginfo import psig_text
from userland.libktrace.steps import describe

DATA: Final = 1024  # bytes of a transfer that are kept
_ERRORS: Final = {int(error): error.name for error in Errno}


@dataclass(slots=True)
class _Texts:
    """Numbers texts, and lists of numbers, each once."""

    texts: list[str] = field(default_factory=list)
    lists: list[list[int]] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _lists: dict[tuple[int, ...], int] = field(default_factory=dict)

    def text(self, text: str) -> int:
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        return number

    def list(self, numbers: Iterable[int]) -> int:
        key = tuple(numbers)
        number = self._lists.setdefault(key, len(self.lists))
        if number == len(self.lists):
            self.lists.append(list(key))
        return number


_RETURN, _CALL, _SIGNAL = range(3)  # kinds of rows; of a new child only the fork's return is told


class _Rows:
    """The columns of calls and signals."""

    def __init__(self, texts: _Texts, limit: int) -> None:
        self._texts = texts
        self._limit = limit
        self.rows: list[tuple[int, ...]] = []
        self.names: dict[str, Call] = {}  # one call of each name

    def call(
        self,
        call: Call,
        lane: Lane,
        slept: int,
        arguments: list[str],
        result: str,
        files: list[str],
    ) -> None:
        """Add a row; its columns are COLUMNS."""
        texts = self._texts
        name = call.c_name
        self.names.setdefault(name, call)
        took = call.duration
        self.rows.append((
            call.began,
            lane.number,
            texts.text(call.comm),
            texts.text(name),
            texts.list(texts.text(argument) for argument in arguments),
            texts.text(result),
            -1 if took is None else took,
            slept,
            call.error if call.failed else 0,
            texts.list(texts.text(readable(name)) for name in dict.fromkeys(files)),
            texts.list(self._data(call)),
            _CALL if call.made else _RETURN,
        ))  # fmt: skip

    def signal(self, signal: Signal, lane: Lane, text: str) -> None:
        """Add a row of a signal; what kdump prints of it is its one argument."""
        texts = self._texts
        record = signal.record
        told = psig_text(record.payload, record.abi, era_2003=False, warn=lambda _: None)
        given, none = texts.list([texts.text(told.rstrip("\n"))]), texts.list(())
        self.rows.append((
            signal.time, lane.number, texts.text(signal.comm), texts.text(text), given,
            texts.text(""), 0, 0, 0, none, none, _SIGNAL,
        ))  # fmt: skip

    def _data(self, call: Call) -> Iterable[int]:
        """Yield for each transfer: descriptor, whether it was written, bytes, the first of them."""
        for moved in call.transfers:
            data = moved.data[: self._limit].decode("latin-1")
            yield from (moved.fd, int(moved.written), len(moved.data), self._texts.text(data))


COLUMNS: Final = (
    "began", "lane", "program", "name", "arguments", "result", "took", "slept", "error",
    "files", "data", "kind",
)  # fmt: skip


def readable(path: str) -> str:
    """Return a path as programs have it as a person writes it: bytes of no UTF-8 are escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def collect(records: Iterable[Record], limit: int = DATA) -> dict[str, Any]:
    """Return what the page shows, to be written as JSON; limit is of the bytes of a transfer.

    A trace that is torn is shown up to the tear: "torn" says where it is.
    """
    texts = _Texts()
    found = _Rows(texts, limit)
    lanes = Lanes()
    decoder = Decoder()
    torn = ""
    try:
        for event in events(lanes.watch(records)):
            files = decoder.about(event)
            text, result, arguments = describe(decoder, event)
            lane = lanes.lane(event)
            if isinstance(event, Signal):
                found.signal(event, lane, text)
            else:
                found.call(event, lane, lanes.slept(event), arguments, result, files)
            lanes.add(event)
    except TornTrace as exc:
        torn = str(exc)
    rows = sorted(found.rows, key=lambda row: row[0])
    start = min((process.first for process in lanes.processes), default=0)
    switches = bool(lanes.sleeps)
    return {
        "start": str(start),  # of more digits than a number of JavaScript has
        "end": max((process.last for process in lanes.processes), default=0) - start,
        "torn": torn,
        "switches": switches,
        "limit": limit,
        "texts": texts.texts,
        "lists": texts.lists,
        "errors": {row[8]: [_ERRORS.get(row[8], str(row[8])), strerror(row[8])] for row in rows},
        "names": {name: _described(call) for name, call in sorted(found.names.items())},
        "processes": [
            {
                "pid": one.pid,
                "names": one.names,
                "first": one.first - start,
                "last": one.last - start,
                "parent": one.parent,
                "end": one.end,
            }
            for one in lanes.processes
        ],
        "lanes": [[lane.process.number, lane.lid] for lane in lanes.lanes],
        "calls": _columns(COLUMNS, rows, start),
        "sleeps": _columns(
            ("began", "lane", "ended", "user"),
            [(one.began, one.lane.number, one.ended - start, int(one.user))
             for one in lanes.sleeps],
            start,
        ),
    }  # fmt: skip


def _columns(
    names: tuple[str, ...], rows: list[tuple[int, ...]], start: int
) -> dict[str, list[int]]:
    """Turn rows into columns; the first, the time, becomes the difference from row to row."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    times = [start, *columns[0]]
    columns[0] = [now - before for before, now in pairwise(times)]
    return dict(zip(names, columns, strict=True))


def _described(call: Call) -> dict[str, list[str]]:
    """Return what the arguments of a call are named, and the classes it is in."""
    if call.row is None:
        return {"arguments": [], "classes": []}
    return {
        "arguments": [
            f"{arg.ctype} {arg.name}".replace("* ", "*") for arg in call.row.args if not arg.is_pad
        ],
        "classes": [name for name in CLASSES if call.row.number in callset(f"%{name}")],
    }
