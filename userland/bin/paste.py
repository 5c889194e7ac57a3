# SPDX-License-Identifier: BSD-2-Clause
"""paste: put lines of files side by side.  NetBSD usr.bin/paste/paste.c."""

import sys
from collections.abc import Iterator
from typing import NoReturn

from userland.libc import O_RDONLY, Writer, errx, exit, fgetln, getopt, open, warn, write
from userland.libc.inputs import lines_or_die

ESCAPES = {"n": b"\n", "t": b"\t", "\\": b"\\", "0": b""}


def usage() -> NoReturn:
    write(2, b"usage: paste [-s] [-d delimiters] file ...\n")
    exit(1)


def delimiters(text: str) -> list[bytes]:
    r"""Return the delimiters of a list, which may have \n, \t, \\ and \0 (none)."""
    found = []
    characters = iter(text)
    for char in characters:
        following = next(characters, "\\") if char == "\\" else None
        if following is None:
            found.append(char.encode("utf-8", "surrogateescape"))
        else:
            found.append(ESCAPES.get(following, following.encode("utf-8", "surrogateescape")))
    if not found:
        errx(1, "no delimiters specified")
    return found


def parallel(names: list[str], marks: list[bytes], out: Writer) -> int:
    """Write the first lines of all files, then the second."""
    stdin = lines_or_die("-")
    files: list[Iterator[bytes] | None] = [
        stdin if name == "-" else lines_or_die(name) for name in names
    ]
    while True:
        row: list[bytes] = []
        for at, file in enumerate(files):
            line = next(file, None) if file is not None else None
            if line is None:
                files[at] = None
            row.append((line or b"").removesuffix(b"\n"))
        if all(file is None for file in files):
            return 0
        text = row[0]
        for at, part in enumerate(row[1:]):
            text += marks[at % len(marks)] + part
        out.write(text + b"\n")


def sequential(names: list[str], marks: list[bytes], out: Writer) -> int:
    """Write the lines of each file as one."""
    status = 0
    for name in names:
        try:
            fd = 0 if name == "-" else open(name, O_RDONLY)
            text = b""
            for at, line in enumerate(fgetln(fd)):
                mark = marks[(at - 1) % len(marks)] if at else b""
                text += mark + line.removesuffix(b"\n")
        except OSError:
            warn(name)
            status = 1
            continue
        out.write(text + b"\n")
    return status


def main(argv: list[str]) -> int:
    """Run paste(1)."""
    marks, serial = [b"\t"], False
    options, args = getopt(argv, "d:s")
    for option, value in options:
        if option == "?":
            usage()
        if option == "d":
            marks = delimiters(value)
        else:
            serial = True
    if not args:
        args = ["-"]
    with Writer(1) as out:
        return (sequential if serial else parallel)(args, marks, out)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
