# SPDX-License-Identifier: BSD-2-Clause
"""The options of builtins.  NetBSD bin/sh/options.c (nextopt)."""

from userland.libc import include as libc
from userland.sh.error import ShellError


def nextopts(argv: list[str], optstring: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return a builtin's options, each with its value or "", and its operands (nextopt).

    Raises:
        ShellError: an option is not known, or lacks its value.
    """
    options, args = libc.getopt(argv, f":{optstring}")
    for letter, value in options:
        if letter == "?":
            raise ShellError(f"Unknown option -{value}")
        if letter == ":":
            raise ShellError(f"No arg for -{value} option")
    return options, args
