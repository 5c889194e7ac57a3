# SPDX-License-Identifier: BSD-2-Clause
"""Numbers as C reads them, held within C's types however long they are.

NetBSD lib/libc/stdlib/strtol.c, atoi.c, common/lib/libc/stdlib/strtoi.c.
"""

import re
from typing import Final

__all__ = [
    "INT_MAX",
    "LONG_MAX",
    "LONG_MIN",
    "UINT_MAX",
    "ULONG_MAX",
    "atoi",
    "strtoi",
    "strtol",
    "strtoul",
]

INT_MAX: Final = (1 << 31) - 1
UINT_MAX: Final = (1 << 32) - 1
ULONG_MAX: Final = (1 << 64) - 1
LONG_MAX: Final = (1 << 63) - 1
LONG_MIN: Final = -1 << 63

_START: Final = re.compile(r"[ \t\n\v\f\r]*([+-]?)(0[xX](?=[0-9a-fA-F])|)")
_DIGITS: Final = {
    8: re.compile("[0-7]*"),
    10: re.compile("[0-9]*"),
    16: re.compile("[0-9a-fA-F]*"),
}
_MANY: Final = 40  # digits: more of them than a long has in any base


def _as_int(value: int) -> int:
    """Return value as an assignment to a C int leaves it."""
    return (value + 0x80000000) % 0x100000000 - 0x80000000


def _convert(text: str, base: int) -> tuple[int, str]:
    """Return the number that text starts with, or one that no type holds, and what follows it."""
    match = _START.match(text)
    start, prefix = (match.start(2), match[2]) if match else (0, "")
    if base == 0:
        base = 16 if prefix else 8 if text[start : start + 1] == "0" else 10
    if base == 16:
        start += len(prefix)
    found = _DIGITS[base].match(text, start)
    digits = found[0] if found else ""
    if not digits:
        return 0, text
    value = int(digits.lstrip("0")[:_MANY] or "0", base)
    return -value if match and match[1] == "-" else value, text[start + len(digits) :]


def strtol(text: str, base: int = 10) -> tuple[int, str]:
    """Return the number that text starts with, and what follows it: (0, text) if there is none.

    Args:
        text: blanks, a sign and digits.
        base: 8, 10, 16, or 0: as 0x or 0 before the number says.

    Returns:
        LONG_MAX or LONG_MIN for what a long cannot hold.
    """
    value, rest = _convert(text, base)
    return max(LONG_MIN, min(value, LONG_MAX)), rest


def strtoi(text: str, low: int, high: int, base: int = 10) -> int:
    """Return the number that text is, from low to high.

    Raises:
        ValueError: it is none, or outside.
    """
    value, rest = _convert(text, base)
    if rest or not text or not low <= value <= high:
        raise ValueError(text)
    return value


def strtoul(text: str) -> int:
    """Return the number text holds (decimal, 0x, octal; none is 0), as an int.

    Raises:
        ValueError: something follows the number.
    """
    value, rest = strtol(text, 0)
    if rest:
        raise ValueError(text)
    return _as_int(value)


def atoi(text: str) -> int:
    """Return the decimal number text starts with, 0 if it does not, as an int."""
    return _as_int(strtol(text)[0])
