# SPDX-License-Identifier: BSD-2-Clause
"""A file where a directory is wanted."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.close(os.open("f", os.O_CREAT | os.O_WRONLY))
for function in (os.stat, os.mkdir, os.rmdir, os.unlink, os.readlink, os.listdir):
    print(function.__name__, attempt(function, "f/x"))
print(
    attempt(os.rmdir, "f"), attempt(os.chdir, "f"), attempt(os.listdir, "f"), attempt(os.mkdir, "f")
)
