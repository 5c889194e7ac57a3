# SPDX-License-Identifier: BSD-2-Clause
"""tty: print the name of the terminal that is the standard input.  NetBSD usr.bin/tty/tty.c."""

import sys

from userland.libc import getopt, ttyname, write


def main(argv: list[str]) -> int:
    options, args = getopt(argv, "s")
    if args or any(letter == "?" for letter, _ in options):
        write(2, b"usage: tty [-s]\n")
        return 2
    try:
        name = ttyname(0)
    except OSError:
        name = None
    if not options:
        write(1, (name or "not a tty").encode() + b"\n")
    return int(name is None)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
