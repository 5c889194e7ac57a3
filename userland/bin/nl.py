# SPDX-License-Identifier: BSD-2-Clause
"""nl: number lines.  NetBSD usr.bin/nl/nl.c."""

import sys
from typing import NoReturn

from userland.libc import (
    INT_MAX,
    O_RDONLY,
    Writer,
    err,
    errx,
    exit,
    fgetln,
    getopt,
    malloc,
    open,
    strtoi,
    write,
)
from userland.libc.regex import REG_BASIC, Regex, RegexError, regcomp

SECTIONS = ("header", "body", "footer")
FORMATS = {"ln": "%-*d", "rn": "%*d", "rz": "%0*d"}


def usage() -> NoReturn:
    write(
        2,
        b"usage: nl [-p] [-b type] [-d delim] [-f type] [-h type] [-i incr] [-l num]\n"
        b"\t[-n format] [-s sep] [-v startnum] [-w width] [file]\n",
    )
    exit(1)


class Kind:
    """Which lines of a section are numbered: a, t, n, or p with a pattern."""

    def __init__(self, text: str, section: str) -> None:
        self.letter = text[:1]
        self.regex: Regex | None = None
        if self.letter == "p":
            try:
                self.regex = regcomp(text[1:].encode("utf-8", "surrogateescape"), REG_BASIC)
            except RegexError as exc:
                errx(1, f"{section} expr: {exc} -- {text[1:]}")
        elif text not in {"a", "t", "n"}:
            errx(1, f"illegal {section} line numbering type -- {text}")


def complain(text: str) -> NoReturn:
    """Say what is wrong, the program's name being in the text or not."""
    write(2, f"{text}\n".encode("utf-8", "surrogateescape"))
    exit(1)


def number(text: str, what: str) -> int:
    try:
        return strtoi(text, -INT_MAX - 1, INT_MAX)
    except ValueError:
        complain(f"invalid {what} -- {text}")


class Numberer:
    """What the options ask for, and the number of the next line."""

    def __init__(self) -> None:
        self.kinds = [Kind("n", "header"), Kind("t", "body"), Kind("n", "footer")]
        self.delimiter = b"\\:"
        self.form = "rn"
        self.increment = self.start = self.blanks = 1
        self.separator = b"\t"
        self.width = 6
        self.restart = True

    def run(self, fd: int, out: Writer) -> None:
        """Number all lines."""
        section, line_number, blank = 1, self.start, 0
        marks = {self.delimiter * (3 - at): at for at in range(3)}
        for text in fgetln(fd):
            line = text.removesuffix(b"\n")
            if line in marks:
                section = marks[line]
                if self.restart:
                    line_number = self.start
                blank = 0
                continue
            kind = self.kinds[section]
            if kind.letter == "a":
                blank = 0 if line else blank + 1
                chosen = bool(line) or blank >= self.blanks
                if chosen:
                    blank = 0
            elif kind.letter == "t":
                chosen = bool(line)
            else:
                chosen = kind.regex is not None and kind.regex.search(line) is not None
            if chosen:
                shown = (FORMATS[self.form] % (self.width, line_number)).encode()
                out.write(shown + self.separator + line + b"\n")
                line_number += self.increment
            else:
                out.write(b" " * self.width + self.separator + line + b"\n")


def main(argv: list[str]) -> int:
    """Run nl(1)."""
    nl = Numberer()
    options, args = getopt(argv, "b:d:f:h:i:l:n:ps:v:w:")
    for option, value in options:
        if option in {"h", "b", "f"}:
            at = "hbf".index(option)
            nl.kinds[at] = Kind(value, SECTIONS[at])
        elif option == "d":
            data = value.encode("utf-8", "surrogateescape")
            if not 1 <= len(data) <= 2:
                errx(1, f"invalid delim argument -- {value}")
            nl.delimiter = data if len(data) == 2 else data + b":"
        elif option == "i":
            nl.increment = number(value, "incr argument")
        elif option == "l":
            nl.blanks = number(value, "num argument")
        elif option == "n":
            if value not in FORMATS:
                errx(1, f"illegal format -- {value}")
            nl.form = value
        elif option == "p":
            nl.restart = False
        elif option == "s":
            nl.separator = value.encode("utf-8", "surrogateescape")
        elif option == "v":
            nl.start = number(value, "startnum value")
        elif option == "w":
            nl.width = number(value, "width value")
            if nl.width <= 0:
                complain(f"nl: width argument must be > 0 -- {nl.width}")
        else:
            usage()
    if len(args) > 1:
        usage()
    try:
        malloc(nl.width)
    except OSError:
        err(1, "cannot allocate preformatting buffer")
    fd = 0
    if args:
        try:
            fd = open(args[0], O_RDONLY)
        except OSError as exc:
            complain(f"{args[0]}: {exc.strerror}")
    with Writer(1) as out:
        try:
            nl.run(fd, out)
        except OSError as exc:
            out.flush()
            complain(f"input error: {exc.strerror}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
