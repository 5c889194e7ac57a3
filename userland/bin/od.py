# SPDX-License-Identifier: BSD-2-Clause
"""od: print files in octal and otherwise.  NetBSD usr.bin/hexdump/odsyntax.c."""

import re
import sys
from typing import NoReturn

from userland.hexdump.display import Display
from userland.hexdump.parse import OD_NAMES, Format, add
from userland.libc import (
    Writer,
    errx,
    exit,
    getopt,
    strtol,
    warnx,
    write,
)

# The type, and the bytes, of -t: how it is printed, and the columns of that.
TYPES = {
    ("a", 1): ("%3_u", 4), ("c", 1): ("%3_c", 4),
    ("d", 1): ("%4d", 5), ("d", 2): ("%6d", 6), ("d", 4): ("%11d", 11), ("d", 8): ("%20d", 20),
    ("o", 1): ("%03o", 4), ("o", 2): ("%06o", 7), ("o", 4): ("%011o", 12), ("o", 8): ("%022o", 23),
    ("u", 1): ("%03u", 4), ("u", 2): ("%05u", 6), ("u", 4): ("%010u", 11), ("u", 8): ("%020u", 21),
    ("x", 1): ("%02x", 3), ("x", 2): ("%04x", 5), ("x", 4): ("%08x", 9), ("x", 8): ("%016x", 17),
    ("f", 4): ("%14.7e", 15), ("f", 8): ("%21.14e", 22),
}  # fmt: skip
OPTIONS = {
    "a": "a", "B": "o2", "o": "o2", "b": "o1", "c": "c", "d": "u2", "D": "u4", "e": "f8", "F": "f8",
    "f": "f4", "H": "x4", "X": "x4", "h": "x2", "x": "x2", "I": "d4", "L": "d4", "l": "d4",
    "i": "d2", "O": "o4",
}  # fmt: skip
QUALIFIERS = {"C": 1, "S": 2, "I": 4, "L": 8, "F": 4, "D": 8}
UNITS = {"b": 512, "k": 1024, "m": 1 << 20, "": 1}


def usage() -> NoReturn:
    write(
        2,
        b"usage: od [-aBbcDdeFfHhIiLlOovXx] [-A base] [-j skip] [-N length] [-t type]\n"
        b"          [[+]offset[.][Bb]] [file ...]\n",
    )
    exit(1)


class Od:
    """The formats, and the base of addresses."""

    def __init__(self) -> None:
        self.types: list[tuple[str, int]] = []
        self.base = "o"

    def posixtypes(self, text: str) -> None:
        """Add the types of -t."""
        for match in re.finditer(r"([acdfoux])([A-Z]|\d+)?|(.)", text):
            kind, size = match[1], match[2]
            if match[3]:
                usage()
            count = 1 if kind in "ac" else 8 if kind == "f" else 4
            if size and size.isdecimal():
                count = strtol(size)[0]
            elif size:
                if size not in QUALIFIERS or (size in "FD" and kind != "f"):
                    warnx(f"Bad type-size qualifier '{size}'")
                    usage()
                count = QUALIFIERS[size]
            if (kind, count) not in TYPES:
                errx(1, f"{kind}{count}: format not supported")
            self.types.append((kind, count))

    def formats(self) -> list[Format]:
        """Return the formats for hexdump."""
        found: list[Format] = []
        address = "" if self.base == "n" else f"%07.7_a{self.base}  "
        if self.base != "n":
            add(found, f'"%07.7_A{self.base}\\n"')
        if not self.types:
            add(found, f'"{address}" 8/2 "%06o " "\\n"')
        for at, (kind, count) in enumerate(self.types):
            add(found, f'"{address if at == 0 else " " * 9}"')
            form, columns = TYPES[kind, count]
            pad = " " * (4 * count - columns)
            add(found, f'{16 // count}/{count} "{pad}{form} " "\\n"')
            if kind == "a":
                found[-1].units[0].prints[0].what = OD_NAMES
        return found


def offset(args: list[str], od: Od) -> tuple[int, list[str]]:
    """Return the offset that the last operand is, in its old syntax, and the other operands."""
    if not args or len(args) > 2:
        return 0, args
    text = args[-1]
    if not (text.startswith("+") or (len(args) == 2 and re.match(r"\d|x[0-9a-fA-F]", text))):
        return 0, args
    match = re.fullmatch(r"\+?(x|0x)?([0-9a-fA-F]+)(\.)?([bB])?", text)
    if match is None:
        return 0, args
    base = 16 if match[1] else 10 if match[3] else 8
    value, rest = strtol(match[2], base)
    if rest:
        return 0, args
    od.base = {16: "x", 10: "d", 8: "o"}[base]
    return value * {"b": 512, "B": 1024}.get(match[4] or "", 1), args[:-1]


def main(argv: list[str]) -> int:
    """Run od(1)."""
    od = Od()
    whole = False
    skip, length = 0, None
    options, args = getopt(argv, "A:aBbcDdeFfHhIij:LlN:Oot:vXx")
    for option, value in options:
        if option in OPTIONS:
            od.posixtypes(OPTIONS[option])
        elif option == "A":
            if value not in {"d", "o", "x", "n"}:
                errx(1, f"{value}: invalid base")
            od.base = value
        elif option == "t":
            od.posixtypes(value)
        elif option == "j":
            match = re.fullmatch(r"(0[xX][0-9a-fA-F]+|\d+)([bkm]?)", value)
            if match is None:
                errx(1, f"{value}: bad skip value")
            skip = strtol(match[1], 0)[0] * UNITS[match[2]]
        elif option == "N":
            if not value.isdecimal():
                errx(1, f"{value}: bad length value")
            length = strtol(value)[0]
        elif option == "v":
            whole = True
        else:
            usage()
    if not skip:
        skip, args = offset(args, od)
    with Writer(1) as out:
        return Display(od.formats(), out, whole).run(args, skip, length)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
