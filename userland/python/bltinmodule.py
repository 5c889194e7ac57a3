# SPDX-License-Identifier: BSD-2-Clause
"""The builtins of a process.  CPython Python/bltinmodule.c."""

import builtins
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from userland.libc import include as libc
from userland.libc.data import curdata
from userland.libc.stdlib import exit as libc_exit
from userland.python.gc import guard
from userland.python.instrument import preempting_builtins
from userland.python.iomodule import open_builtin
from userland.python.modules import module_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from userland.python.importer import Importer
    from userland.python.runtime import Runtime

# What the host's site module has put there.
_SITE: Final = ("copyright", "credits", "exit", "help", "license", "quit")


@cache
def _shared() -> dict[str, Any]:
    """Return what all programs' builtins have in common, with a place for what is a program's."""
    shared = {name: value for name, value in vars(builtins).items() if name not in _SITE}
    return shared | {
        "__loader__": None,
        "__spec__": None,
        "exit": libc_exit,
        "quit": libc_exit,
        "open": open_builtin,
    }


class Builtins:
    """The functions that reach the process's streams and modules."""

    def __init__(self, runtime: Any) -> None:
        self.runtime = runtime

    def make(self, import_: "Callable[..., ModuleType]") -> ModuleType:
        """Return the module, whose import statements call import_."""
        module = module_of(_shared())
        vars(module).update(
            __build_class__=self.build_class,
            __import__=import_,
            breakpoint=self.breakpoint,
            input=self.input,
            print=self.print,
            **preempting_builtins(),
        )
        return module

    def build_class(self, *args: Any, **kwargs: Any) -> Any:
        """What a class statement calls."""
        cls = builtins.__build_class__(*args, **kwargs)
        guard(self.runtime.data, cls)
        return cls

    def print(
        self,
        *values: object,
        sep: str | None = " ",
        end: str | None = "\n",
        file: Any = None,
        flush: bool = False,
    ) -> None:
        """print() to the process's stdout."""
        if file is None:
            try:
                file = self.runtime.sys.stdout
            except AttributeError:
                raise RuntimeError("lost sys.stdout") from None
        if file is not None:
            print(*values, sep=sep, end=end, file=file, flush=flush)

    def input(self, prompt: object = "", /) -> str:
        """input() from the process's stdin; at a terminal the prompt is on stderr."""
        streams = []
        for name in ("stdin", "stdout", "stderr"):
            stream = self.runtime.stream(name)
            if stream is None:
                raise RuntimeError(f"input(): lost sys.{name}")
            streams.append(stream)
        source, out, err = streams
        self.runtime.sys.audit("builtins.input", prompt)
        with suppress(Exception):
            err.flush()
        if _at_terminal(source, 0) and _at_terminal(out, 1):
            text = str(prompt).encode(out.encoding, out.errors)
            with suppress(Exception):
                out.flush()
            libc.write(2, text)
        else:
            if prompt != "":
                out.write(str(prompt))
            with suppress(Exception):
                out.flush()
        line: object = source.readline()
        if not isinstance(line, str):
            raise TypeError("object.readline() returned non-string")
        if not line:
            raise EOFError("EOF when reading a line")
        line = line.removesuffix("\n")
        self.runtime.sys.audit("builtins.input/result", line)
        return line

    def breakpoint(self, *args: Any, **kwargs: Any) -> Any:
        """breakpoint(): call sys.breakpointhook."""
        hook = vars(self.runtime.sys).get("breakpointhook")
        if hook is None:
            raise RuntimeError("lost sys.breakpointhook")
        self.runtime.sys.audit("builtins.breakpoint", hook)
        return hook(*args, **kwargs)


class _Running:
    """The runtime of the process that runs, whichever that is."""

    def __getattr__(self, name: str) -> Any:
        return getattr(curdata().runtime, name)


@cache
def common_builtins() -> ModuleType:
    """Return the module of all programs that change nothing in it: there is one."""

    def import_(*args: Any, **kwargs: Any) -> ModuleType:
        importer: Importer = curdata().runtime.importer
        return importer.import_(*args, **kwargs)

    return Builtins(_Running()).make(import_)


def make_builtins(runtime: "Runtime") -> ModuleType:
    """Return the module of a program that may change it."""
    return Builtins(runtime).make(runtime.importer.import_)


def _at_terminal(stream: Any, fd: int) -> bool:
    try:
        return bool(stream.fileno() == fd and libc.isatty(fd))
    except Exception:  # noqa: BLE001 - a program's own stream
        return False
