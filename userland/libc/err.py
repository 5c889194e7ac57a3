# SPDX-License-Identifier: BSD-2-Clause
"""Messages of programs about errors.  NetBSD include/err.h."""

import sys
from typing import NoReturn

from kernel.sys.errno import strerror as _strerror
from userland.libc.data import curdata
from userland.libc.stdlib import exit
from userland.libc.sys import write

__all__ = ["err", "errx", "getprogname", "perror", "strerror", "warn", "warnx"]


def getprogname() -> str:
    """Return the program's name."""
    argv = curdata().argv
    return argv[0].decode("utf-8", "surrogateescape").rpartition("/")[2] if argv else "?"


def _say(text: str) -> None:
    write(2, f"{getprogname()}: {text}\n".encode("utf-8", "surrogateescape"))


def _reason() -> str:
    exc = sys.exc_info()[1]
    return (exc.strerror or str(exc)) if isinstance(exc, OSError) else "Undefined error: 0"


def warn(text: str) -> None:
    """Say text and, after a colon, what the error being handled is."""
    _say(f"{text}: {_reason()}")


def warnx(text: str) -> None:
    """Say text."""
    _say(text)


def err(status: int, text: str) -> NoReturn:
    """Warn, and end the program.

    Raises:
        SystemExit: always.
    """
    warn(text)
    exit(status)


def errx(status: int, text: str) -> NoReturn:
    """Say text, and end the program.

    Raises:
        SystemExit: always.
    """
    warnx(text)
    exit(status)


def perror(text: str = "") -> None:
    """Say, after text and a colon, what the error being handled is."""
    reason = _reason()
    write(2, (f"{text}: {reason}\n" if text else f"{reason}\n").encode("utf-8", "surrogateescape"))


def strerror(number: int) -> str:
    """Return what an errno means."""
    return _strerror(number)
