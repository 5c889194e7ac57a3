# SPDX-License-Identifier: BSD-2-Clause
"""Reading what is open for writing, and the other way round."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


w = os.open("f", os.O_WRONLY | os.O_CREAT, 0o600)
r = os.open("f", os.O_RDONLY)
print(
    attempt(os.read, w, 1),
    attempt(os.write, r, b"x"),
    attempt(os.read, 77, 1),
    attempt(os.close, 77),
)
