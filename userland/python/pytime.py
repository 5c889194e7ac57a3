# SPDX-License-Identifier: BSD-2-Clause
"""Seconds as programs give them, in nanoseconds.  CPython Python/pytime.c."""

import math
import operator
import sys
from typing import Any, Final

__all__ = ["MILLISECOND", "SECOND", "ceil_to", "nanoseconds"]

SECOND: Final = 1_000_000_000  # ns
MILLISECOND: Final = 1_000_000
_LARGEST: Final = 1 << 63  # ns
_C_TYPE: Final = "PyTime_t" if sys.version_info >= (3, 13) else "_PyTime_t"


def nanoseconds(seconds: Any, unit: int = SECOND) -> int:
    """Return seconds as ns, a part of one counting as one more, so that nobody wakes too early.

    Args:
        seconds: a number of them, or of units.
        unit: ns that each of them has.

    Raises:
        TypeError: it is no number.
        ValueError: it is not a number (NaN).
        OverflowError: it is too large.
    """
    if isinstance(seconds, float):
        if math.isnan(seconds):
            raise ValueError("Invalid value NaN (not a number)")
        product = seconds * unit
        if not -_LARGEST <= product < _LARGEST:
            raise OverflowError("timestamp out of range for platform time_t")
        return math.ceil(product) if product >= 0 else math.floor(product)
    ns = operator.index(seconds) * unit
    if not -_LARGEST <= ns < _LARGEST:
        raise OverflowError(f"timestamp too large to convert to C {_C_TYPE}")
    return ns


def ceil_to(ns: int, unit: int) -> int:
    """Return how many units of so many ns there are in ns; a part of one counts, either way."""
    return -(-ns // unit) if ns >= 0 else ns // unit
