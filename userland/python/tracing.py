# SPDX-License-Identifier: BSD-2-Clause
"""settrace, setprofile and the hooks of asynchronous generators, for each thread its own.

CPython Python/legacy_tracing.c.  The interpreter has one of each: it is given a
function that passes events on to whoever runs, and hides the machine's frames.
"""

import sys as host_sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

from kernel.sys.proc import Lwp
from userland.libc.data import curdata
from userland.libc.machine import curlwp
from userland.python.frames import hidden

if TYPE_CHECKING:
    from userland.python.runtime import Runtime

Tracer = Callable[[FrameType, str, Any], Any]


class Tracers:
    """What the threads of a process have set."""

    def __init__(self) -> None:
        self.trace: dict[Lwp, Tracer] = {}
        self.profile: dict[Lwp, Tracer] = {}
        self.asyncgen: dict[Lwp, tuple[Any, Any]] = {}  # (firstiter, finalizer)
        self.finalizers: dict[int, Any] = {}  # of asynchronous generators that run, by id


def _tracers() -> Tracers | None:
    """Return those of the process that runs, None on the host's own stack."""
    try:
        runtime = curdata().runtime
    except RuntimeError:
        return None
    return runtime.tracers if runtime is not None else None


def _trace(frame: FrameType, event: str, arg: Any) -> Any:
    tracers = _tracers()
    if tracers is None or hidden(frame.f_code.co_filename):
        return None
    lwp = curlwp()
    function = tracers.trace.get(lwp)
    if function is None:
        return None
    try:
        return function(frame, event, arg)
    except BaseException:
        tracers.trace.pop(lwp, None)
        raise


def _profile(frame: FrameType, event: str, arg: Any) -> Any:
    tracers = _tracers()
    if tracers is None or hidden(frame.f_code.co_filename):
        return
    lwp = curlwp()
    function = tracers.profile.get(lwp)
    if function is None:
        return
    try:
        function(frame, event, arg)
    except BaseException:
        tracers.profile.pop(lwp, None)
        raise


def settrace(runtime: "Runtime", lwp: Lwp, function: Tracer | None) -> None:
    """Set what is called with the events of lwp."""
    _set(runtime.tracers.trace, lwp, function)
    host_sys.settrace(_trace if runtime.tracers.trace else None)


def gettrace(runtime: "Runtime") -> Tracer | None:
    """Return what is called; nothing once that has failed."""
    return runtime.tracers.trace.get(curlwp()) if host_sys.gettrace() is _trace else None


def setprofile(runtime: "Runtime", lwp: Lwp, function: Tracer | None) -> None:
    """Set what is called with the calls and returns of lwp."""
    _set(runtime.tracers.profile, lwp, function)
    host_sys.setprofile(_profile if runtime.tracers.profile else None)


def getprofile(runtime: "Runtime") -> Tracer | None:
    """Return what is called; nothing once that has failed."""
    return runtime.tracers.profile.get(curlwp()) if host_sys.getprofile() is _profile else None


def _set(table: dict[Lwp, Tracer], lwp: Lwp, function: Tracer | None) -> None:
    if function is None:
        table.pop(lwp, None)
    else:
        table[lwp] = function


def forget(runtime: "Runtime") -> None:
    """At the end of a program nothing of it is called any more."""
    tracers = runtime.tracers
    if tracers.trace:
        tracers.trace.clear()
        host_sys.settrace(None)
    if tracers.profile:
        tracers.profile.clear()
        host_sys.setprofile(None)


def _firstiter(agen: Any) -> None:
    tracers = _tracers()
    if tracers is None:
        return
    first, final = tracers.asyncgen.get(curlwp(), (None, None))
    if final is not None:
        tracers.finalizers[id(agen)] = final
    if first is not None:
        first(agen)


def _finalizer(agen: Any) -> None:
    runtime = _owner(agen)
    final = runtime.tracers.finalizers.pop(id(agen), None) if runtime is not None else None
    if final is not None:
        final(agen)
    else:  # as without hooks
        with suppress(StopIteration, StopAsyncIteration):
            agen.aclose().send(None)


def _owner(agen: Any) -> Any:
    """Return the runtime whose program made agen, known by its frame's builtins."""
    function = agen.ag_frame.f_builtins.get("print") if agen.ag_frame is not None else None
    return getattr(getattr(function, "__self__", None), "runtime", None)


def set_asyncgen_hooks(runtime: "Runtime", *args: Any, **kwargs: Any) -> None:
    """Set the hooks of the thread that runs; errors are as the host says."""
    host_sys.set_asyncgen_hooks(*args, **kwargs)
    given = host_sys.get_asyncgen_hooks()
    table = runtime.tracers.asyncgen
    first, final = table.get(curlwp(), (None, None))
    named = dict(zip(("firstiter", "finalizer"), args, strict=False)) | kwargs
    table[curlwp()] = (
        given.firstiter if "firstiter" in named else first,
        given.finalizer if "finalizer" in named else final,
    )
    host_sys.set_asyncgen_hooks(_firstiter, _finalizer)


def get_asyncgen_hooks(runtime: "Runtime") -> Any:
    """Return the hooks of the thread that runs."""
    first, final = runtime.tracers.asyncgen.get(curlwp(), (None, None))
    return type(host_sys.get_asyncgen_hooks())((first, final))
