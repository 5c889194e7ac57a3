# SPDX-License-Identifier: BSD-2-Clause
"""mkdir, rmdir, and what is in the way."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.mkdir("d", 0o755)
print(attempt(os.mkdir, "d"), attempt(os.mkdir, "x/y"), os.stat("d").st_nlink >= 1)
os.mkdir("d/e")
print(
    attempt(os.rmdir, "d"), attempt(os.rmdir, "d/e"), attempt(os.rmdir, "d"), attempt(os.rmdir, "d")
)
