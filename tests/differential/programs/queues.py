# SPDX-License-Identifier: BSD-2-Clause
"""Queues of three kinds between threads: bounded, by priority, last in first out."""

import queue
import threading

jobs = queue.Queue(maxsize=3)
done = []
lock = threading.Lock()
END = object()


def producer(n):
    for item in range(20):
        jobs.put((n, item))


def consumer():
    while (job := jobs.get()) is not END:
        with lock:
            done.append(job)
        jobs.task_done()


producers = [threading.Thread(target=producer, args=(n,)) for n in range(3)]
consumers = [threading.Thread(target=consumer) for _ in range(4)]
for thread in consumers + producers:
    thread.start()
for thread in producers:
    thread.join()
jobs.join()
for _ in consumers:
    jobs.put(END)
for thread in consumers:
    thread.join()
print(len(done), sorted(done) == [(n, i) for n in range(3) for i in range(20)])
for n in range(3):
    own = [item for who, item in done if who == n]
    print(len(own), set(own) == set(range(20)))
for kind in (queue.PriorityQueue, queue.LifoQueue, queue.SimpleQueue):
    q = kind()
    for item in (3, 1, 2):
        q.put(item)
    print([q.get() for _ in range(3)], q.empty())
full = queue.Queue(1)
full.put(1)
for wrong in (lambda: full.put(2, timeout=0.01), lambda: full.put_nowait(2), lambda: queue.Queue().get(timeout=0.01),
              lambda: queue.SimpleQueue().get(timeout=0.01), full.task_done, full.task_done):  # fmt: skip
    try:
        print(wrong())
    except (queue.Full, queue.Empty, ValueError) as exc:
        print(type(exc).__name__, exc)
