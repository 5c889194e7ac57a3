# SPDX-License-Identifier: BSD-2-Clause
"""Have argv[1] children sleep, each a little longer than the one before, and wait for them.

With a second argument they sleep for good, and the parent too.
"""

import sys
from functools import partial

from userland.libc import SIGCHLD, Timespec, _exit, clone, nanosleep, pause, wait

NUMBER, STAY = int(sys.argv[1]), sys.argv[2:]


def child(number: int, _: object) -> None:
    if STAY:
        pause()
    nanosleep(Timespec(1 + number // 1000, number % 1000 * 1_000_000))
    _exit(0)


for number in range(NUMBER):
    clone(partial(child, number), SIGCHLD)
if STAY:
    pause()
for _ in range(NUMBER):
    wait()
