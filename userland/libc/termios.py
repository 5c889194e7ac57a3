# SPDX-License-Identifier: BSD-2-Clause
"""Terminals.  NetBSD include/termios.h, lib/libc/termios."""

from struct import Struct

from kernel.sys.ioccom import TIOCGETA, TIOCGPGRP, TIOCGWINSZ, TIOCSPGRP
from userland.libc.unistd import ioctl

__all__ = ["isatty", "tcgetpgrp", "tcgetwinsize", "tcsetpgrp"]

_INT = Struct("<i")


def isatty(fd: int) -> bool:
    """Return whether fd is a terminal."""
    try:
        ioctl(fd, TIOCGETA)
    except OSError:
        return False
    return True


def tcgetpgrp(fd: int) -> int:
    """Return the foreground process group of a terminal.

    Raises:
        OSError: ENOTTY, EBADF.
    """
    pgrp: int = _INT.unpack(ioctl(fd, TIOCGPGRP))[0]
    return pgrp


def tcsetpgrp(fd: int, pgrp: int) -> int:
    """Make pgrp the foreground process group of a terminal.

    Raises:
        OSError: ENOTTY, EPERM, EINVAL.
    """
    ioctl(fd, TIOCSPGRP, _INT.pack(pgrp))
    return 0


def tcgetwinsize(fd: int) -> tuple[int, int]:
    """Return the (rows, columns) of a terminal.

    Raises:
        OSError: ENOTTY, EBADF.
    """
    rows, columns, _, _ = Struct("<4H").unpack(ioctl(fd, TIOCGWINSZ))
    return rows, columns
