# SPDX-License-Identifier: BSD-2-Clause
"""The standard library, which programs import without a system call, as if it were frozen.

It is at LIBRARY, a read-only mount of the host's.  What a program sees of its
modules is what CPython's FileFinder and SourceFileLoader make; only that their
code is compiled once for all processes and found without a look at the disk.
CPython Lib/importlib/_bootstrap_external.py.
"""

import copyreg
import importlib
import os
import sys as host_sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.machinery import SourceFileLoader
from re import Pattern
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.code import fix_co_filename, unmarshal
from kernel.sys.module import autoload
from kernel.sys.proc import NoProcess
from userland.python.frames import HIDDEN, LIBRARY, STDLIB, hide_frames, host_name
from userland.python.instrument import compile_program, preempting_builtins

if TYPE_CHECKING:
    import json
    import zlib
else:
    json = autoload("json")
    zlib = autoload("zlib")

# Pure modules whose classes the interpreter's own C code uses: a second copy would not fit it.
SAME: Final = frozenset(
    """__future__ _collections_abc _py_abc _weakrefset abc encodings numbers re
    sre_compile sre_constants sre_parse types""".split()
)
SAME_PACKAGES: Final = ("encodings.", "re.")
# Functions that the interpreter looks for in the host's copyreg, and that pickles name.
_COPYREG: Final = ("__newobj__", "__newobj_ex__", "_reconstructor", "_reduce_ex", "_slotnames")


def _later(name: str, function: str) -> Callable[[Any], None]:
    """Return what calls a function of a module of ours, which is loaded then."""

    def after(module: Any) -> None:
        getattr(import_module(f"userland.python.{name}"), function)(module)

    return after


def _adapt_copyreg(module: Any) -> None:
    vars(module).update((name, vars(copyreg)[name]) for name in _COPYREG)
    module.dispatch_table[Pattern] = copyreg.dispatch_table[Pattern]


# What is done to a module of the library after it has run.
_AFTER: Final[dict[str, Callable[[Any], None]]] = {
    "collections": _later("generated", "share_eval"),
    "copyreg": _adapt_copyreg,
    "dataclasses": _later("generated", "share_exec"),
    "json.decoder": lambda module: setattr(module, "JSONDecodeError", json.JSONDecodeError),
    "multiprocessing.heap": _later("sharedview", "share_views"),
    "multiprocessing.managers": _later("multiprocessing", "number_objects"),
    "multiprocessing.process": _later("multiprocessing", "number_processes"),
    "multiprocessing.shared_memory": _later("sharedview", "share_views"),
    "threading": _later("thread", "number_threads"),
    "traceback": hide_frames,
}
_SUFFIX: Final = ".py"
# What makes a module the program's own is not its contents: its name, and where it came from.
_IDENTITY: Final = frozenset(
    ("__builtins__", "__cached__", "__file__", "__loader__", "__name__", "__path__", "__spec__")
)


def in_library(path: str) -> str | None:
    """Return the rest of a path that is below LIBRARY, "" for LIBRARY itself; None of any other."""
    if path == LIBRARY:
        return ""
    return path[len(LIBRARY) + 1 :] if path.startswith(f"{LIBRARY}/") else None


def is_same(name: str) -> bool:
    """Whether a library module is one that all processes share."""
    return name in SAME or name.startswith(SAME_PACKAGES)


def contents(name: str) -> dict[str, Any]:
    """Return what the host's module of that name has in it."""
    module = importlib.import_module(name)
    return {key: value for key, value in vars(module).items() if key not in _IDENTITY}


@cache
def library_code(file: str, optimize: int = -1) -> CodeType:
    """Return the code of a file of the library, compiled once for all processes.

    Args:
        file: its path in the library.
        optimize: as compile()'s.
    """
    filename = f"{LIBRARY}/{file}"
    if optimize > 0:
        with open(f"{STDLIB}/{file}", "rb") as stream:
            source = stream.read()
        return compile(source, filename, "exec", dont_inherit=True, optimize=optimize)
    name = file.removesuffix(_SUFFIX)
    code: CodeType | None = SourceFileLoader(name, f"{STDLIB}/{file}").get_code(name)
    if code is None:
        raise ImportError(f"{file} has no code")
    fix_co_filename(code, filename)
    return code


@cache
def names(directory: str) -> frozenset[str]:
    """Return the names in a directory of the library, which never changes."""
    path = f"{STDLIB}/{directory}"
    if directory.partition("/")[0].encode() in HIDDEN or not os.path.isdir(path):
        return frozenset()
    found = frozenset(os.listdir(path))
    return found if directory else found - {name.decode() for name in HIDDEN}


@cache
def locate(directory: str, name: str) -> tuple[str, bool] | None:
    """Return where in a directory of the library a module is, and whether it is a package."""
    base = f"{directory}/{name}" if directory else name
    if name in names(directory) and "__init__.py" in names(base):
        return f"{base}/__init__.py", True
    if name + _SUFFIX in names(directory):
        return base + _SUFFIX, False
    return None


@cache
def host_extensions() -> frozenset[str]:
    """Return the names of the host's C modules."""
    dynload = f"{STDLIB}/lib-dynload"
    found = os.listdir(dynload) if os.path.isdir(dynload) else ()
    return frozenset((*host_sys.builtin_module_names, *(name.partition(".")[0] for name in found)))


def adopt(external: Any, runtime: Any) -> None:
    """Teach a process's _bootstrap_external the library: no call finds it, none reads it."""
    finder = external.FileFinder
    external.id = _path_id
    _teach_finder(external, finder)
    _teach_hooks(external, finder, runtime.sys)
    _teach_loader(external._LoaderBasics, external.SourceFileLoader, runtime)
    _teach_reader(external.FileLoader)
    _teach_compiler(external, external.SourceLoader, runtime)
    _teach_unmarshaller(external)


def _path_id(path: str) -> int:
    """Return a number for the name of a temporary file beside path."""
    return zlib.crc32(path.encode("utf-8", "surrogateescape"))


def _teach_finder(external: Any, finder: Any) -> None:
    ask = finder.find_spec

    def find_spec(self: Any, fullname: str, target: object = None) -> Any:
        """Try to find a spec for the specified module."""
        if self.__class__ is not finder:
            return ask(self, fullname, target)
        place = in_library(self.path)
        if place is None:
            known = locate("", fullname) is not None or fullname in host_extensions()
            listed = self._path_cache if self._path_mtime != -1 else (fullname,)
            # A directory that was listed once hides a module of the library, or it never does.
            if known and not any(fullname + suffix in listed for suffix in suffixes):
                return None
            return _readable(external, self, ask, fullname, target)
        tail = fullname.rpartition(".")[2]
        found = locate(place, tail)
        if found is not None:
            file, package = found
            where = [f"{self.path}/{tail}"] if package else None
            source = external.SourceFileLoader
            return self._get_spec(source, fullname, f"{LIBRARY}/{file}", where, target)
        if tail in names(place) and names(f"{place}/{tail}" if place else tail):
            spec = external._bootstrap.ModuleSpec(fullname, None)
            spec.submodule_search_locations = [f"{self.path}/{tail}"]
            return spec
        return None

    suffixes = ("", *(one for _, many in external._get_supported_file_loaders() for one in many))
    _put(finder, "find_spec", find_spec)


def _readable(external: Any, finder: Any, ask: Any, fullname: str, target: object) -> Any:
    """Return the spec of a module; what is compiled and refused makes way for its source."""
    spec = ask(finder, fullname, target)
    extension = external.ExtensionFileLoader
    if spec is None or type(spec.loader) is not extension or external._imp.is_builtin(fullname):
        return spec
    loaders = finder._loaders
    finder._loaders = [pair for pair in loaders if pair[1] is not extension]
    try:
        source = ask(finder, fullname, target)
    finally:
        finder._loaders = loaders
    return spec if source is None or source.loader is None else source


def _teach_hooks(external: Any, finder: Any, sys: Any) -> None:
    pathfinder = external.PathFinder
    ask = pathfinder._path_hooks
    details = external._get_supported_file_loaders()

    def _path_hooks(path: str) -> Any:
        """Search sys.path_hooks for a finder for 'path'."""
        place = in_library(path) if isinstance(path, str) else None
        if place is not None and names(place):
            return finder(path, *details)
        if "path_hooks" not in vars(sys) and external._path_isdir(path):
            return finder(path, *details)  # what the hooks would say, if they had been made
        return ask(path)

    _put(pathfinder, "_path_hooks", staticmethod(_path_hooks))


def _teach_loader(base: Any, loader: Any, runtime: Any) -> None:
    execute = base.exec_module

    def exec_module(self: Any, module: ModuleType) -> None:
        """Execute the module."""
        file = in_library(self.path) if self.__class__ is loader else None
        if file is None or file.rpartition("/")[2] not in names(file.rpartition("/")[0]):
            execute(self, module)
            return
        name, members = module.__name__, vars(module)
        if is_same(name):
            members.update(contents(name))
            return
        members.setdefault("__builtins__", vars(runtime.builtins))
        exec(library_code(file, runtime.optimize), members)
        if name in _AFTER:
            _AFTER[name](module)

    _put(base, "exec_module", exec_module)


def _teach_reader(loader: Any) -> None:
    read = loader.get_data

    def get_data(self: Any, path: str) -> bytes:
        """Return the data from path as raw bytes."""
        try:
            data: bytes = read(self, path)
        except NoProcess:  # it has ended, and the host shows a traceback with lines of its library
            with open(host_name(path) or path, "rb") as file:
                data = file.read()
        return data

    _put(loader, "get_data", get_data)


def _teach_compiler(external: Any, loader: Any, runtime: Any) -> None:
    """Compile as the process's python3 was told to; code that can be preempted is never kept."""
    run = external._bootstrap._call_with_frames_removed

    def source_to_code(self: Any, data: Any, path: Any, *, _optimize: int = -1) -> Any:
        """Return the code object compiled from source."""
        optimize = runtime.optimize if _optimize == -1 else _optimize
        return run(compile_program, data, path, optimize)

    def get_code(self: Any, fullname: str) -> Any:
        """Return the code of a module."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)

    _put(loader, "source_to_code", source_to_code)
    if preempting_builtins():
        _put(loader, "get_code", get_code)


def _teach_unmarshaller(external: Any) -> None:
    ask = external._compile_bytecode

    def _compile_bytecode(
        data: Any, name: Any = None, bytecode_path: Any = None, source_path: Any = None
    ) -> Any:
        """Compile bytecode as found in a pyc."""
        try:
            code = unmarshal(bytes(data), source_path)
        except (EOFError, TypeError, ValueError):
            return ask(data, name, bytecode_path, source_path)  # which says what is wrong
        external._bootstrap._verbose_message("code object from {!r}", bytecode_path)
        return code

    _compile_bytecode.__qualname__ = "_compile_bytecode"
    _compile_bytecode.__module__ = external.__name__
    external._compile_bytecode = _compile_bytecode


def _put(cls: Any, name: str, function: Any) -> None:
    """Put a method in a class, looking as if it had been written there."""
    bare = getattr(function, "__func__", function)
    bare.__qualname__, bare.__module__ = f"{cls.__name__}.{name}", cls.__module__
    setattr(cls, name, function)
