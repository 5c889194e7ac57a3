# SPDX-License-Identifier: BSD-2-Clause
"""Who may do what to files with few permissions."""

import errno
import os


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


os.close(os.open("f", os.O_CREAT | os.O_WRONLY, 0o400))
print(
    os.access("f", os.R_OK),
    os.access("f", os.W_OK),
    os.access("f", os.X_OK),
    os.access("g", os.F_OK),
)
print(attempt(os.open, "f", os.O_WRONLY) == "EACCES")
os.mkdir("d", 0o500)
print(attempt(os.mkdir, "d/x"), attempt(os.listdir, "d"))
os.chmod("d", 0o300)
print(attempt(os.listdir, "d"), attempt(os.mkdir, "d/y"))
os.chmod("d", 0o700)
