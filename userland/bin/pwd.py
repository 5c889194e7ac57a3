# SPDX-License-Identifier: BSD-2-Clause
"""pwd: the current directory.  NetBSD bin/pwd/pwd.c."""

import sys
from typing import NoReturn

from userland.libc import Writer, err, exit, getcwd, getenv, getopt, stat, write


def usage() -> NoReturn:
    write(2, b"usage: pwd [-LP]\n")
    exit(1)


def logical() -> str | None:
    """Return $PWD if it is an absolute path without dots to where we are, else None."""
    path = getenv("PWD")
    if not path or not path.startswith("/") or {".", ".."} & set(path.split("/")):
        return None
    try:
        here, there = stat("."), stat(path)
    except OSError:
        return None
    return path if (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino) else None


def main(argv: list[str]) -> int:
    """Run pwd(1)."""
    follows = False
    options, args = getopt(argv, "LP")
    for option, _ in options:
        if option == "?":
            usage()
        follows = option == "L"
    if args:
        usage()
    path = logical() if follows else None
    if path is None:
        try:
            path = getcwd()
        except OSError:
            err(1, "getcwd() failed")
    with Writer(1) as out:
        out.print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
