# SPDX-License-Identifier: BSD-2-Clause
"""Fork argv[1] times in sequence: 2 ** argv[1] processes, each of which reaps its own."""

import sys

from userland.libc import fork, wait, write

forks = int(sys.argv[1])
children = 0
write(1, b"<")
for _ in range(forks):
    if fork():
        children += 1
    else:
        children = 0
for _ in range(children):
    wait()
if children == forks:
    write(1, b">")
