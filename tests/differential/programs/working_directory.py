# SPDX-License-Identifier: BSD-2-Clause
"""chdir, fchdir and a directory that has gone."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


top = os.open(".", os.O_RDONLY)
os.makedirs("a/b")
os.chdir("a/b")
print(os.path.basename(os.getcwd()), os.listdir(".."))
os.fchdir(top)
print(sorted(os.listdir(".")), attempt(os.chdir, "nope"))
os.chdir("a/b")
os.rmdir("../b")
print(attempt(os.getcwd), attempt(os.mkdir, "x"))
