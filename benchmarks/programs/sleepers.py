# SPDX-License-Identifier: BSD-2-Clause
"""Have argv[2] processes asleep, made as argv[1] says, that wake in turn; mark the times on stdout.

The first mark is before there are any, the second when all are asleep; between the third and
the fourth each of them wakes once and goes back to sleep.
"""

import sys

from userland.libc import (
    SIG_IGN,
    SIGCHLD,
    SIGTERM,
    _exit,
    clone,
    fork,
    kill,
    nanosleep,
    posix_spawn,
    signal,
    write,
)


def sleeper(number):
    """Sleep twice; no two wake at the same time."""
    nanosleep(100 + number / 1000)
    nanosleep(100 + number / 1000)


def forked(number):
    """Make a process that runs this program."""
    if fork() == 0:
        sleeper(number)
        _exit(0)


def cloned(number):
    """Make a process that runs one function of this program."""
    clone(sleeper, SIGCHLD, number)


def spawned(number):
    """Make a process that runs another program."""
    seconds = str(100 + number / 1000)
    posix_spawn("/bin/sleep", None, None, ["sleep", seconds])


make = {"forked": forked, "cloned": cloned, "spawned": spawned}[sys.argv[1]]
count = int(sys.argv[2])
write(1, b"0")
for number in range(count):
    make(number)
signal(SIGTERM, SIG_IGN)
signal(SIGCHLD, SIG_IGN)
nanosleep(1)
write(1, b"1")
nanosleep(98.5)
write(1, b"2")
nanosleep(50)
write(1, b"3")
kill(0, SIGTERM)
