# SPDX-License-Identifier: BSD-2-Clause
"""Following and not following."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.symlink("target", "link")
print(
    os.readlink("link"), attempt(os.stat, "link"), os.lstat("link").st_size, os.path.islink("link")
)
with open("target", "w") as file:
    file.write("x")
print(os.stat("link").st_size, attempt(os.readlink, "target"), attempt(os.symlink, "a", "link"))
print(attempt(os.readlink, "nope"), attempt(os.open, "link", os.O_CREAT | os.O_EXCL))
os.unlink("link")
print(sorted(os.listdir(".")))
