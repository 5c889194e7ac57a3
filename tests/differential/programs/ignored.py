# SPDX-License-Identifier: BSD-2-Clause
"""Signals that are ignored stay so over fork and exec."""

import errno
import os
import signal


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


signal.signal(signal.SIGTERM, signal.SIG_IGN)
pid = os.fork()
if pid == 0:
    os.execv("/bin/sh", ["sh", "-c", "kill -TERM $$; exit 3"])
print(os.waitpid(pid, 0)[1] >> 8)
