# SPDX-License-Identifier: BSD-2-Clause
"""join: put together lines of two files that share a field.  NetBSD usr.bin/join/join.c."""

import re
import sys
from collections.abc import Iterator
from typing import NoReturn

from userland.libc import (
    Writer,
    exit,
    getopt,
    strtol,
    warnx,
    write,
)
from userland.libc.inputs import lines_or_die

USAGE = b"""\
usage: join [-a fileno | -v fileno ] [-e string] [-1 field] [-2 field]
            [-o list] [-t char] file1 file2
"""


def usage() -> NoReturn:
    write(2, USAGE)
    exit(1)


def fail(text: str) -> NoReturn:
    """Say what is wrong with the options, and how they are used."""
    warnx(text)
    usage()


class Side:
    """One of the files: the field it is joined by, and the group of lines that have one value."""

    def __init__(self, name: str, separator: bytes) -> None:
        self.name = name
        self.separator = separator
        self.field = 0
        self.unpaired = False  # lines without a partner are printed (-a, -v)
        self.group: list[list[bytes]] = []
        self._rows: Iterator[list[bytes]] = iter(())
        self._ahead: list[bytes] | None = None

    def open(self) -> None:
        """Begin to read."""
        lines = lines_or_die(self.name)
        self._rows = (self.split(line.removesuffix(b"\n")) for line in lines)
        self._ahead = next(self._rows, None)
        self.advance()

    def split(self, line: bytes) -> list[bytes]:
        return line.split(self.separator) if self.separator else line.split()

    def key_of(self, row: list[bytes]) -> bytes:
        return row[self.field] if self.field < len(row) else b""

    @property
    def key(self) -> bytes:
        """What the lines of the group share."""
        return self.key_of(self.group[0])

    def advance(self) -> None:
        """Read the next group; it is empty after the last."""
        self.group = []
        while self._ahead is not None:
            if self.group and self.key_of(self._ahead) != self.key:
                return
            self.group.append(self._ahead)
            self._ahead = next(self._rows, None)


class Join:
    """What the options ask for."""

    def __init__(self, out: Writer) -> None:
        self.out = out
        self.separator = b""
        self.empty = b""
        self.order: list[tuple[int, int]] = []  # file (0: the key) and field
        self.joins = True  # print lines that have a partner

    def show(self, sides: list[Side], one: list[bytes] | None, two: list[bytes] | None) -> None:
        """Print a line made of a line of each file; None: that file has none."""
        rows = [one, two]
        at = 0 if one is not None else 1
        row = rows[at] or []
        key = sides[at].key_of(row)
        if self.order:
            fields = [self.pick(rows, key, *item) for item in self.order]
        else:
            fields = [key or self.empty]
            for side, each in zip(sides, rows, strict=True):
                if each is not None:
                    fields += [f for n, f in enumerate(each) if n != side.field]
        self.out.write((self.separator or b" ").join(fields) + b"\n")

    def pick(self, rows: list[list[bytes] | None], key: bytes, file: int, field: int) -> bytes:
        if file == 0:
            return key or self.empty
        row = rows[file - 1]
        return (row[field] if row is not None and field < len(row) else b"") or self.empty

    def run(self, one: Side, two: Side) -> None:
        """Join two files."""
        sides = [one, two]
        one.open()
        two.open()
        while one.group and two.group:
            if one.key == two.key:
                if self.joins:
                    for left in one.group:
                        for right in two.group:
                            self.show(sides, left, right)
                one.advance()
                two.advance()
            elif one.key < two.key:
                self.alone(sides, 0)
            else:
                self.alone(sides, 1)
        for at, side in enumerate(sides):
            while side.group:
                self.alone(sides, at)

    def alone(self, sides: list[Side], at: int) -> None:
        """Print a group without a partner, if that is wanted, and go on."""
        side = sides[at]
        if side.unpaired:
            for row in side.group:
                self.show(sides, *((row, None) if at == 0 else (None, row)))
        side.advance()


def field_number(text: str, option: str) -> int:
    number, rest = strtol(text)
    if number < 1:
        fail(f"-{option} option field number less than 1")
    if rest:
        fail(f"illegal field number -- {text}")
    return number - 1


def fieldarg(text: str) -> list[tuple[int, int]]:
    """Return the list of -o."""
    found = []
    for item in re.split(r"[, \t]+", text.strip()):
        match = re.fullmatch(r"([12])\.(\d+)", item)
        if item == "0":
            found.append((0, 0))
        elif match is None:
            fail("malformed -o option field")
        elif strtol(match[2])[0] == 0:
            fail("field numbers are 1 based")
        else:
            found.append((int(match[1]), strtol(match[2])[0] - 1))
    return found


def obsolete(argv: list[str]) -> list[str]:
    """Turn -a without a number, -jN and lists in several words into today's options."""
    words = argv[:1]
    rest = argv[1:]
    while rest:
        word = rest.pop(0)
        if match := re.fullmatch(r"-j([12])", word):
            words.append(f"-{match[1]}")
        elif word == "-a" and not (rest and rest[0] in {"1", "2"}):
            words += ["-a1", "-a2"]
        elif word == "-o":
            items = [rest.pop(0)] if rest else []
            while rest and re.fullmatch(r"[12]\.\d+|0", rest[0]):
                items.append(rest.pop(0))
            words += [word, ",".join(items)]
        elif word == "--" or not word.startswith("-") or word == "-":
            return [*words, word, *rest]
        else:
            words.append(word)
            if re.fullmatch(r"-[12aejtv]", word) and rest:
                words.append(rest.pop(0))
    return words


def main(argv: list[str]) -> int:
    """Run join(1)."""
    options, args = getopt(obsolete(argv), "1:2:a:e:j:o:t:v:")
    with Writer(1) as out:
        join = Join(out)
        fields = [0, 0]
        unpaired: set[str] = set()
        for option, value in options:
            if option == "?":
                usage()
            if option in {"1", "2"}:
                fields[int(option) - 1] = field_number(value, option)
            elif option == "j":
                fields = [field_number(value, option)] * 2
            elif option in {"a", "v"}:
                if value not in {"1", "2"}:
                    fail(f"-{option} option file number not 1 or 2")
                unpaired.add(value)
                join.joins = join.joins and option == "a"
            elif option == "e":
                join.empty = value.encode("utf-8", "surrogateescape")
            elif option == "o":
                join.order += fieldarg(value)
            elif option == "t":
                join.separator = value.encode("utf-8", "surrogateescape")
                if len(join.separator) != 1:
                    fail("illegal tab character specification")
        if {"a", "v"} <= {option for option, _ in options}:
            fail("-a and -v options mutually exclusive")
        if len(args) != 2:
            usage()
        if args == ["-", "-"]:
            warnx("only one input file may be stdin")
            exit(1)
        sides = [Side(name, join.separator) for name in args]
        for at, side in enumerate(sides):
            side.field = fields[at]
            side.unpaired = str(at + 1) in unpaired
        join.run(*sides)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
