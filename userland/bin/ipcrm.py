# SPDX-License-Identifier: BSD-2-Clause
"""ipcrm: remove System V shared memory, semaphores and message queues.

NetBSD usr.bin/ipcrm/ipcrm.c.
"""

import sys
from collections.abc import Callable
from typing import Final, NamedTuple, NoReturn

from userland.libc import (
    IPC_PRIVATE,
    IPC_RMID,
    exit,
    getopt,
    msgctl,
    msgget,
    semctl,
    semget,
    shmctl,
    shmget,
    strtol,
    warn,
    warnx,
    write,
)


class Kind(NamedTuple):
    """One of the three."""

    short: str
    name: str
    find: Callable[[int], int]  # by key
    remove: Callable[[int], object]


KINDS: Final = {
    "q": Kind("msq", "message queue", lambda key: msgget(key, 0), lambda i: msgctl(i, IPC_RMID)),
    "m": Kind(
        "shm", "shared memory segment", lambda key: shmget(key, 0, 0), lambda i: shmctl(i, IPC_RMID)
    ),
    "s": Kind("sem", "semaphore", lambda key: semget(key, 0, 0), lambda i: semctl(i, 0, IPC_RMID)),
}


def usage() -> NoReturn:
    write(2, b"usage: ipcrm [-M shmkey] [-m shmid] [-Q msgkey] [-q msqid]\n")
    write(2, b"\t[-S semkey] [-s semid] ...\n")
    exit(1)


def number(text: str) -> int:
    return strtol(text)[0]


def main(argv: list[str]) -> int:
    """Run ipcrm(1)."""
    status = 0
    options, args = getopt(argv, "q:m:s:Q:M:S:")
    if args or not options:
        usage()
    for option, text in options:
        if option == "?":
            usage()
        kind = KINDS[option.lower()]
        target = number(text)
        by_key = option.isupper()
        if by_key and target == IPC_PRIVATE:
            warnx(f"can't remove private {kind.name}s")
            continue
        try:
            kind.remove(kind.find(target) if by_key else target)
        except OSError:
            status = 1
            warn(f"{kind.short}{'key' if by_key else 'id'}({target}): ")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
