# SPDX-License-Identifier: BSD-2-Clause
"""Flags of getrandom(2).  NetBSD sys/sys/random.h."""

from typing import Final

GRND_NONBLOCK: Final = 0x1
GRND_RANDOM: Final = 0x2
GRND_INSECURE: Final = 0x4
