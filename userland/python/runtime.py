# SPDX-License-Identifier: BSD-2-Clause
"""What the language runtime keeps of a process: its module table, builtins and streams."""

import io
import os
import sys as host_sys
from _codecs import unregister
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from kernel.sys.module import autoload
from kernel.sys.proc import Lwp
from userland.libc import include as libc
from userland.libc.data import DataSegment
from userland.libc.machine import curlwp
from userland.libc.pthread_int import MAIN
from userland.python.bltinmodule import common_builtins, make_builtins
from userland.python.faults import Faults
from userland.python.fileio import read_all
from userland.python.frames import host_name
from userland.python.gc import Settings as GcSettings
from userland.python.hooks import install, unraisablehook
from userland.python.importer import Importer, Installation, MainLoader
from userland.python.initconfig import Config
from userland.python.interpreter import put_back, settings
from userland.python.openfiles import OpenFiles
from userland.python.sitebuiltins import SiteBuiltins
from userland.python.sysmodule import SysModule
from userland.python.tracing import Tracers
from userland.python.warn import Warnings

if TYPE_CHECKING:
    from userland.python import pythonrun
else:
    pythonrun = autoload("userland.python.pythonrun")

_WHEN_ASKED: Final[dict[str, Callable[[], Any]]] = {
    "after_in_child": list,
    "after_in_parent": list,
    "before_fork": list,
    "codec_errors": dict,
    "codecs": list,
    "faults": Faults,
    "files": OpenFiles,
    "gc": GcSettings,
    "handlers": dict,
    "handles": WeakSet,
    "joinable": list,
    "sources": dict,
    "tracers": Tracers,
    "wakeup_errors": list,
    "warnings": Warnings,
}


def _buffer(stream: object) -> object:
    """Return what a text file writes to, None if it is none or has given it away."""
    with suppress(ValueError):
        return stream.buffer if isinstance(stream, io.TextIOWrapper) else None
    return None


def is_host(name: str, module: ModuleType) -> bool:
    """Whether a module is the host's own, under whatever name, or common to programs of ours."""
    modules = host_sys.modules
    if modules.get(name) is module or module is common_builtins():
        return True
    name = vars(module).get("__name__", "")
    return isinstance(name, str) and modules.get(name) is module


class Runtime:
    """One process's Python: everything that two processes must not share."""

    # What is set by few programs is here until it is.
    config = Config()
    datetime: dict[str, Any] | None = None  # what _datetime has
    finalizing = False  # past the end of its threads
    hashes = 0  # locks that have a hash
    kqueues: WeakSet[Any] | None = None  # of select, once there are any
    locale: dict[int, str] | None = None  # by category, once it is asked for
    site: SiteBuiltins | None = None  # what site has added
    socket_timeout: int | None = None  # of sockets that are made: ns
    syslog_open = False  # openlog() was called
    wakeup_fd = -1  # of signal.set_wakeup_fd()
    wakeup_warns = True  # of a buffer that is full

    # What is looked at by few programs is made then (_WHEN_ASKED).
    after_in_child: list[Callable[[], object]]
    after_in_parent: list[Callable[[], object]]
    before_fork: list[Callable[[], object]]
    codec_errors: dict[str, Any]  # handlers by name
    codecs: list[tuple[Any, Any]]  # search functions, each with what the interpreter calls
    faults: Faults
    files: OpenFiles
    gc: GcSettings
    handlers: dict[int, Any]  # what signal.signal() was given
    handles: WeakSet[Any]  # of threads that can be joined
    joinable: list[Any]  # threads that are no daemons, for _thread._shutdown
    sources: dict[str, bytes]  # of the program and its modules, by file name
    tracers: Tracers
    wakeup_errors: list[OSError]  # that are to be told
    warnings: Warnings

    def __init__(self, data: DataSegment, distribution: bool = False) -> None:
        """Make one for a program; distribution: one of ours, which changes no module."""
        install()
        self._found = settings()
        self.data = data
        self.datarefs = curlwp().l_proc.p_md.md_datarefs
        self.sysmodule = SysModule(self)
        self.sys = self.sysmodule.make()
        installation = curlwp().l_kernel.installation or Installation()
        self.importer = Importer(self.sys, installation, distribution)
        self.sys.modules["sys"] = self.sys
        self.make_main(common_builtins() if distribution else make_builtins(self))

    def __getattr__(self, name: str) -> Any:
        """Make what is there when it is asked for."""
        if name not in _WHEN_ASKED:
            raise AttributeError(f"a runtime has no {name}", name=name, obj=self)
        made = _WHEN_ASKED[name]()
        setattr(self, name, made)
        return made

    def discard(self) -> None:
        """Let go of what the modules hold: the program has ended, and its finalizers are nobody's.

        Not if there are processes that run on its objects, as clone(2) makes them.
        """
        put_back(self._found)
        for _, search in vars(self).get("codecs", ()):
            unregister(search)
        if self.datarefs[0]:
            return
        self.gc.left = None
        modules = vars(self.sys).get("modules")
        for name, module in list(modules.items()) if isinstance(modules, dict) else ():
            if isinstance(module, ModuleType) and not is_host(name, module):
                vars(module).clear()

    def make_main(self, builtins: ModuleType) -> None:
        """Make a new, empty __main__, with these builtins."""
        self.builtins = builtins
        self.main = ModuleType("__main__")
        vars(self.main).update(__annotations__={}, __builtins__=builtins)
        self.sys.modules.update(__main__=self.main, builtins=builtins)

    def own_modules(self) -> None:
        """Let a program that is not of the distribution follow: it gets modules of its own."""
        self.importer.distribution = False
        modules = self.sys.modules
        for name in [name for name, module in modules.items() if is_host(name, module)]:
            del modules[name]
        self.make_main(make_builtins(self))

    def configure(self, config: Config) -> None:
        """Be as python3's command line wants it, before the program runs."""
        self.config = config
        self.sysmodule.configure(config)

    def add_site(self) -> None:
        """Do what site does."""
        self.site = SiteBuiltins(self.builtins)
        self.importer.add_site()

    @property
    def optimize(self) -> int:
        """What compile() is to be told: -1, as the host's."""
        return self.config.optimize or -1

    @property
    def program(self) -> str:
        """The program's name, as it was called."""
        argv: list[str] = self.sys.orig_argv
        return argv[0] if argv else ""

    def file_loader(self, kind: str, filename: str) -> Any:
        """Return __main__'s __loader__, as importlib names it."""
        return MainLoader(lambda: getattr(self.importer.external, kind)("__main__", filename))

    def thread_ident(self, lwp: Lwp) -> int:
        """Return the number that _thread knows a thread by."""
        return lwp.l_private or MAIN

    def stream(self, name: str) -> Any:
        """Return a standard stream, None if the program has none."""
        return getattr(self.sys, name, None)

    def streams(self) -> list[object]:
        """Return the standard streams that there are, and their buffers."""
        names = ("stdin", "stdout", "stderr")
        streams = [vars(self.sys).get(one) for name in names for one in (name, f"__{name}__")]
        return [*streams, *(_buffer(stream) for stream in streams)]

    def stderr(self) -> Any:
        """Return where to say what is wrong."""
        return self.stream("stderr")

    def say(self, text: str, file: Any = None) -> None:
        """Write text to sys.stderr, in one piece if it is the program's own descriptor still."""
        if file is None and "stderr" not in vars(self.sys):
            encoding = self.config.stdio_encoding or "utf-8"
            data = text.encode(encoding, "backslashreplace")
            with suppress(OSError):  # descriptor 2 is closed
                while data:
                    data = data[libc.write(2, data) :]
            return
        stream = self.stderr() if file is None else file
        if stream is None:
            return
        with suppress(OSError, ValueError, AttributeError):  # nowhere left to say it
            stream.write(text)
            stream.flush()

    def unraisable(self, unraisable: Any) -> None:
        """Give what cannot be raised to the program's sys.unraisablehook."""
        hook = vars(self.sys).get("unraisablehook", partial(unraisablehook, self))
        try:
            hook(unraisable)
        except Exception as exc:  # noqa: BLE001 - whatever a program's hook raises
            stream = self.stderr()
            if stream is not None:
                stream.write(f"Exception ignored in sys.unraisablehook: {hook!r}\n")
                self.report(exc)

    def tell_unraisable(self, exc: BaseException, words: str | None, what: object) -> None:
        """Tell the program of an exception that nobody can catch."""
        said = SimpleNamespace(
            exc_type=type(exc),
            exc_value=exc,
            exc_traceback=exc.__traceback__,
            err_msg=words,
            object=what,
        )
        self.unraisable(said)

    def report(self, exc: BaseException, *, chain: bool = True, file: Any = None) -> None:
        """Print exc, and what led to it if chain is true, to sys.stderr or to file."""
        pythonrun.report(self, exc, chain=chain, file=file)

    def source(self, filename: str) -> bytes:
        """Return the source of the program or of a module, b"" if it is not known."""
        library = host_name(filename)
        if library is not None and os.path.isfile(library):
            with open(library, "rb") as file:
                return file.read()
        if filename.startswith("<") or filename in self.sources:
            return self.sources.get(filename, b"")
        with suppress(OSError):  # gone, or not to be read
            return read_all(filename)
        return b""

    def flush(self) -> None:
        """Write what the streams still hold; one that cannot be written is left.

        Raises:
            OSError: stdout could not be written.
        """
        for name in ("stdout", "__stdout__", "stderr", "__stderr__"):
            stream = vars(self.sys).get(name)
            if stream is not None and not getattr(stream, "closed", False):
                stream.flush()
