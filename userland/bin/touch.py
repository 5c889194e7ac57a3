# SPDX-License-Identifier: BSD-2-Clause
"""touch: change file times.  NetBSD usr.bin/touch/touch.c."""

import re
import sys
from typing import NoReturn

from userland.libc import (
    AT_FDCWD,
    AT_SYMLINK_NOFOLLOW,
    O_CREAT,
    O_WRONLY,
    Timespec,
    close,
    errx,
    exit,
    getopt,
    gettimeofday,
    lstat,
    open,
    stat,
    utimensat,
    warn,
    write,
)
from userland.libc import err as err_
from userland.libc.timegm import Tm, gmtime, parsedate, timegm

NS = 10**9


def usage() -> NoReturn:
    write(2, b"usage: touch [-acfhm] [-d human-datetime] [-r file] [-t time] file ...\n")
    exit(1)


def stime_arg(text: str) -> int:
    """Return the time, ns, of [[CC]YY]MMDDhhmm[.SS]."""
    match = re.fullmatch(r"((?:\d\d){0,2})(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?", text)
    if match is None:
        errx(1, "out of range or illegal time specification: [[CC]YY]MMDDhhmm[.SS]")
    year = gmtime(now() // NS).tm_year
    if len(match[1]) == 2:
        year = int(match[1]) + (1900 if int(match[1]) >= 69 else 2000)
    elif match[1]:
        year = int(match[1])
    try:
        month, day, hour, minute, second = (int(part or 0) for part in match.groups()[1:])
        return timegm(Tm(year, month, day, hour, minute, second)) * NS
    except ValueError:
        errx(1, "out of range or illegal time specification: [[CC]YY]MMDDhhmm[.SS]")


def human(text: str) -> int:
    """Return the time, ns, of an ISO 8601 date."""
    try:
        return parsedate(text)
    except ValueError:
        errx(1, f"unrecognized datetime format: {text}")


def now() -> int:
    """Return the time of day, ns."""
    return gettimeofday().ns


def main(argv: list[str]) -> int:
    """Run touch(1)."""
    flags: set[str] = set()
    times: tuple[int, int] | None = None
    options, args = getopt(argv, "acd:fhmr:t:")
    for option, value in options:
        if option == "?":
            usage()
        if option == "t":
            times = (stime_arg(value),) * 2
        elif option == "d":
            times = (human(value),) * 2
        elif option == "r":
            try:
                status = stat(value)
            except OSError:
                err_(1, value)
            times = (status.st_atim, status.st_mtim)
        else:
            flags.add(option)
    if not args:
        usage()
    result = 0
    for path in args:
        result |= touch(path, flags, times)
    return result


def touch(path: str, flags: set[str], times: tuple[int, int] | None) -> int:
    """Touch one file; return 0, or 1 after a message."""
    link = "h" in flags
    try:
        try:
            status = (lstat if link else stat)(path)
        except OSError:
            if flags & {"c", "h"}:
                return 0
            close(open(path, O_WRONLY | O_CREAT, 0o666))
            if times is None:
                return 0
            status = stat(path)
        only = flags & {"a", "m"}
        if only in ({"a"}, {"m"}):
            when = times or (now(),) * 2
            times = (when[0], status.st_mtim) if only == {"a"} else (status.st_atim, when[1])
        spec = None if times is None else (Timespec.from_ns(times[0]), Timespec.from_ns(times[1]))
        utimensat(AT_FDCWD, path, spec, AT_SYMLINK_NOFOLLOW if link else 0)
    except OSError:
        warn(path)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
