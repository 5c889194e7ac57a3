# SPDX-License-Identifier: BSD-2-Clause
"""Permissions as they are set."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.close(os.open("f", os.O_CREAT | os.O_WRONLY, 0o600))
for mode in (0o644, 0o4755, 0o000, 0o777):
    os.chmod("f", mode)
    print(oct(os.stat("f").st_mode))
print(attempt(os.chmod, "nope", 0o600))
