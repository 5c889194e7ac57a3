# SPDX-License-Identifier: BSD-2-Clause
"""renice: give running processes another priority.  NetBSD usr.bin/renice/renice.c."""

import re
import sys
from typing import NoReturn

from userland.libc import (
    INT_MAX,
    PRIO_MAX,
    PRIO_MIN,
    PRIO_PGRP,
    PRIO_PROCESS,
    PRIO_USER,
    Writer,
    exit,
    getpriority,
    getpwnam,
    setpriority,
    strtoi,
    strtol,
    warn,
    warnx,
    write,
)

KINDS = {"-p": PRIO_PROCESS, "-g": PRIO_PGRP, "-u": PRIO_USER}


def usage() -> NoReturn:
    write(
        2,
        b"usage: renice <priority> [[-p] pid ...] [-g pgrp ...] [-u user ...]\n"
        b"       renice -n <increment> [[-p] pid ...] [-g pgrp ...] [-u user ...]\n",
    )
    exit(1)


def target(which: int, text: str) -> int | None:
    """Return the process, group or user that a word names; None, and say so, if it names none."""
    if which == PRIO_USER:
        entry = getpwnam(text)
        if entry is not None:
            return entry.pw_uid
        if not text.isdecimal():
            warnx(f"{text}: unknown user")
            return None
    try:
        return strtoi(text, 0, INT_MAX)
    except ValueError:
        warnx(f"{text}: bad value")
        return None


def donice(out: Writer, which: int, who: int, prio: int, increment: bool) -> bool:
    """Set a priority, and tell the old and the new one; return whether that failed."""
    try:
        old = getpriority(which, who)
        setpriority(which, who, max(PRIO_MIN, min((old if increment else 0) + prio, PRIO_MAX)))
        new = getpriority(which, who)
    except OSError:
        warn(f"{who}: setpriority")
        return True
    out.print(f"{who}: old priority {old}, new priority {new}")
    return False


def main(argv: list[str]) -> int:
    """Run renice(8)."""
    args = argv[1:]
    increment = args[:1] == ["-n"]
    args = args[increment:]
    if len(args) < 2 or not re.fullmatch(r"[-+]?\d+", args[0]):
        usage()
    prio = max(-INT_MAX, min(strtol(args.pop(0))[0], INT_MAX))
    which, failed = PRIO_PROCESS, False
    with Writer(1) as out:
        for word in args:
            if word in KINDS:
                which = KINDS[word]
                continue
            who = target(which, word)
            failed = who is None or donice(out, which, who, prio, increment) or failed
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
