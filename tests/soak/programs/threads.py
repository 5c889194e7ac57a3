# SPDX-License-Identifier: BSD-2-Clause
"""Threads come, wait for each other and go; some are daemons that exit ends, some fork."""

import os
import queue
import random
import sys
import threading
import time

rng = random.Random(int(sys.argv[1]))
jobs: queue.Queue[int] = queue.Queue(3)
lock = threading.Lock()
total = [0]


def worker(n: int) -> None:
    while (job := jobs.get()) >= 0:
        with lock:
            seen = total[0]
            time.sleep(job / 1000)
            total[0] = seen + job
        if n == 0 and job % 5 == 0:
            pid = os.fork()
            if pid == 0:
                os._exit(job)
            os.waitpid(pid, 0)


def waits_for_ever() -> None:
    threading.Event().wait()


for _ in range(rng.randrange(3)):
    threading.Thread(target=waits_for_ever, daemon=True).start()
for _ in range(rng.randrange(1, 4)):
    workers = [threading.Thread(target=worker, args=(n,)) for n in range(rng.randrange(1, 5))]
    for thread in workers:
        thread.start()
    expected = total[0]
    for _ in range(rng.randrange(20)):
        job = rng.randrange(50)
        expected += job
        jobs.put(job)
    for _ in workers:
        jobs.put(-1)
    for thread in workers:
        thread.join()
    if total[0] != expected:
        sys.exit(f"{total[0]}, not {expected}")
