# SPDX-License-Identifier: BSD-2-Clause
"""date: show or set the time of day.  NetBSD bin/date/date.c."""

import re
import sys
from typing import NoReturn

from userland.libc import (
    Timeval,
    Writer,
    err,
    errx,
    exit,
    getopt,
    gettimeofday,
    settimeofday,
    stat,
    strtol,
    write,
)
from userland.libc.strftime import strftime
from userland.libc.timegm import Tm, gmtime, parsedate, timegm

NS = 10**9
DEFAULT = "%a %b %e %H:%M:%S %Z %Y"
RFC5322 = "%a, %d %b %Y %T %z"


def usage() -> NoReturn:
    write(
        2,
        b"usage: date [-ajnRu] [-d date] [-r seconds] [-z zone] [+format]\n"
        b"            [[[[[[CC]yy]mm]dd]HH]MM[.SS]]\n",
    )
    exit(1)


def badtime() -> NoReturn:
    write(2, b"date: illegal time format\n")
    usage()


def parse(text: str, now: int) -> int:
    """Return the time, s, of [[[[[CC]yy]mm]dd]HH]MM[.SS], what is missing taken from now."""
    match = re.fullmatch(r"((?:\d\d){1,6})(?:\.(\d\d))?", text)
    if match is None:
        badtime()
    today = gmtime(now)
    parts = [int(match[1][at : at + 2]) for at in range(0, len(match[1]), 2)]
    year, month, day, hour = today[:4]
    minute = parts.pop()
    if parts:
        hour = parts.pop()
    if parts:
        day = parts.pop()
    if parts:
        month = parts.pop()
    if parts:
        low = parts.pop()
        century = parts.pop() if parts else (19 if low >= 69 else 20)
        year = century * 100 + low
    try:
        return timegm(Tm(year, month, day, hour, minute, int(match[2] or 0)))
    except ValueError:
        badtime()


def seconds_or_file(text: str) -> int:
    """Return the seconds of -r: a number, or a file's modification time."""
    if re.fullmatch(r"-?\d+", text):
        return strtol(text)[0]
    try:
        return stat(text).st_mtim // NS
    except OSError:
        err(1, text)


def main(argv: list[str]) -> int:
    """Run date(1); the system's time zone is UTC."""
    now, form, sets = None, DEFAULT, True
    options, args = getopt(argv, "ad:jnRr:uz:")
    for option, value in options:
        if option == "r":
            now = seconds_or_file(value)
        elif option == "d":
            try:
                now = parsedate(value) // NS
            except ValueError:
                errx(1, f"Cannot parse `{value}'")
        elif option == "R":
            form = RFC5322
        elif option == "j":
            sets = False
        elif option == "?":
            usage()
    if now is None:
        now = gettimeofday().ns // NS
    if args and args[0].startswith("+"):
        form = args.pop(0)[1:]
    if args:
        now = parse(args.pop(0), now)
        if sets:
            try:
                settimeofday(Timeval(now, 0))
            except OSError:
                err(1, "settimeofday")
            return 0
    if args:
        usage()
    with Writer(1) as out:
        out.print(strftime(form, now))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
