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
_NUL_OCTAL: Final = "\uffff"  # a NUL with an octal digit after it
_NUL_BEFORE_DIGIT: Final = re.compile("\0(?=[0-7])")
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


_SPECIAL: Final = [byte for byte in range(256) if _vis(byte) != chr(byte) and byte != 9]
VIS: Final = {byte: _marked(_vis(byte)) for byte in _SPECIAL} | {0xFFFF: _marked("\\000")}
VIS_NEWLINE: Final = {code: text for code, text in VIS.items() if code != 10}  # left as it is


class Folder:
    """Prints data as kdump shows it, folded for one screen.

    Attributes:
        table: VIS, or VIS_NEWLINE where newlines end a line of the output.
        tab_restarts: a tab that did not fit is 8 wide on its new line; in 2003
            it stayed as wide as it would have been on the old one.
    """

    def __init__(self, screen: int, *, era_2003: bool) -> None:
        """Fold for a screen of so many columns."""
        self._limit = screen - 2
        self._tab_restarts = not era_2003
        self._table = VIS_NEWLINE if era_2003 else VIS
        plain = r"[ !#-\[\]-~]*"
        self._plain = re.compile(plain, re.ASCII).fullmatch

    def show(self, data: bytes, column: int) -> str:
        """Return data in double quotes, a newline after them; it starts at column."""
        text = data.decode("latin-1")
        column += 1
        if self._plain(text):
            if column + len(text) <= self._limit:
                return f'"{text}"\n'
            out: list[str] = []
            self._fold(text, column, out)
            return f'"{"".join(out)}"\n'
        text = _NUL_BEFORE_DIGIT.sub(_NUL_OCTAL, text).translate(self._table)
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
        visible = "".join(shown).encode("utf-16-le")[::2].decode("latin-1")
        return f'"{visible}"\n'

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
