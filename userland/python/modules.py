# SPDX-License-Identifier: BSD-2-Clause
"""The C modules that reach the world, as this system has them: name to what makes one."""

import _io
from collections.abc import Callable
from types import ModuleType
from typing import Final

from kernel.sys.errno import Errno
from userland.libc.data import curdata
from userland.python import posix, pwd, signal, time
from userland.python.fileio import FileIO, open_file


def _of(name: str, source: ModuleType) -> Callable[[], ModuleType]:
    """Return a maker of a module called name that has source's public names."""

    def make() -> ModuleType:
        module = ModuleType(name, source.__doc__)
        vars(module).update(
            (key, value) for key, value in vars(source).items() if not key.startswith("__")
        )
        return module

    return make


def _errno() -> ModuleType:
    module = ModuleType("errno", "NetBSD's error numbers.")
    names = {error.name: int(error) for error in Errno if error > 0}
    names["EWOULDBLOCK"] = int(Errno.EWOULDBLOCK)
    vars(module).update(names, errorcode={int(e): e.name for e in Errno if e > 0})
    return module


def _make_io() -> ModuleType:
    module = ModuleType("_io", _io.__doc__)
    vars(module).update(vars(_io))
    vars(module).update(FileIO=FileIO, open=open_file, open_code=lambda path: open_file(path, "rb"))
    return module


def _posix() -> ModuleType:
    module = _of("posix", posix)()
    vars(module)["environ"] = dict(curdata().environ)
    return module


REPLACEMENTS: Final[dict[str, Callable[[], ModuleType]]] = {
    "_io": _make_io,
    "_signal": _of("_signal", signal),
    "errno": _errno,
    "grp": _of("grp", pwd),
    "posix": _posix,
    "pwd": _of("pwd", pwd),
    "time": _of("time", time),
}
