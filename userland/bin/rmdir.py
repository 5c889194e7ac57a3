# SPDX-License-Identifier: BSD-2-Clause
"""rmdir: remove empty directories.  NetBSD bin/rmdir/rmdir.c."""

import sys
from typing import NoReturn

from userland.libc import exit, getopt, warn, write
from userland.libc import rmdir as rmdir_


def usage() -> NoReturn:
    write(2, b"usage: rmdir [-p] directory ...\n")
    exit(1)


def remove(path: str) -> bool:
    try:
        rmdir_(path)
    except OSError:
        warn(path)
        return False
    return True


def main(argv: list[str]) -> int:
    """Run rmdir(1)."""
    parents = False
    options, args = getopt(argv, "p")
    for option, _ in options:
        if option == "?":
            usage()
        parents = True
    if not args:
        usage()
    status = 0
    for path in args:
        if not remove(path):
            status = 1
            continue
        while parents and "/" in path.rstrip("/"):
            path = path.rstrip("/").rpartition("/")[0].rstrip("/")
            if not path or not remove(path):
                status = int(bool(path)) or status
                break
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
