# SPDX-License-Identifier: BSD-2-Clause
"""FIFOs in a directory."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.mkfifo("p", 0o600)
print(attempt(os.open, "p", os.O_WRONLY | os.O_NONBLOCK), attempt(os.mkfifo, "p"))
r = os.open("p", os.O_RDONLY | os.O_NONBLOCK)
print(os.read(r, 5))
w = os.open("p", os.O_WRONLY)
print(attempt(os.read, r, 5), os.write(w, b"hi"), os.read(r, 5))
os.unlink("p")
print(os.write(w, b"on"), os.read(r, 5))
