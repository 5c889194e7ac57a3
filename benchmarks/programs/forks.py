# SPDX-License-Identifier: BSD-2-Clause
"""Make 1,000 calls, then fork, exit and wait argv[1] times."""

import sys

from userland.libc import _exit, fork, getpid, wait

for _ in range(1000):
    getpid()
for _ in range(int(sys.argv[1])):
    if fork() == 0:
        _exit(0)
    wait()
