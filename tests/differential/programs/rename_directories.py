# SPDX-License-Identifier: BSD-2-Clause
"""rename of directories."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.makedirs("a/sub")
os.mkdir("b")
print(
    attempt(os.rename, "b", "a/sub/b"), attempt(os.rename, "a/sub/b", "a"), sorted(os.listdir("a"))
)
os.mkdir("c")
print(attempt(os.rename, "c", "a"), attempt(os.rename, "a", "c"), os.listdir("."))
