# SPDX-License-Identifier: BSD-2-Clause
"""readv and writev."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


fd = os.open("f", os.O_RDWR | os.O_CREAT, 0o600)
print(os.writev(fd, [b"ab", b"", b"cdef"]))
a, b = bytearray(3), bytearray(9)
print(
    os.preadv(fd, [a, b], 0), bytes(a), bytes(b[:3]), os.pwritev(fd, [b"Z"], 1), os.pread(fd, 9, 0)
)
