# SPDX-License-Identifier: BSD-2-Clause
"""dirname: a path without its last part.  NetBSD usr.bin/dirname/dirname.c."""

import sys
from typing import NoReturn

from userland.libc import Writer, exit, getopt, write
from userland.libc.basename import dirname


def usage() -> NoReturn:
    write(2, b"usage: dirname path\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run dirname(1)."""
    options, args = getopt(argv, "")
    if options or len(args) != 1:
        usage()
    with Writer(1) as out:
        out.print(dirname(args[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
