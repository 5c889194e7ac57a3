# SPDX-License-Identifier: BSD-2-Clause
"""Search permission of each directory on the way."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.makedirs("a/b")
os.close(os.open("a/b/f", os.O_CREAT | os.O_WRONLY, 0o600))
os.chmod("a", 0o600)
result = attempt(os.stat, "a/b/f")
print(result if isinstance(result, str) else "found", attempt(os.chdir, "a/b"))
os.chmod(".", 0o700) if os.path.isdir("f") else None
