# SPDX-License-Identifier: BSD-2-Clause
"""Locks of several processes and simple queues: what they give, what they refuse."""

import _multiprocessing
import os
import queue
import threading
import time

SemLock = _multiprocessing.SemLock
name = f"/sysent-{os.getpid()}"


def refused(function, *args):
    try:
        print(function(*args))
    except (AssertionError, OSError, TypeError, ValueError, queue.Empty) as exc:
        print(type(exc).__name__, exc if not isinstance(exc, OSError) else exc.errno)


mutex = SemLock(0, 1, 1, name, False)
print(mutex.kind, mutex.maxvalue, mutex.name == name, sorted(_multiprocessing.flags.items()))
refused(SemLock, 2, 1, 1, name, True)
refused(SemLock, 0, 1, 1, name, True)
print(mutex.acquire(), mutex.acquire(), mutex._count(), mutex._is_mine(), mutex._is_zero())
other = SemLock._rebuild(-1, 0, 1, name)
_multiprocessing.sem_unlink(name)
refused(_multiprocessing.sem_unlink, name)
print(other.acquire(False), other.acquire(True, 0.01), other.acquire(timeout=-1), other._count())
refused(other.release)
mutex.release()
print(other.acquire(block=False), mutex._get_value())
mutex.release()
with other:
    print(mutex._get_value(), other._count())
refused(mutex.release)

semaphore = SemLock(1, 2, 3, name, True)
print(semaphore.name, semaphore._get_value(), semaphore.release(), semaphore._get_value())
refused(semaphore.release)
for _ in range(3):
    semaphore.acquire()
pid = os.fork()
if not pid:
    time.sleep(0.01)
    semaphore.release()
    os._exit(0)
print(semaphore.acquire(timeout=60), os.waitpid(pid, 0)[1], semaphore._count())
semaphore._after_fork()
print(semaphore._count(), semaphore._is_mine())

simple = queue.SimpleQueue()
print(simple.empty(), simple.qsize(), simple.put(1), simple.put_nowait(2), simple.qsize())
print(simple.get(), simple.get_nowait())
refused(simple.get_nowait)
refused(simple.get, True, 0.01)
refused(simple.get, True, -1)
refused(simple.get, False)
refused(simple.get, True, "1")
got = []
threads = [threading.Thread(target=lambda: got.append(simple.get())) for _ in range(3)]
for thread in threads:
    thread.start()
for item in "abc":
    simple.put(item, False, 3)
for thread in threads:
    thread.join()
print(sorted(got), type(simple).__module__, type(simple)[int])
