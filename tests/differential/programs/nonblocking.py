# SPDX-License-Identifier: BSD-2-Clause
"""A pipe that would wait."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


r, w = os.pipe()
os.set_blocking(r, False)
os.set_blocking(w, False)
print(attempt(os.read, r, 1))
total = 0
while isinstance(count := attempt(os.write, w, b"x" * 512), int):
    total += count
print(count, total >= 4096, len(os.read(r, 100)))
