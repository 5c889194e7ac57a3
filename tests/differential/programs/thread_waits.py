# SPDX-License-Identifier: BSD-2-Clause
"""Threads wait for events, conditions, barriers, semaphores and queues."""

import queue
import threading
import time

order = []
event = threading.Event()
condition = threading.Condition()
barrier = threading.Barrier(3)
ready = 0


def waiter(n: int) -> None:
    global ready
    event.wait()
    with condition:
        ready += 1
        condition.notify_all()
    barrier.wait()


threads = [threading.Thread(target=waiter, args=(n,)) for n in range(3)]
for thread in threads:
    thread.start()
print(event.is_set(), event.wait(0.01), ready)
event.set()
with condition:
    print(condition.wait_for(lambda: ready == 3, timeout=10))
for thread in threads:
    thread.join()
print(barrier.n_waiting, barrier.broken)

jobs: queue.Queue[int | None] = queue.Queue(maxsize=2)
done: queue.SimpleQueue[int] = queue.SimpleQueue()


def worker() -> None:
    while (job := jobs.get()) is not None:
        done.put(job * job)
        jobs.task_done()


workers = [threading.Thread(target=worker, daemon=True) for _ in range(3)]
for thread in workers:
    thread.start()
for n in range(10):
    jobs.put(n)
jobs.join()
print(sorted(done.get() for _ in range(10)), jobs.empty(), jobs.qsize())
for _ in workers:
    jobs.put(None)
for thread in workers:
    thread.join(5)
print([thread.is_alive() for thread in workers])
try:
    jobs.get(timeout=0.01)
except queue.Empty:
    print("empty")
try:
    done.get_nowait()
except queue.Empty:
    print("nothing")

limit = threading.BoundedSemaphore(2)
inside = most = 0


def limited() -> None:
    global inside, most
    with limit:
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        inside -= 1


threads = [threading.Thread(target=limited) for _ in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(most, inside)
try:
    limit.release()
except ValueError as error:
    print(error)
gate = threading.Event()
slow = threading.Thread(target=gate.wait)
slow.start()
slow.join(0.01)
print(slow.is_alive())
gate.set()
slow.join()
fired = []
timer = threading.Timer(0.01, fired.append, args=("timer",))
timer.start()
timer.join()
cancelled = threading.Timer(60, fired.append, args=("never",))
cancelled.start()
cancelled.cancel()
cancelled.join()
print(fired)
try:
    barrier.abort()
    barrier.wait()
except threading.BrokenBarrierError as error:
    print(type(error).__name__)
