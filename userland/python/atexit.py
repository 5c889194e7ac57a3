# SPDX-License-Identifier: BSD-2-Clause
"""The atexit module of a program.  CPython Modules/atexitmodule.c."""

from __future__ import annotations

import sys as _host_sys
from functools import partial
from typing import TYPE_CHECKING, Any

from kernel.sys.proc import ProcessExit as _ProcessExit
from userland.libc.data import curdata as _curdata

if TYPE_CHECKING:
    from collections.abc import Callable

_NEW_WORDS = _host_sys.version_info >= (3, 13)

__all__ = ["_clear", "_ncallbacks", "_run_exitfuncs", "register", "unregister"]


def register(func: Callable[..., object], /, *args: Any, **kwargs: Any) -> Callable[..., object]:
    """Have func(*args, **kwargs) called as the program ends; return func."""
    if not callable(func):
        raise TypeError("the first argument must be callable")
    _curdata().atexit.append(partial(func, *args, **kwargs))
    return func


def unregister(func: Callable[..., object], /) -> None:
    """Forget every call of func, asking each whether it is one."""
    functions = _curdata().atexit
    for one in reversed(list(functions)):
        if getattr(one, "func", one) == func and one in functions:
            functions.remove(one)


def _clear() -> None:
    _curdata().atexit.clear()


def _ncallbacks() -> int:
    return len(_curdata().atexit)


def _run_exitfuncs() -> None:
    """Call the functions, the last one first; what they raise is said, and passed over."""
    data = _curdata()
    while data.atexit:
        function = data.atexit.pop()
        try:
            function()
        except _ProcessExit:
            raise
        except BaseException as exc:  # noqa: BLE001 - as Python: said, and passed over
            what = function.func if isinstance(function, partial) else function
            if _NEW_WORDS:
                words = f"Exception ignored in atexit callback {what!r}"
                data.runtime.tell_unraisable(exc, words, None)
            else:
                words = "Exception ignored in atexit callback"
                data.runtime.tell_unraisable(exc, words, what)
