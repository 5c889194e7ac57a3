# SPDX-License-Identifier: BSD-2-Clause
"""The umask cuts the modes of what is made."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.umask(0o027)
os.close(os.open("f", os.O_CREAT | os.O_WRONLY, 0o666))
os.mkdir("d", 0o777)
os.mkfifo("p", 0o666)
print([oct(os.stat(name).st_mode) for name in "fdp"], oct(os.umask(0)))
