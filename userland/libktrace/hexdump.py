# SPDX-License-Identifier: BSD-2-Clause
"""Data in hexadecimal, as kdump -x and -X print it.  NetBSD usr.bin/kdump/kdump.c."""

from typing import Final

from kernel.sys.cdefs import LITTLE

# What the column of characters shows: printable ones, a dot for the others and for blanks.
_GRAPH: Final = bytes(c if 0x21 <= c <= 0x7E else 0x2E for c in range(256))


def _chars(data: bytes) -> str:
    return data.translate(_GRAPH).decode("ascii")


def dump_2003(data: bytes) -> str:
    """Return data as the kdump of 2003 dumps it, every line."""
    lines = []
    for at in range(0, len(data), 16):
        line = data[at : at + 16]
        left, right = line[:8].hex(" "), line[8:].hex(" ")
        lines.append(f"\t{at:03x}   {left:23}  {right:23} {_chars(line)}\n")
    return "".join(lines)


def _columns(line: bytes, word_size: int, byteorder: str) -> str:
    """Return the hexadecimal columns of a line of at most 16 bytes, with the blanks around."""
    if word_size == 1:
        return f" {line[:8].hex(' '):23}  {line[8:].hex(' '):23} "
    gap = "  " if word_size == 2 else "   "
    digits = 2 * word_size
    words = []
    for at in range(0, 16, word_size):
        word = line[at : at + word_size]
        if byteorder == LITTLE:
            words.append(word[::-1].hex().rjust(digits))
        else:
            words.append(word.hex().ljust(digits))
    return gap + gap.join(words) + "  "


def dump_10(data: bytes, word_size: int, byteorder: str) -> str:
    """Return data as NetBSD 10 dumps it, in words of 1, 2, 4, 8 or 16 bytes.

    Lines equal to the one above are left out: three stars stand for several,
    and for a single one a line without its hexadecimal part.
    """
    lines = []
    previous, repeats = None, 0
    blank = " " * len(_columns(b"", word_size, byteorder))
    for at in range(0, len(data), 16):
        line = data[at : at + 16]
        if line == previous and at + 16 < len(data):
            repeats += 1
            continue
        if repeats == 1:
            lines.append(f"\t{f'{at - 16:03x}':5}{blank}{_chars(previous or b'')}\n")
        elif repeats:
            lines.append("\t" + "*" * min(len(f"{at:3x}"), 5) + "\n")
        lines.append(f"\t{f'{at:03x}':5}{_columns(line, word_size, byteorder)}{_chars(line)}\n")
        previous, repeats = line, 0
    return "".join(lines)
