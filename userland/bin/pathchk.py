# SPDX-License-Identifier: BSD-2-Clause
"""pathchk: tell whether names may be names of files.  NetBSD usr.bin/pathchk/pathchk.c."""

import sys
from typing import NoReturn

from kernel.sys.unistd import _PC_NAME_MAX, _PC_PATH_MAX
from userland.libc import ENOENT, exit, getopt, pathconf, stat, warn, warnx, write

POSIX_NAME_MAX, POSIX_PATH_MAX = 14, 256
NAME_MAX, PATH_MAX = 511, 1024
PORTABLE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def usage() -> NoReturn:
    write(2, b"usage: pathchk [-p] pathname ...\n")
    exit(1)


def limit(path: str, name: int, otherwise: int) -> int:
    """Return a limit of a file, or what it is likely to be."""
    try:
        return pathconf(path, name)
    except OSError:
        return otherwise


def size(text: str) -> int:
    """Return how many bytes a name has."""
    return len(text.encode("utf-8", "surrogateescape"))


def is_portable(path: str, part: str) -> bool:
    bad = "-" if part.startswith("-") else next((c for c in part if c not in PORTABLE), "")
    if bad:
        warnx(f"{path}: {part}: component contains non-portable character `{bad}'")
    return not bad


def is_good(path: str, portable: bool) -> bool:
    """Tell whether a path may be one; say why not."""
    name_max = POSIX_NAME_MAX
    if not portable:
        name_max = limit("/" if path.startswith("/") else ".", _PC_NAME_MAX, NAME_MAX)
    parts = path.split("/")
    for at, part in enumerate(parts):
        so_far = "/".join(parts[: at + 1])
        if size(part) > name_max:
            warnx(f"{path}: {part}: component too long (limit {name_max})")
            return False
        if portable:
            if not is_portable(path, part):
                return False
            continue
        try:
            stat(so_far or "/")
        except OSError as exc:
            if exc.errno != ENOENT:
                warn(f"{path}: {'/'.join(parts[:at])}")
                return False
        name_max = limit(so_far or "/", _PC_NAME_MAX, name_max)
    path_max = POSIX_PATH_MAX if portable else limit(path, _PC_PATH_MAX, PATH_MAX)
    if size(path) >= path_max:
        warnx(f"{path}: path too long (limit {path_max - 1})")
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
