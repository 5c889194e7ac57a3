# SPDX-License-Identifier: BSD-2-Clause
"""kdump(1): print a trace.  NetBSD usr.bin/kdump/kdump.c.

Input and output are handed in, so that the program of the emulated system and
the command of the host are the same.
"""

import getopt
from collections.abc import Callable
from itertools import islice
from typing import Final

from kernel.sys.cdefs import LP64
from kernel.sys.namedtuple import NamedTuple
from native import lines as native
from userland.libc.strto import atoi, strtoul
from userland.libktrace.hotlines import HotLines
from userland.libktrace.kdump_10 import Printer10
from userland.libktrace.kdump_2003 import Printer2003
from userland.libktrace.options import Options
from userland.libktrace.points import getpoints
from userland.libktrace.printer import Printer
from userland.libktrace.reader import BinarySource, Reader, Rewound, Sink, TornTrace

DEF_TRACEFILE: Final = "ktrace.out"
_FLAGS: Final = "Ee:f:dlm:Nnp:RTt:xX:"
_NOT_IN_2003: Final = "EX"
_BUFFERED: Final = 512  # records whose text is written at once
_USAGES: Final = {
    "2003": (
        "usage: kdump [-dlNnRTx] [-e emulation] [-f file] [-m maxdata] [-p pid]\n"
        "             [-t trstr] [file]\n"
    ),
    "10": (
        "Usage: kdump [-dElNnRT] [-e emulation] [-f file] [-m maxdata] [-p pid]\n"
        "             [-t trstr] [-x | -X size] [file]\n"
    ),
}
_PRINTERS: Final[dict[str, type[Printer]]] = {"2003": Printer2003, "10": Printer10}


class _Refused(Exception):
    """The command cannot go on.

    Attributes:
        message: what to say after the program's name; "" is nothing.
        usage: print the usage too.
    """

    def __init__(self, message: str, *, usage: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.usage = usage


def main(
    argv: list[str],
    open_binary: Callable[[str], BinarySource],
    stdout: Sink,
    stderr: Sink,
    *,
    columns: int | None = None,
) -> int:
    """Run kdump; return its exit status.

    Args:
        argv: the command's name and its arguments; --style 2003 or 10 says how
            to print, whatever the records' version.
        open_binary: opens a trace by name; OSError if it cannot.  A trace that can be followed
            (-l) has a method wait that lets a second pass; Rewound if it is to be opened again.
        stdout: gets the text, latin-1.
        stderr: gets messages.
        columns: of the terminal that stderr is; None if it is none.
    """
    era = "10"

    def say(message: str) -> None:
        stderr.write(f"kdump: {message}\n".encode("latin-1", "replace"))

    try:
        line = _command_line(argv[1:])
        style = _style(line)
        while True:
            era = style or "10"
            try:
                with _open(line, era, open_binary) as reader:
                    if style is None and reader.format is not None and reader.format.version < 2:
                        era = "2003"
                    options = _options(line, era)
                    if columns is not None and columns > 8 and not options.plain:
                        options.screen = columns
                    abi = reader.format.abi if reader.format is not None else LP64
                    follow = any(letter == "l" for letter, _ in line.options)
                    _print(reader, _PRINTERS[era](options, abi, say), stdout, follow=follow)
                break
            except Rewound:
                say("the trace has been begun anew")
                stderr.flush()
    except TornTrace as exc:
        say(str(exc))
        return 1
    except _Refused as exc:
        if exc.message:
            say(exc.message)
        if exc.usage:
            stderr.write(_USAGES[era].encode("ascii"))
        return 1
    finally:
        stdout.flush()
        stderr.flush()
    return 0


class _CommandLine(NamedTuple):
    """Options in their order, each with its argument or "", and the operands after them."""

    options: list[tuple[str, str]]
    operands: list[str]


def _command_line(args: list[str]) -> _CommandLine:
    """Take the command line apart, and say what is wrong with it as getopt(3) does."""
    try:
        options, operands = getopt.getopt(args, _FLAGS, ["style="])
    except getopt.GetoptError as exc:
        lacking = "requires argument" in exc.msg
        message = "option requires an argument" if lacking else "unknown option"
        raise _Refused(f"{message} -- {exc.opt}", usage=True) from None
    return _CommandLine([(name.lstrip("-"), value) for name, value in options], operands)


def _style(line: _CommandLine) -> str | None:
    """Return the era that --style asks for, the last one if there are several."""
    style = None
    for letter, value in line.options:
        if letter == "style":
            if value not in _PRINTERS:
                raise _Refused(f"style must be 2003 or 10, not {value}")
            style = value
    return style


def _open(
    line: _CommandLine,
    era: str,
    open_binary: Callable[[str], BinarySource],
) -> Reader:
    """Open the trace that the command line names."""
    named = [value for letter, value in line.options if letter == "f"]
    if len(line.operands) > 1:
        raise _Refused("", usage=True)
    name = named[-1] if named else line.operands[0] if line.operands else DEF_TRACEFILE
    follow = any(letter == "l" for letter, _ in line.options)
    try:
        source = open_binary(name)
    except OSError as exc:
        _options(line, era)  # what is wrong with those comes first
        raise _Refused(f"{name}: {exc.strerror}") from None
    return Reader(source, wait=getattr(source, "wait", None) if follow else None)


def _options(line: _CommandLine, era: str) -> Options:
    """Return the options as the kdump of an era reads them."""
    options = Options()
    points: int | None = None
    for letter, value in line.options:
        if era == "2003" and letter in _NOT_IN_2003:
            raise _Refused(f"unknown option -- {letter}", usage=True)
        match letter:
            case "E":
                options.elapsed = True
            case "e":
                options.emulation = value
            case "d":
                options.decimal = True
            case "p":
                options.pid = _number(value, era)
            case "m":
                options.maxdata = _number(value, era)
            case "N":
                options.numeric += 1
            case "n":
                options.plain += 1
            case "R":
                options.relative = True
                options.absolute = options.absolute and era != "2003"
            case "T":
                options.absolute = True
                options.relative = options.relative and era != "2003"
            case "t":
                try:
                    points = getpoints(points or 0, value, era_2003=era == "2003")
                except ValueError:
                    raise _Refused(f"unknown trace point in {value}") from None
            case "x":
                options.word_size = 1
            case "X":
                options.word_size = _word_size(value)
    if points is not None:
        options.points = points
    return options


def _number(value: str, era: str) -> int:
    """Read the argument of -m or -p; in 2003 anything was a number."""
    if era == "2003":
        return atoi(value)
    try:
        return strtoul(value)
    except ValueError:
        raise _Refused(f"invalid number {value}") from None


def _word_size(value: str) -> int:
    """Read the argument of -X."""
    try:
        size = strtoul(value)
    except ValueError:
        size = 0
    if size not in (1, 2, 4, 8, 16):
        raise _Refused("argument to -X must be 1, 2, 4, 8 or 16")
    return size


def _print(reader: Reader, printer: Printer, stdout: Sink, *, follow: bool) -> None:
    """Print the records that are wanted; TornTrace comes after the last whole one."""
    try:
        if reader.format is not None:
            if native.implementation == "C":
                _print_lines(reader, printer, HotLines(printer, reader.format), stdout, follow)
            else:
                _print_records(reader, printer, stdout, follow)
    except TornTrace as exc:
        header = exc.header
        if header is not None and exc.reason.startswith("bogus") and printer.wanted(header):
            stdout.write(printer.header(header).encode("latin-1"))
        raise
    finally:
        stdout.flush()


def _print_records(reader: Reader, printer: Printer, stdout: Sink, follow: bool) -> None:
    """Print record by record; what comes before one that is torn, too."""
    most = 1 if follow else _BUFFERED
    records = iter(reader)
    texts: list[str] = []
    try:
        while True:
            texts.extend(map(printer.show, islice(records, most)))
            if not texts:
                break
            stdout.write("".join(texts).encode("latin-1"))
            texts.clear()
            if follow:
                stdout.flush()
    finally:
        stdout.write("".join(texts).encode("latin-1"))


def _print_lines(
    reader: Reader, printer: Printer, lines: HotLines, stdout: Sink, follow: bool
) -> None:
    """Let the C helper print what it can, and print what it leaves."""
    while True:
        if printer.emulations.uniform:
            stdout.write(lines.show(*reader.ahead))
            reader.skip(lines.taken)
            if lines.full and lines.taken:
                continue
        if follow:
            stdout.flush()
        record = reader.one()
        if record is None:
            return
        text = printer.show(record)
        if text:
            stdout.write(text.encode("latin-1"))
            lines.learn(record)
