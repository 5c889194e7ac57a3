# SPDX-License-Identifier: BSD-2-Clause
"""Run argv[1] and wait for it, argv[2] times."""

import sys

from userland.libc import posix_spawn, wait, write

write(1, b"<")
for _ in range(int(sys.argv[2])):
    posix_spawn(sys.argv[1], None, None, sys.argv[1:2])
    wait()
write(1, b">")
