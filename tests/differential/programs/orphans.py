# SPDX-License-Identifier: BSD-2-Clause
"""Orphans go to init; a parent's death is seen by its child; init collects."""

import os

rfd, wfd = os.pipe()
middle = os.fork()
if middle == 0:
    ready, go = os.pipe()
    before = os.getpid()
    orphan = os.fork()
    if orphan == 0:
        os.close(go)
        os.read(ready, 1)  # ends with the one in the middle
        while os.getppid() == before:
            os.sched_yield()
        os.write(wfd, b"new parent" if os.getppid() != before else b"same")
        os._exit(0)
    os._exit(0)
os.close(wfd)
print(os.waitpid(middle, 0)[1])
print(os.read(rfd, 100), os.read(rfd, 100))
try:
    os.wait()
except ChildProcessError:
    print("the orphan is not mine")
