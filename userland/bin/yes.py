# SPDX-License-Identifier: BSD-2-Clause
"""yes: write a line for ever.  NetBSD usr.bin/yes/yes.c."""

import sys

from userland.libc import BUFSIZ, Writer


def main(argv: list[str]) -> int:
    """Run yes(1)."""
    line = (" ".join(argv[1:]) or "y").encode("utf-8", "surrogateescape") + b"\n"
    block = line * max(BUFSIZ // len(line), 1)
    with Writer(1) as out:
        while True:
            out.write(block)
            out.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
