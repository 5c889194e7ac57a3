# SPDX-License-Identifier: BSD-2-Clause
"""O_CREAT, O_EXCL and O_TRUNC on files that are and are not there."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


print(attempt(os.open, "f", os.O_RDONLY))
fd = os.open("f", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640)
print(os.write(fd, b"hello"), attempt(os.open, "f", os.O_CREAT | os.O_EXCL))
os.close(os.open("f", os.O_WRONLY | os.O_TRUNC))
print(
    os.fstat(fd).st_size, attempt(os.open, "f/x", os.O_RDONLY), attempt(os.open, ".", os.O_WRONLY)
)
