# SPDX-License-Identifier: BSD-2-Clause
"""What is local to a thread: attributes, and objects made anew in each."""

import threading
import time

local = threading.local()
local.name = "main"
seen = []


class Counter(threading.local):
    """Made anew in each thread."""

    def __init__(self, start: int) -> None:
        self.count = start

    def next(self) -> int:
        self.count += 1
        return self.count


counter = Counter(10)


def body(n: int) -> None:
    seen.append(hasattr(local, "name"))
    local.name = f"thread {n}"
    time.sleep(0.001)
    seen.append(local.name == f"thread {n}" and local.__dict__ == {"name": f"thread {n}"})
    seen.append([counter.next() for _ in range(n)] == list(range(11, 11 + n)))


threads = [threading.Thread(target=body, args=(n,)) for n in range(1, 4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(seen), local.name, counter.next())
del local.name
try:
    print(local.name)
except AttributeError:
    print("no name")
try:
    threading.local(1)
except TypeError as error:
    print(error)
try:
    local.__dict__ = {}
except AttributeError:
    print("read-only")
