# SPDX-License-Identifier: BSD-2-Clause
"""Lists of tab stops, as expand(1) and unexpand(1) read them.  NetBSD usr.bin/expand/expand.c."""

import re

from userland.libc.err import errx
from userland.libc.strto import INT_MAX, strtoi


def old_style(argv: list[str]) -> list[str]:
    """Turn -N and -N,N into -t N,N."""
    return [
        argv[0],
        *(f"-t{arg[1:]}" if re.fullmatch(r"-\d[\d,]*", arg) else arg for arg in argv[1:]),
    ]


def getstops(text: str) -> list[int]:
    """Return the columns of a list of tab stops; a single one is the distance of all.

    Raises:
        SystemExit: it is no list.
    """
    stops: list[int] = []
    for word in re.split(r"[, \t]+", text.strip()):
        try:
            stops.append(strtoi(word, stops[-1] + 1 if stops else 1, INT_MAX))
        except ValueError:
            errx(1, "bad tab stop spec")
    return stops
