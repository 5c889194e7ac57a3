# SPDX-License-Identifier: BSD-2-Clause
"""logger: put messages into the system's log.  NetBSD usr.bin/logger/logger.c."""

import sys
from typing import Final, NoReturn

from kernel.sys import syslog as _levels
from userland.libc import (
    LOG_FACMASK,
    LOG_NOTICE,
    LOG_PERROR,
    LOG_PID,
    LOG_USER,
    O_RDONLY,
    atoi,
    closelog,
    err,
    errx,
    exit,
    fgetln,
    getlogin,
    getopt,
    open,
    openlog,
    syslog,
    write,
)

_ALIASES: Final = {"error": "err", "panic": "emerg", "security": "auth", "warn": "warning"}
NAMES: Final = {
    name.removeprefix("LOG_").lower(): value
    for name, value in vars(_levels).items()
    if name.startswith("LOG_")
}


def usage() -> NoReturn:
    write(2, b"usage: logger [-cins] [-f file] [-p pri] [-t tag] [message ...]\n")
    exit(1)


def decode(name: str, facility: bool) -> int:
    """Return a number by its name; say so and end if it has none."""
    value = atoi(name) if name.isdecimal() else NAMES.get(_ALIASES.get(name, name))
    fits = value is not None and bool(value & LOG_FACMASK) == facility
    if value is None or not (fits or name == "kern"):
        errx(1, f"unknown {'facility' if facility else 'priority'} name: {name}")
    return value


def priority(text: str) -> int:
    """Return what -p says: facility.level, or a level."""
    facility, dot, level = text.rpartition(".")
    return (decode(facility, True) if dot else 0) | decode(level, False)


def main(argv: list[str]) -> int:
    """Run logger(1)."""
    level, tag, flags = LOG_NOTICE | LOG_USER, getlogin() or None, 0
    fd = 0
    options, args = getopt(argv, "cf:inp:st:")
    for option, value in options:
        if option == "?":
            usage()
        elif option == "f":
            try:
                fd = open(value, O_RDONLY)
            except OSError:
                err(1, value)
        elif option == "i":
            flags |= LOG_PID
        elif option == "p":
            level = priority(value)
        elif option == "s":
            flags |= LOG_PERROR
        elif option == "t":
            tag = value
    openlog(tag, flags, 0)
    if args:
        syslog(level, " ".join(args))
    else:
        for line in fgetln(fd):
            syslog(level, line.decode("utf-8", "surrogateescape"))
    closelog()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
