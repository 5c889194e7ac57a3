# SPDX-License-Identifier: BSD-2-Clause
"""mkdir: make directories.  NetBSD bin/mkdir/mkdir.c."""

import sys
from typing import NoReturn

from userland.libc import (
    S_ISDIR,
    chmod,
    errx,
    exit,
    getmode,
    getopt,
    setmode,
    stat,
    umask,
    warn,
    write,
)
from userland.libc import mkdir as mkdir_


def usage() -> NoReturn:
    write(2, b"usage: mkdir [-p] [-m mode] dirname ...\n")
    exit(1)


def mkpath(path: str, mode: int, dir_mode: int) -> int:
    """Make a directory and those above it that are missing; return 0, or -1 after a message."""
    done = 0
    while True:
        while path[done : done + 1] == "/":
            done += 1
        end = path.find("/", done)
        done = len(path) if end < 0 else end
        last = not path[done:].strip("/")
        head = path[:done]
        try:
            mkdir_(head, mode if last else dir_mode)
        except OSError:
            if not isdir(head):
                warn(path)
                return -1
        else:
            if last and mode & 0o7000:
                chmod(head, mode)
        if last:
            return 0


def isdir(path: str) -> bool:
    try:
        return S_ISDIR(stat(path).st_mode)
    except OSError:
        return False


def main(argv: list[str]) -> int:
    """Run mkdir(1)."""
    parents, symbolic = False, None
    options, args = getopt(argv, "m:p")
    for option, value in options:
        if option == "p":
            parents = True
        elif option == "m":
            symbolic = value
        else:
            usage()
    if not args:
        usage()
    mask = umask(0)
    mode, dir_mode = 0o777 & ~mask, (0o777 & ~mask) | 0o300
    if symbolic is not None:
        try:
            mode = getmode(setmode(symbolic), 0o777)
        except OSError:
            errx(1, f"Cannot set file mode `{symbolic}'")
    status = 0
    for path in args:
        if parents:
            if mkpath(path, mode, dir_mode) < 0:
                status = 1
            continue
        try:
            mkdir_(path, mode)
            if mode & 0o7000:
                chmod(path, mode)
        except OSError:
            warn(path)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
