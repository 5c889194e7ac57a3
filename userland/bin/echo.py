# SPDX-License-Identifier: BSD-2-Clause
"""echo: write arguments.  NetBSD bin/echo/echo.c."""

import sys

from userland.libc import Writer


def main(argv: list[str]) -> int:
    """Run echo(1): -n leaves the newline out; nothing else is special."""
    args = argv[1:]
    end = "\n"
    if args[:1] == ["-n"]:
        end = ""
        del args[0]
    data = (" ".join(args) + end).encode("utf-8", "surrogateescape")
    with Writer(1) as out:
        out.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
