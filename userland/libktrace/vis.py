# SPDX-License-Identifier: BSD-2-Clause
r"""Data made visible, and folded at the edge of the screen.  NetBSD lib/libc/gen/vis.c.

Text is str in which each character is one byte (latin-1).  While it is being
folded, the second and further characters of an escape such as \M-a are moved
up by 0x100: no line may break in front of one of those.
"""

import re
from typing import Final

_MARK: Final = 0x100
_CONTINUED: Final = chr(_MARK)  # not less than this: inside an escape
_C_ESCAPES: Final = {0: "0", 7: "a", 8: "b", 10: "n", 11: "v", 12: "f", 13: "r"}


def _vis(byte: int) -> str:
    """Encode one byte as vis(3) does with VIS_CSTYLE; the NUL as if no digit followed."""
    if byte in _C_ESCAPES:
        return "\\" + _C_ESCAPES[byte]
    if chr(byte) in '"\\':
        return "\\" + chr(byte)
    if byte == 0xA0:
        return "\\240"
    meta, low = byte & 0x80, byte & 0x7F
    if low < 0x20 or low == 0x7F:
        return ("\\M^" if meta else "\\^") + chr(low ^ 0x40)
    return "\\M-" + chr(low) if meta else chr(byte)


def _marked(escape: str) -> str:
    return escape[0] + "".join(chr(ord(c) + _MARK) for c in escape[1:])


def _plain(text: str) -> str:
    """Undo _marked."""
    if text.isascii():
        return text
    return text.encode("utf-16-le")[::2].decode("latin-1")


# How each byte is shown; a tab as it is, for how wide it is depends on where it stands.
VIS: Final = [chr(byte) if byte == 9 else _marked(_vis(byte)) for byte in range(256)]
VIS_NEWLINE: Final = [*VIS[:10], "\n", *VIS[11:]]  # newlines end a line of the output
_NUL: Final = VIS[0]
_NUL_BEFORE_DIGIT: Final = re.compile(re.escape(_NUL) + "(?=[0-7])")
_NUL_OCTAL: Final = _marked("\\000")


class Folder:
    """Prints data as kdump shows it, folded for one screen."""

    def __init__(self, screen: int, *, era_2003: bool) -> None:
        """Fold for a screen of so many columns.

        In 2003 a tab that did not fit stayed as wide on its new line as it
        would have been on the old one; today it is 8 wide there.
        """
        self._limit = screen - 2
        self._tab_restarts = not era_2003
        shown = VIS_NEWLINE if era_2003 else VIS
        self.bytes = [_plain(text).encode("ascii") for text in shown]  # each as it is shown
        self._shown = shown
        self._plain = re.compile(rb"[ !#-\[\]-~]*").fullmatch

    def show(self, data: bytes, column: int) -> str:
        """Return data in double quotes, a newline after them; it starts at column."""
        column += 1
        text = data.decode("latin-1")
        if not self._plain(data):
            text = text.translate(self._shown)
            if _NUL in text:
                text = _NUL_BEFORE_DIGIT.sub(lambda _: _NUL_OCTAL, text)
        if column + len(text) <= self._limit and "\t" not in text and "\n" not in text:
            return f'"{_plain(text)}"\n'
        lines = text.split("\n")
        shown: list[str] = []
        for number, line in enumerate(lines):
            if number:
                shown.append("\n")
                if not line and number == len(lines) - 1:
                    shown.append("       ")
                    break
                shown.append("\t")
                column = 8
            self._line(line, column, shown)
        return f'"{_plain("".join(shown))}"\n'

    def _line(self, line: str, column: int, out: list[str]) -> None:
        """Append one line, with its tabs, from column on."""
        first, *others = line.split("\t")
        column = self._fold(first, column, out)
        for part in others:
            width = 8 - (column & 7)
            if column + width > self._limit:
                out.append("\\\n\t")
                column = 8
                if self._tab_restarts:
                    width = 8
            out.append("\t")
            column = self._fold(part, column + width, out)

    def _fold(self, text: str, column: int, out: list[str]) -> int:
        """Append text without tabs; return the column after it."""
        at, end, limit = 0, len(text), self._limit
        least = 0  # after a fold a piece is shown in any case
        while at < end and end - at > limit - column:
            stop = max(at, at + limit - column)
            while text[stop] >= _CONTINUED:
                stop -= 1
            stop = max(stop, least)
            out.append(text[at:stop])
            if stop == end:
                return column + end - at
            out.append("\\\n\t")
            column = 8
            at = stop
            least = at + 1
            while least < end and text[least] >= _CONTINUED:
                least += 1
        out.append(text[at:])
        return column + end - at


# How vis(3) shows a byte with VIS_NL, VIS_TAB and VIS_CSTYLE: quotes need no backslash.
_IN_A_LINE: Final = [{9: "\\t", 34: '"'}.get(byte) or _vis(byte) for byte in range(256)]


def vis_line(data: bytes, count: int, column: int, screen: int) -> str:
    """Return as much of count bytes of data as a line holds from column on, a quote after it."""
    shown: list[str] = []
    for at, byte in enumerate(data[:count]):
        piece = _IN_A_LINE[byte]
        if not byte and data[at + 1 : at + 2] in _OCTAL:
            piece = "\\000"
        if column + len(piece) + 2 >= screen:
            break
        shown.append(piece)
        column += len(piece)
        if column + 2 >= screen:
            break
    return "".join(shown)


_OCTAL: Final = frozenset(bytes([digit]) for digit in b"01234567")
