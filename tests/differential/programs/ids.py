# SPDX-License-Identifier: BSD-2-Clause
"""Ids that users may and may not take."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


root = os.geteuid() == 0
print(attempt(os.setuid, 0) is None or root == (attempt(os.setuid, 0) is None))
print(root or attempt(os.setuid, 0) == "EPERM", root or attempt(os.setgid, 0) == "EPERM")
print(root or attempt(os.chroot, ".") == "EPERM", attempt(os.chown, "nope", 0, 0))
