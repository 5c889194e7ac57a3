# SPDX-License-Identifier: BSD-2-Clause
"""Shorter, longer, and refused."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


fd = os.open("f", os.O_RDWR | os.O_CREAT, 0o600)
os.write(fd, b"abcdef")
os.truncate("f", 3)
print(os.pread(fd, 9, 0))
os.ftruncate(fd, 5)
print(os.pread(fd, 9, 0), attempt(os.truncate, "nope", 0), attempt(os.truncate, ".", 0))
print(attempt(os.ftruncate, os.open("f", os.O_RDONLY), 0), attempt(os.ftruncate, fd, -1))
