# SPDX-License-Identifier: BSD-2-Clause
"""hexdump: print files in hexadecimal and otherwise.  NetBSD usr.bin/hexdump/hexsyntax.c."""

import re
import sys
from typing import NoReturn

from userland.hexdump.display import Display
from userland.hexdump.parse import Format, add
from userland.libc import (
    O_RDONLY,
    Writer,
    close,
    err,
    errx,
    exit,
    fgetln,
    getopt,
    open,
    strtol,
    write,
)

ADDRESS = '"%07.7_Ax\n"'
FORMATS = {
    "b": (ADDRESS, '"%07.7_ax " 16/1 "%03o " "\\n"'),
    "c": (ADDRESS, '"%07.7_ax " 16/1 "%3_c " "\\n"'),
    "C": ('"%08.8_Ax\n"', '"%08.8_ax  " 8/1 "%02x " "  " 8/1 "%02x " ', '"  |" 16/1 "%_p" "|\\n"'),
    "d": (ADDRESS, '"%07.7_ax " 8/2 "  %05u " "\\n"'),
    "o": (ADDRESS, '"%07.7_ax " 8/2 " %06o " "\\n"'),
    "x": (ADDRESS, '"%07.7_ax " 8/2 "   %04x " "\\n"'),
    "": (ADDRESS, '"%07.7_ax " 8/2 "%04x " "\\n"'),
}
SUFFIXES = {"b": 512, "k": 1024, "m": 1 << 20, "g": 1 << 30}


def usage() -> NoReturn:
    write(
        2,
        b"usage: hexdump [-bCcdovx] [-e format_string] [-f format_file]\n"
        b"               [-n length] [-s skip] [file ...]\n       hd [-bcdovx] [-e format_string]"
        b" [-f format_file]\n          [-n length] [-s skip] [file ...]\n",
    )
    exit(1)


def number(text: str, what: str) -> int:
    """Return a number as C writes it, with a unit after it."""
    match = re.fullmatch(r"(0[xX][0-9a-fA-F]+|\d+)([bkmg]?)", text)
    if match is None:
        errx(1, f"{text}: bad {what} value")
    return strtol(match[1], 0)[0] * SUFFIXES.get(match[2], 1)


def add_file(formats: list[Format], name: str) -> None:
    """Add the formats that are in a file."""
    try:
        fd = open(name, O_RDONLY)
    except OSError:
        err(1, f"can't read {name}")
    for line in fgetln(fd):
        text = line.decode("latin-1").strip()
        if text and not text.startswith("#"):
            add(formats, text)
    close(fd)


def main(argv: list[str]) -> int:
    """Run hexdump(1) or hd(1)."""
    formats: list[Format] = []
    whole = False
    length: int | None = None
    skip = 0
    options, args = getopt(argv, "bcCde:f:n:os:vx")
    if argv[0].rpartition("/")[2] == "hd":
        options.insert(0, ("C", ""))
    for option, value in options:
        if option == "?":
            usage()
        if option == "e":
            add(formats, value)
        elif option == "f":
            add_file(formats, value)
        elif option == "n":
            length = number(value, "length")
        elif option == "s":
            skip = number(value, "skip")
        elif option == "v":
            whole = True
        else:
            for text in FORMATS[option]:
                add(formats, text)
    if not formats:
        for text in FORMATS[""]:
            add(formats, text)
    with Writer(1) as out:
        return Display(formats, out, whole).run(args, skip, length)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
