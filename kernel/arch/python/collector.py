# SPDX-License-Identifier: BSD-2-Clause
"""When the interpreter's garbage collector comes by itself.

It is one for the host, the kernel and all processes, and counts the objects of
all: what it does to a program is done at another place on the next run.  So it comes
seldom while the kernel runs, and never during a fork's replay.
"""

import gc
from typing import Final

_SELDOM: Final = (200_000, 10, 10)  # objects made and not dropped, some 20 MB; then generations
_NEVER: Final = (0, 10, 10)


def collector_enter() -> tuple[int, int, int]:
    """The kernel begins to run: let the collector come seldom; return how often it came."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    return before


def collector_return(before: tuple[int, int, int]) -> None:
    """The host goes on: as often as before."""
    gc.set_threshold(*before)


def collector_hold(held: bool) -> None:
    """A replay begins or, with held False, is over."""
    gc.set_threshold(*(_NEVER if held else _SELDOM))
