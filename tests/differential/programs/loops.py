# SPDX-License-Identifier: BSD-2-Clause
"""Symbolic links in a circle."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.symlink("b", "a")
os.symlink("a", "b")
print(attempt(os.stat, "a"), attempt(os.open, "a", os.O_RDONLY), attempt(os.chdir, "a"))
print(os.readlink("a"), attempt(os.stat, "a/x"))
