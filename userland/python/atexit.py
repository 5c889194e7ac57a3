# SPDX-License-Identifier: BSD-2-Clause
"""The atexit module of a program.  CPython Modules/atexitmodule.c."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from userland.libc.data import curdata as _curdata

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["_clear", "_ncallbacks", "_run_exitfuncs", "register", "unregister"]


def register(func: Callable[..., object], /, *args: Any, **kwargs: Any) -> Callable[..., object]:
    """Have func(*args, **kwargs) called as the program ends; return func."""
    if not callable(func):
        raise TypeError("the first argument must be callable")
    _curdata().atexit.append(partial(func, *args, **kwargs))
    return func


def unregister(func: Callable[..., object], /) -> None:
    """Forget every call of func."""
    functions = _curdata().atexit
    functions[:] = [one for one in functions if getattr(one, "func", one) != func]


def _clear() -> None:
    _curdata().atexit.clear()


def _ncallbacks() -> int:
    return len(_curdata().atexit)


def _run_exitfuncs() -> None:
    functions = _curdata().atexit
    while functions:
        functions.pop()()
