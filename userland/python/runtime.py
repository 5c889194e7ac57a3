# SPDX-License-Identifier: BSD-2-Clause
"""What the language runtime keeps of a process: its module table, builtins and streams."""

import builtins
import io
import sys as host_sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final, NoReturn

from userland.libc.data import DataSegment
from userland.libc.stdlib import exit as libc_exit
from userland.libc.termios import isatty
from userland.python.fileio import FileIO, open_file
from userland.python.importer import Importer

_STREAMS: Final = ("stdin", "stdout", "stderr")

# Of the host's sys these are the process's own, or made when they are asked for.
_OWN: Final = frozenset(
    ("argv", "orig_argv", "modules", "path", "meta_path", "path_hooks", "path_importer_cache",
     "__stdin__", "__stdout__", "__stderr__", "last_exc", "last_type", "last_value",
     "last_traceback", *_STREAMS)
)  # fmt: skip


class Runtime:
    """One process's Python: everything that two processes must not share."""

    def __init__(self, data: DataSegment, program: bytes) -> None:
        self.data = data
        self.handlers: dict[int, Any] = {}  # what signal.signal() was given
        self.sys = self._make_sys(program)
        self.importer = Importer(self.sys)
        self.builtins = self._make_builtins()
        self.main = ModuleType("__main__")
        self.main.__dict__["__builtins__"] = self.builtins
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
            path=[directory or "/"],
            meta_path=[],
            path_hooks=[],
            path_importer_cache={},
            executable="/usr/bin/python3",
            platform="netbsd10",
            dont_write_bytecode=True,
            excepthook=self.excepthook,
            __getattr__=self._stream,
        )
        return module

    def _stream(self, name: str) -> Any:
        """Make a standard stream the first time the program asks for it."""
        if name not in _STREAMS and name not in {f"__{stream}__" for stream in _STREAMS}:
            raise AttributeError(f"module 'sys' has no attribute {name!r}")
        bare = name.strip("_")
        fd = _STREAMS.index(bare)
        raw = FileIO(fd, "r" if fd == 0 else "w", closefd=False)
        raw.name = f"<{bare}>"
        buffer = io.BufferedReader(raw) if fd == 0 else io.BufferedWriter(raw)
        stream = io.TextIOWrapper(
            buffer,
            "utf-8",
            "backslashreplace" if fd == 2 else "strict",
            line_buffering=fd == 2 or isatty(fd),
        )
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
            input=self._input,
            open=open_file,
            print=self._print,
            quit=libc_exit,
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
        print(
            *values, sep=sep, end=end, file=self.sys.stdout if file is None else file, flush=flush
        )

    def _input(self, prompt: object = "", /) -> str:
        """input() from the process's stdin."""
        if prompt != "":
            self.sys.stdout.write(str(prompt))
        self.sys.stdout.flush()
        line: str = self.sys.stdin.readline()
        if not line:
            raise EOFError("EOF when reading a line")
        return line.removesuffix("\n")

    def _breakpoint(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise RuntimeError("breakpoint: no debugger runs on this kernel")

    def excepthook(self, _type: object, exc: BaseException, _traceback: object) -> None:
        """sys.excepthook: print the traceback on stderr."""
        self.report(exc)

    report: Callable[[BaseException], None]

    def flush(self) -> None:
        """Write what the streams still hold; one that cannot be written is left.

        Raises:
            OSError: stdout could not be written.
        """
        for name in ("stdout", "stderr"):
            stream = vars(self.sys).get(name)
            if stream is not None and not getattr(stream, "closed", False):
                stream.flush()
