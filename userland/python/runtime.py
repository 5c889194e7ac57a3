# SPDX-License-Identifier: BSD-2-Clause
"""What the language runtime keeps of a process: its module table, builtins and streams."""

import builtins
import codecs
import io
import sys as host_sys
from collections.abc import Callable
from contextlib import suppress
from importlib import _bootstrap_external
from types import ModuleType
from typing import Any, Final, NoReturn
from weakref import WeakSet

from userland.libc.data import DataSegment
from userland.libc.stdlib import exit as libc_exit
from userland.libc.termios import isatty
from userland.python.bufferedio import BufferedReader, BufferedWriter
from userland.python.fileio import FileIO, open_file
from userland.python.flags import make_flags
from userland.python.frames import LIBRARY, host_name
from userland.python.hooks import install
from userland.python.importer import Importer
from userland.python.initconfig import Config
from userland.python.instrument import preempting_builtins
from userland.python.modules import builtin
from userland.python.openfiles import OpenFiles

_STREAMS: Final = ("stdin", "stdout", "stderr")

# Of the host's sys these are the process's own, or made when they are asked for.
_OWN: Final = frozenset(
    ("argv", "orig_argv", "modules", "path", "meta_path", "path_hooks", "path_importer_cache",
     "__stdin__", "__stdout__", "__stderr__", "last_exc", "last_type", "last_value",
     "last_traceback", "displayhook", "breakpointhook", "unraisablehook", *_STREAMS)
)  # fmt: skip


install()


class Runtime:
    """One process's Python: everything that two processes must not share."""

    def __init__(self, data: DataSegment, program: bytes) -> None:
        self.data = data
        self.handlers: dict[int, Any] = {}  # what signal.signal() was given
        self.wakeup_fd = -1  # of signal.set_wakeup_fd()
        self.files = OpenFiles()
        self.joinable: list[Any] = []  # threads that are no daemons, for _thread._shutdown
        self.handles: WeakSet[Any] = WeakSet()  # of threads that can be joined
        self.sources: dict[str, bytes] = {}  # of the program and its modules, by file name
        self.kqueues: WeakSet[Any] | None = None  # of select, once there are any
        self.recursion_limit = 1000
        self.optimize = -1  # of compile(): as the host's
        self.config: Config | None = None  # of python3's command line; None: run by itself
        self.socket_timeout: int | None = None  # of sockets that are made: ns
        self.before_fork: list[Callable[[], object]] = []
        self.after_in_child: list[Callable[[], object]] = []
        self.after_in_parent: list[Callable[[], object]] = []
        self.sys = self._make_sys(program)
        self.importer = Importer(self.sys)
        self.builtins = self._make_builtins()
        self.main = self.make_main()
        self.sys.modules.update({"__main__": self.main, "sys": self.sys, "builtins": self.builtins})

    def _make_sys(self, program: bytes) -> Any:
        module: Any = ModuleType("sys", host_sys.__doc__)
        members = vars(module)
        members.update((k, v) for k, v in vars(host_sys).items() if k not in _OWN)
        args = [arg.decode("utf-8", "surrogateescape") for arg in self.data.argv]
        directory = program.rpartition(b"/")[0].decode("utf-8", "surrogateescape")
        members.update(
            __name__="sys",
            argv=args,
            orig_argv=[*args],
            modules={},
            path=[directory or "/", LIBRARY],
            meta_path=[],
            path_hooks=[],
            path_importer_cache={},
            executable="/usr/bin/python3",
            platform="netbsd10",
            prefix="/usr",
            exec_prefix="/usr",
            base_prefix="/usr",
            base_exec_prefix="/usr",
            warnoptions=[],
            dont_write_bytecode=True,
            excepthook=self.excepthook,
            __excepthook__=self.excepthook,
            displayhook=self._displayhook,
            __displayhook__=self._displayhook,
            getrecursionlimit=lambda: self.recursion_limit,
            setrecursionlimit=self._setrecursionlimit,
            __getattr__=self._stream,
        )
        return module

    def make_main(self) -> ModuleType:
        """Return a new, empty __main__."""
        main = ModuleType("__main__")
        vars(main).update(__annotations__={}, __builtins__=self.builtins)
        return main

    def configure(self, config: Config) -> None:
        """Set sys as python3's command line wants it, before the program runs."""
        self.config = config
        self.optimize = config.optimize or -1
        members = vars(self.sys)
        members.update(
            argv=config.argv,
            orig_argv=config.orig_argv,
            flags=make_flags(config),
            warnoptions=config.warnoptions,
            _xoptions=config.xoptions,
            dont_write_bytecode=bool(config.dont_write_bytecode),
        )
        members["path"][:] = [*config.path, *members["path"][1:]]

    @property
    def program(self) -> str:
        """The program's name, as it was called."""
        argv: list[str] = self.sys.orig_argv
        return argv[0] if argv else ""

    def file_loader(self, kind: str, filename: str) -> Any:
        """Return __main__'s __loader__, as importlib names it."""
        external: Any = self.sys.modules.get("_frozen_importlib_external", _bootstrap_external)
        return getattr(external, kind)("__main__", filename)

    def _stream(self, name: str) -> Any:
        """Make a standard stream the first time the program asks for it."""
        if name not in _STREAMS and name not in {f"__{stream}__" for stream in _STREAMS}:
            text = f"module 'sys' has no attribute {name!r}"
            raise AttributeError(text, name=name, obj=self.sys)
        bare = name.strip("_")
        fd = _STREAMS.index(bare)
        try:
            raw = FileIO(fd, "r" if fd == 0 else "w", closefd=False)
        except OSError:  # the descriptor is closed
            vars(self.sys).update({bare: None, f"__{bare}__": None})
            return None
        raw.name = f"<{bare}>"
        config = self.config or Config()
        unbuffered = bool(config.unbuffered) and fd != 0
        buffer: Any = raw
        if not unbuffered:
            buffer = BufferedReader(raw) if fd == 0 else BufferedWriter(raw)
        stream = io.TextIOWrapper(
            buffer,
            codecs.lookup(config.stdio_encoding or "utf-8").name,
            # as in the C locale
            "backslashreplace" if fd == 2 else config.stdio_errors or "surrogateescape",
            line_buffering=not unbuffered and (fd == 2 or isatty(fd)),
            write_through=unbuffered,
        )
        vars(stream)["mode"] = "r" if fd == 0 else "w"
        vars(self.sys).setdefault(bare, stream)
        vars(self.sys).setdefault(f"__{bare}__", stream)
        return vars(self.sys)[name]

    def _make_builtins(self) -> ModuleType:
        module = ModuleType("builtins", builtins.__doc__)
        vars(module).update(vars(builtins))
        vars(module).update(
            __import__=self.importer.import_,
            breakpoint=self._breakpoint,
            exit=libc_exit,
            help=self._help,
            input=self._input,
            open=builtin(open_file),
            print=self._print,
            quit=libc_exit,
            **preempting_builtins(),
        )
        return module

    def _print(
        self,
        *values: object,
        sep: str | None = " ",
        end: str | None = "\n",
        file: Any = None,
        flush: bool = False,
    ) -> None:
        """print() to the process's stdout."""
        if file is None:
            file = self.sys.stdout
        if file is not None:
            print(*values, sep=sep, end=end, file=file, flush=flush)

    def _input(self, prompt: object = "", /) -> str:
        """input() from the process's stdin."""
        out = self.sys.stdout
        if self.sys.stdin is None or out is None:
            raise RuntimeError("input(): lost sys.stdin or sys.stdout")
        if prompt != "":
            out.write(str(prompt))
        out.flush()
        line: str = self.sys.stdin.readline()
        if not line:
            raise EOFError("EOF when reading a line")
        return line.removesuffix("\n")

    def _help(self, *args: Any) -> None:
        """help(), by pydoc in the process."""
        pydoc: Any = self.importer.import_("pydoc")
        pydoc.help(*args)

    def _displayhook(self, value: object) -> None:
        """sys.displayhook: print a value and keep it as _."""
        if value is not None:
            self._print(repr(value))
            vars(self.builtins)["_"] = value

    def _setrecursionlimit(self, limit: int, /) -> None:
        """Keep the number; the host's limit stays as the kernel needs it."""
        if limit < 1:
            raise ValueError("recursion limit must be greater or equal than 1")
        self.recursion_limit = limit

    def _breakpoint(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise RuntimeError("breakpoint: no debugger runs on this kernel")

    def excepthook(self, _type: object, exc: BaseException, _traceback: object) -> None:
        """sys.excepthook: print the traceback on stderr."""
        self.report(exc)

    report: Callable[[BaseException], None]

    def ignored(self, unraisable: Any) -> None:
        """sys.unraisablehook: say what could not be raised, as what a __del__ raises."""
        what = unraisable.err_msg or "Exception ignored in"
        with suppress(OSError, ValueError, AttributeError):
            self.sys.stderr.write(f"{what}: {unraisable.object!r}\n")
            self.sys.stderr.flush()
            self.report(unraisable.exc_value)

    def source(self, filename: str) -> bytes:
        """Return the source of the program or of a module, b"" if it is not known."""
        library = host_name(filename)
        if library is not None and library.is_file():
            return library.read_bytes()
        return self.sources.get(filename, b"")

    def flush(self) -> None:
        """Write what the streams still hold; one that cannot be written is left.

        Raises:
            OSError: stdout could not be written.
        """
        for name in ("stdout", "__stdout__", "stderr", "__stderr__"):
            stream = vars(self.sys).get(name)
            if stream is not None and not getattr(stream, "closed", False):
                stream.flush()
