# SPDX-License-Identifier: BSD-2-Clause
"""Dining philosophers; a fork on the table is a pipe with one byte in it.

Taking a fork is reading its byte, putting it back is writing it. Each takes the
fork with the lower number first, so nobody starves. Without that (`greedy` as
an argument) all take their left fork and wait: the kernel notices that nobody
can ever run again, and says who waits for what.

    python -m kernel run --ktrace ktrace.out --points +w examples/philosophers.py

In its trace, in this order:

    RET   pipe 3, 4                    the first fork
    GIO   fd 4 wrote 1 bytes           it is laid on the table
    RET   fork 0                       a philosopher sits down
    CALL  read(                        takes a fork that is there ...
    GIO   fd 3 read 1 bytes
    CSW   stop kernel                  ... or goes to sleep in read(2)
    CSW   resume kernel                until a neighbour has put it back
    CALL  write(1,
    CALL  __wait450(                   the host of the evening waits for all
"""

import sys

from userland.libc import *

NAMES = ("Aristotle", "Hypatia", "Kant", "Laozi", "Spinoza")
MEALS = 2
GREEDY = sys.argv[1:] == ["greedy"]

Fork = tuple[int, int]  # the two ends of its pipe


def take(fork: Fork) -> None:
    """Wait for a fork and take it."""
    read(fork[0], 1)


def put(fork: Fork) -> None:
    """Put a fork back on the table."""
    write(fork[1], b"f")


def dine(name: str, left: Fork, right: Fork) -> None:
    """Think and eat, MEALS times."""
    first, second = (left, right) if GREEDY else sorted((left, right))
    for _ in range(MEALS):
        take(first)
        sleep(1)  # think about it: here the greedy ones meet
        take(second)
        write(1, f"{name} eats\n".encode())
        put(second)
        put(first)


table: list[Fork] = []
for _ in NAMES:
    table.append(pipe())
    put(table[-1])

for seat, name in enumerate(NAMES):
    if fork() == 0:
        dine(name, table[seat], table[(seat + 1) % len(NAMES)])
        _exit(0)

for _ in NAMES:
    wait()
write(1, b"all have eaten\n")
