# SPDX-License-Identifier: BSD-2-Clause
"""chmod: change file modes.  NetBSD bin/chmod/chmod.c."""

import re
import sys
from typing import NoReturn

from userland.libc import Writer, errx, exit, getmode, getopt, lchmod, setmode, warn, warnx, write
from userland.libc import chmod as chmod_
from userland.libc.fts import (
    FTS_COMFOLLOW,
    FTS_D,
    FTS_DC,
    FTS_DP,
    FTS_LOGICAL,
    FTS_PHYSICAL,
    FTS_SL,
    FTS_SLNONE,
    FTSENT,
    fts,
)
from userland.libc.setmode import Bitcmd


def usage() -> NoReturn:
    write(2, b"usage: chmod [-R [-H | -L | -P]] [-fhv] mode file ...\n")
    exit(1)


def split_mode(argv: list[str]) -> list[str]:
    """Have a mode that begins with a minus sign not be taken for options."""
    for at, word in enumerate(argv[1:], 1):
        if word == "--" or not word.startswith("-"):
            break
        if re.match(r"-[rwxXstugo]", word):
            return [*argv[:at], "--", *argv[at:]]
    return argv


def main(argv: list[str]) -> int:
    """Run chmod(1)."""
    flags: set[str] = set()
    options, args = getopt(split_mode(argv), "HLPRfhv")
    for option, _ in options:
        if option == "?":
            usage()
        if option in {"H", "L", "P"}:
            flags -= {"H", "L", "P"}
        flags.add(option)
    if len(args) < 2:
        usage()
    try:
        change = setmode(args[0])
    except OSError:
        errx(1, f"invalid file mode: {args[0]}")
    how = FTS_LOGICAL
    if "R" in flags:
        how = FTS_LOGICAL if "L" in flags else FTS_PHYSICAL
        if "H" in flags:
            how |= FTS_COMFOLLOW
    elif "h" in flags:
        how = FTS_PHYSICAL
    status = 0
    with Writer(1) as out:
        for entry in fts(args[1:], how):
            if entry.fts_error is not None:
                warnx(f"{entry.fts_path}: {entry.fts_error.strerror}")
                status = 1
            elif is_wanted(entry, flags):
                status |= change_one(entry, change, flags, out)
    return status


def is_wanted(entry: FTSENT, flags: set[str]) -> bool:
    """Tell whether a file's mode is to change now; directories with -R change last."""
    if entry.fts_info == FTS_D:
        entry.skip = "R" not in flags
        return entry.skip
    if entry.fts_info == FTS_DP:
        return "R" in flags
    return entry.fts_info not in {FTS_SL, FTS_SLNONE, FTS_DC} or "h" in flags


def change_one(entry: FTSENT, change: tuple[Bitcmd, ...], flags: set[str], out: Writer) -> int:
    """Change one file's mode; return 0, or 1 after a message."""
    mode = getmode(change, entry.status.st_mode)
    try:
        (lchmod if "h" in flags else chmod_)(entry.fts_path, mode & 0o7777)
    except OSError:
        if "f" in flags:
            return 0
        warn(entry.fts_path)
        return 1
    if "v" in flags:
        out.print(entry.fts_path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
