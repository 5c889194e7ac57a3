# SPDX-License-Identifier: BSD-2-Clause
"""Two programs joined by a pipe."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


r, w = os.pipe()
first = os.fork()
if first == 0:
    os.dup2(w, 1)
    os.execv("/bin/echo", ["echo", "one two"])
second = os.fork()
if second == 0:
    os.dup2(r, 0)
    os.close(w)
    os.execv("/bin/cat", ["cat"])
os.close(r)
os.close(w)
print([os.waitpid(pid, 0)[1] for pid in (first, second)])
