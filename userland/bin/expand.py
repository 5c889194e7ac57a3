# SPDX-License-Identifier: BSD-2-Clause
"""expand: blanks instead of tabs.  NetBSD usr.bin/expand/expand.c."""

import sys
from typing import NoReturn

from userland.libc import Writer, exit, getopt, write
from userland.libc.inputs import Inputs
from userland.libc.tabstops import getstops, old_style


def usage() -> NoReturn:
    write(2, b"usage: expand [-t tablist] [file ...]\n")
    exit(1)


def expanded(line: bytes, stops: list[int]) -> bytes:
    """Return a line with blanks up to the stops; one stop stands for all its multiples."""
    out = bytearray()
    column = 0
    for byte in line:
        if byte == 0x09:
            if len(stops) == 1:
                width = stops[0] - column % stops[0]
            else:
                width = next((stop - column for stop in stops if stop > column), 1)
            out += b" " * width
            column += width
            continue
        if byte == 0x08:
            column = max(column - 1, 0)
        elif byte == 0x0A:
            column = 0
        else:
            column += 1
        out.append(byte)
    return bytes(out)


def main(argv: list[str]) -> int:
    """Run expand(1)."""
    stops = [8]
    options, args = getopt(old_style(argv), "t:")
    for option, value in options:
        if option == "?":
            usage()
        stops = getstops(value)
    inputs = Inputs(args)
    with Writer(1) as out:
        for line in inputs.lines():
            out.write(expanded(line, stops) if b"\t" in line else line)
    return inputs.status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
