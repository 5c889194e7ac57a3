# SPDX-License-Identifier: BSD-2-Clause
"""comm: lines that two sorted files have in common.  NetBSD usr.bin/comm/comm.c."""

import sys
from typing import NoReturn

from userland.libc import Writer, exit, getopt, write
from userland.libc.inputs import lines_or_die


def usage() -> NoReturn:
    write(2, b"usage: comm [-123f] file1 file2\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run comm(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "123f")
    for option, _ in options:
        if option == "?":
            usage()
        flags.add(option)
    if len(args) != 2:
        usage()
    tabs = {"1": b"", "2": b"\t" if "1" not in flags else b""}
    tabs["3"] = b"\t" * sum(column not in flags for column in "12")
    fold = "f" in flags
    with Writer(1) as out:

        def show(column: str, line: bytes) -> None:
            if column not in flags:
                out.write(tabs[column] + line + b"\n")

        one, two = ((line.removesuffix(b"\n") for line in lines_or_die(name)) for name in args)
        left, right = next(one, None), next(two, None)
        while left is not None and right is not None:
            a, b = (left.lower(), right.lower()) if fold else (left, right)
            if a == b:
                show("3", left)
                left, right = next(one, None), next(two, None)
            elif a < b:
                show("1", left)
                left = next(one, None)
            else:
                show("2", right)
                right = next(two, None)
        while left is not None:
            show("1", left)
            left = next(one, None)
        while right is not None:
            show("2", right)
            right = next(two, None)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
