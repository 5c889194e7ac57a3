# SPDX-License-Identifier: BSD-2-Clause
"""Locks of all kinds, and what threads do wrong with them."""

import threading
import time

lock = threading.Lock()
print(lock.acquire(), lock.acquire(blocking=False), lock.acquire(timeout=0.01), lock.locked())
lock.release()
for wrong in (lock.release, threading.RLock().release, threading.Condition().notify,
              threading.Condition().wait, threading.current_thread().join,
              threading.Thread(target=print).join, threading.current_thread().start,
              lambda: lock.acquire(False, 1), lambda: lock.acquire(True, -2),
              lambda: threading.Semaphore(-1), lambda: threading.Barrier(0).wait(0)):  # fmt: skip
    try:
        wrong()
        print("right")
    except (RuntimeError, ValueError, threading.BrokenBarrierError) as exc:
        print(type(exc).__name__, exc)
rlock = threading.RLock()
with rlock, rlock:
    held = []
    other = threading.Thread(target=lambda: held.append(rlock.acquire(blocking=False)))
    other.start()
    other.join()
    print(held)
results = []
condition = threading.Condition()
items = []


def consumer():
    with condition:
        while not items:
            condition.wait()
        results.append(items.pop(0))


consumers = [threading.Thread(target=consumer) for _ in range(4)]
for thread in consumers:
    thread.start()
for n in range(4):
    with condition:
        items.append(n)
        condition.notify()
for thread in consumers:
    thread.join()
print(sorted(results))
with condition:
    start = time.monotonic()
    print(condition.wait(0.05), time.monotonic() - start >= 0.05)
    print(condition.wait_for(lambda: False, 0.02))
event = threading.Event()
timer = threading.Timer(0.05, event.set)
timer.start()
print(event.wait(0.001), event.wait(5), event.is_set())
event.clear()
print(event.is_set())
semaphore = threading.Semaphore(2)
print([semaphore.acquire(blocking=False) for _ in range(3)], semaphore.acquire(timeout=0.01))
semaphore.release(2)
print([semaphore.acquire(blocking=False) for _ in range(3)])
barrier = threading.Barrier(3, action=lambda: results.append("action"))
places = []
threads = [threading.Thread(target=lambda: places.append(barrier.wait())) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(places), results[-1])


def late():
    try:
        barrier.wait(0.02)
    except threading.BrokenBarrierError:
        places.append("broken")


thread = threading.Thread(target=late)
thread.start()
thread.join()
print(places[-1], barrier.broken)
barrier.reset()
print(barrier.broken, barrier.parties, barrier.n_waiting)
