# SPDX-License-Identifier: BSD-2-Clause
"""open(), buffering and text."""

import errno


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


with open("f", "w") as file:
    print(file.write("line\nzwei\n"), file.tell())
with open("f") as file:
    print(file.readline(), list(file), file.read())
with open("f", "r+b") as file:
    file.seek(2)
    file.write(b"XX")
    file.seek(0)
    print(file.read())
for mode in ("x", "q", "rw"):
    try:
        open("f", mode)
    except (OSError, ValueError) as exc:
        print(type(exc).__name__)
