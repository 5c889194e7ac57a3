# SPDX-License-Identifier: BSD-2-Clause
"""link: call link(2).  NetBSD bin/ln/ln.c, by that name."""

import sys

from userland.libc import err, exit, write
from userland.libc import link as link_


def main(argv: list[str]) -> int:
    """Run link(1)."""
    args = argv[1:]
    if args[:1] == ["--"]:
        del args[0]
    if len(args) != 2:
        write(2, b"usage: link file1 file2\n")
        exit(1)
    try:
        link_(args[0], args[1])
    except OSError:
        err(1, args[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
