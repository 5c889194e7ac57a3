# SPDX-License-Identifier: BSD-2-Clause
"""What Python does around a fork.  CPython Modules/posixmodule.c, PyOS_BeforeFork and its kin."""

import builtins
import sys
from collections.abc import Callable
from typing import Final, TypeVar

from kernel.sys.errno import Errno
from userland.libc.data import curdata
from userland.libc.pthread_int import threads
from userland.libc.syscall import getpid
from userland.python.warn import warn

__all__ = ["forking"]

# Why a function of another program's, or a test's block, has no child that is its copy.
_ALONE: Final = (
    "Not supported: a child runs its program anew from the start, and this is not a whole one;"
    " subprocess, os.posix_spawn and, in a test, kernel.run() do without"
)
_Result = TypeVar("_Result", int, tuple[int, int])
_WARNED: Final = sys.version_info >= (3, 12)  # who forks with several threads, or at the end
FINALIZED: Final[type[RuntimeError]] = getattr(builtins, "PythonFinalizationError", RuntimeError)


def before_fork() -> None:
    """Call what is registered for before a fork.

    Raises:
        RuntimeError: the program is at its end, since Python 3.12.
    """
    runtime = curdata().runtime
    if _WARNED and runtime.finalizing:
        raise FINALIZED("can't fork at interpreter shutdown")
    for function in runtime.before_fork:
        function()
    if (imp := runtime.sys.modules.get("_imp")) is not None:
        imp.acquire_lock()  # no module is half imported in the child


def forking(fork: Callable[[], _Result], function: str) -> _Result:
    """Fork, with what is registered for before and for after it, even if the fork fails.

    Args:
        fork: returns the pid, or a pair that begins with it.
        function: the name by which the program knows it.

    Raises:
        OSError: as fork(2); it says what else there is where the process cannot have a copy.
    """
    before_fork()
    try:
        result = fork()
    except OSError as exc:
        after_fork(-1, function)
        if exc.errno == Errno.ENOTSUP:
            exc.strerror = _ALONE
        raise
    after_fork(result if isinstance(result, int) else result[0], function)
    return result


def after_fork(pid: int, function: str) -> None:
    """Call what is registered for after a fork; in the child the other threads have ended first."""
    runtime = curdata().runtime
    if (imp := runtime.sys.modules.get("_imp")) is not None:
        imp.release_lock()
    if not pid:
        for handle in runtime.handles:
            handle._after_fork()
    for registered in runtime.after_in_parent if pid else runtime.after_in_child:
        registered()
    if _WARNED and pid and len(threads().all) > 1:
        warn(
            f"This process (pid={getpid()}) is multi-threaded, use of {function}()"
            " may lead to deadlocks in the child.",
            DeprecationWarning,
        )
