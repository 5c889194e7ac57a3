# SPDX-License-Identifier: BSD-2-Clause
"""The bytecode of what a command imports, kept in one file: what is shared is read once.

Names and constants that three hundred modules have in common are most of what the interpreter
spends on their bytecode.  The library's that are imported from here on are among them.  What
programs have had loaded later, each other modules, stands there for itself, and is read when it
is wanted.  A module is taken from the file if its source has the
time and size that it had then, as from a .pyc; else as always, and the file is made anew.
"""

import marshal
import os
import sys
from collections.abc import Collection, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER, cache_from_source
from mmap import ACCESS_READ, mmap
from types import CodeType, ModuleType

_HOUSES = ("kernel.", "native.", "userland.")
FORMAT = MAGIC_NUMBER + b"\1"  # what the file begins with: the number rises as its entries change
_LIBRARY = os.path.dirname(os.__file__)
# File, time and size of a source, where the interpreter would keep its bytecode; its code, or
# code and __init__s of what was loaded later.
_Entry = tuple[str, int, int, str, CodeType | bytes]


def _state(path: str) -> tuple[int, int]:
    """Return what a source's bytecode is known by: its time in seconds, its size in bytes."""
    stat = os.stat(path)
    return int(stat.st_mtime), stat.st_size


class Kept(SourceFileLoader):
    """Loads a module from code that is there."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code; fullname is the module's."""
        return self._code


class Startup:
    """Finds modules in a command's file, and says which are not there."""

    def __init__(self, command: str) -> None:
        place = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{command}.start.py")
        self._path = cache_from_source(place)
        self._entries, codes = self._read()
        self._before = frozenset(sys.modules)
        self._first: frozenset[str] = frozenset()
        self._found: set[str] = set()
        sys.meta_path.insert(0, self)
        _add_codes(codes)

    def _read(self) -> tuple[dict[str, _Entry], dict[str, CodeType]]:
        with suppress(OSError, ValueError, EOFError, TypeError), open(self._path, "rb") as file:
            content = mmap(file.fileno(), 0, access=ACCESS_READ)
            if content[: len(FORMAT)] == FORMAT:
                entries, codes = marshal.loads(memoryview(content)[len(FORMAT) :])
                return entries, codes
        return {}, {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module whose source is as it was, in the directory where it was."""
        del target
        entry = self._entries.get(name)
        if entry is None:
            return None
        file, time, size, cached, kept = entry
        directory, _, leaf = file.rpartition("/")
        package = leaf == "__init__.py"
        where = directory.rpartition("/")[0] if package else directory
        if where != (path[0] if path else _LIBRARY):
            return None
        with suppress(OSError):
            if (time, size) == _state(file):
                self._found.add(name)
                code = kept if isinstance(kept, CodeType) else _later(kept)
                spec = ModuleSpec(name, Kept(name, file, code), origin=file, is_package=package)
                spec.has_location, spec.cached = True, cached
                if spec.submodule_search_locations is not None:
                    spec.submodule_search_locations.append(directory)
                return spec
        return None

    def loaded(self) -> None:
        """What has been imported until now any run of the command imports."""
        self._first = frozenset(sys.modules)

    def keep(self) -> None:
        """Write the file anew, if something was not there or is not as it was."""
        names = sys.modules.keys() - self._before
        if sys.dont_write_bytecode or not any(map(_loader, names - self._found)):
            return
        loaded = {name: loader for name in sorted(names) if (loader := _loader(name))}
        entries = {
            name: entry for name, entry in self._entries.items() if isinstance(entry[-1], bytes)
        }
        for name, loader in loaded.items():
            entries[name] = self._entry(name, loader)
        kept = entries, _codes(loaded.keys() & self._first)
        temporary = f"{self._path}.{os.getpid()}"
        with suppress(OSError):  # there may be no room for it, or it may not be written
            with open(temporary, "wb") as file:
                file.write(FORMAT + marshal.dumps(kept))
            os.replace(temporary, self._path)

    def _entry(self, name: str, loader: SourceFileLoader) -> _Entry:
        """Return what to keep of a module; its source may have changed since it was loaded."""
        old = self._entries[name] if isinstance(loader, Kept) else None
        time, size = old[1:3] if old else _state(loader.path)
        code = loader.get_code(name)
        if code is None:
            raise ImportError(f"{loader.path} has no code", name=name)
        first = name in self._first
        kept = code if first else marshal.dumps((code, _codes((name,))))
        return loader.path, time, size, cache_from_source(loader.path), kept


def _loader(name: str) -> SourceFileLoader | None:
    """Return what has loaded a module of ours or the library's from its source, if it is one."""
    loader = getattr(getattr(sys.modules[name], "__spec__", None), "loader", None)
    if isinstance(loader, SourceFileLoader):
        base = f"{_LIBRARY}/{name.replace('.', '/')}"
        if name.startswith(_HOUSES) or loader.path in (f"{base}.py", f"{base}/__init__.py"):
            return loader
    return None


def _later(kept: bytes) -> CodeType:
    """Return the code of a module that is not always imported."""
    code: CodeType
    code, codes = marshal.loads(kept)
    _add_codes(codes)
    return code


def _add_codes(codes: dict[str, CodeType]) -> None:
    """Let structs have what makes their objects; only now is imported what they need."""
    from kernel.sys.dataclasses import CODES

    CODES.update(codes)


def _codes(names: Collection[str]) -> dict[str, CodeType]:
    """Return what makes objects of the structs of modules, by its text."""
    from kernel.sys import dataclasses, namedtuple

    found = {
        value
        for name in names
        for value in vars(sys.modules[name]).values()
        if isinstance(value, type) and value.__module__ in names
    }
    classes = sorted(found, key=lambda cls: cls.__qualname__)
    return {**dataclasses.init_codes(classes), **namedtuple.new_codes(classes)}
