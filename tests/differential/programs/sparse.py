# SPDX-License-Identifier: BSD-2-Clause
"""A large file that takes no room."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


fd = os.open("f", os.O_RDWR | os.O_CREAT, 0o600)
os.ftruncate(fd, 1 << 40)
print(os.fstat(fd).st_size, os.pread(fd, 3, 1 << 39), os.pwrite(fd, b"end", (1 << 40) - 3))
print(os.pread(fd, 9, (1 << 40) - 3))
