# SPDX-License-Identifier: BSD-2-Clause
"""Entries and their kinds."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.mkdir("d")
os.symlink("d", "l")
os.close(os.open("f", os.O_CREAT | os.O_WRONLY, 0o600))
for entry in sorted(os.scandir("."), key=lambda entry: entry.name):
    print(
        entry.name,
        entry.is_dir(),
        entry.is_file(),
        entry.is_symlink(),
        entry.is_dir(follow_symlinks=False),
    )
print(attempt(os.scandir, "nope"), attempt(os.scandir, "f"))
