# SPDX-License-Identifier: BSD-2-Clause
"""What sys's hooks do when a program has not set its own.  CPython Python/sysmodule.c, errors.c.

The interpreter has one of each: they are given to the process that runs.
"""

import builtins
import re  # noqa: F401 - its modules are among those that are hooked
import sys as host_sys
import typing as host_typing
import warnings as host_warnings
from collections.abc import Callable
from contextlib import suppress
from types import FunctionType, TracebackType
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.proc import NoProcess, ProcessExit
from userland.libc.data import curdata
from userland.libc.machine import nobody
from userland.python import cwarnings
from userland.python.frames import program_frame
from userland.python.gc import own_doing
from userland.python.warn import warn, warn_explicit

if TYPE_CHECKING:
    from userland.python.runtime import Runtime

_display: Final = host_sys.displayhook
_unraisable: Final = host_sys.unraisablehook
_unawaited: Final = host_warnings._warn_unawaited_coroutine  # type: ignore[attr-defined]  # typeshed does not know it
_show: Final[Callable[[Any], None]] = vars(host_warnings)["_showwarnmsg"]
_TYPING: Final = (
    "_generic_class_getitem", "_generic_init_subclass", "_make_union", "_paramspec_prepare_subst",
    "_paramspec_subst", "_typevar_subst", "_typevartuple_prepare_subst",
)  # fmt: skip
_PDB: Final = "pdb.set_trace"


def _runtime() -> Any:
    """Return the runtime of the process that runs, None on the host's own stack."""
    try:
        return curdata().runtime
    except RuntimeError:
        return None


def _displayhook(value: object) -> None:
    runtime = _runtime()
    if runtime is None:
        _display(value)
        return
    hook = vars(runtime.sys).get("displayhook")
    if hook is None:
        raise RuntimeError("lost sys.displayhook")
    hook(value)


def _of_ended(traceback: TracebackType | None) -> bool:
    """Whether an exception comes from code of a process that has ended: its modules are empty."""
    return traceback is not None and not traceback.tb_frame.f_builtins


def _unraisablehook(unraisable: Any) -> None:
    if isinstance(unraisable.exc_value, (NoProcess, ProcessExit)) or nobody():
        return  # a finalizer of a process that has ended, or that the collector has called
    if _of_ended(unraisable.exc_traceback):
        return  # a generator or a callback, found by another process's gc.collect()
    runtime = _runtime()
    if runtime is None or unraisable.exc_value is None:
        _unraisable(unraisable)
    else:
        runtime.unraisable(unraisable)


def _warn_unawaited_coroutine(coro: Any) -> None:
    """Have the warnings of the process whose coroutine it is warn that it was never awaited."""
    runtime = _runtime()
    if runtime is None:
        if coro.cr_frame.f_builtins is vars(builtins):  # not a program's that has ended
            _unawaited(coro)
    elif coro.cr_frame.f_builtins is vars(runtime.builtins) and own_doing(runtime.data):
        runtime.importer.import_("warnings")._warn_unawaited_coroutine(coro)


def _showwarnmsg(message: Any) -> None:
    """A warning of C, or of a module that is shared: it is the program's to show or to ignore."""
    runtime = _runtime()
    if runtime is None:
        _show(message)
        return
    warn_explicit(
        message.message, message.category, message.filename, message.lineno, source=message.source
    )


def _print(*values: object, **options: Any) -> None:
    """print() of re.DEBUG, whose module is shared."""
    runtime = _runtime()
    (print if runtime is None else runtime.builtins.print)(*values, **options)


def _typing_function(name: str) -> Callable[..., Any]:
    """Return what C calls by that name, from 3.12 on: the function of the program's typing."""
    own: Callable[..., Any] = vars(host_typing)[name]

    def function(*args: Any, **kwargs: Any) -> Any:
        runtime = _runtime()
        typing = None if runtime is None else runtime.sys.modules.get("typing")
        return (own if typing is None else vars(typing)[name])(*args, **kwargs)

    return function


_typing: Final[dict[str, Any]] = {
    name: _typing_function(name) for name in _TYPING if name in vars(host_typing)
}


def install() -> None:
    """Take the hooks over; outside of processes they do what they did."""
    vars(host_typing).update(_typing)
    host_sys.displayhook = _displayhook
    host_sys.unraisablehook = _unraisablehook
    cwarnings.install()
    host_warnings._warn_unawaited_coroutine = _warn_unawaited_coroutine  # type: ignore[attr-defined]  # typeshed does not know it
    vars(host_warnings)["_showwarnmsg"] = _showwarnmsg
    for name in ("re._compiler", "re._parser"):
        vars(host_sys.modules[name])["print"] = _print


def excepthook(runtime: "Runtime", exctype: object, value: Any, traceback: Any) -> None:
    """sys.excepthook."""
    del exctype
    if isinstance(value, BaseException):
        runtime.report(value.with_traceback(traceback))
        return
    stream = runtime.stderr()
    if stream is not None:
        name = type(value).__name__
        stream.write(f"TypeError: print_exception(): Exception expected for value, {name} found\n")


def displayhook(runtime: "Runtime", value: object) -> None:
    """sys.displayhook: print a value and keep it as _."""
    if value is None:
        return
    builtins = vars(runtime.builtins)
    builtins["_"] = None
    out = runtime.stream("stdout")
    if out is None:
        raise RuntimeError("lost sys.stdout")
    text = repr(value)
    try:
        out.write(text)
    except UnicodeEncodeError:
        encoded = text.encode(out.encoding, "backslashreplace")
        if hasattr(out, "buffer"):
            out.buffer.write(encoded)
        else:
            out.write(encoded.decode(out.encoding, "strict"))
    out.write("\n")
    builtins["_"] = value


def unraisablehook(runtime: "Runtime", unraisable: Any) -> None:
    """sys.unraisablehook: say what could not be raised, as what a __del__ raises."""
    if not hasattr(unraisable, "err_msg"):
        raise TypeError("sys.unraisablehook argument type must be UnraisableHookArgs")
    stream = runtime.stderr()
    if stream is None:
        return
    with suppress(OSError, ValueError):
        _say_of(stream, unraisable.err_msg, unraisable.object)
        runtime.report(unraisable.exc_value, chain=False)
        stream.flush()


def _say_of(stream: Any, message: str | None, what: object) -> None:
    if what is None:
        if message is not None:
            stream.write(f"{message}:\n")
        return
    try:
        text = repr(what)
    except Exception:  # noqa: BLE001 - whatever a program's __repr__ raises
        text = "<object repr() failed>"
    stream.write(f"{message or 'Exception ignored in'}: {text}\n")


def breakpointhook(runtime: "Runtime", args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """sys.breakpointhook: call what $PYTHONBREAKPOINT names, pdb.set_trace if it names nothing."""
    wanted = ""
    if runtime.config is None or not runtime.config.ignore_environment:
        wanted = curdata().environ.get(b"PYTHONBREAKPOINT", b"").decode(errors="surrogateescape")
    if wanted == "0":
        return None
    place, _, name = (wanted or _PDB).rpartition(".")
    try:
        module = runtime.importer.import_(place or "builtins", fromlist=(name,))
        hook = getattr(module, name)
    except (ImportError, AttributeError, ValueError):
        text = f'Ignoring unimportable $PYTHONBREAKPOINT: "{wanted}"'
        warn(text, RuntimeWarning)
        return None
    plain = isinstance(hook, FunctionType) and hook.__module__ == place
    if f"{place}.{name}" == _PDB and plain and not args and not kwargs:
        module.Pdb().set_trace(program_frame(host_sys._getframe()))
        return None
    return hook(*args, **kwargs)
