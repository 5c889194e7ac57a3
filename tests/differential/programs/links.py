# SPDX-License-Identifier: BSD-2-Clause
"""Link counts, and unlinked files that are open."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


fd = os.open("a", os.O_RDWR | os.O_CREAT, 0o600)
os.link("a", "b")
print(os.stat("a").st_nlink, os.path.samefile("a", "b"), attempt(os.link, "a", "b"))
os.unlink("a")
os.unlink("b")
print(os.fstat(fd).st_nlink, os.write(fd, b"alive"), os.pread(fd, 9, 0), attempt(os.stat, "a"))
print(attempt(os.link, "nope", "x"), attempt(os.unlink, "nope"))
