# SPDX-License-Identifier: BSD-2-Clause
"""The devices that everybody has."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


fd = os.open("/dev/null", os.O_RDWR)
print(os.write(fd, b"gone"), os.read(fd, 5))
fd = os.open("/dev/zero", os.O_RDWR)
print(os.read(fd, 3), os.write(fd, b"x"), len(os.urandom(8)))
