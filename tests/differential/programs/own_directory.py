# SPDX-License-Identifier: BSD-2-Clause
"""The child's directory and umask are its own."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.mkdir("d")
os.umask(0o022)
pid = os.fork()
if pid == 0:
    os.chdir("d")
    os.umask(0)
    os._exit(len(os.listdir(".")))
print(os.waitpid(pid, 0)[1], os.listdir("."), oct(os.umask(0)))
