# SPDX-License-Identifier: BSD-2-Clause
"""The start of a program, and its end.  NetBSD lib/csu/common/crt0-common.c."""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kernel.sys.exec import ExecImage
from kernel.sys.module import autoload
from kernel.sys.proc import ProcessExit
from kernel.sys.signal import SIG_DFL, SIGINT
from userland.libc import include as libc
from userland.libc.data import DataSegment, curdata
from userland.libc.machine import curlwp, program_begins
from userland.python.frames import where
from userland.python.pylifecycle import finish
from userland.python.pymain import run_image
from userland.python.runtime import Runtime

if TYPE_CHECKING:
    from userland.python import pythonrun
else:
    pythonrun = autoload("userland.python.pythonrun")

_BIN: Final = "/userland/bin/"  # in the name of the file that a program of ours was compiled from


def start(image: ExecImage) -> None:
    """Run a program in the process that runs: from its first line to exit(2)."""
    code = None if image.source else image.code
    distribution = code is not None and _BIN in code.co_filename
    data = load(image.argv, _environ(image.envp), distribution)
    runtime: Runtime = data.runtime
    status, interrupted = 0, False
    try:
        try:
            if code is None:
                run_image(runtime, image)
            else:
                exec(code, vars(runtime.main))
        except ProcessExit:
            raise
        except BaseException as exc:  # noqa: BLE001 - whatever the program has let pass
            interrupted = isinstance(exc, KeyboardInterrupt)
            status = pythonrun.uncaught(runtime, exc)
        status = finish(data, runtime, status)
        if interrupted:  # as CPython: whoever waits sees what ended it
            libc.signal(SIGINT, SIG_DFL)
            libc.raise_(SIGINT)
        libc._exit(status)
    finally:  # the process has ended, or runs another program
        runtime.discard()


def load(
    argv: tuple[bytes, ...], environ: dict[bytes, bytes], distribution: bool = False
) -> DataSegment:
    """Give the process that runs what a program of Python's has before its first line.

    Args:
        argv: the program's arguments.
        environ: its environment.
        distribution: it is one of ours, which change nothing in their modules.
    """
    data = DataSegment(argv, environ.copy())
    program_begins(curlwp())
    curlwp().l_proc.p_md.md_data = data
    data.runtime = Runtime(data, distribution)
    data.finish, data.uncaught = _finish, _uncaught
    curlwp().l_proc.p_md.md_where = where
    return data


def _finish(status: int) -> int:
    data = curdata()
    return finish(data, data.runtime, status)


def _uncaught(exc: BaseException) -> int:
    return pythonrun.uncaught(curdata().runtime, exc)


@lru_cache(maxsize=64)  # a program's children have the same
def _environ(envp: tuple[bytes, ...]) -> dict[bytes, bytes]:
    """Return the environment's variables; a string that is none is left out."""
    pairs = (string.partition(b"=") for string in envp)
    return {name: value for name, equals, value in pairs if equals}
