# SPDX-License-Identifier: BSD-2-Clause
"""mktemp: make a file or directory with a name of its own.  NetBSD usr.bin/mktemp/mktemp.c."""

import sys
from typing import NoReturn

from userland.libc import Writer, close, exit, getenv, getopt, rmdir, unlink, warn, write
from userland.libc.mktemp import mkdtemp, mkstemp


def usage() -> NoReturn:
    write(2, b"Usage: mktemp [-dqu] [-p <tmpdir>] {-t prefix | template ...}\n")
    exit(1)


def make(template: str, flags: set[str], out: Writer) -> int:
    """Make one; return the exit status."""
    is_dir = "d" in flags
    try:
        if is_dir:
            name = mkdtemp(template)
        else:
            fd, name = mkstemp(template)
            close(fd)
    except OSError:
        if "q" not in flags:
            warn(f"{'mkdtemp' if is_dir else 'mkstemp'} failed on {template}")
        return 1
    if "u" in flags:
        (rmdir if is_dir else unlink)(name)
    out.print(name)
    return 0


def main(argv: list[str]) -> int:
    """Run mktemp(1)."""
    flags: set[str] = set()
    prefix, directory = "mktemp", ""
    options, args = getopt(argv, "dp:qt:u")
    for option, value in options:
        if option == "?":
            usage()
        if option == "t":
            prefix = value
        elif option == "p":
            directory = value
        flags.add(option)
    place = directory or getenv("TMPDIR") or "/tmp"
    templates = list(args)
    if "t" in flags or not args:
        templates.insert(0, f"{place.rstrip('/')}/{prefix}.XXXXXXXX")
    elif "p" in flags:
        templates = [f"{place.rstrip('/')}/{name}" for name in templates]
    status = 0
    with Writer(1) as out:
        for template in templates:
            status |= make(template, flags, out)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
