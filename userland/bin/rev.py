# SPDX-License-Identifier: BSD-2-Clause
"""rev: reverse each line.  NetBSD usr.bin/rev/rev.c."""

import sys
from typing import NoReturn

from userland.libc import Writer, exit, getopt, write
from userland.libc.inputs import Inputs


def usage() -> NoReturn:
    write(2, b"usage: rev [file ...]\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run rev(1)."""
    options, args = getopt(argv, "")
    if options:
        usage()
    inputs = Inputs(args)
    with Writer(1) as out:
        for line in inputs.lines():
            end = b"\n" if line.endswith(b"\n") else b""
            out.write(line.removesuffix(b"\n")[::-1] + end)
    return inputs.status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
