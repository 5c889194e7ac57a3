# SPDX-License-Identifier: BSD-2-Clause
"""import, in a module table of the process's own.

Pure modules of the standard library run afresh in each process, from code
compiled once; C modules without effects are shared; those that reach the world
are ours (userland.python.modules); any other is refused.  The machinery is
CPython's own importlib._bootstrap, run in the process when it first imports
what is not there yet.
"""

import _imp
import _weakref
import importlib.util
import sys as host_sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib import _bootstrap_external
from importlib.machinery import SourceFileLoader
from types import CodeType, ModuleType
from typing import Any, Final

from userland import libc
from userland.libc.data import curdata
from userland.python.frames import LIBRARY, STDLIB, hide_frames
from userland.python.instrument import compile_program
from userland.python.modules import REPLACEMENTS, copy_module

# C modules that compute and nothing else.  Left out, because what they do passes by the process:
# _datetime (reads the host's clock), _json, _pickle, _elementtree (look modules up in the host's
# table), _locale (sets the host's): their users fall back on Python.
SHARED: Final = frozenset(
    """_abc _ast _bisect _blake2 _bz2 _codecs _collections _contextvars _csv _decimal
    _functools _hashlib _heapq _lsprof _lzma _md5 _opcode _operator _opcode_metadata
    _sha1 _sha2 _sha256 _sha3 _sha512 _sre _stat _statistics _string _struct _suggestions _symtable
    _sysconfig _tokenize _tracemalloc _typing _unicodedata _weakref array audioop binascii
    cmath gc itertools marshal math pyexpat unicodedata zlib""".split()
)
# Pure modules whose classes the interpreter's own C code uses: a second copy would not fit it.
_SAME: Final = frozenset(
    """__future__ _collections_abc _py_abc _weakrefset abc copyreg encodings numbers re
    sre_compile sre_constants sre_parse types""".split()
)
_SAME_PACKAGES: Final = ("encodings.", "re.")
# What programs of the distribution import: given without starting importlib.
_QUICK: Final = frozenset(("userland.libc", "userland.python.pymain"))
_fix_co_filename: Final[Callable[[CodeType, str], None]] = vars(_imp)["_fix_co_filename"]


class Importer:
    """The import system of one process."""

    def __init__(self, sys: Any) -> None:
        self._sys = sys
        self._bootstrap: Any = None

    def import_(
        self,
        name: str,
        globals: dict[str, Any] | None = None,
        locals: dict[str, Any] | None = None,
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> ModuleType:
        """__import__(): what is loaded and needs no more is returned at once."""
        if not level and not fromlist and "." not in name:
            module: ModuleType | None = self._sys.modules.get(name)
            if module is not None and self._bootstrap is None:
                return module
        if self._bootstrap is None:
            if level == 0 and (quick := self._preloaded(name, fromlist)) is not None:
                return quick
            self._bootstrap = self._boot()
        found: ModuleType = self._bootstrap.__import__(name, globals, locals, fromlist, level)
        if fromlist:
            self._circular(found, fromlist)
        return found

    def _circular(self, package: ModuleType, fromlist: Sequence[str]) -> None:
        """Let `from package import module` find a module that is still being imported.

        The interpreter would look for it in sys.modules, but in the host's.
        """
        names = vars(package)
        for name in fromlist:
            if name not in names:
                module = self._sys.modules.get(f"{names.get('__name__')}.{name}")
                if module is not None:
                    names[name] = module

    def _preloaded(self, name: str, fromlist: Sequence[str]) -> ModuleType | None:
        """Give a program that wants only libc its copy, without starting importlib."""
        if name in _QUICK and fromlist:
            module: ModuleType | None = self._sys.modules.get(name)
            if module is None:
                module = self._sys.modules[name] = copy_module(importlib.import_module(name))
            return module
        return None

    def _boot(self) -> Any:
        """Run importlib._bootstrap in the process, our finder being its only one."""
        bootstrap: Any = ModuleType("_frozen_importlib")
        bootstrap.__builtins__ = curbuiltins()
        exec(
            library_code("importlib/_bootstrap.py", "<frozen importlib._bootstrap>"),
            vars(bootstrap),
        )
        modules = self._sys.modules
        for name in ("_imp", "_thread", "_warnings"):
            modules[name] = REPLACEMENTS[name]()
        modules["_weakref"] = copy_module(_weakref)
        bootstrap.sys = self._sys
        for name in ("_imp", "_thread", "_warnings", "_weakref"):
            setattr(bootstrap, name, modules[name])
        bootstrap._bootstrap_external = _bootstrap_external
        if bootstrap._blocking_on is None:  # from 3.12 on
            bootstrap._blocking_on = bootstrap._WeakValueDictionary()
        modules["_frozen_importlib"] = bootstrap
        for module in list(modules.values()):
            vars(module).setdefault("__spec__", None)
        self._sys.meta_path.append(Finder(bootstrap, self._sys))
        return bootstrap


class Finder:
    """Finds every module of a process: sys.meta_path has no other."""

    def __init__(self, bootstrap: Any, sys: Any) -> None:
        self._bootstrap = bootstrap
        self._sys = sys

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> Any:
        """Return the spec of a module, None if there is none.

        Raises:
            ImportError: it is a C module that could reach the host.
        """
        del target
        maker = self._host(name) or self._library(name)
        if maker is not None:
            return maker
        found = self._guest(name, self._sys.path if path is None else path)
        if found is None and _is_extension(name):
            raise ImportError(
                f"{name} is an extension module that could reach the host: it is not offered here",
                name=name,
            )
        return found

    def _spec(self, name: str, loader: Any, origin: str, package: bool) -> Any:
        spec = self._bootstrap.ModuleSpec(name, loader, origin=origin, is_package=package)
        spec._set_fileattr = not origin.startswith("<")
        return spec

    def _host(self, name: str) -> Any:
        """Modules that are given, not run: ours, shared C modules, userland's."""
        make = REPLACEMENTS.get(name)
        if make is not None:
            return self._spec(name, _Given(make), "<sysent>", name == "userland")
        if name in SHARED or name in _SAME or name.startswith(_SAME_PACKAGES) or _allowed(name):
            try:
                module = importlib.import_module(name)
            except ImportError:
                return None
            package = hasattr(module, "__path__")
            return self._spec(name, _Given(partial(copy_module, module)), "<shared>", package)
        if name.startswith("_sysconfigdata_"):
            return self._spec(name, _Given(partial(_no_sysconfig, name)), "<sysent>", False)
        return None

    def _library(self, name: str) -> Any:
        """A pure module of the standard library."""
        if name == "_frozen_importlib_external":
            frozen = "<frozen importlib._bootstrap_external>"
            code = partial(library_code, "importlib/_bootstrap_external.py", frozen)
            return self._spec(name, _Run(code, self._set_external), "<frozen>", False)
        base = name.replace(".", "/")
        for file, package in ((f"{base}/__init__.py", True), (f"{base}.py", False)):
            if _exists(file):
                path = f"{LIBRARY}/{file}"
                after = hide_frames if name == "traceback" else None
                spec = self._spec(
                    name, _Run(partial(library_code, file, path), after), path, package
                )
                if package:
                    spec.submodule_search_locations = [f"{LIBRARY}/{base}"]
                return spec
        return None

    def _set_external(self, external: Any) -> None:
        external._set_bootstrap_module(self._bootstrap)
        self._bootstrap._bootstrap_external = external

    def _guest(self, name: str, places: Sequence[str]) -> Any:
        """A module of the program's own, in the emulated file system."""
        last = name.rpartition(".")[2]
        bases = [f"{place.rstrip('/')}/{last}" if place else last for place in places]
        for base in bases:
            for path, package in ((f"{base}/__init__.py", True), (f"{base}.py", False)):
                source = _slurp(path)
                if source is None:
                    continue
                curdata().runtime.sources[path] = source
                spec = self._spec(name, _Run(partial(_compile, source, path)), path, package)
                if package:
                    spec.submodule_search_locations = [base]
                return spec
        portions = [base for base in bases if _is_dir(base)]
        if not portions:
            return None
        spec = self._spec(name, _Given(partial(ModuleType, name)), "<namespace>", True)
        spec.submodule_search_locations = portions
        return spec


class _Given:
    """A loader of a module that exists."""

    def __init__(self, make: Callable[[], ModuleType]) -> None:
        self._make = make

    def create_module(self, _spec: Any) -> ModuleType:
        """Return the module."""
        return self._make()

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


class _Run:
    """A loader that runs code in a new module."""

    def __init__(
        self, code: Callable[[], CodeType], after: Callable[[Any], None] | None = None
    ) -> None:
        self._code = code
        self._after = after

    def create_module(self, _spec: Any) -> None:
        """Let importlib make the module."""

    def get_code(self, _name: str) -> CodeType:
        """Return the code, for runpy."""
        return self._code()

    def exec_module(self, module: ModuleType) -> None:
        """Run it with the process's builtins."""
        vars(module)["__builtins__"] = curbuiltins()
        exec(self._code(), vars(module))
        if self._after is not None:
            self._after(module)


def curbuiltins() -> ModuleType:
    """Return the builtins of the process that runs."""
    builtins: ModuleType = curdata().runtime.builtins
    return builtins


def _compile(source: bytes, path: str) -> CodeType:
    return compile_program(source, path, curdata().runtime.optimize)


def _no_sysconfig(name: str) -> ModuleType:
    """Return what sysconfig reads, without what the host was built with."""
    module = ModuleType(name)
    vars(module)["build_time_vars"] = {}
    return module


@cache
def _exists(file: str) -> bool:
    return (STDLIB / file).is_file()


@cache
def library_code(file: str, filename: str) -> CodeType:
    """Return the code of a library module, compiled once for all processes.

    Args:
        file: its path in the library.
        filename: what it is to be called inside.
    """
    name = file.removesuffix(".py")
    code: CodeType | None = SourceFileLoader(name, str(STDLIB / file)).get_code(name)
    if code is None:
        raise ImportError(f"{file} has no code")
    _fix_co_filename(code, filename)
    return code


def _is_dir(path: str) -> bool:
    try:
        return libc.S_ISDIR(libc.stat(path).st_mode)
    except OSError:
        return False


def _slurp(path: str) -> bytes | None:
    """Return a file of the emulated system, None if it cannot be read."""
    try:
        fd = libc.open(path, libc.O_RDONLY)
    except OSError:
        return None
    data = b""
    while block := libc.read(fd, 65536):
        data += block
    libc.close(fd)
    return data


def _allowed(name: str) -> bool:
    """Whether a program may import this package of ours: all of userland, and the headers."""
    if name in ("kernel", "kernel.sys", "userland"):
        return True
    if not name.startswith(("userland.", "kernel.sys.")):
        return False
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


def _is_extension(name: str) -> bool:
    """Whether the host has a C module of that name."""
    if name in host_sys.builtin_module_names:
        return True
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    return spec is not None and bool(spec.origin) and not str(spec.origin).endswith(".py")
