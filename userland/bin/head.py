# SPDX-License-Identifier: BSD-2-Clause
"""head: the first lines or bytes of files.  NetBSD usr.bin/head/head.c."""

import re
import sys
from typing import NoReturn

from userland.libc import (
    O_RDONLY,
    Writer,
    close,
    errx,
    exit,
    getopt,
    open,
    read,
    strtol,
    warn,
    write,
)


def usage() -> NoReturn:
    write(2, b"usage: head [-n lines] [-c bytes] [-qv] [file ...]\n")
    exit(1)


def head(fd: int, out: Writer, count: int, by_bytes: bool) -> None:
    """Write the first count lines or bytes of fd."""
    while count > 0 and (data := read(fd, 8192)):
        if by_bytes:
            data = data[:count]
            count -= len(data)
        else:
            lines = data.split(b"\n", count)
            if len(lines) > count:
                data = data[: len(data) - len(lines[-1])]
            count -= len(lines) - 1
        out.write(data)


def number(text: str, what: str) -> int:
    count, rest = strtol(text)
    if rest or count <= 0:
        errx(1, f"illegal {what} count -- {text}")
    return count


def main(argv: list[str]) -> int:
    """Run head(1); -NUMBER is -n NUMBER."""
    argv = [
        argv[0],
        *(f"-n{a[1:]}" if re.fullmatch(r"-\d+", a) else a for a in argv[1:2]),
        *argv[2:],
    ]
    count, by_bytes, headers = 10, False, None
    options, args = getopt(argv, "c:n:qv")
    for option, value in options:
        if option == "c":
            count, by_bytes = number(value, "byte"), True
        elif option == "n":
            count, by_bytes = number(value, "line"), False
        elif option in {"q", "v"}:
            headers = option == "v"
        else:
            usage()
    status = 0
    if headers is None:
        headers = len(args) > 1
    with Writer(1) as out:
        first = True
        for name in args or ["-"]:
            fd = 0
            try:
                if args:
                    fd = open(name, O_RDONLY)
                if headers:
                    out.print(f"{'' if first else chr(10)}==> {name if args else 'stdin'} <==")
                first = False
                head(fd, out, count, by_bytes)
            except OSError:
                warn(name if args else "stdin")
                status = 1
            if fd:
                close(fd)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
