# SPDX-License-Identifier: BSD-2-Clause
"""Exit codes come back."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


for code in (0, 1, 255, 256):
    pid = os.fork()
    if pid == 0:
        os._exit(code)
    status = os.waitpid(pid, 0)[1]
    print(os.WIFEXITED(status), os.WEXITSTATUS(status))
print(attempt(os.wait), attempt(os.waitpid, 1, 0))
