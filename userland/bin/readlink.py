# SPDX-License-Identifier: BSD-2-Clause
"""readlink: print where a symbolic link leads.  NetBSD usr.bin/stat/stat.c, by that name."""

import sys
from typing import NoReturn

from userland.libc import Writer, exit, getopt, write
from userland.libc import readlink as readlink_
from userland.libc.realpath import realpath

PATH_MAX = 1024


def usage() -> NoReturn:
    write(2, b"usage: readlink [-fnqsv] [file ...]\n")
    exit(1)


def canonical(path: str) -> str:
    """Return the one path of a file; its last part need not exist.

    Raises:
        OSError: ENOENT, another part does not exist; ENOTDIR, EACCES, ELOOP.
    """
    try:
        return realpath(path)
    except OSError:
        directory, slash, name = path.rstrip("/").rpartition("/")
        if not name:
            raise
        parent = realpath(directory or slash or ".")
        return f"{parent.rstrip('/')}/{name}"


def main(argv: list[str]) -> int:
    """Run readlink(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "fnqsv")
    for option, _ in options:
        if option == "?":
            usage()
        flags.add(option)
    if not args:
        usage()
    status = 0
    with Writer(1) as out:
        for name in args:
            try:
                if "f" in flags:
                    target = canonical(name).encode("utf-8", "surrogateescape")
                else:
                    target = readlink_(name, PATH_MAX)
            except OSError as exc:
                if "v" in flags:
                    out.flush()
                    text = f"readlink: {name}: {exc.strerror}\n"
                    write(2, text.encode("utf-8", "surrogateescape"))
                status = 1
                continue
            out.write(target + (b"" if "n" in flags else b"\n"))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
