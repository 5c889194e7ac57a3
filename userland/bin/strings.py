# SPDX-License-Identifier: BSD-2-Clause
"""strings: print what is text in files.  NetBSD external/gpl3/binutils, as its manual says."""

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
from userland.libc.inputs import Inputs, slurp

OFFSETS = {"d": "%7d ", "o": "%7o ", "x": "%7x "}


def usage() -> NoReturn:
    write(2, b"Usage: strings [-afo] [-n min-len] [-t {o,x,d}] [file ...]\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run strings(1)."""
    names, offset, least = False, "", 4
    argv = [argv[0], *(re.sub(r"^-(\d+)$", r"-n\1", arg) for arg in argv[1:])]
    options, args = getopt(argv, "afn:ot:")
    for option, value in options:
        if option == "?" or (option == "t" and value not in OFFSETS):
            usage()
        if option == "f":
            names = True
        elif option == "n":
            try:
                least = strtoi(value, 1, INT_MAX)
            except ValueError:
                errx(1, f"invalid minimum string length {value}")
        elif option in {"o", "t"}:
            offset = OFFSETS[value or "o"]
    text = re.compile(rb"[\t\x20-\x7e]{%d,}" % least)
    inputs = Inputs(args)
    with Writer(1) as out:

        def work(name: str, fd: int) -> None:
            for match in text.finditer(slurp(fd)):
                before = f"{name}: " if names else ""
                before += offset % match.start() if offset else ""
                out.write(before.encode("utf-8", "surrogateescape") + match[0] + b"\n")

        return inputs.each(work)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
