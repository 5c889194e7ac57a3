# SPDX-License-Identifier: BSD-2-Clause
"""Settings of which the interpreter has one for all programs and the host: a program's end with it.

As long as it runs, those beside it have them, too.
"""

import sys
from collections.abc import Callable
from typing import Any, Final

# What tells a setting, and what sets it.
_SETTINGS: Final[tuple[tuple[Callable[[], int], Callable[[Any], object]], ...]] = (
    (sys.get_int_max_str_digits, sys.set_int_max_str_digits),
    (sys.get_coroutine_origin_tracking_depth, sys.set_coroutine_origin_tracking_depth),
)


def settings() -> list[int]:
    """Return them as they are."""
    return [get() for get, _ in _SETTINGS]


def put_back(found: list[int]) -> None:
    """Have them be again what settings() has found."""
    for (get, put), value in zip(_SETTINGS, found, strict=True):
        if get() != value:
            put(value)
