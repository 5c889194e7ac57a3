# SPDX-License-Identifier: BSD-2-Clause
"""sleep: wait for a time.  NetBSD bin/sleep/sleep.c."""

import re
import sys
from typing import NoReturn

from userland.libc import (
    Timespec,
    exit,
    nanosleep,
    strtol,
    write,
)

NS = 10**9
TIME_T_MAX = (1 << 63) - 1


def usage() -> NoReturn:
    write(2, b"usage: sleep seconds\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run sleep(1); seconds may have a fraction."""
    args = argv[1:]
    if args[:1] == ["--"]:
        del args[0]
    if len(args) != 1 or not re.fullmatch(r"[+]?(\d+\.?\d*|\.\d+)", args[0]):
        usage()
    whole, _, fraction = args[0].lstrip("+").partition(".")
    ns = strtol(whole)[0] * NS + int(fraction[:9].ljust(9, "0"))
    if ns > 0:
        nanosleep(Timespec.from_ns(min(ns, TIME_T_MAX * NS)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
