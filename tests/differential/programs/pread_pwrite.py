# SPDX-License-Identifier: BSD-2-Clause
"""Offsets of one's own leave the file's alone."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


fd = os.open("f", os.O_RDWR | os.O_CREAT, 0o600)
print(os.pwrite(fd, b"0123456789", 0), os.lseek(fd, 0, os.SEEK_CUR))
print(os.pread(fd, 3, 4), os.pwrite(fd, b"XY", 2), os.read(fd, 20), attempt(os.pread, fd, 1, -1))
