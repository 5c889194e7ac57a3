# SPDX-License-Identifier: BSD-2-Clause
"""Asking without waiting."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


r, w = os.pipe()
pid = os.fork()
if pid == 0:
    os.read(r, 1)
    os._exit(7)
print(os.waitpid(pid, os.WNOHANG))
os.write(w, b"x")
print(os.waitpid(pid, 0)[1] >> 8, attempt(os.waitpid, pid, os.WNOHANG))
