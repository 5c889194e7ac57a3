# SPDX-License-Identifier: BSD-2-Clause
"""The sys module of a process.  CPython Python/sysmodule.c.

What the interpreter has one of, each process has its own of: what is set by one
is not seen by another.
"""

import sys as host_sys
from collections.abc import Callable
from functools import cache
from types import FrameType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from userland.libc.machine import cpu_setframes, curlwp
from userland.python import hooks, tracing
from userland.python.flags import make_flags
from userland.python.frames import LIBRARY, program_frame
from userland.python.importer import MADE_WHEN_ASKED
from userland.python.initconfig import Config
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
_METHODS: Final = (
    "addaudithook", "audit", "breakpointhook", "displayhook", "excepthook", "unraisablehook",
    "getrecursionlimit", "setrecursionlimit", "getswitchinterval", "setswitchinterval",
    "getdlopenflags", "setdlopenflags", "settrace", "gettrace", "setprofile", "getprofile",
    "_settraceallthreads", "_setprofileallthreads", "set_asyncgen_hooks", "get_asyncgen_hooks",
    "is_finalizing", "_current_frames", "_current_exceptions",
)  # fmt: skip
_HERE: Final = tuple(name for name in _METHODS if hasattr(host_sys, name))  # of this version
_LINUX_ONLY: Final = "_multiarch"
_INT_MAX: Final = (1 << 31) - 1


@cache
def _shared() -> dict[str, Any]:
    """Return what all programs' sys have in common."""
    return {name: value for name, value in vars(host_sys).items() if name not in _OWN}


class SysModule:
    """The functions of one process's sys, and what they keep."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self._audit_hooks: list[Callable[[str, tuple[Any, ...]], object]] = []
        self._recursion_limit = 1000
        self._switch_interval = 0.005
        self._dlopen_flags = host_sys.getdlopenflags()
        self._made: set[str] = set()  # streams, which are made when they are asked for
        self.finalizing = False

    def make(self) -> Any:
        """Return the module, for a program that looks for nothing beside it, as one of /bin."""
        module: Any = ModuleType("sys", host_sys.__doc__)
        members = vars(module)
        members.update(_shared())
        args = [arg.decode("utf-8", "surrogateescape") for arg in self._runtime.data.argv]
        members.update((name, getattr(self, name)) for name in _HERE)
        members.update(
            argv=args,
            orig_argv=[*args],
            modules={},
            path=[LIBRARY],
            executable=EXECUTABLE,
            _base_executable=EXECUTABLE,
            platform=PLATFORM,
            prefix="/usr",
            exec_prefix="/usr",
            base_prefix="/usr",
            base_exec_prefix="/usr",
            pycache_prefix=None,
            _stdlib_dir=LIBRARY,
            _home=None,
            flags=_DEFAULT_FLAGS,
            warnoptions=[],
            _xoptions={},
            implementation=_implementation(),
            dont_write_bytecode=False,
            __spec__=None,
            __excepthook__=members["excepthook"],
            __displayhook__=members["displayhook"],
            __breakpointhook__=members["breakpointhook"],
            __unraisablehook__=members["unraisablehook"],
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
        if config.int_max_str_digits != Config().int_max_str_digits:
            host_sys.set_int_max_str_digits(config.int_max_str_digits)

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

    def excepthook(self, exctype: object, value: Any, traceback: Any, /) -> None:
        """Print an exception on sys.stderr."""
        hooks.excepthook(self._runtime, exctype, value, traceback)

    def displayhook(self, value: object, /) -> None:
        """Print a value, and keep it as _."""
        hooks.displayhook(self._runtime, value)

    def unraisablehook(self, unraisable: Any, /) -> None:
        """Say what could not be raised."""
        hooks.unraisablehook(self._runtime, unraisable)

    def breakpointhook(self, *args: Any, **kwargs: Any) -> Any:
        """Start the debugger that $PYTHONBREAKPOINT names, pdb if it names none."""
        return hooks.breakpointhook(self._runtime, args, kwargs)

    def addaudithook(self, hook: Callable[[str, tuple[Any, ...]], object]) -> None:
        """Have hook called with what the process's modules tell of themselves."""
        try:
            self.audit("sys.addaudithook")
        except Exception:  # noqa: BLE001 - a hook may refuse others
            return
        self._audit_hooks.append(hook)

    def audit(self, event: str, /, *args: Any) -> None:
        """Tell the hooks of an event."""
        if not isinstance(event, str):
            raise TypeError(f"expected str for argument 'event', not {type(event).__name__}")
        for hook in self._audit_hooks:
            hook(event, args)

    def getrecursionlimit(self) -> int:
        """Return how deep calls may be."""
        return self._recursion_limit

    def setrecursionlimit(self, limit: int, /) -> None:
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
        self._recursion_limit = limit
        cpu_setframes(limit)

    def getswitchinterval(self) -> float:
        """Return the number of seconds that was set."""
        return self._switch_interval

    def setswitchinterval(self, interval: float, /) -> None:
        """Keep a number of seconds: threads change where system calls are made."""
        if interval <= 0:
            raise ValueError("switch interval must be strictly positive")
        self._switch_interval = float(interval)

    def getdlopenflags(self) -> int:
        """Return the flags that were set."""
        return self._dlopen_flags

    def setdlopenflags(self, flags: int, /) -> None:
        """Keep flags: nothing is loaded."""
        self._dlopen_flags = flags

    def settrace(self, function: Any, /) -> None:
        """Have function called with the events of the thread that runs."""
        tracing.settrace(self._runtime, curlwp(), function)

    def gettrace(self) -> Any:
        """Return what settrace was given."""
        return tracing.gettrace(self._runtime)

    def setprofile(self, function: Any, /) -> None:
        """Have function called with calls and returns of the thread that runs."""
        tracing.setprofile(self._runtime, curlwp(), function)

    def getprofile(self) -> Any:
        """Return what setprofile was given."""
        return tracing.getprofile(self._runtime)

    def _settraceallthreads(self, function: Any, /) -> None:
        for lwp in curlwp().l_proc.p_lwps:
            tracing.settrace(self._runtime, lwp, function)

    def _setprofileallthreads(self, function: Any, /) -> None:
        for lwp in curlwp().l_proc.p_lwps:
            tracing.setprofile(self._runtime, lwp, function)

    def set_asyncgen_hooks(self, *args: Any, **kwargs: Any) -> None:
        """Have functions called when asynchronous generators start and are finalized."""
        tracing.set_asyncgen_hooks(self._runtime, *args, **kwargs)

    def get_asyncgen_hooks(self) -> Any:
        """Return the functions that are called."""
        return tracing.get_asyncgen_hooks(self._runtime)

    def is_finalizing(self) -> bool:
        """Whether the program has ended, and what it leaves is being taken apart."""
        return self.finalizing

    def _current_frames(self) -> dict[int, FrameType | None]:
        return {
            ident: program_frame(host_sys._getframe(1) if frame is None else frame)
            for ident, frame in _stacks(self._runtime)
        }

    def _current_exceptions(self) -> dict[int, Any]:
        last = host_sys.exc_info() if host_sys.version_info < (3, 12) else host_sys.exc_info()[1]
        none = (None, None, None) if host_sys.version_info < (3, 12) else None
        return {ident: last if frame is None else none for ident, frame in _stacks(self._runtime)}


def _implementation() -> SimpleNamespace:
    facts = vars(host_sys.implementation)
    return SimpleNamespace(**{k: v for k, v in facts.items() if k != _LINUX_ONLY})


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


_DEFAULT_FLAGS: Final = make_flags(Config())
