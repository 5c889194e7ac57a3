# SPDX-License-Identifier: BSD-2-Clause
"""wc: count lines, words and bytes.  NetBSD usr.bin/wc/wc.c."""

import sys
from typing import NoReturn

from userland.libc import O_RDONLY, Writer, close, exit, getopt, open, warn, write
from userland.libc.fgetln import blocks


def usage() -> NoReturn:
    write(2, b"usage: wc [-c | -m] [-Llw] [file ...]\n")
    exit(1)


class Counts:
    """Lines, words, bytes, characters and the longest line."""

    def __init__(self) -> None:
        self.l = self.w = self.c = self.m = self.L = 0  # the options' letters

    def read(self, fd: int) -> None:
        """Count what fd gives."""
        in_word = False
        column = 0
        for data in blocks(fd):
            self.c += len(data)
            self.m += sum(byte & 0xC0 != 0x80 for byte in data)
            self.l += data.count(b"\n")
            words = len(data.split())
            if words and in_word and not data[:1].isspace():
                words -= 1
            self.w += words
            in_word = not data[-1:].isspace()
            first, *rest = data.split(b"\n")
            column += len(first)
            self.L = max(self.L, column, *(len(line) for line in rest), 0)
            if rest:
                column = len(rest[-1])

    def add(self, other: "Counts") -> None:
        """Add another file's counts."""
        self.l, self.w, self.c, self.m = (
            self.l + other.l,
            self.w + other.w,
            self.c + other.c,
            self.m + other.m,
        )
        self.L = max(self.L, other.L)

    def line(self, flags: str, name: str) -> str:
        """Return the counts that flags ask for, and the name."""
        shown = "".join(f" {getattr(self, flag):7d}" for flag in "lwcmL" if flag in flags)
        return f"{shown} {name}" if name else shown


def main(argv: list[str]) -> int:
    """Run wc(1)."""
    flags = ""
    options, args = getopt(argv, "lwcmL")
    for option, _ in options:
        if option == "?":
            usage()
        flags = flags.translate({ord("c"): None, ord("m"): None}) if option in "cm" else flags
        flags += option
    flags = flags or "lwc"
    status = 0
    total = Counts()
    with Writer(1) as out:
        for name in args or [""]:
            counts = Counts()
            try:
                fd = open(name, O_RDONLY) if name else 0
                counts.read(fd)
                if fd:
                    close(fd)
            except OSError:
                warn(name or "stdin")
                status = 1
                continue
            out.print(counts.line(flags, name))
            total.add(counts)
        if len(args) > 1:
            out.print(total.line(flags, "total"))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
