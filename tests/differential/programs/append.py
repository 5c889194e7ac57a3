# SPDX-License-Identifier: BSD-2-Clause
"""O_APPEND writes at the end, whatever the offset."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


fd = os.open("f", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
os.write(fd, b"abc")
os.lseek(fd, 0, os.SEEK_SET)
os.write(fd, b"def")
print(os.lseek(fd, 0, os.SEEK_CUR), os.pread(fd, 10, 0))
