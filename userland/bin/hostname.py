# SPDX-License-Identifier: BSD-2-Clause
"""hostname: print or set the host's name.  NetBSD bin/hostname/hostname.c."""

import sys
from typing import NoReturn

from userland.libc import Writer, err, exit, gethostname, getopt, sethostname, write


def usage() -> NoReturn:
    write(2, b"usage: hostname [-s] [name-of-host]\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run hostname(1)."""
    options, args = getopt(argv, "s")
    if len(args) > 1 or any(option == "?" for option, _ in options):
        usage()
    if args:
        try:
            sethostname(args[0])
        except OSError:
            err(1, "sethostname")
        return 0
    name = gethostname()
    with Writer(1) as out:
        out.print(name.partition(".")[0] if options else name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
