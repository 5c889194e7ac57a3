# SPDX-License-Identifier: BSD-2-Clause
"""Fork argv[1] times in sequence: 2 ** argv[1] processes, each of which reaps its own."""

import sys

from userland.libc import fork, wait

children = 0
for _ in range(int(sys.argv[1])):
    if fork():
        children += 1
    else:
        children = 0
for _ in range(children):
    wait()
