# SPDX-License-Identifier: BSD-2-Clause
"""Arguments and environment of a new program."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


pid = os.fork()
if pid == 0:
    os.execve("/bin/sh", ["sh", "-c", 'echo "$0 $1 $A"; exit 4', "zero", "one"], {"A": "b"})
print(os.waitpid(pid, 0)[1] >> 8, attempt(os.execv, "nope", ["x"]), attempt(os.execv, ".", ["x"]))
