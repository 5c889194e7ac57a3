# SPDX-License-Identifier: BSD-2-Clause
"""sort: sort or merge lines.  NetBSD usr.bin/sort."""

import re
import sys
from functools import cmp_to_key
from typing import Any, NamedTuple, NoReturn

from userland.libc import (
    O_CREAT,
    O_RDONLY,
    O_TRUNC,
    O_WRONLY,
    Writer,
    close,
    err,
    errx,
    exit,
    fgetln,
    getopt,
    open,
    strtol,
    warnx,
    write,
)

USAGE = b"""\
usage: sort [-bdfHilmnrSsu] [-k field1[,field2]] [-o output]
            [-R char] [-t char] [file ...]
   or: sort -C|-c [-bdfilnru] [-k field1[,field2]] [-t char] [file]
"""


def usage() -> NoReturn:
    write(2, USAGE)
    exit(2)


class Key(NamedTuple):
    """A sort key: from field and character to field and character, all from 0."""

    start: tuple[int, int]
    end: tuple[int, int] | None  # None: the end of the line
    flags: str
    start_blanks: bool
    end_blanks: bool


_POSITION = re.compile(r"(\d+)(?:\.(\d+))?([bdfinr]*)")


def parse_key(text: str, global_flags: str) -> Key:
    """Parse the operand of -k: field1[.char][flags][,field2[.char][flags]]."""
    first, comma, second = text.partition(",")
    match = _POSITION.fullmatch(first)
    if match is None or match[1] == "0":
        errx(2, f"unknown sort key `{text}'")
    start = (strtol(match[1])[0] - 1, strtol(match[2] or "1")[0] - 1)
    flags, end, end_flags = match[3], None, ""
    if comma:
        match = _POSITION.fullmatch(second)
        if match is None or match[1] == "0":
            errx(2, f"unknown sort key `{text}'")
        character = strtol(match[2] or "0")[0]
        end = (strtol(match[1])[0] - 1, character)
        end_flags = match[3]
    own = flags + end_flags or global_flags
    return Key(start, end, own, "b" in flags or "b" in own, "b" in end_flags or "b" in own)


def fields(line: bytes, separator: bytes) -> list[tuple[int, int]]:
    """Return where each field of a line starts and ends."""
    if separator:
        spans, at = [], 0
        for part in line.split(separator):
            spans.append((at, at + len(part)))
            at += len(part) + 1
        return spans
    return [match.span() for match in re.finditer(rb"[ \t]*[^ \t]+|[ \t]+$", line)]


def extract(line: bytes, key: Key, separator: bytes) -> bytes:
    """Return the part of a line that a key compares."""
    spans = fields(line, separator)

    def position(field: int, offset: int, blanks: bool) -> int:
        if field >= len(spans):
            return len(line)
        at, end = spans[field]
        if blanks:
            while at < end and line[at] in b" \t":
                at += 1
        return min(at + offset, len(line))

    start = position(*key.start, key.start_blanks)
    if key.end is None:
        return line[start:]
    field, character = key.end
    if character == 0:
        end = spans[field][1] if field < len(spans) else len(line)
    else:
        end = position(field, character, key.end_blanks)
    return line[start:end]


_NUMBER = re.compile(rb"[ \t]*(-?)(\d*)(?:\.(\d*))?")
_NINES = bytes.maketrans(b"0123456789", b"9876543210")
_FOLD = bytes(byte - 32 if 0x61 <= byte <= 0x7A else byte for byte in range(256))
_DICTIONARY = bytes(byte for byte in range(256) if not (bytes([byte]).isalnum() or byte in b" \t"))
_UNPRINTABLE = bytes(byte for byte in range(256) if not 0x20 <= byte < 0x7F)


def transform(data: bytes, flags: str) -> object:
    """Return what compares as the flags say."""
    if "n" in flags:
        match = _NUMBER.match(data)
        if match is None:
            return (0, 0, b"")
        return _magnitude(bool(match[1]), match[2] or b"", match[3] or b"")
    if "b" in flags:
        data = data.lstrip(b" \t")
    if "d" in flags:
        data = data.translate(None, _DICTIONARY)
    elif "i" in flags:
        data = data.translate(None, _UNPRINTABLE)
    return data.translate(_FOLD) if "f" in flags else data


def _magnitude(negative: bool, whole: bytes, fraction: bytes) -> tuple[int, int, bytes]:
    """Return what compares as a decimal number of any length does."""
    whole, fraction = whole.lstrip(b"0"), fraction.rstrip(b"0")
    digits = whole + fraction
    if not digits.strip(b"0"):
        return (0, 0, b"")
    if negative:  # the longer, and the greater digit, come first
        return (-1, -len(whole), digits.translate(_NINES) + b"~")
    return (1, len(whole), digits)


class Order:
    """How lines compare."""

    def __init__(self, keys: list[Key], flags: str, separator: bytes, stable: bool) -> None:
        self.keys = keys or [Key((0, 0), None, flags, "b" in flags, "b" in flags)]
        self.separator = separator
        self.reverse_last = "r" in flags
        self.last_resort = not stable

    def values(self, line: bytes) -> list[object]:
        """Return a line's keys, to be compared one after the other."""
        return [
            transform(extract(line, key, self.separator), key.flags)
            if key.end is not None or key.start != (0, 0)
            else transform(line, key.flags)
            for key in self.keys
        ]

    def compare(self, a: tuple[list[object], bytes], b: tuple[list[object], bytes]) -> int:
        """Return below, at or above 0 as line a comes before, with or after b."""
        result = self.compare_keys(a[0], b[0])
        if result or not self.last_resort or a[1] == b[1]:
            return result
        below = (a[1] < b[1]) != self.reverse_last
        return -1 if below else 1

    def compare_keys(self, a: list[Any], b: list[Any]) -> int:
        """Compare the keys alone."""
        for key, left, right in zip(self.keys, a, b, strict=True):
            if left != right:
                below = left < right
                return -1 if below != ("r" in key.flags) else 1
        return 0


def check(lines: list[tuple[list[object], bytes]], order: Order, unique: bool, quiet: bool) -> int:
    """Tell whether lines are in order already; return the exit status."""
    for at in range(1, len(lines)):
        result = order.compare(lines[at - 1], lines[at])
        if result > 0 or (unique and order.compare_keys(lines[at - 1][0], lines[at][0]) == 0):
            if not quiet:
                what = "found disorder" if result > 0 else "found non-uniqueness"
                text = lines[at][1].decode("utf-8", "surrogateescape")
                warnx(f"{what}: {text}")
            return 1
    return 0


def read_lines(names: list[str]) -> list[bytes]:
    lines: list[bytes] = []
    for name in names:
        try:
            fd = 0 if name == "-" else open(name, O_RDONLY)
            lines += [line.removesuffix(b"\n") for line in fgetln(fd)]
            if fd:
                close(fd)
        except OSError:
            err(2, name)
    return lines


def main(argv: list[str]) -> int:
    """Run sort(1)."""
    flags, key_texts, separator, output, mode = "", [], b"", "", set()
    options, args = getopt(argv, "bCcdfHik:lmno:R:rSsT:t:u")
    for option, value in options:
        if option == "?":
            usage()
        if option == "k":
            key_texts.append(value)
        elif option == "o":
            output = value
        elif option == "t":
            if len(value) != 1:
                usage()
            separator = value.encode("utf-8", "surrogateescape")
        elif option in {"b", "d", "f", "i", "n", "r"}:
            flags += option
        else:
            mode.add(option)
    keys = [parse_key(text, flags) for text in key_texts]
    order = Order(keys, flags, separator, stable=bool(mode & {"s", "u"}))
    if mode & {"c", "C"} and len(args) > 1:
        usage()
    lines = [(order.values(line), line) for line in read_lines(args or ["-"])]
    if mode & {"c", "C"}:
        return check(lines, order, "u" in mode, "C" in mode)
    lines.sort(key=cmp_to_key(order.compare))
    fd = 1
    if output:
        try:
            fd = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        except OSError:
            err(2, output)
    with Writer(fd, output or "stdout") as out:
        before = None
        for values, line in lines:
            if "u" in mode and before is not None and order.compare_keys(before, values) == 0:
                continue
            before = values
            out.write(line + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
