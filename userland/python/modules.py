# SPDX-License-Identifier: BSD-2-Clause
"""The C modules that reach the world, as this system has them: name to what makes one."""

import _codecs
import _io
import _stat
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Final

from kernel.sys import stat
from kernel.sys.errno import Errno
from kernel.sys.module import autoload
from userland.libc.data import curdata
from userland.python.bufferedio import (
    BufferedRandom,
    BufferedReader,
    BufferedRWPair,
    BufferedWriter,
)
from userland.python.clinic import checked
from userland.python.fileio import FileIO
from userland.python.iomodule import open_builtin, open_code
from userland.python.locale import make_locale
from userland.python.textio import TextIOWrapper, text_encoding
from userland.python.warn import make_warnings

if TYPE_CHECKING:
    from userland.libc import localtime
else:
    localtime = autoload("userland.libc.localtime")

_FILES: Final = (
    BufferedRandom, BufferedReader, BufferedRWPair, BufferedWriter, FileIO, TextIOWrapper,
)  # fmt: skip


def module_of(members: dict[str, Any]) -> ModuleType:
    """Return a module of these members, among which its name is; no other dict is as quickly made.

    Into a dict that is empty, one from which nothing was ever taken out is copied as it is.
    """
    module = ModuleType(members["__name__"])
    vars(module).clear()
    vars(module).update(members)
    return module


def copy_module(module: ModuleType, name: str = "") -> ModuleType:
    """Return a module of the same contents: a program that writes to it harms nobody."""
    copy = ModuleType(name or module.__name__, module.__doc__)
    skip = ("__cached__", "__file__", "__loader__", "__name__", "__path__", "__spec__")
    vars(copy).update((k, v) for k, v in vars(module).items() if k not in skip)
    if "__path__" in vars(module):
        vars(copy)["__path__"] = []
    return copy


class builtin_function_or_method(staticmethod):  # type: ignore[type-arg]  # of any function
    """A function of C, to who prints or pickles it."""

    def __repr__(self) -> str:
        return f"<built-in function {self.__name__}>"

    def __reduce__(self) -> str:
        return self.__qualname__


builtin_function_or_method.__module__ = "builtins"


def builtin(value: Any) -> Any:
    """Return what stands for a function of C: kept in a class, it does not become a method."""
    return builtin_function_or_method(value) if isinstance(value, FunctionType) else value


def _of(name: str) -> Callable[[], ModuleType]:
    """Return a maker of a module with the public names of ours, loaded when it is first made."""
    return _maker(name, _names)


def _checked(name: str) -> Callable[[], ModuleType]:
    """As _of; the functions check their arguments."""
    return _maker(name, _checked_names)


def _maker(
    name: str, find: Callable[[str, ModuleType], dict[str, Any]]
) -> Callable[[], ModuleType]:
    @cache
    def contents() -> tuple[str | None, dict[str, Any], dict[str, Any]]:
        source = import_module(f"userland.python.{name.lstrip('_')}")
        members = find(name, source)
        tables = {key: value for key, value in members.items() if type(value) in (dict, list)}
        return source.__doc__, members, tables

    def make() -> ModuleType:
        doc, members, tables = contents()
        module = ModuleType(name, doc)
        vars(module).update(members)
        vars(module).update((key, table.copy()) for key, table in tables.items())
        return module

    return make


def _names(name: str, source: ModuleType) -> dict[str, Any]:
    names = getattr(source, "__all__", None)
    contents = {
        key: value
        for key, value in vars(source).items()
        if (key in names if names is not None else not key.startswith("__"))
        and key not in ("TYPE_CHECKING", "annotations")
    }
    for value in contents.values():
        if str(getattr(value, "__module__", "")).startswith(source.__name__):
            value.__module__ = name
    return {key: builtin(value) for key, value in contents.items()}


def _checked_names(name: str, source: ModuleType) -> dict[str, Any]:
    functions = checked(name, source)
    return {
        key: builtin(functions.get(key, vars(source)[key]))
        for key in source.__all__
        if key in functions or not isinstance(vars(source)[key], FunctionType)
    }


def _errno() -> ModuleType:
    module = ModuleType("errno", "NetBSD's error numbers.")
    names = {error.name: int(error) for error in Errno if error > 0}
    names["EWOULDBLOCK"] = int(Errno.EWOULDBLOCK)
    vars(module).update(names, errorcode={int(e): e.name for e in Errno if e > 0})
    return module


def _make_io() -> ModuleType:
    module = copy_module(_io)
    vars(module).update((cls.__name__, cls) for cls in _FILES)
    vars(module).update(
        open=open_builtin, open_code=builtin(open_code), text_encoding=builtin(text_encoding)
    )
    return module


def _make_pickle() -> ModuleType:
    """Return _pickle: C's names for pickle's Python; C would ask the host's table of modules."""
    _pickle = import_module("_pickle")
    module = ModuleType("_pickle", _pickle.__doc__)
    names = ("PickleBuffer", "PickleError", "PicklingError", "UnpicklingError")
    vars(module).update((name, vars(_pickle)[name]) for name in names)
    vars(module)["__getattr__"] = _of_pickle
    return module


def _of_pickle(name: str) -> Any:
    if name not in ("Pickler", "Unpickler", "dump", "dumps", "load", "loads"):
        raise AttributeError(f"module '_pickle' has no attribute {name!r}")
    return builtin(vars(curdata().runtime.importer.import_("pickle"))[f"_{name}"])


def _posix() -> ModuleType:
    module = _make_posix()
    vars(module)["environ"] = dict(curdata().environ)
    return module


def _gc() -> ModuleType:
    module = _make_gc()
    vars(module).update(callbacks=curdata().runtime.gc.callbacks, garbage=[])
    return module


def _make_datetime() -> ModuleType:
    """Return the process's one, however often it is imported: its classes are what they are."""
    datetime: Any = import_module("userland.python.datetime")
    runtime = curdata().runtime
    if runtime.datetime is None:
        runtime.datetime = datetime.make()
    module = ModuleType("_datetime", datetime.__doc__)
    vars(module).update((k, v) for k, v in runtime.datetime.items() if not k.startswith("__"))
    return module


def _time() -> ModuleType:
    localtime.tznote()
    return _make_time()


_make_gc = _of("gc")
_make_posix = _of("posix")
_make_time = _of("time")


_registering = _of("codecs")


def _make_codecs() -> ModuleType:
    module = copy_module(_codecs)
    vars(module).update(
        (name, value) for name, value in vars(_registering()).items() if name[0] != "_"
    )
    return module


def _make_stat() -> ModuleType:
    module = copy_module(_stat)
    vars(module).update(S_IFWHT=stat.S_IFWHT, S_ISWHT=builtin(stat.S_ISWHT))
    return module


REPLACEMENTS: Final[dict[str, Callable[[], ModuleType]]] = {
    "_codecs": _make_codecs,
    "_datetime": _make_datetime,
    "_io": _make_io,
    "_multiprocessing": _of("_multiprocessing"),
    "_pickle": _make_pickle,
    "_posixshmem": _of("_posixshmem"),
    "_posixsubprocess": _of("_posixsubprocess"),
    "_queue": _of("_queue"),
    "_locale": make_locale,
    "_random": _of("_random"),
    "_stat": _make_stat,
    "_signal": _of("_signal"),
    "_socket": _of("_socket"),
    "_thread": _of("_thread"),
    "_warnings": make_warnings,
    "atexit": _of("atexit"),
    "errno": _errno,
    "fcntl": _checked("fcntl"),
    "faulthandler": _of("faulthandler"),
    "gc": _gc,
    "grp": _checked("grp"),
    "mmap": _of("mmap"),
    "posix": _posix,
    "pwd": _checked("pwd"),
    "resource": _checked("resource"),
    "select": _of("select"),
    "syslog": _checked("syslog"),
    "termios": _checked("termios"),
    "time": _time,
}
