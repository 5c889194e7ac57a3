# SPDX-License-Identifier: BSD-2-Clause
"""The start of a program, and its end.  NetBSD lib/csu/common/crt0-common.c."""

import linecache
import traceback
from pathlib import Path
from typing import Final

from kernel.sys.exec import ExecImage
from kernel.sys.proc import ProcessExit
from userland import libc
from userland.libc.data import DataSegment
from userland.libc.machine import curlwp
from userland.python.runtime import Runtime

_HOME: Final = Path(__file__).parents[2]
# Frames of these are the machine's, not the program's.
_HIDDEN: Final = (
    *(f"{_HOME / place}/" for place in ("kernel", "userland/libc", "userland/python")),
    "<frozen importlib",
)


def start(image: ExecImage) -> None:
    """Run a program in the process that runs: from its first line to exit(2)."""
    data = DataSegment(argv=image.argv)
    curlwp().l_proc.p_md.md_data = data
    for string in image.envp:
        name, equals, value = string.partition(b"=")
        if equals:
            data.environ[name] = value
    runtime = data.runtime = Runtime(data, image.path)
    filename = image.path.decode("utf-8", "surrogateescape")
    data.uncaught = lambda exc: uncaught(runtime, exc, filename, image.source)
    runtime.report = lambda exc: report(exc, filename, image.source)
    status = 0
    try:
        code = image.code or compile(image.source, filename, "exec", dont_inherit=True)
        if image.source:
            vars(runtime.main)["__file__"] = filename
        exec(code, vars(runtime.main))
    except ProcessExit:
        raise
    except BaseException as exc:  # noqa: BLE001 - whatever the program has let pass
        status = data.uncaught(exc)
    libc._exit(finish(data, runtime, status))


def finish(data: DataSegment, runtime: Runtime, status: int) -> int:
    """Run atexit's functions and flush the streams; return the exit status."""
    while data.atexit:
        function = data.atexit.pop()
        try:
            function()
        except ProcessExit:
            raise
        except Exception as exc:  # noqa: BLE001 - as Python: said, and passed over
            runtime.report(exc)
    try:
        runtime.flush()
    except (OSError, ValueError):
        status = status or 120  # CPython's status for a stdout that cannot be flushed
    return status & 0xFF


def uncaught(runtime: Runtime, exc: BaseException, filename: str, source: bytes) -> int:
    """Do what Python does with an exception that ends the program; return the exit status."""
    if isinstance(exc, SystemExit):
        if exc.code is None:
            return 0
        if isinstance(exc.code, int):
            return exc.code & 0xFF
        _complain(runtime, f"{exc.code}\n")
        return 1
    try:
        runtime.flush()
    except (OSError, ValueError):
        pass  # stdout cannot take it; what follows goes to stderr
    hook = vars(runtime.sys).get("excepthook")
    if hook not in (None, runtime.excepthook):
        hook(type(exc), exc, exc.__traceback__)
    else:
        report(exc, filename, source)
    return 1


def _complain(runtime: Runtime, text: str) -> None:
    try:
        runtime.sys.stderr.write(text)
        runtime.sys.stderr.flush()
    except (OSError, ValueError):
        return  # nowhere left to say it


def report(exc: BaseException, filename: str, source: bytes) -> None:
    """Print a traceback on descriptor 2: the program's frames, with its source."""
    lines = source.decode("utf-8", "replace").splitlines(keepends=True)
    if lines:
        linecache.cache[filename] = (len(source), None, lines, filename)
    try:
        summary = traceback.TracebackException.from_exception(exc)
        _hide(summary)
        text = "".join(summary.format())
    finally:
        linecache.cache.pop(filename, None)
    data = text.encode("utf-8", "backslashreplace")
    try:
        while data:
            data = data[libc.write(2, data) :]
    except OSError:
        return  # descriptor 2 is closed


def _hide(summary: traceback.TracebackException) -> None:
    """Take the frames of the machine out, here and in what led to it."""
    seen = [summary]
    while seen:
        one = seen.pop()
        frames = [frame for frame in one.stack if not frame.filename.startswith(_HIDDEN)]
        one.stack = traceback.StackSummary.from_list(frames)
        seen += [other for other in (one.__cause__, one.__context__) if other is not None]
