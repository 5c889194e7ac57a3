# SPDX-License-Identifier: BSD-2-Clause
"""The interpreter's own hooks, of which it has one each: given to the process that runs."""

import sys as host_sys
from typing import Any, Final

from kernel.sys.proc import ProcessExit
from userland.libc.data import curdata

_display: Final = host_sys.displayhook
_unraisable: Final = host_sys.unraisablehook


def _runtime() -> Any:
    """Return the runtime of the process that runs, None on the host's own stack."""
    try:
        return curdata().runtime
    except RuntimeError:
        return None


def _displayhook(value: object) -> None:
    runtime = _runtime()
    (_display if runtime is None else runtime.sys.displayhook)(value)


def _unraisablehook(unraisable: Any) -> None:
    if isinstance(unraisable.exc_value, ProcessExit):
        return  # a finalizer on the stack of a process that has ended: nobody's
    runtime = _runtime()
    if runtime is None or unraisable.exc_value is None:
        _unraisable(unraisable)
    else:
        runtime.ignored(unraisable)


def install() -> None:
    """Take the hooks over; outside of processes they do what they did."""
    host_sys.displayhook = _displayhook
    host_sys.unraisablehook = _unraisablehook
