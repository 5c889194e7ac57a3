# SPDX-License-Identifier: BSD-2-Clause
"""Calls that go on after signals whose handlers return, as all of Python's do (PEP 475)."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

__all__ = ["retried"]

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
                continue

    return function
