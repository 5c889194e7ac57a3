# SPDX-License-Identifier: BSD-2-Clause
"""Send a byte through a pipe and get it back through another, argv[1] times."""

import sys

from userland.libc import SIGCHLD, _exit, clone, close, pipe, read, waitpid, write

TURNS = int(sys.argv[1])
there, back = pipe(), pipe()


def echo(_: object) -> None:
    close(there[1])
    while read(there[0], 1):
        write(back[1], b"x")
    _exit(0)


child = clone(echo, SIGCHLD)
close(there[0])
for _ in range(TURNS):
    write(there[1], b"x")
    read(back[0], 1)
close(there[1])
waitpid(child, 0)
