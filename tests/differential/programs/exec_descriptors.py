# SPDX-License-Identifier: BSD-2-Clause
"""What stays open over exec."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


r, w = os.pipe()
os.set_inheritable(w, True)
pid = os.fork()
if pid == 0:
    os.execv("/bin/sh", ["sh", "-c", f"echo through >&{w}"])
os.close(w)
os.waitpid(pid, 0)
print(os.read(r, 100), os.read(r, 100))
