# SPDX-License-Identifier: BSD-2-Clause
"""nice: run a program with another priority.  NetBSD usr.bin/nice/nice.c."""

import re
import sys
from typing import Final, NoReturn

from userland.libc import (
    ENOENT,
    INT_MAX,
    PRIO_PROCESS,
    err,
    errx,
    execvp,
    exit,
    getopt,
    getpriority,
    setpriority,
    strtol,
    warn,
    write,
)

DEFNICE: Final = 10


def usage() -> NoReturn:
    write(2, b"usage: nice [-n increment] utility [argument ...]\n")
    exit(1)


def number(text: str) -> int:
    value, rest = strtol(text)
    if rest or not text:
        errx(1, f"increment '{text}' is bad: Invalid argument")
    return max(-INT_MAX, min(value, INT_MAX))


def main(argv: list[str]) -> int:
    """Run nice(1); -NUMBER is -n NUMBER, as it once was."""
    increment = DEFNICE
    if len(argv) > 1 and re.fullmatch(r"--?\d+", argv[1]):
        increment = number(argv.pop(1)[1:])
    options, args = getopt(argv, "+n:")
    for option, value in options:
        if option == "?":
            usage()
        increment = number(value)
    if not args:
        usage()
    try:
        setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + increment)
    except OSError:
        err(1, "setpriority")
    try:
        execvp(args[0], args)
    except OSError as exc:
        warn(args[0])
        return 127 if exc.errno == ENOENT else 126


if __name__ == "__main__":
    sys.exit(main(sys.argv))
