# SPDX-License-Identifier: BSD-2-Clause
"""Threads share memory under a lock; names, identities, locks held and let go."""

import threading
import time

lock = threading.Lock()
total = 0


def add(times: int) -> None:
    global total
    for _ in range(times):
        with lock:
            seen = total
            time.sleep(0.0001)
            total = seen + 1


threads = [threading.Thread(target=add, args=(10,), name=f"adder {n}") for n in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(total, [thread.is_alive() for thread in threads], threading.active_count())
print(threads[0].name, threading.current_thread().name, threading.main_thread().is_alive())
print(len({thread.ident for thread in threads}) >= 1, threading.get_ident() != 0)
print(repr(lock).split(" object")[0], lock.acquire(blocking=False), lock.locked())
print(lock.acquire(timeout=0.01), lock.acquire(blocking=False))
lock.release()
try:
    lock.release()
except RuntimeError as error:
    print(error)
for bad in ((False, 1), (True, -2)):
    try:
        lock.acquire(*bad)
    except ValueError as error:
        print(error)
again = threading.RLock()
print(again.acquire(), again.acquire(), again._is_owned())
again.release()
other = []
thread = threading.Thread(target=lambda: other.append(again.acquire(blocking=False)))
thread.start()
thread.join()
again.release()
try:
    again.release()
except RuntimeError as error:
    print(error, other)
