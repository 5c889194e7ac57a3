# SPDX-License-Identifier: BSD-2-Clause
"""Somebody else's signals: the processes named meet TERM, KILL, STOP and CONT at any time."""

import os
import random
import signal
import sys
import time

rng = random.Random(int(sys.argv[1]))
pids = [int(arg) for arg in sys.argv[2:]]
for _ in range(4):
    time.sleep(rng.random() * 8)
    try:
        pid = rng.choice(pids)
        os.kill(pid, rng.choice((signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL, signal.SIGUSR1)))
        time.sleep(rng.random() * 2)
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass  # it has ended by itself
