# SPDX-License-Identifier: BSD-2-Clause
"""_imp of a process: which modules are built in, and which are frozen.  CPython Python/import.c.

Built in are the C modules that reach the world, which are ours, and those that
compute and nothing else, which are shared.  Any other is refused, unless
whoever boots allows it.
"""

import _imp
import importlib.util
from collections import deque
from collections.abc import Callable
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from types import CodeType, ModuleType
from typing import Any, Final

from userland.libc import include
from userland.libc.pthread_int import Pthread, Waiter, park_on, pthread_self, wake_first
from userland.python.frames import LIBRARY
from userland.python.library import host_extensions
from userland.python.modules import REPLACEMENTS, copy_module

# C modules that compute and nothing else.  Left out, because what they do passes by the process:
# _datetime (reads the host's clock), _pickle, _elementtree (look modules up in the host's
# table): their users fall back on Python.
SHARED: Final = frozenset(
    """_abc _ast _bisect _blake2 _bz2 _collections _contextvars _csv _decimal
    _functools _hashlib _heapq _json _lsprof _lzma _md5 _opcode _operator _opcode_metadata
    _sha1 _sha2 _sha256 _sha3 _sha512 _sre _stat _statistics _string _struct _suggestions _symtable
    _sysconfig _tokenize _tracemalloc _typing _unicodedata _weakref array audioop binascii
    cmath itertools marshal math pyexpat unicodedata zlib""".split()
)
# Of these a program has one that was made for it: what is registered with it is in the module.
_ANEW: Final = ("_csv",)
# Only there to test the host's interpreter: as in an installation without them.
_TESTING: Final = ("_test", "_xx", "xx", "_ctypes_test")
_REFUSED: Final = (
    "{0} is an extension module that could reach the host; `run --allow-module {0}` allows it"
)
_OURS: Final = ("kernel", "kernel.sys", "userland")
_SYSCONFIG: Final = "_sysconfigdata_"
_SUFFIX: Final = EXTENSION_SUFFIXES[0]  # ".cpython-311-x86_64-linux-gnu.so"
# What CPython's configure finds on NetBSD 10, as far as programs ask.
_CONFIGURED: Final[dict[str, int | str | None]] = {
    "BINDIR": "/usr/bin",
    "CC": "gcc",
    "CFLAGS": "",
    "EXT_SUFFIX": _SUFFIX,
    "HAVE_FORK": 1,
    "HAVE_GETENTROPY": 1,
    "HAVE_GETRANDOM": 1,
    "HAVE_VFORK": 1,
    "INCLUDEPY": f"/usr/include/{LIBRARY.rpartition('/')[2]}",
    "LDFLAGS": "",
    "LDSHARED": "gcc -shared",
    "LIBDEST": LIBRARY,
    "LIBDIR": "/usr/lib",
    "Py_DEBUG": 0,
    "SOABI": _SUFFIX.split(".")[1],
    "TZPATH": "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo",
    "WITH_DOC_STRINGS": 1,
    "WITH_PYMALLOC": 1,
}


@cache
def builtin_module_names() -> tuple[str, ...]:
    """Return sys.builtin_module_names: all the C modules that there are."""
    return tuple(sorted({"_imp", "builtins", "sys", *REPLACEMENTS, *(SHARED & host_extensions())}))


@cache
def is_ours(name: str) -> bool:
    """Whether a program may import this package of ours: all of userland, and the headers."""
    if name in _OURS:
        return True
    if not name.startswith(("userland.", "kernel.sys.")):
        return False
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


def why_not(name: str) -> str:
    """Return why there is no such module, "" if there is nothing to say."""
    if name not in host_extensions() or name.startswith(_TESTING):
        return ""
    return _REFUSED.format(name)


class Imp:
    """The functions of _imp that have a state or a mind of their own."""

    def __init__(self, sys: Any, allowed: frozenset[str]) -> None:
        self._sys = sys
        self._allowed = allowed
        self._override = 0  # of _override_frozen_modules_for_tests: -1, nothing is frozen
        self._held = 0  # how often the import lock is
        self._owner: Pthread | None = None  # by whom
        self._waiting: deque[Waiter] = deque()

    def module(self) -> ModuleType:
        """Return _imp."""
        module = copy_module(_imp)
        functions = (
            self.is_builtin, self.create_builtin, self.exec_builtin, self.create_dynamic,
            self.exec_dynamic, self.is_frozen, self.find_frozen, self.get_frozen_object,
            self._override_frozen_modules_for_tests, self.acquire_lock, self.release_lock,
            self.lock_held,
        )  # fmt: skip
        vars(module).update((function.__name__, function) for function in functions)
        return module

    def _is_allowed(self, name: str) -> bool:
        return name in self._allowed or name.partition(".")[0] in self._allowed

    def is_builtin(self, name: str) -> int:
        """Return 1 for a module that is given, -1 for one that cannot be made again, else 0."""
        if name in ("builtins", "sys"):
            return -1
        if name in REPLACEMENTS or name in SHARED:
            return int(name in self._sys.builtin_module_names)
        return int(name.startswith(_SYSCONFIG) or is_ours(name) or self._is_allowed(name))

    def create_builtin(self, spec: Any) -> ModuleType:
        """Return the module, a copy of the process's own.

        Raises:
            ImportError: the host has none that it would be a copy of.
        """
        name: str = spec.name
        if name in ("builtins", "sys"):
            given: ModuleType = self._sys.modules[name]
            return given
        make = REPLACEMENTS.get(name)
        if make is not None:
            return make()
        if name.startswith(_SYSCONFIG):
            return _sysconfig(name)
        if name in _OURS:  # what has been imported of them in the host is no program's to see
            package = ModuleType(name)
            vars(package)["__path__"] = []
            return package
        return given_module(name)

    def exec_builtin(self, module: ModuleType) -> int:
        """There is nothing to run."""
        return 0

    def create_dynamic(self, spec: Any, _file: object = None, /) -> ModuleType:
        """Refuse an extension module that was found in a file, if it is not allowed.

        Raises:
            ImportError: it is refused.
        """
        if self._is_allowed(spec.name):
            return copy_module(importlib.import_module(spec.name))
        raise ImportError(_REFUSED.format(spec.name), name=spec.name, path=spec.origin)

    def exec_dynamic(self, module: ModuleType) -> int:
        """There is nothing to run."""
        return 0

    def is_frozen(self, name: str) -> bool:
        """Whether there is code for the module."""
        return self.find_frozen(name) is not None

    def find_frozen(self, name: str, /, *, withdata: bool = False) -> Any:
        """Return (data, is a package, original name), None of what is not frozen."""
        if self._override < 0 and not name.startswith("_frozen_importlib") and name != "zipimport":
            return None
        return vars(_imp)["find_frozen"](name, withdata=withdata)

    def get_frozen_object(self, name: str, data: Any = None, /) -> CodeType:
        """Return the module's code.

        Raises:
            ImportError: there is none.
        """
        return frozen_code(name) if data is None else vars(_imp)["get_frozen_object"](name, data)

    def _override_frozen_modules_for_tests(self, override: int, /) -> None:
        self._override = override

    def acquire_lock(self) -> None:
        """Take the import lock, which its owner may take again."""
        me = pthread_self()
        while self._held and self._owner is not me:
            park_on(self._waiting)
        self._owner = me
        self._held += 1

    def release_lock(self) -> None:
        """Let go of it.

        Raises:
            RuntimeError: the thread does not hold it.
        """
        if not self._held or self._owner is not pthread_self():
            raise RuntimeError("not holding the import lock")
        self._held -= 1
        if not self._held:
            wake_first(self._waiting)

    def lock_held(self) -> bool:
        """Whether somebody holds the import lock."""
        return self._held > 0


@cache
def frozen_code(name: str) -> CodeType:
    """Return the code of a frozen module, made once for all processes.

    Raises:
        ImportError: there is none.
    """
    get: Callable[[str], CodeType] = vars(_imp)["get_frozen_object"]
    return get(name)


def host_module(name: str) -> ModuleType:
    """Return a module of ours or the host's as it is, for a program that changes nothing in it."""
    return include if name == "userland.libc" else importlib.import_module(name)


def given_module(name: str) -> ModuleType:
    """Return a copy of a module of ours or the host's; of libc, one that fills as it is used."""
    if name == "userland.libc":
        return _make_libc()
    return copy_module(_anew(name) if name in _ANEW else importlib.import_module(name))


def _anew(name: str) -> ModuleType:
    """Return another module of the host's by that name."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(f"No module named {name!r}", name=name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _make_libc() -> ModuleType:
    """Return userland.libc as programs have it: what they include."""
    module = ModuleType("userland.libc", include.__doc__)
    members = vars(module)

    def __getattr__(name: str) -> Any:
        if name == "__all__":  # a program that wants everything gets it at once
            members.update((one, getattr(include, one)) for one in dir(include))
        members[name] = value = getattr(include, name)
        return value

    members.update(__getattr__=__getattr__, __path__=[])
    return module


def _sysconfig(name: str) -> ModuleType:
    """Return what sysconfig reads, without what the host was built with."""
    module = ModuleType(name)
    vars(module)["build_time_vars"] = {**_CONFIGURED}
    return module
