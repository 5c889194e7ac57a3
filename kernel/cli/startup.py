# SPDX-License-Identifier: BSD-2-Clause
"""The bytecode of what a command imports, kept in one file: what is shared is read once.

Names and constants that three hundred modules have in common are most of what the interpreter
spends on their bytecode.  What programs have had loaded later, each other modules, stands there
for itself, and is read when it is wanted.  A module is taken from the file if its source has the
time and size that it had then, as from a .pyc; else as always, and the file is made anew.
"""

import marshal
import os
import sys
from collections.abc import Collection, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER, cache_from_source, spec_from_file_location
from mmap import ACCESS_READ, mmap
from types import CodeType, ModuleType

from kernel.sys import dataclasses, namedtuple

_HOUSES = ("kernel.", "native.", "userland.")
# File, time and size of a source; its code, or code and __init__s of what was loaded later.
_Entry = tuple[str, int, int, CodeType | bytes]


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
        dataclasses.CODES.update(codes)
        self._before = frozenset(sys.modules)
        self._first: frozenset[str] = frozenset()
        self._found: set[str] = set()
        sys.meta_path.insert(0, self)

    def _read(self) -> tuple[dict[str, _Entry], dict[str, CodeType]]:
        with suppress(OSError, ValueError, EOFError, TypeError), open(self._path, "rb") as file:
            content = mmap(file.fileno(), 0, access=ACCESS_READ)
            if content[: len(MAGIC_NUMBER)] == MAGIC_NUMBER:
                entries, codes = marshal.loads(memoryview(content)[len(MAGIC_NUMBER) :])
                return entries, codes
        return {}, {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module of ours whose source is as it was, in the directory where it was."""
        del target
        entry = self._entries.get(name)
        if entry is None:
            return None
        file, *state, kept = entry
        directory, _, leaf = file.rpartition("/")
        package = leaf == "__init__.py"
        if path and path[0] == (directory.rpartition("/")[0] if package else directory):
            with suppress(OSError):
                if (*state,) == _state(file):
                    self._found.add(name)
                    code = kept if isinstance(kept, CodeType) else _later(kept)
                    return spec_from_file_location(
                        name,
                        file,
                        loader=Kept(name, file, code),
                        submodule_search_locations=[directory] if package else None,
                    )
        return None

    def loaded(self) -> None:
        """What has been imported until now any run of the command imports."""
        self._first = frozenset(sys.modules)

    def keep(self) -> None:
        """Write the file anew, if something was not there or is not as it was."""
        names = {name for name in sys.modules.keys() - self._before if name.startswith(_HOUSES)}
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
                file.write(MAGIC_NUMBER + marshal.dumps(kept))
            os.replace(temporary, self._path)

    def _entry(self, name: str, loader: SourceFileLoader) -> _Entry:
        """Return what to keep of a module; its source may have changed since it was loaded."""
        old = self._entries[name] if isinstance(loader, Kept) else None
        state = old[1:3] if old else _state(loader.path)
        code = loader.get_code(name)
        if code is None:
            raise ImportError(f"{loader.path} has no code", name=name)
        first = name in self._first
        return loader.path, *state, code if first else marshal.dumps((code, _codes((name,))))


def _loader(name: str) -> SourceFileLoader | None:
    """Return what has loaded a module from its source, if something has."""
    loader = getattr(sys.modules[name].__spec__, "loader", None)
    return loader if isinstance(loader, SourceFileLoader) else None


def _later(kept: bytes) -> CodeType:
    """Return the code of a module that is not always imported."""
    code: CodeType
    code, codes = marshal.loads(kept)
    dataclasses.CODES.update(codes)
    return code


def _codes(names: Collection[str]) -> dict[str, CodeType]:
    """Return what makes objects of the structs of modules, by its text."""
    found = {
        value
        for name in names
        for value in vars(sys.modules[name]).values()
        if isinstance(value, type) and value.__module__ in names
    }
    classes = sorted(found, key=lambda cls: cls.__qualname__)
    return {**dataclasses.init_codes(classes), **namedtuple.new_codes(classes)}
