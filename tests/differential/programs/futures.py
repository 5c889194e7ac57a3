# SPDX-License-Identifier: BSD-2-Clause
"""concurrent.futures: a pool of threads, results, exceptions, cancelling."""

import threading
import time
from concurrent import futures

with futures.ThreadPoolExecutor(max_workers=3) as pool:
    print(list(pool.map(lambda n: n * n, range(8))))
    jobs = {pool.submit(pow, 2, n): n for n in range(5)}
    print(sorted((jobs[job], job.result()) for job in futures.as_completed(jobs)))
    failing = pool.submit(int, "no number")
    print(type(failing.exception()).__name__)
    try:
        failing.result()
    except ValueError as exc:
        print(exc)
    gate, runs = threading.Event(), threading.Semaphore(0)
    held = [pool.submit(lambda: (runs.release(), gate.wait())[1]) for _ in range(3)]
    print([runs.acquire() for _ in held])
    waiting = pool.submit(print, "never")
    print(waiting.cancel(), waiting.cancelled(), held[0].running())
    done, pending = futures.wait(held, timeout=0.02)
    print(len(done), len(pending))
    try:
        held[0].result(timeout=0.01)
    except futures.TimeoutError as exc:
        print(type(exc).__name__)
    gate.set()
    done, pending = futures.wait([*held, pool.submit(time.sleep, 0.01)])
    print(len(done), len(pending), [job.result() for job in held])
    told = []
    pool.submit(lambda: 7).add_done_callback(lambda job: told.append(job.result()))
print(told)
try:
    pool.submit(print)
except RuntimeError as exc:
    print(exc)
