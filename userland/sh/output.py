# SPDX-License-Identifier: BSD-2-Clause
"""What the shell itself prints: one write(2) a message.  NetBSD bin/sh/output.c."""

from errno import EINTR

from userland.libc import include as libc
from userland.sh.shell import Shell


def write_all(fd: int, data: bytes) -> None:
    """Write all of data to fd."""
    while data:
        try:
            data = data[libc.write(fd, data) :]
        except OSError as exc:
            if exc.errno != EINTR:
                raise


def out1(text: str) -> None:
    """Write text to standard output."""
    write_all(1, text.encode("utf-8", "surrogateescape"))


def out2(text: str) -> None:
    """Write text to standard error; that it cannot be written is not told."""
    try:
        write_all(2, text.encode("utf-8", "surrogateescape"))
    except OSError:
        return


def warn(sh: Shell, message: str) -> None:
    """Write an error message with the name of the command it comes from."""
    out2(f"{sh.commandname or sh.arg0}: {message}\n")
