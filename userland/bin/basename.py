# SPDX-License-Identifier: BSD-2-Clause
"""basename: the last part of a path.  NetBSD usr.bin/basename/basename.c."""

import sys
from typing import NoReturn

from userland.libc import Writer, exit, getopt, write
from userland.libc.basename import basename


def usage() -> NoReturn:
    write(2, b"usage: basename string [suffix]\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run basename(1)."""
    options, args = getopt(argv, "")
    if options or len(args) not in {1, 2}:
        usage()
    with Writer(1) as out:
        name = basename(args[0]) if args[0] else ""
        if len(args) == 2 and name != args[1]:
            name = name.removesuffix(args[1])
        out.print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
