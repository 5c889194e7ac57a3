# SPDX-License-Identifier: BSD-2-Clause
"""Parent and children signal each other, with handlers, masks, stops and alarms."""

import os
import random
import signal
import sys
import time

rng = random.Random(int(sys.argv[1]))
got = []


def note(signum, _frame):
    got.append(signum)


for signum in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM):
    signal.signal(signum, note)
for _ in range(5):
    pid = os.fork()
    if pid == 0:
        for _ in range(4):
            os.kill(os.getppid(), rng.choice((signal.SIGUSR1, signal.SIGUSR2)))
            time.sleep(0.01)
        os._exit(0)
    signal.alarm(rng.randrange(1, 4))
    os.kill(pid, signal.SIGSTOP)
    time.sleep(rng.random())
    os.kill(pid, signal.SIGCONT)
    if rng.random() < 0.3:
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
    time.sleep(rng.random() * 5)
assert got
