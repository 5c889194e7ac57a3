# SPDX-License-Identifier: BSD-2-Clause
"""Descriptors moved about, the shell's own out of the way.  NetBSD bin/sh/redir.c."""

from errno import EBADF
from typing import Final

from userland.libc import include as libc

_OWN_FROM: Final = 10  # descriptors from here on are the shell's own


def savefd(fd: int) -> int:
    """Return a copy of fd among the shell's own descriptors; a program does not get it.

    Raises:
        OSError: EBADF, fd is not open.
    """
    return libc.fcntl(fd, libc.F_DUPFD_CLOEXEC, _OWN_FROM)


def movefd(fd: int, to: int) -> None:
    """Give an open file another descriptor."""
    if fd != to:
        libc.dup2(fd, to)
        libc.close(fd)


def close_quietly(fd: int) -> None:
    """Close fd if it is open."""
    try:
        libc.close(fd)
    except OSError as exc:
        if exc.errno != EBADF:
            raise
