# SPDX-License-Identifier: BSD-2-Clause
"""`trace`: a trace as its calls, a line each, with strace's ways to choose among them."""

import argparse
import os
import sqlite3
import sys
from typing import Final, TextIO

from kernel.cli.ending import INTERRUPTED, fail, is_unwritten, told, unwritten
from kernel.cli.numbers import count
from kernel.cli.progress import reading
from userland.libktrace.callfilter import Filter
from userland.libktrace.calls import Call, Event, Signal, events
from userland.libktrace.decode import Decoder
from userland.libktrace.export import ChromeTrace, Database, to_json
from userland.libktrace.reader import TornTrace
from userland.libktrace.records import NSEC_PER_SEC
from userland.libktrace.steps import describe
from userland.libktrace.summary import Summary

_COLUMN: Final = 40  # where results stand, if there is room
_LONG: Final = 4 << 20  # bytes of a trace whose reading shows progress
_BOLD, _RED, _YELLOW, _PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[0m"


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    parser = argparse.ArgumentParser(
        prog="python -m kernel trace",
        description="Print the calls of a trace, each in one line; ours, or a NetBSD's.",
    )
    show = parser.add_argument
    show("-e", dest="expressions", action="append", default=[], metavar="EXPR",
         help="which: open,close trace=%%file trace=!/^get errno=ENOENT signal=CHLD")  # fmt: skip
    show("-P", dest="paths", action="append", default=[], metavar="GLOB",
         help="only calls on such paths, or on descriptors of them; may be repeated")  # fmt: skip
    show("-p", dest="pids", action="append", type=int, default=[], metavar="PID",
         help="only this process; may be repeated")  # fmt: skip
    ended = parser.add_mutually_exclusive_group().add_argument
    ended("-z", dest="failed", action="store_const", const=False, help="only calls that succeeded")
    ended("-Z", dest="failed", action="store_const", const=True, help="only calls that failed")
    printed = parser.add_mutually_exclusive_group().add_argument
    printed("-c", dest="summary", action="store_true", help="a table of calls, not the calls")
    printed("--json", action="store_true", help="a JSON object a line")
    show("-T", dest="took", action="store_true", help="show how long each took")
    show("-r", dest="relative", action="store_true", help="show the time since the line before")
    show("-t", dest="absolute", action="count", default=0,
         help="show the time of day; -tt with nanoseconds, -ttt in seconds")  # fmt: skip
    show("-s", dest="size", type=count, default=32, metavar="N", help="bytes of data shown [32]")
    show("--sqlite", metavar="FILE", help="write tables of a SQLite database")
    show("--chrome", metavar="FILE",
         help="write a trace of Chrome's, which Perfetto and others show")  # fmt: skip
    show("file", nargs="?", default="ktrace.out", help="the trace; - is the standard input")
    return parser


def main(argv: list[str]) -> int:
    """Run the command; return the exit status."""
    options = parser().parse_args(argv)
    chosen = Filter(paths=options.paths, pids=set(options.pids), failed=options.failed)
    try:
        for expression in options.expressions:
            chosen.add(expression)
    except ValueError as exc:
        return fail("trace", exc, 2)
    try:
        return _trace(options, chosen)
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as exc:
        if is_unwritten(exc):
            return unwritten("trace", exc)
        return fail("trace", told(exc, options.file))
    except sqlite3.Error as exc:
        return fail("trace", f"{options.sqlite}: {exc}")


def _trace(options: argparse.Namespace, chosen: Filter) -> int:
    """Print; a trace that is torn is printed up to the tear."""
    printer = _Printer(options, sys.stdout)
    files: list[Database | ChromeTrace] = []
    if options.sqlite is not None:
        files.append(Database(options.sqlite))
    if options.chrome is not None:
        files.append(ChromeTrace(options.chrome))
    summary = Summary()
    decoder = Decoder(options.size)
    status = 0
    try:
        for event in events(reading(options.file, shown=not sys.stdout.isatty())):
            if not chosen.wants(event, decoder.about(event) if chosen.paths else []):
                decoder.note(event)
            elif options.summary and not files:
                decoder.note(event)
                summary.add(event)
            else:
                text, result, arguments = describe(decoder, event)
                for file in files:
                    file.add(event, arguments, text, result)
                if options.json:
                    sys.stdout.write(to_json(event, arguments, text, result))
                elif options.summary:
                    summary.add(event)
                elif not files:
                    printer.show(event, text, result)
    except TornTrace as exc:
        status = fail("trace", f"{options.file}: {exc}")
    for file in files:
        file.close()
    if options.summary:
        sys.stdout.write(summary.text())
    sys.stdout.flush()
    return status


class _Printer:
    """Prints lines: who, when, the call, what it came to."""

    def __init__(self, options: argparse.Namespace, out: TextIO) -> None:
        self._options = options
        self._out = out
        self._colour = out.isatty() and not os.environ.get("NO_COLOR")
        self._last: int | None = None

    def show(self, event: Event, text: str, result: str) -> None:
        """Print an event."""
        time = event.time if isinstance(event, Signal) else event.began
        who = f"{event.pid:5} " if isinstance(event, Signal) or not event.lid else self._who(event)
        line = f"{who}{self._when(time)}"
        if isinstance(event, Signal):
            self._out.write(f"{line}{self._in(_YELLOW, text)}\n")
            return
        shown = self._named(text)
        padding = " " * max(_COLUMN - len(text), 0)
        ended = self._in(_RED, result) if event.failed else result
        took = self._took(event) if self._options.took else ""
        self._out.write(f"{line}{shown}{padding} = {ended}{took}\n")

    @staticmethod
    def _who(call: Call) -> str:
        """Return the process, and the LWP if it is not the first of it."""
        return f"{call.pid:5} " if call.lid == call.pid else f"{call.pid:5}.{call.lid} "

    def _named(self, text: str) -> str:
        name, rest = text.split("(", 1)
        return f"{self._in(_BOLD, name)}({rest}"

    def _in(self, colour: str, text: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._colour else text

    def _took(self, call: Call) -> str:
        duration = call.duration
        return "" if duration is None else f" <{duration / NSEC_PER_SEC:.6f}>"

    def _when(self, time: int) -> str:
        shown = ""
        if self._options.absolute:
            shown = f"{_clock(time, self._options.absolute)} "
        if self._options.relative:
            since = 0 if self._last is None else time - self._last
            shown += f"{since / NSEC_PER_SEC:9.6f} "
        self._last = time
        return shown


def _clock(time: int, kind: int) -> str:
    """Return a time: the time of day (UTC), with nanoseconds, or seconds since the epoch."""
    seconds, fraction = divmod(time, NSEC_PER_SEC)
    if kind >= 3:
        return f"{seconds}.{fraction:09}"
    minutes, second = divmod(seconds % 86400, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}" + (f".{fraction:09}" if kind == 2 else "")
