# SPDX-License-Identifier: BSD-2-Clause
"""utime to the nanosecond."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.close(os.open("f", os.O_CREAT | os.O_WRONLY, 0o600))
os.utime("f", ns=(1_000_000_001, 2_000_000_003))
st = os.stat("f")
print(st.st_atime_ns, st.st_mtime_ns, attempt(os.utime, "nope"))
os.utime("f", (5, 6))
print(os.stat("f").st_mtime)
