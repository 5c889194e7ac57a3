# SPDX-License-Identifier: BSD-2-Clause
"""Warnings of the interpreter's C code, as it compiles or decodes: the process's, not the host's.

C asks the host's filters and has the host's warnings show what passes.  While a process
runs all passes, and the process's own filters decide.  CPython Python/_warnings.c.
"""

import sys as host_sys
import warnings as host_warnings
from types import FrameType
from typing import Any, Final

from userland.libc.data import curdata
from userland.python.frames import hidden, program_frame
from userland.python.warn import warn, warn_explicit

_host: Any = host_warnings
_show: Final = _host._showwarnmsg


class _InProcess:
    """Stands in a filter for the names of modules: all of them while a process runs."""

    def match(self, _module: str) -> bool:
        """Whether a process runs."""
        try:
            return curdata().runtime is not None
        except RuntimeError:
            return False


_process: Final = _InProcess()
_FILTER: Final = ("always", None, Warning, _process, 0)


def install() -> None:
    """Have the processes' warnings pass, before any filter that the host has set since."""
    if not _host.filters or _host.filters[0] is not _FILTER:
        _host.filters[:] = [_FILTER, *(one for one in _host.filters if one is not _FILTER)]
        _host._filters_mutated()
    _host._showwarnmsg = _showwarnmsg


def _showwarnmsg(msg: Any) -> None:
    if not _process.match(""):
        _show(msg)
    elif hidden(msg.filename):
        warn(msg.message, msg.category, source=msg.source)
    else:
        frame = _frame(msg.filename, msg.lineno)
        names = frame.f_globals if frame is not None else {}
        registry = names.setdefault("__warningregistry__", {}) if frame is not None else None
        warn_explicit(
            msg.message, msg.category, msg.filename, msg.lineno, names.get("__name__"), registry,
            source=msg.source,
        )  # fmt: skip


def _frame(filename: str, lineno: int) -> FrameType | None:
    """Return the frame of the program that is there, None if it is not what runs."""
    frame = program_frame(host_sys._getframe(1))
    while frame is not None and (frame.f_code.co_filename, frame.f_lineno) != (filename, lineno):
        frame = program_frame(frame.f_back)
    return frame
