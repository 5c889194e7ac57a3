# SPDX-License-Identifier: BSD-2-Clause
"""fold: break long lines.  NetBSD usr.bin/fold/fold.c."""

import re
import sys
from typing import NoReturn

from userland.libc import (
    INT_MAX,
    Writer,
    errx,
    exit,
    getopt,
    strtoi,
    write,
)
from userland.libc.inputs import Inputs


def usage() -> NoReturn:
    write(2, b"usage: fold [-bs] [-w width] [file ...]\n")
    exit(1)


def step(column: int, byte: int, by_bytes: bool) -> int:
    """Return the column after a byte."""
    if by_bytes:
        return column + 1
    if byte == 0x08:
        return max(column - 1, 0)
    if byte == 0x0D:
        return 0
    if byte == 0x09:
        return (column | 7) + 1
    return column + 1


def folded(line: bytes, width: int, by_bytes: bool, at_blanks: bool) -> bytes:
    """Return a line in pieces of at most width columns, a newline between them."""
    out, piece = bytearray(), bytearray()
    column = 0
    for byte in line:
        after = step(column, byte, by_bytes)
        while after > width and piece:
            cut = len(piece)
            if at_blanks:
                cut = max(piece.rfind(b" "), piece.rfind(b"\t")) + 1 or len(piece)
            out += piece[:cut] + b"\n"
            del piece[:cut]
            column = 0
            for kept in piece:
                column = step(column, kept, by_bytes)
            after = step(column, byte, by_bytes)
        piece.append(byte)
        column = after
    return bytes(out + piece)


def main(argv: list[str]) -> int:
    """Run fold(1)."""
    flags: set[str] = set()
    width = 80
    argv = [argv[0], *(re.sub(r"^-(\d+)$", r"-w\1", arg) for arg in argv[1:])]
    options, args = getopt(argv, "bsw:")
    for option, value in options:
        if option == "?":
            usage()
        if option == "w":
            try:
                width = strtoi(value, 1, INT_MAX)
            except ValueError:
                errx(1, "illegal width value")
        flags.add(option)
    inputs = Inputs(args)
    with Writer(1) as out:
        for line in inputs.lines():
            end = b"\n" if line.endswith(b"\n") else b""
            out.write(folded(line.removesuffix(b"\n"), width, "b" in flags, "s" in flags) + end)
    return inputs.status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
