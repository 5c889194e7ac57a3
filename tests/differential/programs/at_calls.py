# SPDX-License-Identifier: BSD-2-Clause
"""Paths that start at an open directory."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.mkdir("d")
d = os.open("d", os.O_RDONLY)
os.mkdir("e", dir_fd=d)
os.close(os.open("f", os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=d))
os.symlink("f", "l", dir_fd=d)
os.link("f", "g", src_dir_fd=d, dst_dir_fd=d)
os.rename("g", "h", src_dir_fd=d, dst_dir_fd=d)
print(sorted(os.listdir("d")), os.readlink("l", dir_fd=d), os.stat("h", dir_fd=d).st_nlink)
os.unlink("h", dir_fd=d)
os.rmdir("e", dir_fd=d)
print(sorted(os.listdir("d")), attempt(os.stat, "x", dir_fd=d), attempt(os.mkdir, "x", dir_fd=88))
