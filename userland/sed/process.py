# SPDX-License-Identifier: BSD-2-Clause
"""Running the commands of sed(1) over lines.  NetBSD usr.bin/sed/process.c."""

import re
from collections.abc import Callable
from typing import Final

from userland.libc.fgetln import blocks
from userland.libc.include import (
    O_RDONLY,
    Writer,
    close,
    errx,
    getenv,
    isatty,
    open,
    tcgetwinsize,
    writeall,
)
from userland.libc.regex import Regex
from userland.libc.strto import atoi
from userland.sed.compile import Address, Command, Subst, open_output
from userland.sed.input import Input

_NAMED: Final = {7: b"\\a", 8: b"\\b", 9: b"\\t", 10: b"\\n", 11: b"\\v", 12: b"\\f", 13: b"\\r"}
_WIDTH: Final = 60  # of a line of l, where nothing else is known
_MISSING: Final = "first RE may not be empty"


class _Quit(Exception):
    """The script is at its end: q, or no more lines for n or N."""


class Process:
    """The pattern space, the hold space, and what is to be appended."""

    def __init__(self, program: list[Command], lines: Input, quiet: bool) -> None:
        self.program = program
        self.lines = lines
        self.quiet = quiet
        self.space = b""
        self.hold = b""
        self.appends: list[tuple[str, bytes]] = []
        self.last_regex: Regex | None = None
        self.substituted = False
        self.last_address = False  # the line ends its range
        self.deleted = False
        self.files: dict[str, int] = {}
        for command in program:  # the same name is the same file
            for name, fd in self._outputs(command):
                self.files[name] = fd

    @staticmethod
    def _outputs(command: Command) -> list[tuple[str, int]]:
        if command.code == "w":
            return [(command.label, command.fd)]
        if command.subst is not None and command.subst.file:
            return [(command.subst.file, command.subst.fd)]
        return []

    @property
    def out(self) -> Writer:
        """Where the output goes now."""
        return self.lines.out

    def run(self) -> None:
        """Run the script for all lines."""
        again = False
        try:
            while again or self._read():
                again = self._cycle()
        except _Quit:
            pass
        self.lines.end()

    def _read(self) -> bool:
        line = self.lines.next()
        if line is None:
            return False
        self.space = line
        return True

    def _cycle(self) -> bool:
        """Run the script once; tell whether the next cycle keeps the pattern space."""
        self.deleted = False
        at = 0
        while at < len(self.program):
            command = self.program[at]
            at += 1
            if not self._applies(command):
                if command.code == "{":
                    at = command.target
                continue
            if command.code == "b":
                at = command.target
            elif command.code == "t":
                if self.substituted:
                    self.substituted = False
                    at = command.target
            elif command.code == "D" and b"\n" in self.space:
                self.space = self.space.partition(b"\n")[2]
                self._flush_appends()
                return True
            elif command.code in "dD":
                self.deleted = True
                break
            else:
                function = _COMMANDS.get(command.code)
                if function is not None:
                    function(self, command)
                if self.deleted:
                    break
        if not self.quiet and not self.deleted:
            self._print()
        self._flush_appends()
        self.substituted = False
        return False

    # Which lines.

    def _matches(self, address: Address) -> bool:
        if address.kind == "line":
            return self.lines.number == address.line
        if address.kind == "last":
            return self.lines.is_last()
        return self._regex(address.regex).matches(self.space)

    def _regex(self, regex: Regex | None) -> Regex:
        if regex is None:
            regex = self.last_regex
            if regex is None:
                errx(1, _MISSING)
        self.last_regex = regex
        return regex

    def _applies(self, command: Command) -> bool:
        self.last_address = False
        if command.first is None:
            return not command.nonsel
        if command.second is None:
            return self._matches(command.first) != command.nonsel
        return self._in_range(command, command.first, command.second) != command.nonsel

    def _in_range(self, command: Command, first: Address, second: Address) -> bool:
        number = self.lines.number
        if command.startline:
            if second.kind == "plus":
                if number - command.startline >= second.line:
                    command.startline = 0
                    self.last_address = True
                return True
            if second.kind == "line" and number > second.line:
                command.startline = 0
                return False
            if self._matches(second):
                command.startline = 0
                self.last_address = True
            return True
        if not self._matches(first):
            return False
        ends = (second.kind == "line" and number >= second.line) or (
            second.kind == "plus" and second.line == 0
        )
        if ends:
            self.last_address = True
        else:
            command.startline = number
        return True

    # What is written.

    def _print(self) -> None:
        self.out.write(self.space + b"\n")

    def _flush_appends(self) -> None:
        for kind, data in self.appends:
            if kind == "a":
                self.out.write(data)
                continue
            try:
                fd = open(data, O_RDONLY)
                for block in blocks(fd):
                    self.out.write(block)
                close(fd)
            except OSError:
                continue  # a file that cannot be read is an empty one
        self.appends.clear()

    def _write_file(self, name: str, data: bytes) -> None:
        if self.files[name] < 0:
            self.files[name] = open_output(name)
        writeall(self.files[name], data)

    # The commands.

    def _append(self, command: Command) -> None:
        self.appends.append(("a", command.text))

    def _change(self, command: Command) -> None:
        self.deleted = True
        if command.second is None or self.last_address or self.lines.is_last():
            self.out.write(command.text)

    def _get(self, _command: Command) -> None:
        self.space = self.hold

    def _get_more(self, _command: Command) -> None:
        self.space += b"\n" + self.hold

    def _hold(self, _command: Command) -> None:
        self.hold = self.space

    def _hold_more(self, _command: Command) -> None:
        self.hold += b"\n" + self.space

    def _insert(self, command: Command) -> None:
        self.out.write(command.text)

    def _list(self, _command: Command) -> None:
        width = line_width()
        column, line = 0, bytearray()
        for byte in self.space:
            if byte == 0x5C:
                shown = b"\\\\"
            elif byte in _NAMED:
                shown = _NAMED[byte]
            elif 0x20 <= byte < 0x7F:
                shown = bytes((byte,))
            else:
                shown = b"\\%03o" % byte
            if column + len(shown) >= width:
                line += b"\\\n"
                column = 0
            line += shown
            column += len(shown)
        if column + 1 >= width:
            line += b"\\\n"
        self.out.write(bytes(line) + b"$\n")

    def _next(self, _command: Command) -> None:
        if not self.quiet:
            self._print()
        self._flush_appends()
        if not self._read():
            raise _Quit

    def _next_more(self, _command: Command) -> None:
        self._flush_appends()
        line = self.lines.next()
        if line is None:
            if not self.quiet:
                self._print()
            raise _Quit
        self.space += b"\n" + line

    def _print_command(self, _command: Command) -> None:
        self._print()

    def _print_first(self, _command: Command) -> None:
        self.out.write(self.space.partition(b"\n")[0] + b"\n")

    def _quit(self, _command: Command) -> None:
        if not self.quiet:
            self._print()
        self._flush_appends()
        raise _Quit

    def _read_file(self, command: Command) -> None:
        self.appends.append(("r", command.label.encode("utf-8", "surrogateescape")))

    def _substitute(self, command: Command) -> None:
        subst = command.subst
        if subst is None or not self._replace(subst):
            return
        self.substituted = True
        if subst.prints:
            self._print()
        if subst.file:
            self._write_file(subst.file, self.space + b"\n")

    def _replace(self, subst: Subst) -> bool:
        """Do what s says to the pattern space; tell whether it changed."""
        regex = self._regex(subst.regex)
        space, out = self.space, bytearray()
        at = copied = count = 0
        end = -1  # of the match before
        done = False
        while at <= len(space) and (match := regex.search(space, at)) is not None:
            start, stop = match.span()
            if start == stop == end:  # an empty match right after another does not count
                at = stop + 1
                continue
            count += 1
            end = stop
            at = stop if stop > start else stop + 1
            if subst.which > count:
                continue
            out += space[copied:start]
            for part in subst.new:
                if isinstance(part, bytes):
                    out += part
                elif part > regex.re_nsub:
                    errx(1, f"\\{part} not defined in the RE")
                else:
                    out += match[part] or b""
            copied = stop
            done = True
            if subst.which:
                break
        if done:
            self.space = bytes(out + space[copied:])
        return done

    def _write(self, command: Command) -> None:
        self._write_file(command.label, self.space + b"\n")

    def _exchange(self, _command: Command) -> None:
        self.space, self.hold = self.hold, self.space

    def _translate(self, command: Command) -> None:
        self.space = self.space.translate(command.table)

    def _number(self, _command: Command) -> None:
        self.out.write(b"%d\n" % self.lines.number)


_COMMANDS: Final[dict[str, Callable[[Process, Command], None]]] = {
    "a": Process._append,
    "c": Process._change,
    "g": Process._get,
    "G": Process._get_more,
    "h": Process._hold,
    "H": Process._hold_more,
    "i": Process._insert,
    "l": Process._list,
    "n": Process._next,
    "N": Process._next_more,
    "p": Process._print_command,
    "P": Process._print_first,
    "q": Process._quit,
    "r": Process._read_file,
    "s": Process._substitute,
    "w": Process._write,
    "x": Process._exchange,
    "y": Process._translate,
    "=": Process._number,
}


def line_width() -> int:
    """Return how long a line of l may be."""
    columns = getenv("COLUMNS") or ""
    if re.fullmatch(r"[1-9]\d*", columns):
        return atoi(columns)
    return (tcgetwinsize(1)[1] if isatty(1) else 0) or _WIDTH
