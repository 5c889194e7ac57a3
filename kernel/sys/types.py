# SPDX-License-Identifier: BSD-2-Clause
"""Device numbers.  NetBSD sys/sys/types.h.

A dev_t keeps 12 bits of major number in bits 8 to 19; the 20 bits of minor
number lie around them.
"""

from typing import Final

NODEV: Final = (1 << 64) - 1  # no device: (dev_t)-1


def major(dev: int) -> int:
    """Return the driver's number in dev."""
    return dev >> 8 & 0xFFF


def minor(dev: int) -> int:
    """Return the unit's number in dev."""
    return dev >> 12 & 0xFFF00 | dev & 0xFF


def makedev(maj: int, mnr: int) -> int:
    """Return the dev_t of unit mnr of driver maj."""
    return maj << 8 & 0xFFF00 | mnr << 12 & 0xFFF00000 | mnr & 0xFF
