# SPDX-License-Identifier: BSD-2-Clause
"""Files and directories with names of their own.  NetBSD lib/libc/stdio/gettemp.c, mkstemp.c."""

import re
from typing import Final

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_EXCL, O_RDONLY, O_RDWR
from userland.libc.cerror import cerror
from userland.libc.sys import close, mkdir, open, read

__all__ = ["mkdtemp", "mkstemp"]

_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TRIES: Final = 100


def _filled(template: str) -> str:
    """Return a template with letters drawn by lot for the X at its end."""
    match = re.search(r"X+$", template)
    if match is None:
        cerror(Errno.EINVAL, template)
    fd = open("/dev/urandom", O_RDONLY)
    drawn = read(fd, len(match[0]))
    close(fd)
    return template[: match.start()] + "".join(_LETTERS[b % len(_LETTERS)] for b in drawn)


def mkstemp(template: str) -> tuple[int, str]:
    """Make a file that only its owner may read; return its descriptor and name.

    Raises:
        OSError: EINVAL, the template does not end with X; ENOENT, EACCES ...
    """
    for left in range(_TRIES, 0, -1):
        name = _filled(template)
        try:
            return open(name, O_RDWR | O_CREAT | O_EXCL, 0o600), name
        except OSError as exc:
            if exc.errno != Errno.EEXIST or left == 1:
                raise
    raise AssertionError("no tries")


def mkdtemp(template: str) -> str:
    """Make a directory that only its owner may use; return its name.

    Raises:
        OSError: as mkstemp.
    """
    for left in range(_TRIES, 0, -1):
        name = _filled(template)
        try:
            mkdir(name, 0o700)
        except OSError as exc:
            if exc.errno != Errno.EEXIST or left == 1:
                raise
        else:
            return name
    raise AssertionError("no tries")
