# SPDX-License-Identifier: BSD-2-Clause
"""A counter as a descriptor.  NetBSD lib/libc/gen/eventfd_read.c, eventfd_write.c."""

from userland.libc.sys import read, write

__all__ = ["eventfd_read", "eventfd_write"]


def eventfd_read(fd: int) -> int:
    """Take the counter's value, or 1 of a semaphore's, waiting until it is not 0.

    Raises:
        OSError: as read(2).
    """
    return int.from_bytes(read(fd, 8), "little")


def eventfd_write(fd: int, value: int) -> None:
    """Add value to the counter.

    Raises:
        OSError: as write(2).
    """
    write(fd, value.to_bytes(8, "little"))
