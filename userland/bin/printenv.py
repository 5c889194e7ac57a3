# SPDX-License-Identifier: BSD-2-Clause
"""printenv: write the environment.  NetBSD usr.bin/printenv/printenv.c."""

import sys
from typing import NoReturn

from userland.libc import Writer, environ, exit, getopt, write


def usage() -> NoReturn:
    write(2, b"usage: printenv [name]\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run printenv(1)."""
    options, args = getopt(argv, "")
    if options or len(args) > 1:
        usage()
    with Writer(1) as out:
        if args:
            if args[0] not in environ:
                return 1
            out.print(environ[args[0]])
        else:
            for name, value in environ.items():
                out.print(f"{name}={value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
