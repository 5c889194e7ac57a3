# SPDX-License-Identifier: BSD-2-Clause
"""pr: print files page by page.  NetBSD usr.bin/pr/pr.c."""

import re
import sys
from collections.abc import Iterator
from typing import NoReturn

from userland.libc import (
    INT_MAX,
    O_RDONLY,
    Writer,
    atoi,
    close,
    errx,
    exit,
    fgetln,
    fstat,
    getopt,
    gettimeofday,
    malloc,
    open,
    strtoi,
    warn,
    write,
)
from userland.libc.strftime import strftime

NS = 10**9
LINES, WIDTH = 66, 72
HEAD = TAIL = 5  # lines
USAGE = b"""\
usage: pr [+page] [-col] [-adFfmrt] [-e[ch][gap]] [-h header]
          [-i[ch][gap]] [-l line] [-n[ch][width]] [-o offset]
          [-s[ch]] [-T timefmt] [-w width] [-] [file ...]
"""


def usage() -> NoReturn:
    write(2, USAGE)
    exit(1)


class Pr:
    """What the options ask for."""

    def __init__(self, out: Writer) -> None:
        self.out = out
        self.status = 0
        self.first = 1  # page
        self.columns = 1
        self.length = LINES
        self.width = WIDTH
        self.offset = 0
        self.header: str | None = None
        self.separator: bytes | None = None
        self.expand = 0  # columns of a tab
        self.tab = b"\t"
        self.number: tuple[bytes, int] | None = None
        self.timefmt = "%b %e %H:%M %Y"
        self.across = self.double = self.formfeed = self.merge = False
        self.quiet = self.bare = False

    def lines(self, name: str) -> tuple[list[bytes], str, int]:
        """Return the lines of a file, its name for the header and its time in seconds.

        Raises:
            OSError: it cannot be read.
        """
        fd = 0 if name == "-" else open(name, O_RDONLY)
        when = gettimeofday().ns if name == "-" else fstat(fd).st_mtim
        found = [self.cooked(line.removesuffix(b"\n")) for line in fgetln(fd)]
        if fd:
            close(fd)
        return found, "" if name == "-" else name, when // NS

    def cooked(self, line: bytes) -> bytes:
        if not self.expand:
            return line
        return line.replace(self.tab, b"\t").expandtabs(self.expand)

    def body(self) -> int:
        """Lines of a page without head and tail."""
        lines = self.length if self.is_bare() else self.length - HEAD - TAIL
        return max(lines // 2 if self.double else lines, 1)

    def is_bare(self) -> bool:
        return self.bare or self.length <= HEAD + TAIL

    def numbered(self, lines: list[bytes]) -> list[bytes]:
        if self.number is None:
            return lines
        mark, width = self.number
        return [b"%*d%s%s" % (width, at, mark, line) for at, line in enumerate(lines, 1)]

    def rows(self, cells: list[bytes]) -> Iterator[list[bytes]]:
        """Yield the lines of a page, each made of the cells beside each other."""
        if self.across:
            for at in range(0, len(cells), self.columns):
                yield cells[at : at + self.columns]
            return
        height = (
            -(-len(cells) // self.columns)
            if len(cells) < self.body() * self.columns
            else self.body()
        )
        for row in range(height):
            yield cells[row::height] if height else []

    def joined(self, row: list[bytes], columns: int) -> bytes:
        """Return cells as one line."""
        if columns == 1:
            return row[0] if row else b""
        if self.separator is not None:
            return self.separator.join(row)
        width = self.width // columns
        cells = [cell[: width - 1].ljust(width) for cell in row]
        return b"".join(cells).rstrip(b" ")

    def page(self, rows: list[bytes], name: str, when: int, number: int) -> None:
        """Write a page."""
        if number < self.first:
            return
        margin = b" " * self.offset
        if not self.is_bare():
            title = self.header if self.header is not None else name
            head = f"{strftime(self.timefmt, when)} {title} Page {number}"
            self.out.write(b"\n\n" + margin + head.encode("utf-8", "surrogateescape") + b"\n\n\n")
        for row in rows:
            self.out.write((margin + row if row else b"") + (b"\n\n" if self.double else b"\n"))
        if self.is_bare():
            return
        if self.formfeed:
            self.out.write(b"\f")
        else:
            left = (self.body() - len(rows)) * (2 if self.double else 1) + TAIL
            while left:
                lines = min(left, LINES)
                self.out.write(b"\n" * lines)
                left -= lines

    def file(self, name: str) -> None:
        """Print one file."""
        lines, shown, when = self.lines(name)
        lines = self.numbered(lines)
        size = self.body() * self.columns
        for at in range(0, len(lines), size):
            rows = [self.joined(row, self.columns) for row in self.rows(lines[at : at + size])]
            self.page(rows, shown, when, at // size + 1)

    def merged(self, names: list[str]) -> None:
        """Print files beside each other."""
        files = [self.lines(name)[0] for name in names]
        count = max(len(lines) for lines in files)
        rows = [
            self.joined([lines[at] if at < len(lines) else b"" for lines in files], len(files))
            for at in range(count)
        ]
        rows = self.numbered(rows)
        when = gettimeofday().ns // NS
        size = self.body()
        for at in range(0, len(rows), size):
            self.page(rows[at : at + size], "", when, at // size + 1)

    def complain(self, name: str) -> None:
        if not self.quiet:
            self.out.flush()
            warn(name)
        self.status = 1


def number(text: str, what: str, least: int = 1) -> int:
    try:
        return strtoi(text, least, INT_MAX)
    except ValueError:
        errx(1, f"{what} must be {'a positive number' if least else 'positive'}: {text}")


def room(text: str, what: str, least: int) -> int:
    """Return a number of columns that lines can have."""
    columns = number(text, what, least)
    try:
        malloc(columns)
    except OSError:
        errx(1, "memory allocation failed")
    return columns


def gap(text: str, what: str, default: bytes, columns: str) -> tuple[bytes, int]:
    """Return the character and the number of -e and -n."""
    match = re.fullmatch(r"(\D?)(\d*)", text)
    if match is None:
        usage()
    mark = match[1].encode("utf-8", "surrogateescape") or default
    return mark, room(match[2] or columns, what, 0)


def main(argv: list[str]) -> int:
    """Run pr(1)."""
    columns = ""
    words = [argv[0]]
    first = 1
    for at, word in enumerate(argv[1:], 1):
        if re.fullmatch(r"\+\d+", word):
            first = max(atoi(word[1:]), 1)
        elif not word.startswith("-") or word in {"-", "--"}:
            words += argv[at:]
            break
        else:
            words.append(word)
    options, args = getopt(words, "0123456789ade::Ffh:i::l:mn::o:prs::tT:w:")
    with Writer(1) as out:
        pr = Pr(out)
        pr.first = first
        for option, value in options:
            if option == "?":
                usage()
            if option.isdecimal():
                columns += option
            elif option == "e":
                pr.tab, pr.expand = gap(value, "-e gap", b"\t", "8")
            elif option == "h":
                pr.header = value
            elif option == "l":
                pr.length = number(value, "number of lines")
            elif option == "n":
                pr.number = gap(value, "-n width", b"\t", "5")
            elif option == "o":
                pr.offset = room(value, "offset", 0)
            elif option == "s":
                pr.separator = value.encode("utf-8", "surrogateescape")[:1] or b"\t"
            elif option == "T":
                pr.timefmt = value
            elif option == "w":
                pr.width = room(value, "width", 1)
            pr.across |= option == "a"
            pr.double |= option == "d"
            pr.formfeed |= option in {"f", "F"}
            pr.merge |= option == "m"
            pr.quiet |= option == "r"
            pr.bare |= option == "t"
        pr.columns = number(columns, "number of columns") if columns else 1
        if pr.merge and (columns or pr.across):
            errx(
                1,
                "-m cannot be used with -a"
                if pr.across
                else "-m cannot be used with multiple columns",
            )
        if pr.merge and args:
            try:
                pr.merged(args)
            except OSError as exc:
                pr.complain(str(exc.filename or args[0]))
            return pr.status
        for name in args or ["-"]:
            try:
                pr.file(name)
            except OSError:
                pr.complain(name)
    return pr.status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
