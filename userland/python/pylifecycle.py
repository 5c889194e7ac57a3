# SPDX-License-Identifier: BSD-2-Clause
"""The end of a program: threads, atexit, what is flushed and destroyed.  CPython pylifecycle.c."""

import sys as host_sys
from collections.abc import Callable
from contextlib import suppress
from gc import get_referrers
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Final

from kernel.sys.proc import ProcessExit
from userland.libc.data import DataSegment
from userland.libc.pthread_int import threads
from userland.python import atexit, tracing
from userland.python.gc import collect_at_end
from userland.python.runtime import Runtime

_NOT_FLUSHED: Final = 120  # the exit status then
_KEPT: Final = (BuiltinFunctionType, FunctionType, ModuleType, type)
_NEW_WORDS: Final = host_sys.version_info >= (3, 13)


def finish(data: DataSegment, runtime: Runtime, status: int) -> int:
    """Wait for threads, run atexit's functions, flush the files; return the exit status."""
    threading: Any = runtime.sys.modules.get("threading")
    if threading is not None:
        words = "Exception ignored on threading shutdown" if _NEW_WORDS else None
        _run(runtime, threading._shutdown, words, threading)
    runtime.finalizing = True
    atexit._run_exitfuncs()
    flushed = _flush(runtime)
    tracing.forget(runtime)
    runtime.sysmodule.finalizing = True
    collect_at_end()
    _destroy(runtime)
    runtime.files.flush(runtime.streams)
    with suppress(OSError, ValueError, AttributeError):
        runtime.flush()
    return status & 0xFF if flushed else _NOT_FLUSHED


def _run(runtime: Runtime, function: Callable[[], object], words: str | None, what: object) -> None:
    try:
        function()
    except ProcessExit:
        raise
    except BaseException as exc:  # noqa: BLE001 - as Python: said, and passed over
        runtime.tell_unraisable(exc, words, what)


def _flush(runtime: Runtime) -> bool:
    """Write what the streams still hold; return whether it could be written to stdout."""
    done = True
    for name in ("stdout", "stderr"):
        stream = vars(runtime.sys).get(name)
        try:
            if stream is not None and not getattr(stream, "closed", False):
                stream.flush()
        except ProcessExit:
            raise
        except BaseException as exc:  # noqa: BLE001 - whatever a program's stream raises
            if name == "stdout":
                words = "Exception ignored on flushing sys.stdout" if _NEW_WORDS else None
                runtime.tell_unraisable(exc, words, None if _NEW_WORDS else stream)
                done = False
    return done


def _destroy(runtime: Runtime) -> None:
    """Let go of what the program's variables hold, as long as its functions still work.

    As long as there are other threads, daemons, they use it all.
    """
    if len(threads().all) > 1:
        return
    members = vars(runtime.main)
    if runtime.gc.finalizers:
        del members
        members = _unreachable(runtime)
    names = [
        name
        for name, value in members.items()
        if not name.startswith("__") and not isinstance(value, _KEPT)
    ]
    names.sort(key=lambda name: not hasattr(type(members[name]), "__del__"))
    for name in names:  # one at a time, what has a finalizer first: nothing else holds what goes
        members[name] = None
    collect_at_end()


def _unreachable(runtime: Runtime) -> dict[str, Any]:
    """Have the main module collected, whose variables its finalizers find; return what stays."""
    if runtime.sys.modules.get("__main__") is runtime.main:
        del runtime.sys.modules["__main__"]
    runtime.main = ModuleType("__main__")
    collect_at_end()
    for holder in get_referrers(runtime.builtins):  # something else has one of its functions
        if isinstance(holder, dict) and holder.get("__name__") == "__main__":
            return holder
    return {}
