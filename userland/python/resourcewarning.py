# SPDX-License-Identifier: BSD-2-Clause
"""What is said of things that were not closed.  CPython Python/_warnings.c."""

from types import SimpleNamespace

from userland.libc.data import curdata

__all__ = ["resource_warning"]

_LEVEL = 3  # of stack frames: whoever dropped it, whose line calls __del__, which calls here


def resource_warning(source: object) -> None:
    """Warn that source is dropped unclosed; called by its __del__.

    Without the warnings module nobody can have asked for it: it is ignored by default.
    """
    text = f"unclosed {source!r}"
    runtime = curdata().runtime
    warnings = runtime.sys.modules.get("warnings")
    if warnings is None:
        return
    try:
        warnings.warn(text, ResourceWarning, _LEVEL)
    except Warning as exc:  # a filter says that it is an error, which nobody could catch
        said = SimpleNamespace(
            exc_type=type(exc),
            exc_value=exc,
            exc_traceback=exc.__traceback__,
            err_msg=None,
            object=source,
        )
        getattr(runtime.sys, "unraisablehook", runtime.ignored)(said)
