# SPDX-License-Identifier: BSD-2-Clause
"""rename over files, and what it refuses."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


for name in "ab":
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
os.mkdir("d")
print(attempt(os.rename, "a", "b"), sorted(os.listdir(".")), attempt(os.rename, "nope", "x"))
print(attempt(os.rename, "b", "d"), attempt(os.rename, "d", "b"), attempt(os.rename, "d", "d/x"))
print(attempt(os.rename, "b", "d/b"), os.listdir("d"), attempt(os.rename, "d/b", "nope/b"))
