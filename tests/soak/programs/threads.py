# SPDX-License-Identifier: BSD-2-Clause
"""Threads that work, wait for each other, are left behind by exit or by a child's fork."""

import os
import queue
import random
import sys
import threading
import time

rng = random.Random(int(sys.argv[1]))
jobs: "queue.Queue[int | None]" = queue.Queue(3)
total = []
lock = threading.Lock()


def worker() -> None:
    while (job := jobs.get()) is not None:
        time.sleep(job / 1000)
        with lock:
            total.append(job)


workers = [threading.Thread(target=worker) for _ in range(rng.randrange(1, 6))]
for thread in workers:
    thread.start()
given = [rng.randrange(50) for _ in range(rng.randrange(1, 40))]
for job in given:
    jobs.put(job)
    if rng.random() < 0.05 and not os.fork():
        os._exit(0)
for _ in workers:
    jobs.put(None)
for thread in workers:
    thread.join()
assert sorted(total) == sorted(given)
while True:
    try:
        os.wait()
    except ChildProcessError:
        break
if rng.random() < 0.5:
    threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
