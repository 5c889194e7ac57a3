# SPDX-License-Identifier: BSD-2-Clause
"""What Python does with an exception that ends a program.  CPython Python/pythonrun.c."""

from __future__ import annotations

import sys as host_sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.module import autoload
from userland.python.frames import guest_name, hidden, visible_traceback
from userland.python.suggestions import suggest

if TYPE_CHECKING:
    import linecache
    import traceback

    from userland.python.runtime import Runtime
else:
    linecache = autoload("linecache")
    traceback = autoload("traceback")

_LONG: Final = range(-(1 << 63), 1 << 63)  # what a C long holds
_HAS_LAST_EXC: Final = host_sys.version_info >= (3, 12)


def uncaught(runtime: Runtime, exc: BaseException) -> int:
    """Say what Python says of an exception that no one caught; return the exit status."""
    with suppress(OSError, ValueError, AttributeError):  # what follows goes to stderr
        runtime.flush()
    if isinstance(exc, SystemExit):
        return _exit_status(runtime, exc.code)
    exc.__traceback__ = visible_traceback(exc.__traceback__)
    members = vars(runtime.sys)
    members.update(last_type=type(exc), last_value=exc, last_traceback=exc.__traceback__)
    if _HAS_LAST_EXC:
        members["last_exc"] = exc
    hook = members.get("excepthook")
    if hook is None:
        runtime.say("sys.excepthook is missing\n")
        report(runtime, exc)
        return 1
    try:
        hook(type(exc), exc, exc.__traceback__)
    except SystemExit as end:
        return _exit_status(runtime, end.code)
    except Exception as failure:  # noqa: BLE001 - whatever a program's hook raises
        failure.__context__ = None
        runtime.say("Error in sys.excepthook:\n")
        report(runtime, failure)
        runtime.say("\nOriginal exception was:\n")
        report(runtime, exc)
    return 1


def _exit_status(runtime: Runtime, code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        value = int.__index__(code)  # of an IntEnum, too: a range looks for those one by one
        return (value if value in _LONG else -1) & 0xFF
    runtime.say(f"{code}\n")
    return 1


def report(runtime: Runtime, exc: BaseException, *, chain: bool = True, file: Any = None) -> None:
    """Print a traceback on sys.stderr, or file: the program's frames, with its source."""
    summary = traceback.TracebackException.from_exception(exc, lookup_lines=False)
    suggest(summary, exc)
    names: set[str] = set()
    limit = getattr(runtime.sys, "tracebacklimit", None)
    for one in _chain(summary):
        frames = [frame for frame in one.stack or () if not hidden(frame.filename)]
        for frame in frames:
            frame.filename = guest_name(frame.filename)
            names.add(frame.filename)
        one.stack = traceback.StackSummary.from_list(_last(frames, limit))
        if not one.stack:
            one.stack = None  # type: ignore[assignment]  # as traceback itself has it
    cache = {name: runtime.source(name) for name in names}
    try:
        for name, source in cache.items():
            lines = source.decode("utf-8", "replace").splitlines(keepends=True)
            linecache.cache[name] = (len(source), None, lines, name)
        text = "".join(summary.format(chain=chain))
    finally:
        for name in cache:
            linecache.cache.pop(name, None)
    runtime.say(text, file)


def _last(frames: list[Any], limit: object) -> list[Any]:
    if not isinstance(limit, int):
        return frames
    return frames[-limit:] if limit > 0 else []


def _chain(summary: traceback.TracebackException) -> Iterator[traceback.TracebackException]:
    """Yield an exception, what led to it, and what groups hold."""
    pending = [summary]
    while pending:
        one = pending.pop()
        yield one
        pending += [other for other in (one.__cause__, one.__context__) if other is not None]
        pending += getattr(one, "exceptions", None) or []
