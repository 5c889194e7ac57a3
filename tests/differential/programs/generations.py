# SPDX-License-Identifier: BSD-2-Clause
"""Grandchildren, and the order of their ends."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


r, w = os.pipe()
for name in (b"a", b"b"):
    if os.fork() == 0:
        if os.fork() == 0:
            os.write(w, name)
            os._exit(0)
        os.wait()
        os.write(w, name.upper())
        os._exit(0)
    os.wait()
print(os.read(r, 10))
