# SPDX-License-Identifier: BSD-2-Clause
"""mkfifo: make FIFOs.  NetBSD usr.bin/mkfifo/mkfifo.c."""

import sys
from typing import NoReturn

from userland.libc import errx, exit, getmode, getopt, setmode, warn, write
from userland.libc import mkfifo as mkfifo_


def usage() -> NoReturn:
    write(2, b"usage: mkfifo [-m mode] fifoname ...\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run mkfifo(1)."""
    mode = 0o666
    options, args = getopt(argv, "m:")
    for option, value in options:
        if option != "m":
            usage()
        try:
            mode = getmode(setmode(value), 0o666)
        except OSError:
            errx(1, f"Cannot set file mode `{value}'")
    if not args:
        usage()
    status = 0
    for path in args:
        try:
            mkfifo_(path, mode)
        except OSError:
            warn(path)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
