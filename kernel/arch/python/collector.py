# SPDX-License-Identifier: BSD-2-Clause
"""The interpreter's garbage collector, which is one for the host, the kernel and all processes.

What it finds by itself is anybody's, at a moment that is another one on the next run.  So
what it finalizes has no process: its traps end in ProcessExit, and what it holds is left to the
kernel, which gives it back at the end of its process.  It comes seldom while the kernel runs,
and never during a fork's replay.  A program that asks for it has it run as its own doing.
What is of the program then and what it had found by itself is chance: who makes calls as he is
finalized asks collecting(), and puts them off, in either case to the same place.
"""

import atexit
import gc
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

_SELDOM: Final = (200_000, 10, 10)  # objects made and not dropped, some 20 MB; then generations
_NEVER: Final = (0, 10, 10)

_asked = 0  # programs that have called the collector and not got its answer
_stopped: tuple[Any, Any] | None = None  # the context that it interrupts by itself, and its LWP
_asks: Callable[[], bool] | None = None  # whether the context that runs has it run at this moment


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


def collecting() -> bool:
    """Whether the collector runs: by itself, or for the program that asks this."""
    return _stopped is not None or (_asks is not None and _asks())


def collect(generation: int) -> int:
    """Run the collector for the program that runs; return how many objects it found."""
    global _asked  # noqa: PLW0603 - the collector is the interpreter's, and it is one
    _asked += 1
    try:
        return gc.collect(generation)
    finally:
        _asked -= 1


def _is_current(current: Callable[[], Any], context: Any) -> bool:
    return current() is context


def collector_watch(current: Callable[[], Any]) -> None:
    """Let contexts, of which current() is the one that runs, be nobody's for what is finalized."""

    def callback(phase: str, info: Mapping[str, int]) -> None:
        global _asks, _stopped  # noqa: PLW0603 - as above
        del info
        if phase == "start":
            context = current()
            lwp = getattr(context, "lwp", None)
            if _asked:
                _asks = partial(_is_current, current, context)
            elif lwp is not None:
                _stopped = context, lwp
                context.lwp = lwp.l_kernel.deadlwp
        elif _asks is not None:
            _asks = None
        elif _stopped is not None:
            (context, context.lwp), _stopped = _stopped, None

    gc.callbacks.append(callback)
    atexit.register(gc.callbacks.remove, callback)  # after that there are no contexts
