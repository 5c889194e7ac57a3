# SPDX-License-Identifier: BSD-2-Clause
"""A child that a signal ends."""

import errno
import os
import signal
import time


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


for signo in (signal.SIGKILL, signal.SIGTERM, signal.SIGUSR1):
    pid = os.fork()
    if pid == 0:
        while True:
            time.sleep(100)
    os.kill(pid, signo)
    status = os.waitpid(pid, 0)[1]
    print(os.WIFSIGNALED(status), os.WTERMSIG(status) == signo)
print(attempt(os.kill, pid, 0), attempt(os.kill, os.getpid(), 1000))
