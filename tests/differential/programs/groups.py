# SPDX-License-Identifier: BSD-2-Clause
"""Process groups and sessions."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    ok = os.getpgrp() == os.getpid()
    os._exit(0 if ok and attempt(os.setsid) == "EPERM" else 1)
print(os.waitpid(pid, 0)[1])
pid = os.fork()
if pid == 0:
    os.setsid()
    os._exit(0 if os.getsid(0) == os.getpid() == os.getpgrp() else 1)
print(os.waitpid(pid, 0)[1], attempt(os.getpgid, 999999))
