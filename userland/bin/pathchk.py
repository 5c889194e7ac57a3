# SPDX-License-Identifier: BSD-2-Clause
"""pathchk: tell whether names may be names of files.  NetBSD usr.bin/pathchk/pathchk.c."""

import sys
from typing import NoReturn

from userland.libc import ENOENT, exit, getopt, lstat, warn, warnx, write

POSIX_NAME_MAX, POSIX_PATH_MAX = 14, 255
NAME_MAX, PATH_MAX = 511, 1024
PORTABLE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")


def usage() -> NoReturn:
    write(2, b"usage: pathchk [-p] pathname ...\n")
    exit(1)


def is_good(path: str, portable: bool) -> bool:
    """Tell whether a path may be one; say why not."""
    size = len(path.encode("utf-8", "surrogateescape"))
    name_max, path_max = (POSIX_NAME_MAX, POSIX_PATH_MAX) if portable else (NAME_MAX, PATH_MAX)
    if size > path_max - 1:
        warnx(f"{path}: path name too long (path length: {size}, limit: {path_max - 1})")
        return False
    for part in path.split("/"):
        length = len(part.encode("utf-8", "surrogateescape"))
        if length > name_max:
            warnx(f"{path}: component too long (component length: {length}, limit: {name_max})")
            return False
        if portable and (bad := next((char for char in part if char not in PORTABLE), "")):
            warnx(f"{path}: contains non-portable character `{bad}'")
            return False
        if portable and part.startswith("-"):
            warnx(f"{path}: component starts with `-'")
            return False
    if portable:
        return True
    try:
        lstat(path)
    except OSError as exc:
        if exc.errno == ENOENT:
            return True
        warn(path)
        return False
    return True


def main(argv: list[str]) -> int:
    """Run pathchk(1)."""
    portable = False
    options, args = getopt(argv, "p")
    for option, _ in options:
        if option == "?":
            usage()
        portable = True
    if not args:
        usage()
    bad = [path for path in args if not is_good(path, portable)]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
