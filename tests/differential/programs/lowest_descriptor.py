# SPDX-License-Identifier: BSD-2-Clause
"""The lowest free descriptor is the next."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


a, b = os.open(".", os.O_RDONLY), os.open(".", os.O_RDONLY)
os.close(a)
print(os.open(".", os.O_RDONLY) == a, b == a + 1)
