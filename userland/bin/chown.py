# SPDX-License-Identifier: BSD-2-Clause
"""chown: change file owner and group; as chgrp, the group.  NetBSD usr.sbin/chown/chown.c."""

import sys
from typing import NoReturn

from userland.libc import (
    UINT_MAX,
    Writer,
    errx,
    exit,
    getgrnam,
    getopt,
    getpwnam,
    lchown,
    strtoi,
    warn,
    warnx,
    write,
)
from userland.libc import chown as chown_
from userland.libc.fts import (
    FTS_COMFOLLOW,
    FTS_D,
    FTS_DP,
    FTS_LOGICAL,
    FTS_PHYSICAL,
    FTS_SL,
    FTS_SLNONE,
    FTSENT,
    fts,
)

UNCHANGED = 0xFFFFFFFF  # (uid_t)-1


def usage(program: str) -> NoReturn:
    operand = "group" if program == "chgrp" else "[owner][:group]"
    text = f"usage: {program} [-R [-H | -L | -P]] [-fhv] {operand} file ...\n"
    write(2, text.encode())
    exit(1)


def a_gid(text: str) -> int:
    if not text:
        return UNCHANGED
    group = getgrnam(text)
    if group is not None:
        return group.gr_gid
    return number(text, "group")


def a_uid(text: str) -> int:
    if not text:
        return UNCHANGED
    user = getpwnam(text)
    if user is not None:
        return user.pw_uid
    return number(text, "user")


def number(text: str, kind: str) -> int:
    try:
        return strtoi(text, 0, UINT_MAX)
    except ValueError:
        errx(1, f"{text}: invalid {kind} name")


def owners(text: str, program: str) -> tuple[int, int]:
    """Return the ids that an operand names; UNCHANGED for what it leaves out."""
    if program == "chgrp":
        return UNCHANGED, a_gid(text)
    if ":" in text:
        owner, _, group = text.partition(":")
        if group == "" and owner:
            user = getpwnam(owner)
            return a_uid(owner), user.pw_gid if user else UNCHANGED
        return a_uid(owner), a_gid(group)
    if "." in text and getpwnam(text) is None:
        owner, _, group = text.rpartition(".")
        return a_uid(owner), a_gid(group)
    return a_uid(text), UNCHANGED


def main(argv: list[str]) -> int:
    """Run chown(8) or chgrp(1)."""
    program = argv[0].rpartition("/")[2]
    flags: set[str] = set()
    options, args = getopt(argv, "HLPRfhv")
    for option, _ in options:
        if option == "?":
            usage(program)
        if option in {"H", "L", "P"}:
            flags -= {"H", "L", "P"}
        flags.add(option)
    if len(args) < 2:
        usage(program)
    uid, gid = owners(args[0], program)
    how = FTS_PHYSICAL if "R" in flags or "h" in flags else FTS_LOGICAL
    if "R" in flags and "L" in flags:
        how = FTS_LOGICAL
    elif "R" in flags and "H" in flags:
        how |= FTS_COMFOLLOW
    change = lchown if "h" in flags or ("R" in flags and "L" not in flags) else chown_
    status = 0
    with Writer(1) as out:
        for entry in fts(args[1:], how):
            if entry.fts_error is not None:
                warnx(f"{entry.fts_path}: {entry.fts_error.strerror}")
                status = 1
                continue
            if not is_wanted(entry, flags):
                continue
            try:
                change(entry.fts_path, uid, gid)
            except OSError:
                if "f" not in flags:
                    warn(entry.fts_path)
                    status = 1
                continue
            if "v" in flags:
                out.print(entry.fts_path)
    return status


def is_wanted(entry: FTSENT, flags: set[str]) -> bool:
    """Tell whether a file's owner is to change now; directories with -R change last."""
    if entry.fts_info == FTS_D:
        entry.skip = "R" not in flags
        return entry.skip
    if entry.fts_info == FTS_DP:
        return "R" in flags
    return entry.fts_info not in {FTS_SL, FTS_SLNONE} or "h" in flags or "R" not in flags


if __name__ == "__main__":
    sys.exit(main(sys.argv))
