# SPDX-License-Identifier: BSD-2-Clause
"""Paths that end in slashes."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.mkdir("d")
os.close(os.open("f", os.O_CREAT | os.O_WRONLY))
print(
    attempt(os.mkdir, "e/"), os.path.isdir("e//"), attempt(os.stat, "f/"), attempt(os.rmdir, "e/")
)
print(os.path.isdir("d/."), attempt(os.rename, "d/", "g"), sorted(os.listdir("./")))
