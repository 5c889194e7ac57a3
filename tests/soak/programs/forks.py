# SPDX-License-Identifier: BSD-2-Clause
"""Trees of children: some are waited for, some are left to init, some are killed."""

import os
import random
import signal
import sys
import time

rng = random.Random(int(sys.argv[1]))


def life(depth):
    children = []
    for _ in range(rng.randrange(3)):
        what = rng.randrange(4)
        pid = os.fork()
        if pid == 0:
            if depth < 2 and what == 0:
                life(depth + 1)
            time.sleep(rng.random() * 5)
            os._exit(what)
        children.append(pid)
    for pid in children:
        if rng.random() < 0.2:
            os.kill(pid, rng.choice((signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP)))
            os.kill(pid, signal.SIGCONT)
        if rng.random() < 0.8:
            assert os.waitpid(pid, 0)[0] == pid


for _ in range(4):
    life(0)
    time.sleep(rng.random() * 4)
