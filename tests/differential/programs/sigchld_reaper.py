# SPDX-License-Identifier: BSD-2-Clause
"""A SIGCHLD handler that collects every child there is, as servers have it."""

import os
import signal
import time

collected = {}


def reap(signo, frame):
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        collected[pid] = os.waitstatus_to_exitcode(status)


signal.signal(signal.SIGCHLD, reap)
children = []
for n in range(8):
    child = os.fork()
    if child == 0:
        if n % 3 == 2:
            os.kill(os.getpid(), signal.SIGTERM)
        os._exit(n)
    children.append(child)
while len(collected) < 8:
    time.sleep(0.01)
print([collected[child] for child in children])
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for n in range(3):
    if os.fork() == 0:
        os._exit(n)
try:
    os.wait()
except ChildProcessError:
    print("no child is left to collect")
signal.signal(signal.SIGCHLD, signal.SIG_DFL)
child = os.fork()
if child == 0:
    os._exit(9)
print(os.waitstatus_to_exitcode(os.wait()[1]))
