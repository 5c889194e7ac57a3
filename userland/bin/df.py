# SPDX-License-Identifier: BSD-2-Clause
"""df: tell how much room file systems have.  NetBSD bin/df/df.c."""

import sys
from typing import NoReturn

from userland.libc import (
    MNT_IGNORE,
    MNT_LOCAL,
    Statvfs,
    Writer,
    errx,
    exit,
    getopt,
    getvfsstat,
    statvfs,
    warn,
    warnx,
    write,
)
from userland.libc.humanize_number import Blocks, getbsize, humanize_number

UNITS = {"g": Blocks("1G-blocks", 1 << 30), "k": Blocks("1K-blocks", 1 << 10)}
UNITS["m"] = Blocks("1M-blocks", 1 << 20)
NAME = 11  # columns of the first name, at least
BLOCKS = 12  # columns of a number of blocks
HUMAN = 10  # columns of a number with its unit


def usage() -> NoReturn:
    """Say how df is called, and end."""
    write(2, b"usage: df [-aghiklmnP] [-t type] [file | file_system ...]\n")
    exit(1)


def text(name: bytes) -> str:
    """Return a name of a file as Python has it."""
    return name.decode("utf-8", "surrogateescape")


def percent(part: int, whole: int) -> str:
    """Return how much of whole part is; of nothing it is all."""
    return str(part * 100 // whole) if whole else "100"


class Table:
    """What df prints."""

    def __init__(self, out: Writer, flags: str, states: list[Statvfs]) -> None:
        self.out = out
        self.flags = flags
        self.width = max([NAME, *(len(state.f_mntfromname) for state in states)])
        units = [UNITS[flag] for flag in flags if flag in UNITS]
        self.blocks = units[-1] if units else getbsize()
        self.header()

    def header(self) -> None:
        """Print the titles of the columns."""
        if "P" in self.flags:
            title = f"{self.blocks.size}-blocks"
            self.out.print(f"Filesystem {title} Used Available Capacity Mounted on")
            return
        title, columns = self.blocks.header, BLOCKS
        if "h" in self.flags:
            title, columns = "Size", HUMAN
        line = f"{'Filesystem':{self.width}} {title:>{columns}} "
        line += f"{'Used':>{columns}} {'Avail':>{columns}} %Cap"
        if "i" in self.flags:
            line += f" {'iUsed':>8} {'iAvail':>8} %iCap"
        self.out.print(line + " Mounted on")

    def row(self, state: Statvfs) -> None:
        """Print what there is of state."""
        used = state.f_blocks - state.f_bfree
        amounts = [blocks * state.f_frsize for blocks in (state.f_blocks, used, state.f_bavail)]
        capacity = percent(used, state.f_bavail + used)
        origin, on = text(state.f_mntfromname), text(state.f_mntonname)
        numbers = [str(amount // self.blocks.size) for amount in amounts]
        if "P" in self.flags:
            self.out.print(f"{origin} {' '.join(numbers)} {capacity}% {on}")
            return
        columns = BLOCKS
        if "h" in self.flags:
            numbers, columns = [humanize_number(amount) for amount in amounts], HUMAN
        line = f"{origin:{self.width}}" + "".join(f" {word:>{columns}}" for word in numbers)
        line += f" {capacity:>3}%"
        if "i" in self.flags:
            taken = state.f_files - state.f_ffree
            full = percent(taken, state.f_files) if state.f_files or taken else "0"
            line += f" {taken:>8} {state.f_ffree:>8} {full:>4}%"
        self.out.print(f"{line} {on}")


def by_name(name: str) -> Statvfs | None:
    """Return the state of the file system of a file, or of the one that is mounted from name."""
    try:
        return statvfs(name)
    except OSError:
        for state in getvfsstat():
            if text(state.f_mntfromname) == name:
                return state
        warn(name)
        return None


def main(argv: list[str]) -> int:
    """Run df(1)."""
    flags, kinds, status = "", "", 0
    options, args = getopt(argv, "aghiklmnPt:")
    for option, value in options:
        if option == "?":
            usage()
        if option == "t":
            if kinds:
                errx(1, "only one -t option may be specified.")
            kinds = value
        flags += option
    if "P" in flags and "h" in flags:
        errx(1, "-h and -i are incompatible with -P")
    if "P" in flags and "i" in flags:
        errx(1, "-h and -i are incompatible with -P")
    wanted = kinds.removeprefix("no").split(",")

    def chosen(state: Statvfs) -> bool:
        return not kinds or (text(state.f_fstypename) in wanted) != kinds.startswith("no")

    states = []
    for name in args:
        state = by_name(name)
        if state is None:
            status = 1
        elif "l" in flags and not state.f_flag & MNT_LOCAL:
            warnx(f"Warning: {name} is not a local file system")
        elif not chosen(state):
            kind = text(state.f_fstypename)
            warnx(f"Warning: {name} mounted as a {kind} file system")
        else:
            states.append(state)
    if not args:
        hidden = 0 if "a" in flags else MNT_IGNORE
        local = MNT_LOCAL if "l" in flags else 0
        shown = [state for state in getvfsstat() if not state.f_flag & hidden]
        states = [state for state in shown if state.f_flag & local == local and chosen(state)]
    if states:
        with Writer(1) as out:
            table = Table(out, flags, states)
            for state in states:
                table.row(state)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
