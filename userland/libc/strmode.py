# SPDX-License-Identifier: BSD-2-Clause
"""A file's mode as ls(1) shows it: strmode(3).  NetBSD lib/libc/string/strmode.c."""

from typing import Final

_TYPES: Final = {1: "p", 2: "c", 4: "d", 6: "b", 8: "-", 10: "l", 12: "s", 14: "w"}


def strmode(mode: int) -> str:
    """Return ten characters for type and permissions, and a blank."""
    text = _TYPES.get(mode >> 12 & 0o17, "?")
    for shift, special, letter in ((6, 0o4000, "s"), (3, 0o2000, "s"), (0, 0o1000, "t")):
        bits = mode >> shift
        execute = "x" if bits & 1 else "-"
        if mode & special:
            execute = letter if bits & 1 else letter.upper()
        text += ("r" if bits & 4 else "-") + ("w" if bits & 2 else "-") + execute
    return text + " "
