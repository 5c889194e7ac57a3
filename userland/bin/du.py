# SPDX-License-Identifier: BSD-2-Clause
"""du: tell how much room files take.  NetBSD usr.bin/du/du.c."""

import sys
from typing import NoReturn

from userland.libc import (
    S_BLKSIZE,
    Stat,
    Writer,
    exit,
    getopt,
    strtol,
    warnx,
    write,
)
from userland.libc.fts import (
    FTS_COMFOLLOW,
    FTS_D,
    FTS_DC,
    FTS_DNR,
    FTS_DP,
    FTS_ERR,
    FTS_LOGICAL,
    FTS_NS,
    FTS_PHYSICAL,
    FTS_XDEV,
    FTSENT,
    fts,
)
from userland.libc.humanize_number import getbsize, humanize_number

UNITS = {"g": 1 << 30, "k": 1 << 10, "m": 1 << 20}


def usage() -> NoReturn:
    write(2, b"usage: du [-H | -L | -P] [-a | -d depth | -s] [-cghikmnrx] [file ...]\n")
    exit(1)


class Usage:
    """What the options ask for, and what was counted so far."""

    def __init__(self, flags: set[str], out: Writer, depth: int, unit: int) -> None:
        self.flags = flags
        self.out = out
        self.depth = depth
        self.unit = unit
        self.seen: set[tuple[int, int]] = set()  # files with several names
        self.below: dict[FTSENT, int] = {}  # what is in a directory
        self.total = 0
        self.status = 0

    def measure(self, status: Stat) -> int:
        """Return what a file counts: blocks, or one (-n)."""
        return 1 if "n" in self.flags else status.st_blocks

    def show(self, amount: int, name: str) -> None:
        """Print an amount."""
        if "n" in self.flags:
            text = str(amount)
        elif "h" in self.flags:
            text = humanize_number(amount * S_BLKSIZE)
        else:
            text = str(-(-amount * S_BLKSIZE // self.unit))
        self.out.print(f"{text}\t{name}")

    def is_new(self, status: Stat) -> bool:
        """Tell whether a file was not met by another name."""
        if status.st_nlink < 2:
            return True
        key = (status.st_dev, status.st_ino)
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def visit(self, entry: FTSENT) -> None:
        """Count one file."""
        if entry.fts_info in {FTS_DNR, FTS_ERR, FTS_NS}:
            error = entry.fts_error
            self.out.flush()
            warnx(f"{entry.fts_path}: {error.strerror if error else ''}")
            self.status = 1
        if entry.fts_info in {FTS_D, FTS_DC, FTS_ERR, FTS_NS, FTS_DNR}:
            return
        if entry.fts_info == FTS_DP:
            amount = self.below.pop(entry, 0) + self.measure(entry.status)
            if entry.fts_level <= self.depth:
                self.show(amount, entry.fts_path)
        else:
            if not self.is_new(entry.status):
                return
            amount = self.measure(entry.status)
            if "a" in self.flags or not entry.fts_level:
                self.show(amount, entry.fts_path)
        if entry.fts_parent is None:
            self.total += amount
        else:
            self.below[entry.fts_parent] = self.below.get(entry.fts_parent, 0) + amount


def main(argv: list[str]) -> int:
    """Run du(1)."""
    flags: set[str] = set()
    how, depth, unit = FTS_PHYSICAL, sys.maxsize, 0
    options, args = getopt(argv, "HLPacd:ghikmnrsx")
    for option, value in options:
        if option == "?":
            usage()
        if option in UNITS:
            unit = UNITS[option]
            flags.discard("h")
        elif option == "d":
            if not value.isdecimal():
                warnx("invalid argument to option d: " + value)
                usage()
            depth = strtol(value)[0]
        flags.add(option)
    if len({"a", "d", "s"} & flags) > 1:
        usage()
    if "L" in flags:
        how = FTS_LOGICAL
    elif "H" in flags:
        how |= FTS_COMFOLLOW
    if "x" in flags:
        how |= FTS_XDEV
    if "s" in flags:
        depth = 0
    with Writer(1) as out:
        du = Usage(flags, out, depth, unit or getbsize().size)
        for entry in fts(args or ["."], how):
            du.visit(entry)
        if "c" in flags:
            du.show(du.total, "total")
    return du.status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
