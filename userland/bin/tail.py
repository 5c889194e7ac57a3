# SPDX-License-Identifier: BSD-2-Clause
"""tail: the last part of files.  NetBSD usr.bin/tail."""

import re
import sys
from collections import deque
from typing import NoReturn

from userland.libc import (
    O_RDONLY,
    S_ISREG,
    SEEK_END,
    SEEK_SET,
    Writer,
    close,
    errx,
    exit,
    fgetln,
    fstat,
    getopt,
    lseek,
    nanosleep,
    open,
    read,
    warn,
    write,
)
from userland.libc.fgetln import blocks

POLL = 0.25  # seconds between two looks for more (-f)


def usage() -> NoReturn:
    write(2, b"usage: tail [-qv] [-f | -F | -r] [-b # | -c # | -n #] [file ...]\n")
    exit(1)


def last_bytes(fd: int, out: Writer, count: int) -> None:
    """Write the last count bytes of fd."""
    status = fstat(fd)
    if S_ISREG(status.st_mode):
        lseek(fd, max(status.st_size - count, 0), SEEK_SET)
        for data in blocks(fd):
            out.write(data)
        return
    kept = b""
    for data in blocks(fd):
        kept = (kept + data)[-count:] if count else b""
    out.write(kept)


def skip_bytes(fd: int, out: Writer, count: int) -> None:
    """Write fd from byte number count (from 0) on."""
    status = fstat(fd)
    if S_ISREG(status.st_mode):
        lseek(fd, min(count, status.st_size), SEEK_SET)
        count = 0
    for data in blocks(fd):
        out.write(data[count:])
        count = max(count - len(data), 0)


def reversed_lines(fd: int, out: Writer, count: int | None) -> None:
    """Write the last count lines (all if None), the last one first."""
    lines = list(deque(fgetln(fd), count))
    for line in reversed(lines):
        out.write(line)


def skip_lines(fd: int, out: Writer, count: int) -> None:
    """Write fd from line number count (from 0) on."""
    for number, line in enumerate(fgetln(fd)):
        if number >= count:
            out.write(line)


def show(fd: int, out: Writer, style: str, count: int | None, from_start: bool) -> None:
    """Write the part of one file that is asked for."""
    if style == "r":
        reversed_lines(fd, out, count)
    elif style == "c":
        (skip_bytes if from_start else last_bytes)(fd, out, count or 0)
    elif from_start:
        skip_lines(fd, out, count or 0)
    else:
        for line in deque(fgetln(fd), count):
            out.write(line)


def follow(fd: int, out: Writer) -> NoReturn:
    """Write what is added to fd, for ever."""
    while True:
        out.flush()
        if data := read(fd, 8192):
            out.write(data)
            continue
        if S_ISREG(fstat(fd).st_mode) and fstat(fd).st_size < lseek(fd, 0, 1):
            lseek(fd, 0, SEEK_END)
        nanosleep(POLL)


def old_style(argv: list[str]) -> list[str]:
    """Turn -N[bcl][fr] and +N[bcl][fr] into today's options."""
    if len(argv) < 2:
        return argv
    match = re.fullmatch(r"([-+])(\d+)([bcl]?)([fr]*)", argv[1])
    if match is None:
        return argv
    sign = "+" if match[1] == "+" else ""
    style = {"b": "-b", "c": "-c"}.get(match[3], "-n")
    return [argv[0], f"{style}{sign}{match[2]}", *(f"-{letter}" for letter in match[4]), *argv[2:]]


def main(argv: list[str]) -> int:
    """Run tail(1)."""
    style, count, from_start = "n", None, False
    follows, backwards, headers = False, False, None
    options, args = getopt(old_style(argv), "b:c:Ffn:qrv")
    for option, value in options:
        if option in {"b", "c", "n"}:
            if not re.fullmatch(r"[-+]?\d+", value):
                errx(1, f"illegal offset -- {value}")
            from_start = value[0] == "+"
            count = abs(int(value)) * (512 if option == "b" else 1)
            if from_start and count:
                count -= 512 if option == "b" else 1
            style = "n" if option == "n" else "c"
        elif option in {"f", "F"}:
            follows = True
        elif option == "r":
            backwards = True
        elif option in {"q", "v"}:
            headers = option == "v"
        else:
            usage()
    if backwards:
        style = "r"
    elif count is None:
        count = 10
    if headers is None:
        headers = len(args) > 1
    status = 0
    with Writer(1) as out:
        first = True
        for name in args or ["-"]:
            fd = 0
            try:
                if args and name != "-":
                    fd = open(name, O_RDONLY)
                if headers:
                    out.print(f"{'' if first else chr(10)}==> {name} <==")
                first = False
                show(fd, out, style, count, from_start)
                if follows and name == (args or ["-"])[-1]:
                    follow(fd, out)
            except OSError:
                warn(name if args else "stdin")
                status = 1
            if fd:
                close(fd)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
