# SPDX-License-Identifier: BSD-2-Clause
"""Buffered output of a program.  NetBSD lib/libc/stdio/fvwrite.c, fflush.c."""

from types import TracebackType
from typing import Final, Self

from userland.libc.err import err
from userland.libc.sys import write
from userland.libc.termios import isatty

__all__ = ["BUFSIZ", "Writer", "writeall"]

BUFSIZ: Final = 8192  # bytes kept before they are written


def writeall(fd: int, data: bytes) -> None:
    """Write all of data to fd, in as many calls as it takes.

    Raises:
        OSError: a write failed.
    """
    done = write(fd, data)
    while done < len(data):
        done += write(fd, data[done:])


class Writer:
    """What stdio does for an output descriptor: full buffering, by lines for a terminal.

    Its block ends with a flush, so it may stand for stdout until exit(3).
    """

    def __init__(self, fd: int, name: str = "stdout", status: int = 1) -> None:
        self.fd = fd
        self.name = name  # in the message of a failed write, which ends the program
        self.status = status  # of a program that ends so
        self._buffer = bytearray()
        self._by_line: bool | None = None  # not known before the first write

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exc_type is None or issubclass(exc_type, SystemExit):
            self.flush()

    def write(self, data: bytes) -> None:
        """Keep data to be written."""
        if self._by_line is None:
            self._by_line = isatty(self.fd)
        self._buffer += data
        if len(self._buffer) >= BUFSIZ or (self._by_line and b"\n" in data):
            self.flush()

    def print(self, text: str) -> None:
        """Keep text and a newline to be written."""
        self.write(text.encode("utf-8", "surrogateescape") + b"\n")

    def flush(self) -> None:
        """Write what is kept; a failure is told and ends the program."""
        data = bytes(self._buffer)
        self._buffer.clear()
        if data:
            try:
                writeall(self.fd, data)
            except OSError:
                err(self.status, self.name)
