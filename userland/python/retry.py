# SPDX-License-Identifier: BSD-2-Clause
"""Calls that go on after signals whose handlers return, as all of Python's do (PEP 475)."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from userland.libc.machine import curlwp, upcalls

__all__ = ["check_signals", "retried"]

P = ParamSpec("P")
R = TypeVar("R")


def retried(call: Callable[P, R]) -> Callable[P, R]:
    """Return call, made again whenever a signal has interrupted it."""

    @wraps(call)
    def function(*args: P.args, **kwargs: P.kwargs) -> R:
        while True:
            try:
                return call(*args, **kwargs)
            except InterruptedError:
                check_signals()

    return function


def check_signals() -> None:
    """Run the handlers of signals that have come, also where they wait for the end of a function.

    What a handler raises goes through.  CPython PyErr_CheckSignals().
    """
    lwp = curlwp()
    held, lwp.l_uphold = lwp.l_uphold, 0
    try:
        upcalls(lwp)
    finally:
        lwp.l_uphold = held
