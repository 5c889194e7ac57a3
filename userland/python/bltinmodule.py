# SPDX-License-Identifier: BSD-2-Clause
"""The builtins of a process.  CPython Python/bltinmodule.c."""

import builtins
import sys as host_sys
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from userland.libc import include as libc
from userland.libc.stdlib import exit as libc_exit
from userland.python.frames import LIBRARY
from userland.python.gc import guard
from userland.python.instrument import preempting_builtins
from userland.python.iomodule import open_builtin

if TYPE_CHECKING:
    from userland.python.runtime import Runtime

# What the host's site module has put there.
_SITE: Final = ("copyright", "credits", "exit", "help", "license", "quit")


@cache
def _shared() -> dict[str, Any]:
    """Return what all programs' builtins have in common."""
    left = (*_SITE, "__loader__", "__spec__")
    return {name: value for name, value in vars(builtins).items() if name not in left}


class Builtins:
    """The functions that reach the process's streams and modules."""

    def __init__(self, runtime: "Runtime") -> None:
        self.runtime = runtime

    def make(self) -> ModuleType:
        """Return the module."""
        module = ModuleType("builtins", builtins.__doc__)
        vars(module).update(_shared())
        vars(module).update(
            __build_class__=self.build_class,
            __import__=self.runtime.importer.import_,
            breakpoint=self.breakpoint,
            exit=libc_exit,
            input=self.input,
            open=open_builtin,
            print=self.print,
            quit=libc_exit,
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

    def add_site(self, library_code: Any) -> None:
        """Add what site adds: exit, help and the like, of the process's own _sitebuiltins."""
        runtime = self.runtime
        names: dict[str, Any] = {
            "__name__": "_sitebuiltins",
            "__builtins__": runtime.builtins,
        }
        exec(library_code, names)
        quitter = names["Quitter"]

        def printer(name: str, data: str, files: tuple[str, ...] = ()) -> Any:
            """As _Printer's __init__, which would import os for its slashes."""
            made = names["_Printer"].__new__(names["_Printer"])
            own = {"name": name, "data": data, "lines": None, "filenames": [*files]}
            vars(made).update((f"_Printer__{key}", value) for key, value in own.items())
            return made

        thanks = getattr(getattr(builtins, "credits", None), "_Printer__data", "")
        files = (f"{LIBRARY}/LICENSE.txt", f"{LIBRARY}/LICENSE")
        vars(runtime.builtins).update(
            copyright=printer("copyright", host_sys.copyright),
            credits=printer("credits", thanks),
            exit=quitter("exit", "Ctrl-D (i.e. EOF)"),
            help=names["_Helper"](),
            license=printer("license", "See https://www.python.org/psf/license/", files),
            quit=quitter("quit", "Ctrl-D (i.e. EOF)"),
        )


def _at_terminal(stream: Any, fd: int) -> bool:
    try:
        return bool(stream.fileno() == fd and libc.isatty(fd))
    except Exception:  # noqa: BLE001 - a program's own stream
        return False
