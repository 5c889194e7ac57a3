# SPDX-License-Identifier: BSD-2-Clause
"""Priorities: of whom, within which range, and who may make them better."""

import errno
import os


def attempt(function, *args):
    try:
        return function(*args)
    except OSError as exc:
        return errno.errorcode[exc.errno]


root = os.geteuid() == 0
print(os.getpriority(os.PRIO_PROCESS, 0) == os.nice(0))
os.setpriority(os.PRIO_PROCESS, 0, 5)
print(os.getpriority(os.PRIO_PROCESS, os.getpid()), os.nice(2), os.getpriority(os.PRIO_PROCESS, 0))
better = attempt(os.setpriority, os.PRIO_PROCESS, 0, 6)
print(better is None if root else better)
if root:
    os.setpriority(os.PRIO_PROCESS, 0, 7)
pid = os.fork()
if not pid:
    os._exit(os.getpriority(os.PRIO_PROCESS, 0))
print(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))
r, w = os.pipe()
pid = os.fork()
if not pid:
    os.close(w)
    os.read(r, 1)
    os._exit(0)
os.setpriority(os.PRIO_PROCESS, pid, 9)
print(os.getpriority(os.PRIO_PROCESS, pid), os.getpriority(os.PRIO_PROCESS, 0))
os.close(w)
os.waitpid(pid, 0)
print(attempt(os.getpriority, os.PRIO_PROCESS, pid), attempt(os.setpriority, 77, 0, 1))
print(attempt(os.getpriority, os.PRIO_USER, 54321), attempt(os.getpriority, os.PRIO_PGRP, 999999))
print(root or attempt(os.setpriority, os.PRIO_PROCESS, 1, 10))
pid = os.fork()
if not pid:
    if root:
        os.setuid(12345)
    os._exit(attempt(os.nice, -1) == "EPERM")
print(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))
