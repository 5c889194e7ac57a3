# SPDX-License-Identifier: BSD-2-Clause
"""unexpand: tabs instead of blanks.  NetBSD usr.bin/unexpand/unexpand.c."""

import sys
from typing import NoReturn

from userland.libc import Writer, exit, getopt, write
from userland.libc.inputs import Inputs
from userland.libc.tabstops import getstops, old_style


def usage() -> NoReturn:
    write(2, b"usage: unexpand [-a] [-t tabstop] [file ...]\n")
    exit(1)


def following(column: int, stops: list[int]) -> int:
    """Return the next stop after column, 0 if there is none."""
    if len(stops) == 1:
        return column + stops[0] - column % stops[0]
    return next((stop for stop in stops if stop > column), 0)


def unexpanded(line: bytes, stops: list[int], whole: bool) -> bytes:
    """Return a line with tabs where blanks lead up to a stop; whole: not only at its start."""
    out = bytearray()
    column = 0
    at = 0
    while at < len(line):
        start, first = at, column
        while at < len(line) and line[at] in b" \t":
            stop = following(column, stops)
            column = (stop or column + 1) if line[at] == 0x09 else column + 1
            at += 1
        out += _blanks(first, column, line[start:at], stops)
        if at < len(line) and not whole:
            return bytes(out) + line[at:]
        while at < len(line) and line[at] not in b" \t":
            column = max(column - 1, 0) if line[at] == 0x08 else column + 1
            out.append(line[at])
            at += 1
    return bytes(out)


def _blanks(first: int, last: int, text: bytes, stops: list[int]) -> bytes:
    """Return what leads from one column to another, written as text before."""
    if text == b" ":
        return text
    out = bytearray()
    while (stop := following(first, stops)) and stop <= last:
        out += (
            b" " if stop - first == 1 and not out and text[:1] == b" " and stop == last else b"\t"
        )
        first = stop
    return bytes(out) + b" " * (last - first)


def main(argv: list[str]) -> int:
    """Run unexpand(1)."""
    stops, whole = [8], False
    options, args = getopt(old_style(argv), "at:")
    for option, value in options:
        if option == "?":
            usage()
        whole = True
        if option == "t":
            stops = getstops(value)
    inputs = Inputs(args)
    with Writer(1) as out:
        for line in inputs.lines():
            end = b"\n" if line.endswith(b"\n") else b""
            out.write(unexpanded(line.removesuffix(b"\n"), stops, whole) + end)
    return inputs.status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
