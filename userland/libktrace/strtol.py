# SPDX-License-Identifier: BSD-2-Clause
"""Numbers as C reads them from the command line.  NetBSD lib/libc/stdlib/strtol.c, atoi.c."""

import re
from typing import Final

_STRTOUL: Final = re.compile(
    r"[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*|)", re.ASCII
)
_ATOI: Final = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]+)", re.ASCII)


def _as_int(value: int) -> int:
    """Return value as an assignment to a C int leaves it."""
    return (value + 0x80000000) % 0x100000000 - 0x80000000


def strtoul(text: str) -> int:
    """Return the number text holds (decimal, 0x, octal; none is 0), as an int.

    Raises:
        ValueError: something follows the number.
    """
    match = _STRTOUL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    sign, digits = match.groups()
    base = 16 if digits[:2].lower() == "0x" else 8 if digits[:1] == "0" else 10
    value = int(digits or "0", base)
    return _as_int(-value if sign == "-" else value)


def atoi(text: str) -> int:
    """Return the decimal number text starts with, 0 if it does not, as an int."""
    match = _ATOI.match(text)
    return _as_int(int(match[1])) if match else 0
