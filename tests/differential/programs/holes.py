# SPDX-License-Identifier: BSD-2-Clause
"""Reading what was never written."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


fd = os.open("f", os.O_RDWR | os.O_CREAT, 0o600)
print(os.lseek(fd, 100000, os.SEEK_SET), os.write(fd, b"x"), os.fstat(fd).st_size)
print(os.pread(fd, 4, 50), os.pread(fd, 10, 99998), os.pread(fd, 10, 200000))
print(
    attempt(os.lseek, fd, -1, os.SEEK_SET),
    os.lseek(fd, -1, os.SEEK_END),
    attempt(os.lseek, fd, 0, 77),
)
