# SPDX-License-Identifier: BSD-2-Clause
"""vis: show what cannot be seen.  NetBSD usr.bin/vis/vis.c."""

import sys
from typing import NoReturn

from userland.libc import (
    Writer,
    atoi,
    errx,
    exit,
    getopt,
    write,
)
from userland.libc.inputs import Inputs, slurp
from userland.libc.vis import (
    VIS_CSTYLE,
    VIS_HTTPSTYLE,
    VIS_MIMESTYLE,
    VIS_NOSLASH,
    VIS_OCTAL,
    VIS_SAFE,
    VIS_TAB,
    VIS_WHITE,
    vis,
)

STYLES = {
    "b": VIS_NOSLASH,
    "c": VIS_CSTYLE,
    "h": VIS_HTTPSTYLE,
    "m": VIS_MIMESTYLE,
    "o": VIS_OCTAL,
    "s": VIS_SAFE,
    "t": VIS_TAB,
    "w": VIS_WHITE,
}


def usage() -> NoReturn:
    write(2, b"Usage: vis [-bcfhlmnostw] [-e extra] [-F foldwidth] [file ...]\n")
    exit(1)


class Vis:
    """What the options ask for, and the column."""

    def __init__(self, out: Writer) -> None:
        self.out = out
        self.style = 0
        self.extra = b""
        self.fold = 0  # columns; 0: lines are not folded
        self.mark_ends = self.plain = False
        self.column = 0

    def code(self, data: bytes, at: int) -> bytes:
        """Return how one byte is shown."""
        byte = data[at]
        if self.plain:
            return b"\\\\" if byte == 0x5C else bytes((byte,))
        if self.mark_ends and byte == 0x0A:
            return b"$\n" if self.style & VIS_NOSLASH else b"\\$\n"
        following = data[at + 1] if at + 1 < len(data) else 0
        return vis(byte, self.style, following, self.extra)

    def file(self, _name: str, fd: int) -> None:
        """Show one file."""
        data, last = slurp(fd), b"\n"
        for at in range(len(data)):
            last = self.code(data, at)
            if self.fold and self.is_over(last):
                self.out.write(self.hidden_newline())
                self.column = 0
                self.is_over(last)
            self.out.write(last)
        if self.fold and not last.endswith(b"\n"):
            self.out.write(self.hidden_newline())

    def hidden_newline(self) -> bytes:
        return b"=\n" if self.style & VIS_MIMESTYLE else b"\\\n"

    def is_over(self, text: bytes) -> bool:
        """Move over text; tell whether it does not fit."""
        for byte in text:
            if byte in b"\n\r":
                self.column = 0
            elif byte == 0x09:
                self.column = (self.column + 8) & ~7
            elif byte == 0x08:
                self.column = max(self.column - 1, 0)
            else:
                self.column += 1
            if self.column > self.fold - 2:
                return True
        return False


def main(argv: list[str]) -> int:
    """Run vis(1)."""
    options, args = getopt(argv, "bce:F:fhlmnostw")
    with Writer(1) as out:
        shower = Vis(out)
        width, folds = 80, False
        for option, value in options:
            if option in STYLES:
                shower.style |= STYLES[option]
            elif option == "e":
                shower.extra = value.encode("utf-8", "surrogateescape")
            elif option == "F":
                width = atoi(value)
                if width < 5:
                    errx(1, "can't fold lines to less than 5 cols")
                shower.mark_ends = True
            elif option == "f":
                folds = True
            elif option == "l":
                shower.mark_ends = True
            elif option == "n":
                shower.plain = True
            else:
                usage()
        both = VIS_HTTPSTYLE | VIS_MIMESTYLE
        if shower.style & both == both:
            errx(1, "Can't specify -m and -h at the same time")
        if shower.style & VIS_MIMESTYLE and width == 80:
            width = 76
        shower.fold = width if folds else 0
        return Inputs(args).each(shower.file)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
