# SPDX-License-Identifier: BSD-2-Clause
"""sed: edit a stream of lines.  NetBSD usr.bin/sed/main.c."""

import sys
from typing import NoReturn

from userland.libc import O_RDONLY, Writer, close, err, exit, fgetln, getopt, open, write
from userland.libc.regex import REG_BASIC, REG_EXTENDED
from userland.sed.compile import Line, Script
from userland.sed.input import Input
from userland.sed.process import Process

IDENT = 29  # characters of a script that messages show, quotes included


def usage() -> NoReturn:
    write(
        2,
        b"Usage:  sed [-aEGglnru] command [file ...]\n"
        b"\tsed [-aEGglnru] [-e command] [-f command_file] [-I[extension]]\n"
        b"\t    [-i[extension]] [file ...]\n",
    )
    exit(1)


def of_string(text: str) -> list[Line]:
    """Return the lines of a script on the command line."""
    name = f'"{text}"'
    if len(name) >= IDENT:
        name = name[: IDENT - 5] + ' ..."'
    lines = text.encode("utf-8", "surrogateescape").split(b"\n")
    last = lines.pop()
    found = [line + b"\n" for line in lines] + ([last] if last else [])
    return [Line(line, at + 1, name) for at, line in enumerate(found)]


def of_file(name: str) -> list[Line]:
    """Return the lines of a file of commands."""
    try:
        fd = 0 if name == "-" else open(name, O_RDONLY)
        lines = [Line(line, at + 1, name) for at, line in enumerate(fgetln(fd))]
        if fd:
            close(fd)
    except OSError:
        err(1, name)
    return lines


def main(argv: list[str]) -> int:
    """Run sed(1)."""
    lines: list[Line] = []
    scripts = quiet = delayed = span = False
    inplace: str | None = None
    flags = REG_BASIC
    options, args = getopt(argv, "EGgI::ae:f:i::lnru")
    for option, value in options:
        if option == "?":
            usage()
        if option in {"E", "r"}:
            flags = REG_EXTENDED
        elif option in {"e", "f"}:
            lines += of_string(value + "\n") if option == "e" else of_file(value)
            scripts = True
        elif option in {"i", "I"}:
            inplace, span = value, option == "I"
        elif option == "n":
            quiet = True
        elif option == "a":
            delayed = True
    if not scripts:
        if not args:
            usage()
        lines = of_string(args.pop(0))
    if lines and lines[0].text.rstrip(b"\n") == b"#n":
        quiet = True
    program = Script(lines, flags, delayed).compile()
    with Writer(1) as out:
        source = Input(args, out, inplace, span)
        Process(program, source, quiet).run()
    return source.status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
