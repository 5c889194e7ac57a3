# SPDX-License-Identifier: BSD-2-Clause
"""The _codecs of a program: what it registers is asked for it only.  CPython Python/codecs.c.

The interpreter has one table of search functions and one of error handlers.  A codec that was
found is for all, as long as the program runs that has brought it.
"""

import _codecs as _host
from collections.abc import Callable
from functools import partial as _partial
from typing import Any, Final

from userland.libc.data import curdata as _curdata

__all__ = ["lookup_error", "register", "register_error", "unregister"]

# Handlers of the host's by the names that programs have registered others for, None: it has none.
_hosts: Final[dict[str, Callable[[Any], Any] | None]] = {}


def _runtime() -> Any:
    """Return the runtime of the process that runs, None on the host's own stack."""
    try:
        return _curdata().runtime
    except RuntimeError:
        return None


def register(search_function: Any, /) -> None:
    """Register a codec search function."""
    if not callable(search_function):
        raise TypeError("argument must be callable")
    runtime = _runtime()

    def search(name: str) -> Any:
        return search_function(name) if _runtime() is runtime else None

    runtime.codecs.append((search_function, search))
    _host.register(search)


def unregister(search_function: Any, /) -> None:
    """Unregister a codec search function, and forget what was found; nothing if it is not there."""
    codecs = _runtime().codecs
    for each in [each for each in codecs if each[0] == search_function][:1]:
        codecs.remove(each)
        _host.unregister(each[1])


def register_error(errors: str, handler: Any, /) -> None:
    """Register an error handler under a name."""
    if not isinstance(errors, str):
        raise TypeError(f"register_error() argument 1 must be str, not {type(errors).__name__}")
    if not callable(handler):
        raise TypeError("handler must be callable")
    if errors not in _hosts:
        try:
            _hosts[errors] = _host.lookup_error(errors)
        except LookupError:
            _hosts[errors] = None
        _host.register_error(errors, _partial(_handle, errors))
    _runtime().codec_errors[errors] = handler


def _handle(name: str, exc: Any) -> Any:
    return lookup_error(name)(exc)


def lookup_error(name: str, /) -> Callable[[Any], Any]:
    """Return the error handler of a name.

    Raises:
        LookupError: there is none.
    """
    runtime = _runtime()
    own = None if runtime is None else runtime.codec_errors.get(name)
    found: Callable[[Any], Any] | None = own or _hosts.get(name)
    if found is None and name in _hosts:
        raise LookupError(f"unknown error handler name '{name}'")
    return found or _host.lookup_error(name)
