# SPDX-License-Identifier: BSD-2-Clause
"""The sys module of a process.  CPython Python/sysmodule.c.

What the interpreter has one of, each process has its own of: what is set by one
is not seen by another.
"""

import sys as host_sys
from collections.abc import Callable
from functools import cache
from types import FrameType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from userland.libc.data import curdata
from userland.libc.machine import cpu_setframes, curlwp
from userland.python import hooks, tracing
from userland.python.flags import make_flags
from userland.python.frames import LIBRARY, program_frame
from userland.python.imp import builtin_module_names
from userland.python.importer import MADE_WHEN_ASKED
from userland.python.initconfig import DIGITS, Config
from userland.python.modules import builtin, module_of
from userland.python.stdio import STREAMS, open_stream

if TYPE_CHECKING:
    from userland.python.runtime import Runtime

EXECUTABLE: Final = "/usr/bin/python3"
PLATFORM: Final = "netbsd10"

# Of the host's sys these are the process's own, or made when they are asked for.
_OWN: Final = frozenset(
    ("argv", "orig_argv", "modules", "path", "meta_path", "path_hooks", "path_importer_cache",
     "last_exc", "last_type", "last_value", "last_traceback", "ps1", "ps2", "tracebacklimit",
     "pycache_prefix", "_home", "__interactivehook__", "__loader__", "__spec__",
     *STREAMS, *(f"__{stream}__" for stream in STREAMS))
)  # fmt: skip
_LINUX_ONLY: Final = "_multiarch"
_IMPLEMENTATION: Final = {
    name: value for name, value in vars(host_sys.implementation).items() if name != _LINUX_ONLY
}
_DLOPEN_FLAGS: Final = host_sys.getdlopenflags()
_INT_MAX: Final = (1 << 31) - 1
_MAX_STR_DIGITS: Final = host_sys.int_info.default_max_str_digits


class SysModule:
    """What the functions of one process's sys keep."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self.audit_hooks: list[Callable[[str, tuple[Any, ...]], object]] = []
        self.recursion_limit = 1000
        self.switch_interval = 0.005
        self.dlopen_flags = _DLOPEN_FLAGS
        self._made: frozenset[str] = frozenset()  # streams, which are made when they are asked for
        self.finalizing = False

    def make(self) -> Any:
        """Return the module, for a program that looks for nothing beside it, as one of /bin."""
        module: Any = module_of(_shared())
        args = [arg.decode("utf-8", "surrogateescape") for arg in self._runtime.data.argv]
        vars(module).update(
            argv=args,
            orig_argv=[*args],
            modules={},
            path=[LIBRARY],
            warnoptions=[],
            _xoptions={},
            implementation=SimpleNamespace(**_IMPLEMENTATION),
            __getattr__=self._missing,
        )
        return module

    def configure(self, config: Config) -> None:
        """Set the module as python3's command line wants it, before the program runs."""
        members = vars(self._runtime.sys)
        members.update(
            argv=config.argv,
            orig_argv=config.orig_argv,
            flags=make_flags(config),
            warnoptions=config.warnoptions,
            _xoptions=config.xoptions,
            dont_write_bytecode=bool(config.dont_write_bytecode),
            pycache_prefix=config.pycache_prefix or None,
        )
        members["path"][:] = [*config.path, *members["path"]]
        given = config.int_max_str_digits
        digits = _MAX_STR_DIGITS if given == DIGITS else given
        if digits != host_sys.get_int_max_str_digits():  # another program's, which still runs
            host_sys.set_int_max_str_digits(digits)

    def _missing(self, name: str) -> Any:
        """Make a standard stream, or what importlib has, the first time the program asks for it."""
        if name in MADE_WHEN_ASKED:
            return self._runtime.importer.made(name)
        bare = name.removeprefix("__").removesuffix("__")
        if bare not in STREAMS or name not in (bare, f"__{bare}__"):
            text = f"module 'sys' has no attribute {name!r}"
            raise AttributeError(text, name=name, obj=self._runtime.sys)
        members = vars(self._runtime.sys)
        if name in self._made:  # the program has deleted it
            raise AttributeError(f"module 'sys' has no attribute {name!r}")
        self._made |= {bare, f"__{bare}__"}
        stream = open_stream(STREAMS.index(bare), self._runtime.config)
        members.setdefault(bare, stream)
        members.setdefault(f"__{bare}__", stream)
        return members[name]

    def audit(self, event: str, *args: Any) -> None:
        """Tell the hooks of an event."""
        for hook in self.audit_hooks:
            hook(event, args)


def _runtime() -> "Runtime":
    """Return the runtime of the process that runs."""
    runtime: Runtime = curdata().runtime
    return runtime


def excepthook(exctype: object, value: Any, traceback: Any, /) -> None:
    """Print an exception on sys.stderr."""
    hooks.excepthook(_runtime(), exctype, value, traceback)


def displayhook(value: object, /) -> None:
    """Print a value, and keep it as _."""
    hooks.displayhook(_runtime(), value)


def unraisablehook(unraisable: Any, /) -> None:
    """Say what could not be raised."""
    hooks.unraisablehook(_runtime(), unraisable)


def breakpointhook(*args: Any, **kwargs: Any) -> Any:
    """Start the debugger that $PYTHONBREAKPOINT names, pdb if it names none."""
    return hooks.breakpointhook(_runtime(), args, kwargs)


def addaudithook(hook: Callable[[str, tuple[Any, ...]], object]) -> None:
    """Have hook called with what the process's modules tell of themselves."""
    try:
        audit("sys.addaudithook")
    except Exception:  # noqa: BLE001 - a hook may refuse others
        return
    _runtime().sysmodule.audit_hooks.append(hook)


def audit(event: str, /, *args: Any) -> None:
    """Tell the hooks of an event."""
    if not isinstance(event, str):
        raise TypeError(f"expected str for argument 'event', not {type(event).__name__}")
    _runtime().sysmodule.audit(event, *args)


def getrecursionlimit() -> int:
    """Return how deep calls may be."""
    return _runtime().sysmodule.recursion_limit


def setrecursionlimit(limit: int, /) -> None:
    """Set how deep the process's calls may be."""
    if not isinstance(limit, int):
        raise TypeError(f"'{type(limit).__name__}' object cannot be interpreted as an integer")
    if limit > _INT_MAX:
        raise OverflowError("Python int too large to convert to C int")
    if limit < 1:
        raise ValueError("recursion limit must be greater or equal than 1")
    depth = frame_depth(host_sys._getframe(1))
    if depth >= limit:
        raise RecursionError(
            f"cannot set the recursion limit to {limit} at the recursion depth {depth}: "
            "the limit is too low"
        )
    _runtime().sysmodule.recursion_limit = limit
    cpu_setframes(limit)


def getswitchinterval() -> float:
    """Return the number of seconds that was set."""
    return _runtime().sysmodule.switch_interval


def setswitchinterval(interval: float, /) -> None:
    """Keep a number of seconds: threads change where system calls are made."""
    if interval <= 0:
        raise ValueError("switch interval must be strictly positive")
    _runtime().sysmodule.switch_interval = float(interval)


def getdlopenflags() -> int:
    """Return the flags that were set."""
    return _runtime().sysmodule.dlopen_flags


def setdlopenflags(flags: int, /) -> None:
    """Keep flags: nothing is loaded."""
    _runtime().sysmodule.dlopen_flags = flags


def settrace(function: Any, /) -> None:
    """Have function called with the events of the thread that runs."""
    tracing.settrace(_runtime(), curlwp(), function)


def gettrace() -> Any:
    """Return what settrace was given."""
    return tracing.gettrace(_runtime())


def setprofile(function: Any, /) -> None:
    """Have function called with calls and returns of the thread that runs."""
    tracing.setprofile(_runtime(), curlwp(), function)


def getprofile() -> Any:
    """Return what setprofile was given."""
    return tracing.getprofile(_runtime())


def _settraceallthreads(function: Any, /) -> None:
    for lwp in curlwp().l_proc.p_lwps:
        tracing.settrace(_runtime(), lwp, function)


def _setprofileallthreads(function: Any, /) -> None:
    for lwp in curlwp().l_proc.p_lwps:
        tracing.setprofile(_runtime(), lwp, function)


def set_asyncgen_hooks(*args: Any, **kwargs: Any) -> None:
    """Have functions called when asynchronous generators start and are finalized."""
    tracing.set_asyncgen_hooks(_runtime(), *args, **kwargs)


def get_asyncgen_hooks() -> Any:
    """Return the functions that are called."""
    return tracing.get_asyncgen_hooks(_runtime())


def is_finalizing() -> bool:
    """Whether the program has ended, and what it leaves is being taken apart."""
    return _runtime().sysmodule.finalizing


def _current_frames() -> dict[int, FrameType | None]:
    return {
        ident: program_frame(host_sys._getframe(1) if frame is None else frame)
        for ident, frame in _stacks(_runtime())
    }


def _current_exceptions() -> dict[int, Any]:
    last = host_sys.exc_info() if host_sys.version_info < (3, 12) else host_sys.exc_info()[1]
    none = (None, None, None) if host_sys.version_info < (3, 12) else None
    return {ident: last if frame is None else none for ident, frame in _stacks(_runtime())}


def _stacks(runtime: "Runtime") -> list[tuple[int, FrameType | None]]:
    """Return (identifier, frame) of each thread; the frame of the one that runs is None."""
    mine = curlwp()
    return [
        (runtime.thread_ident(lwp), None if lwp is mine else lwp.l_pcb.gr_frame)
        for lwp in mine.l_proc.p_lwps
    ]


def frame_depth(frame: FrameType | None) -> int:
    """Return how many frames there are."""
    depth = 0
    while frame is not None:
        depth += 1
        frame = frame.f_back
    return depth


_FUNCTIONS: Final = (
    addaudithook, audit, breakpointhook, displayhook, excepthook, unraisablehook,
    getrecursionlimit, setrecursionlimit, getswitchinterval, setswitchinterval,
    getdlopenflags, setdlopenflags, settrace, gettrace, setprofile, getprofile,
    _settraceallthreads, _setprofileallthreads, set_asyncgen_hooks, get_asyncgen_hooks,
    is_finalizing, _current_frames, _current_exceptions,
)  # fmt: skip


@cache
def _shared() -> dict[str, Any]:
    """Return what all programs' sys have in common, with a place for what is a program's."""
    shared: dict[str, Any] = {
        name: value for name, value in vars(host_sys).items() if name not in _OWN
    }
    for function in _FUNCTIONS:
        if function.__name__ in shared:  # of this version
            function.__module__ = "sys"
            shared[function.__name__] = builtin(function)
    hook_names = ("breakpointhook", "displayhook", "excepthook", "unraisablehook")
    return {
        "__name__": "sys",
        "__doc__": host_sys.__doc__,
        "__package__": "",
        "__loader__": None,
        "__spec__": None,
        **shared,
        **{f"__{name}__": shared[name] for name in hook_names},
        **dict.fromkeys(("argv", "orig_argv", "modules", "path", "__getattr__")),
        "executable": EXECUTABLE,
        "_base_executable": EXECUTABLE,
        "platform": PLATFORM,
        "prefix": "/usr",
        "exec_prefix": "/usr",
        "base_prefix": "/usr",
        "base_exec_prefix": "/usr",
        "pycache_prefix": None,
        "builtin_module_names": builtin_module_names(),
        "_stdlib_dir": LIBRARY,
        "_home": None,
        "flags": make_flags(Config()),
        "dont_write_bytecode": False,
    }
