# SPDX-License-Identifier: BSD-2-Clause
"""What an uncaught exception leaves: status 1."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


pid = os.fork()
if pid == 0:
    os.close(2)
    raise KeyError("gone")
print(os.waitpid(pid, 0)[1] >> 8)
