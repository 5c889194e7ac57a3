# SPDX-License-Identifier: BSD-2-Clause
"""split: cut a file into pieces.  NetBSD usr.bin/split/split.c."""

import re
import sys
from typing import NoReturn

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
    fstat,
    getopt,
    malloc,
    open,
    strtol,
    write,
)
from userland.libc.fgetln import blocks

UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20}
COUNTS = {"a": "suffix length", "b": "byte count", "l": "line count", "n": "number of chunks"}


def usage() -> NoReturn:
    write(
        2,
        b"usage: split [-b byte_count] [-l line_count] [-n chunk_count] [-a suffix_length]"
        b" [file [prefix]]\n",
    )
    exit(1)


class Pieces:
    """The files that are written, one after the other."""

    def __init__(self, prefix: str, length: int) -> None:
        self.prefix = prefix
        self.length = length
        self.count = 0
        self.out: Writer | None = None

    def next(self) -> Writer:
        """Begin a new file."""
        self.close()
        number, suffix = self.count, ""
        while number:
            number, letter = divmod(number, 26)
            suffix = chr(ord("a") + letter) + suffix
        if len(suffix) > self.length:
            errx(1, "too many files.")
        self.count += 1
        name = self.prefix + suffix.rjust(self.length, "a")
        try:
            fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        except OSError:
            err(1, name)
        self.out = Writer(fd, name)
        return self.out

    def close(self) -> None:
        """End the file that is written."""
        if self.out is not None:
            self.out.flush()
            close(self.out.fd)
            self.out = None


def by_lines(fd: int, count: int, pieces: Pieces) -> None:
    for number, line in enumerate(fgetln(fd)):
        out = pieces.next() if number % count == 0 or pieces.out is None else pieces.out
        out.write(line)


def by_bytes(fd: int, count: int, pieces: Pieces, most: int | None = None) -> None:
    """Write pieces of count bytes; the last of most pieces gets all that is left."""
    left = 0
    for data in blocks(fd, 65536):
        while data:
            if not left and not (most is not None and pieces.count == most):
                pieces.next()
                left = count
            taken = len(data) if most is not None and pieces.count == most else min(left, len(data))
            if pieces.out is not None:
                pieces.out.write(data[:taken])
            data = data[taken:]
            left = max(left - taken, 0)


def main(argv: list[str]) -> int:
    """Run split(1)."""
    how, count, length = "l", 1000, 2
    argv = [argv[0], *(re.sub(r"^-(\d+)$", r"-l\1", arg) for arg in argv[1:])]
    options, args = getopt(argv, "a:b:l:n:")
    for option, value in options:
        if option == "?":
            usage()
        match = re.fullmatch(r"(\d+)([km]?)" if option == "b" else r"(\d+)()", value)
        if match is None or strtol(match[1])[0] == 0:
            errx(1, f"{value}: illegal {COUNTS[option]}.")
        if option == "a":
            length = strtol(match[1])[0]
        else:
            how, count = option, strtol(match[1])[0] * UNITS[match[2]]
    if len(args) > 2:
        usage()
    try:
        malloc(length)
    except OSError:
        err(1, "suffix")
    name = args[0] if args else "-"
    try:
        fd = 0 if name == "-" else open(name, O_RDONLY)
    except OSError:
        err(1, name)
    pieces = Pieces(args[1] if len(args) == 2 else "x", length)
    try:
        cut(fd, how, count, pieces)
    except OSError:
        err(1, "read")
    pieces.close()
    return 0


def cut(fd: int, how: str, count: int, pieces: Pieces) -> None:
    """Write the pieces: of so many lines (l) or bytes (b), or so many (n)."""
    if how == "l":
        by_lines(fd, count, pieces)
    elif how == "b":
        by_bytes(fd, count, pieces)
    else:
        size = fstat(fd).st_size
        if count > size:
            errx(1, f"can't split into more than {size} files")
        by_bytes(fd, size // count, pieces, count)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
