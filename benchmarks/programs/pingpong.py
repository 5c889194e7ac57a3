# SPDX-License-Identifier: BSD-2-Clause
"""Send a byte to a child and back, argv[1] times."""

import sys

from userland.libc import _exit, fork, pipe, read, wait, write

trips = int(sys.argv[1])
there, back = pipe(), pipe()
if fork() == 0:
    for _ in range(trips):
        write(back[1], read(there[0], 1))
    _exit(0)
write(1, b"<")
for _ in range(trips):
    write(there[1], b"x")
    read(back[0], 1)
write(1, b">")
wait()
