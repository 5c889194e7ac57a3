# SPDX-License-Identifier: BSD-2-Clause
"""Sessions and groups: who may lead, who may move whom, and when no more."""

import errno
import os
import sys
import time

sys.stdout.reconfigure(line_buffering=True)


def attempt(function, *args):
    try:
        return function(*args)
    except OSError as exc:
        return errno.errorcode[exc.errno]


child = os.fork()
if child == 0:
    me = os.getpid()
    sid = os.setsid()
    print(sid is None or sid == me, os.getsid(0) == me, os.getpgrp() == me)
    print(attempt(os.setsid))
    print(attempt(os.setpgid, 0, 30000000), attempt(os.setpgid, 0, -1))
    print(attempt(os.getsid, 30000000), attempt(os.getpgid, 30000000))
    print(attempt(os.setpgid, 30000000, 0), attempt(os.setpgid, os.getppid(), 0))
    rfd, wfd = os.pipe()
    one = os.fork()
    if one == 0:
        os.read(rfd, 1)
        os._exit(0)
    two = os.fork()
    if two == 0:
        os.setsid()
        time.sleep(30)
        os._exit(0)
    print(attempt(os.setpgid, one, 0), os.getpgid(one) == one, os.getsid(one) == me)
    os.write(wfd, b"x")
    print(attempt(os.setpgid, one, me), os.getpgid(one) == me)
    while os.getsid(two) != two:
        time.sleep(0.01)
    print(attempt(os.setpgid, two, 0), attempt(os.setpgid, two, me), attempt(os.setpgid, 0, two))
    os.kill(two, 9)
    os.waitpid(one, 0)
    os.waitpid(two, 0)
    ready, told = os.pipe()
    os.set_inheritable(told, True)
    three = os.fork()
    if three == 0:
        os.execv("/bin/sh", ["sh", "-c", f"echo x >&{told}; exec sleep 30"])
    os.read(ready, 1)
    print(attempt(os.setpgid, three, 0))
    os.kill(three, 9)
    os.waitpid(three, 0)
    four = os.fork()
    if four == 0:
        os.setpgid(0, 0)
        print(attempt(os.setsid))
        os._exit(0)
    os.waitpid(four, 0)
    sys.stdout.flush()
    os._exit(0)
print(os.waitpid(child, 0)[1])
print(attempt(os.setpgid, child, 0), attempt(os.getpgid, child))
