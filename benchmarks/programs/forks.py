# SPDX-License-Identifier: BSD-2-Clause
"""Make argv[1] calls, then fork, exit and wait argv[2] times, between two marks on stdout."""

import sys

from userland.libc import _exit, fork, getpid, wait, write

for _ in range(int(sys.argv[1])):
    getpid()
write(1, b"<")
for _ in range(int(sys.argv[2])):
    if fork() == 0:
        _exit(0)
    wait()
write(1, b">")
