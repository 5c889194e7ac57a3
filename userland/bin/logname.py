# SPDX-License-Identifier: BSD-2-Clause
"""logname: print the login name.  NetBSD usr.bin/logname/logname.c."""

import sys
from typing import NoReturn

from userland.libc import Writer, err, errx, exit, getlogin, getopt, write


def usage() -> NoReturn:
    write(2, b"usage: logname\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run logname(1)."""
    options, args = getopt(argv, "")
    if options or args:
        usage()
    try:
        name = getlogin()
    except OSError:
        err(1, "getlogin")
    if not name:
        errx(1, "getlogin: no login name")
    with Writer(1) as out:
        out.print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
