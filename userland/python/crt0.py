# SPDX-License-Identifier: BSD-2-Clause
"""The start of a program, and its end.  NetBSD lib/csu/common/crt0-common.c."""

from collections.abc import Callable
from functools import partial
from typing import Any

from kernel.sys.exec import ExecImage
from kernel.sys.proc import ProcessExit
from kernel.sys.signal import SIG_DFL, SIGINT
from userland import libc
from userland.libc.data import DataSegment
from userland.libc.machine import curlwp, program_begins
from userland.python.instrument import compile_program
from userland.python.pythonrun import report, uncaught
from userland.python.runtime import Runtime


def start(image: ExecImage) -> None:
    """Run a program in the process that runs: from its first line to exit(2)."""
    data = DataSegment(argv=image.argv)
    program_begins(curlwp())
    curlwp().l_proc.p_md.md_data = data
    for string in image.envp:
        name, equals, value = string.partition(b"=")
        if equals:
            data.environ[name] = value
    runtime = data.runtime = Runtime(data, image.path)
    data.finish = partial(finish, data, runtime)
    data.uncaught = lambda exc: uncaught(runtime, exc)
    runtime.report = lambda exc: report(runtime, exc)
    filename = image.path.decode("utf-8", "surrogateescape")
    main = vars(runtime.main)
    if image.source:
        runtime.sources[filename] = image.source
        main["__file__"] = filename
    status, interrupted = 0, False
    try:
        code = image.code
        if code is None or (image.source and curlwp().l_kernel.preempt):
            code = compile_program(image.source, filename)
        exec(code, main)
    except ProcessExit:
        raise
    except BaseException as exc:  # noqa: BLE001 - whatever the program has let pass
        interrupted = isinstance(exc, KeyboardInterrupt)
        status = uncaught(runtime, exc)
    status = finish(data, runtime, status)
    if interrupted:  # as CPython: whoever waits sees what ended it
        libc.signal(SIGINT, SIG_DFL)
        libc.raise_(SIGINT)
    libc._exit(status)


def _run(runtime: Runtime, function: Callable[[], object]) -> None:
    try:
        function()
    except ProcessExit:
        raise
    except BaseException as exc:  # noqa: BLE001 - as Python: said, and passed over
        runtime.report(exc)


def finish(data: DataSegment, runtime: Runtime, status: int) -> int:
    """Wait for threads, run atexit's functions, flush the files; return the exit status."""
    threading: Any = runtime.sys.modules.get("threading")
    if threading is not None:
        _run(runtime, threading._shutdown)
    while data.atexit:
        _run(runtime, data.atexit.pop())
    try:
        runtime.flush()
    except (OSError, ValueError):
        status = status or 120  # CPython's status for a stdout that cannot be flushed
    runtime.files.flush()
    return status & 0xFF
