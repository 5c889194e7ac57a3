# SPDX-License-Identifier: BSD-2-Clause
"""The start of a program, and its end.  NetBSD lib/csu/common/crt0-common.c."""

from functools import partial
from typing import Final

from kernel.sys.exec import ExecImage
from kernel.sys.proc import ProcessExit
from kernel.sys.signal import SIG_DFL, SIGINT
from userland.libc import include as libc
from userland.libc.data import DataSegment
from userland.libc.machine import curlwp, program_begins
from userland.python.frames import where
from userland.python.pylifecycle import finish
from userland.python.pymain import run_image
from userland.python.pythonrun import report, uncaught
from userland.python.runtime import Runtime

_BIN: Final = "/userland/bin/"  # in the name of the file that a program of ours was compiled from


def start(image: ExecImage) -> None:
    """Run a program in the process that runs: from its first line to exit(2)."""
    pairs = (string.partition(b"=") for string in image.envp)
    environ = {name: value for name, equals, value in pairs if equals}
    data = load(image.argv, environ)
    runtime: Runtime = data.runtime
    status, interrupted = 0, False
    try:
        try:
            if image.source or image.code is None:
                run_image(runtime, image)
            else:
                runtime.importer.distribution = _BIN in image.code.co_filename
                exec(image.code, vars(runtime.main))
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
    finally:  # the process has ended, or runs another program
        runtime.discard()


def load(argv: tuple[bytes, ...], environ: dict[bytes, bytes]) -> DataSegment:
    """Give the process that runs what a program of Python's has before its first line."""
    data = DataSegment(argv=argv)
    program_begins(curlwp())
    curlwp().l_proc.p_md.md_data = data
    data.environ.update(environ)
    runtime = data.runtime = Runtime(data)
    data.finish = partial(finish, data, runtime)
    curlwp().l_proc.p_md.md_where = where
    data.uncaught = lambda exc: uncaught(runtime, exc)
    runtime.report = partial(report, runtime)
    return data
