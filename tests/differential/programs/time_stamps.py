# SPDX-License-Identifier: BSD-2-Clause
"""What changes which time."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.close(os.open("f", os.O_CREAT | os.O_WRONLY, 0o600))
os.utime("f", ns=(10**9, 10**9))
fd = os.open("f", os.O_RDWR)
os.write(fd, b"x")
print(os.stat("f").st_mtime_ns > 10**9)
os.utime("f", ns=(10**9, 10**9))
os.chmod("f", 0o644)
print(os.stat("f").st_mtime_ns == 10**9, os.stat("f").st_ctime_ns > 10**9)
os.utime(".", ns=(10**9, 10**9))
os.link("f", "g")
print(os.stat(".").st_mtime_ns > 10**9)
