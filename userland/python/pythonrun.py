# SPDX-License-Identifier: BSD-2-Clause
"""What Python does with an exception that ends a program.  CPython Python/pythonrun.c."""

import linecache
import traceback
from collections.abc import Iterator
from contextlib import suppress
from traceback import StackSummary, TracebackException

from userland import libc
from userland.python.frames import guest_name, hidden
from userland.python.runtime import Runtime


def uncaught(runtime: Runtime, exc: BaseException) -> int:
    """Say what Python says of an exception that no one caught; return the exit status."""
    if isinstance(exc, SystemExit):
        return _exit_status(runtime, exc.code)
    with suppress(OSError, ValueError):  # what follows goes to stderr
        runtime.flush()
    hook = vars(runtime.sys).get("excepthook")
    if hook is None or hook == runtime.excepthook:
        report(runtime, exc)
    else:
        hook(type(exc), exc, exc.__traceback__)
    return 1


def _exit_status(runtime: Runtime, code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    with suppress(OSError, ValueError, AttributeError):  # nowhere left to say it
        runtime.sys.stderr.write(f"{code}\n")
        runtime.sys.stderr.flush()
    return 1


def report(runtime: Runtime, exc: BaseException) -> None:
    """Print a traceback on descriptor 2: the program's frames, with its source."""
    summary = traceback.TracebackException.from_exception(exc, lookup_lines=False)
    names: set[str] = set()
    for one in _chain(summary):
        frames = [frame for frame in one.stack if not hidden(frame.filename)]
        for frame in frames:
            frame.filename = guest_name(frame.filename)
            names.add(frame.filename)
        one.stack = StackSummary.from_list(frames)
    cache = {name: runtime.source(name) for name in names}
    try:
        for name, source in cache.items():
            lines = source.decode("utf-8", "replace").splitlines(keepends=True)
            linecache.cache[name] = (len(source), None, lines, name)
        text = "".join(summary.format())
    finally:
        for name in cache:
            linecache.cache.pop(name, None)
    data = text.encode("utf-8", "backslashreplace")
    try:
        while data:
            data = data[libc.write(2, data) :]
    except OSError:
        return  # descriptor 2 is closed


def _chain(summary: TracebackException) -> Iterator[TracebackException]:
    """Yield an exception, what led to it, and what groups hold."""
    pending = [summary]
    while pending:
        one = pending.pop()
        yield one
        pending += [other for other in (one.__cause__, one.__context__) if other is not None]
        pending += getattr(one, "exceptions", None) or []
