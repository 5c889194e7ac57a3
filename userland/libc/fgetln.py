# SPDX-License-Identifier: BSD-2-Clause
"""Lines and blocks of a descriptor.  NetBSD lib/libc/stdio/fgetln.c."""

from collections.abc import Iterator
from typing import Final

from userland.libc.sys import read

__all__ = ["blocks", "fgetln"]

_BLOCK: Final = 8192  # bytes read at once


def blocks(fd: int, size: int = _BLOCK) -> Iterator[bytes]:
    """Yield what read(2) gives, up to size bytes at a time, until the end of the file."""
    while data := read(fd, size):
        yield data


def fgetln(fd: int) -> Iterator[bytes]:
    """Yield the lines of fd, each with its newline but perhaps the last.

    Raises:
        OSError: a read failed.
    """
    return records(fd, b"\n")


def records(fd: int, end: bytes) -> Iterator[bytes]:
    """Yield what ends with the byte end, as fgetln does.

    Raises:
        OSError: a read failed.
    """
    rest = b""
    for data in blocks(fd):
        *lines, last = data.split(end)
        for line in lines:
            yield rest + line + end
            rest = b""
        rest += last
    if rest:
        yield rest
