# SPDX-License-Identifier: BSD-2-Clause
"""One component and one path too long."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


print(attempt(os.mkdir, "n" * 255), attempt(os.mkdir, "n" * 256), attempt(os.stat, "x" * 256))
print(attempt(os.stat, "/".join(["d"] * 3000)), attempt(os.stat, ""), attempt(os.mkdir, ""))
