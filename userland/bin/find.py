# SPDX-License-Identifier: BSD-2-Clause
"""find: walk a file hierarchy.  NetBSD usr.bin/find/main.c."""

import sys
from typing import NoReturn

from userland.find.find import Find
from userland.find.operator import Plan
from userland.libc import Writer, exit, getopt, write
from userland.libc.fts import FTS_COMFOLLOW, FTS_LOGICAL, FTS_PHYSICAL, FTS_XDEV


def usage() -> NoReturn:
    write(2, b"usage: find [-H | -L | -P] [-dEhsXx] [-f file] file [file ...] [expression]\n")
    exit(1)


def split(argv: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the options, the files and the expression of a command line."""
    at = 1
    while at < len(argv) and len(argv[at]) > 1 and argv[at][0] == "-":
        if argv[at] == "--":
            at += 1
            break
        if not set(argv[at][1:]) <= set("dEfHhLPsXx") or argv[at] == "-depth":
            break
        at += 2 if argv[at].endswith("f") else 1
    end = at
    while end < len(argv) and argv[end][:1] != "-" and argv[end] not in {"!", "("}:
        end += 1
    return argv[:at], argv[at:end], argv[end:]


def main(argv: list[str]) -> int:
    """Run find(1)."""
    words, paths, expression = split(argv)
    named: list[str] = []
    with Writer(1) as out:
        find = Find(out)
        for option, value in getopt(words, "dEf:HhLPsXx")[0]:
            if option == "?":
                usage()
            if option == "f":
                named.append(value)
            elif option == "H":
                find.options |= FTS_COMFOLLOW
            elif option in {"L", "h"}:
                find.options = find.options & ~(FTS_COMFOLLOW | FTS_PHYSICAL) | FTS_LOGICAL
            elif option == "P":
                find.options = find.options & ~(FTS_COMFOLLOW | FTS_LOGICAL) | FTS_PHYSICAL
            elif option == "x":
                find.options |= FTS_XDEV
            else:
                find.depth |= option == "d"
                find.sorted |= option == "s"
                find.xargs |= option == "X"
                find.extended |= option == "E"
        if not named + paths:
            usage()
        return find.walk(named + paths, Plan(find, expression).form())


if __name__ == "__main__":
    sys.exit(main(sys.argv))
