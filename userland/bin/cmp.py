# SPDX-License-Identifier: BSD-2-Clause
"""cmp: compare two files byte by byte.  NetBSD usr.bin/cmp."""

import re
import sys
from typing import NoReturn

from userland.libc import (
    O_RDONLY,
    Writer,
    errx,
    exit,
    fstat,
    getopt,
    open,
    strtol,
    warn,
    warnx,
    write,
)
from userland.libc.inputs import slurp

DIFFERENT, TROUBLE = 1, 2


def usage() -> NoReturn:
    write(2, b"usage: cmp [-cl | -s] file1 file2 [skip1 [skip2]]\n")
    exit(TROUBLE)


def number(text: str) -> int:
    if not re.fullmatch(r"0[xX][0-9a-fA-F]+|\d+", text):
        errx(TROUBLE, f"{text}: bad offset")
    return strtol(text, 0)[0]


def contents(name: str, quiet: bool) -> tuple[bytes, int]:
    """Return what is in a file, and its size as it is known without reading."""
    try:
        fd = 0 if name == "-" else open(name, O_RDONLY)
        return slurp(fd), fstat(fd).st_size
    except OSError:
        if not quiet:
            warn("stdin" if name == "-" else name)
        exit(TROUBLE)


def differences(one: bytes, two: bytes) -> list[int]:
    """Return where the bytes of two files differ, as far as both go."""
    if one[: len(two)] == two[: len(one)]:
        return []
    return [at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b]


def main(argv: list[str]) -> int:
    """Run cmp(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "cls")
    for option, _ in options:
        if option == "?":
            usage()
        flags.add(option)
    if not 2 <= len(args) <= 4 or {"l", "s"} <= flags or {"c", "s"} <= flags:
        usage()
    quiet = "s" in flags
    if args[0] == args[1] == "-":
        errx(TROUBLE, "standard input may only be specified once")
    skips = [number(text) for text in args[2:]] + [0, 0]
    one, two = (
        contents(name, quiet)[0][skip:] for name, skip in zip(args[:2], skips, strict=False)
    )
    shown = ["stdin" if name == "-" else name for name in args[:2]]
    places = differences(one, two)
    if quiet:
        return DIFFERENT if one != two else 0
    with Writer(1, status=TROUBLE) as out:
        if places and not flags & {"c", "l"}:
            line = one.count(b"\n", 0, places[0]) + 1
            out.print(f"{shown[0]} {shown[1]} differ: char {places[0] + 1}, line {line}")
            return DIFFERENT
        for at in places:
            if "l" in flags:
                out.print(f"{at + 1:6} {one[at]:3o} {two[at]:3o}")
            else:
                out.print(f"{at + 1:08x} {one[at]:02x} {two[at]:02x}")
        if len(one) != len(two):
            out.flush()
            warnx(f"EOF on {shown[len(one) > len(two)]}")
            return DIFFERENT
    return DIFFERENT if places else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
