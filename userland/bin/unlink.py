# SPDX-License-Identifier: BSD-2-Clause
"""unlink: call unlink(2).  NetBSD bin/rm/rm.c, by that name, and usr.bin/unlink."""

import sys

from userland.libc import err, exit, write
from userland.libc import unlink as unlink_


def main(argv: list[str]) -> int:
    """Run unlink(1)."""
    args = argv[1:]
    if args[:1] == ["--"]:
        del args[0]
    if len(args) != 1 or (args is not argv and argv[1] != "--" and args[0].startswith("-")):
        write(2, b"usage: unlink file\n")
        exit(1)
    try:
        unlink_(args[0])
    except OSError:
        err(1, args[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
