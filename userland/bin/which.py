# SPDX-License-Identifier: BSD-2-Clause
"""which: tell which file a command is.  NetBSD usr.bin/whereis/whereis.c, by that name."""

import sys
from typing import NoReturn

from userland.libc import S_ISREG, X_OK, Writer, access, errx, exit, getenv, getopt, stat, write


def usage() -> NoReturn:
    write(2, b"Usage: which [-ap] program [...]\n")
    exit(1)


def executable(path: str) -> bool:
    try:
        access(path, X_OK)
        return S_ISREG(stat(path).st_mode)
    except OSError:
        return False


def main(argv: list[str]) -> int:
    """Run which(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "ap")
    for option, _ in options:
        if option == "?":
            usage()
        flags.add(option)
    if not args:
        usage()
    path = getenv("PATH")
    if path is None:
        errx(1, "Failed to get PATH from environment")
    status = 0
    with Writer(1) as out:
        for name in args:
            places = [f"{place or '.'}/{name}" for place in path.split(":")]
            found = [file for file in ([name] if "/" in name else places) if executable(file)]
            for file in found if "a" in flags else found[:1]:
                out.print(file)
            if not found:
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
