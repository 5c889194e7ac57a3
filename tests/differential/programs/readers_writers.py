# SPDX-License-Identifier: BSD-2-Clause
"""Readers together, writers alone, by a condition."""

import threading
import time

condition = threading.Condition()
readers = writers = most = 0
bad = []
value = 0


def read():
    global readers, most
    with condition:
        condition.wait_for(lambda: writers == 0)
        readers += 1
        most = max(most, readers)
    time.sleep(0.002)
    if writers:
        bad.append("a writer among readers")
    with condition:
        readers -= 1
        condition.notify_all()


def write():
    global writers, value
    with condition:
        condition.wait_for(lambda: writers == 0 and readers == 0)
        writers += 1
    before = value
    time.sleep(0.001)
    value = before + 1
    if readers or writers != 1:
        bad.append("a writer not alone")
    with condition:
        writers -= 1
        condition.notify_all()


threads = [threading.Thread(target=read if n % 3 else write) for n in range(24)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(bad, value, most > 1, readers, writers)
