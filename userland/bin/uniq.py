# SPDX-License-Identifier: BSD-2-Clause
"""uniq: report or leave out repeated lines.  NetBSD usr.bin/uniq/uniq.c."""

import re
import sys
from collections.abc import Iterator
from typing import NoReturn

from userland.libc import (
    INT_MAX,
    O_CREAT,
    O_RDONLY,
    O_TRUNC,
    O_WRONLY,
    Writer,
    err,
    errx,
    exit,
    fgetln,
    getopt,
    open,
    strtoi,
    write,
)

FIELD = re.compile(rb"[ \t]*[^ \t\n]*")


def usage() -> NoReturn:
    write(2, b"usage: uniq [-cdu] [-f fields] [-s chars] [input_file [output_file]]\n")
    exit(1)


def number(text: str, what: str) -> int:
    try:
        return strtoi(text, 0, INT_MAX)
    except ValueError:
        errx(1, f"illegal {what} skip value: {text}")


def old_style(argv: list[str]) -> list[str]:
    """Turn -N into -f N and +N into -s N."""
    out = argv[:1]
    for at, word in enumerate(argv[1:], 1):
        if word == "--" or word[:1] not in {"-", "+"}:
            return out + argv[at:]
        if match := re.fullmatch(r"([-+])(\d+)", word):
            out.append(f"-{'f' if match[1] == '-' else 's'}{match[2]}")
        else:
            out.append(word)
    return out


def main(argv: list[str]) -> int:
    """Run uniq(1)."""
    flags: set[str] = set()
    fields = chars = 0
    options, args = getopt(old_style(argv), "cdf:s:u")
    for option, value in options:
        if option == "f":
            fields = number(value, "field")
        elif option == "s":
            chars = number(value, "character")
        elif option == "?":
            usage()
        else:
            flags.add(option)
    if len(args) > 2:
        usage()
    source, target = 0, 1
    try:
        if args and args[0] != "-":
            source = open(args[0], O_RDONLY)
    except OSError:
        err(1, args[0])
    try:
        if len(args) == 2 and args[1] != "-":
            target = open(args[1], O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    except OSError:
        err(1, args[1])

    def key(line: bytes) -> bytes:
        at, left = 0, fields
        while left and line[at:] != b"\n":
            field = FIELD.match(line, at)
            at = field.end() if field else at
            left -= 1
        return line[min(at + chars, len(line) - 1) :]

    def lines() -> Iterator[bytes]:
        try:
            yield from fgetln(source)
        except OSError:
            err(1, args[0] if args else "stdin")

    def show(line: bytes, count: int) -> None:
        if (flags & {"d", "u"} == {"d"} and count == 1) or (
            flags & {"d", "u"} == {"u"} and count > 1
        ):
            return
        out.write((b"%4d " % count if "c" in flags else b"") + line)

    with Writer(target, args[1] if target != 1 else "stdout") as out:
        previous, count = None, 0
        for line in lines():
            if not line.endswith(b"\n"):
                line += b"\n"
            if previous is not None and key(line) == key(previous):
                count += 1
                continue
            if previous is not None:
                show(previous, count)
            previous, count = line, 1
        if previous is not None:
            show(previous, count)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
