# SPDX-License-Identifier: BSD-2-Clause
"""dup, dup2 and the offset they share."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


fd = os.open("f", os.O_RDWR | os.O_CREAT, 0o600)
other = os.dup(fd)
os.write(fd, b"abc")
print(
    os.lseek(other, 0, os.SEEK_CUR),
    os.dup2(fd, 40),
    os.write(40, b"d"),
    os.lseek(fd, 0, os.SEEK_CUR),
)
os.close(fd)
print(os.pread(other, 9, 0), attempt(os.dup, 99), attempt(os.dup2, 99, 5), os.get_inheritable(40))
print(os.get_inheritable(other))
