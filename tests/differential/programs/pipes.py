# SPDX-License-Identifier: BSD-2-Clause
"""Data, end of file and a reader that has gone."""

import errno
import os
import signal


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


r, w = os.pipe()
print(os.write(w, b"data"), os.read(r, 2), os.read(r, 9))
os.close(w)
print(os.read(r, 1), attempt(os.write, r, b"x"))
r, w = os.pipe()
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
os.close(r)
print(attempt(os.write, w, b"x"), attempt(os.lseek, w, 0, os.SEEK_SET))
