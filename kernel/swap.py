# SPDX-License-Identifier: BSD-2-Clause
"""What names mean to code of the host's while it runs as an emulated process, for kernel.patch.

Modules that reach the world (os, io, time, threading, socket, subprocess ...) are the process's own
to all modules but the standard library's and the test machinery's, and so are the functions,
classes and numbers that were imported from them.  What of the standard library is left (pathlib,
logging, configparser ...) calls functions of posix and time, and open, print and input: these look
who asks, which is the innermost frame outside of the standard library.  Whatever reaches the host
in spite of that is refused, by an audit hook.
"""

import builtins
import errno
import importlib
import io
import os
import posix
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial, update_wrapper
from types import BuiltinFunctionType, CellType, FunctionType, ModuleType
from typing import Any, Final

from kernel.swap_asker import CODE, OWN, Dispatch, asked_inside, audit, is_inside, refused
from kernel.swap_datetime import clock_methods, make_datetime
from kernel.sys.errno import Errno

# Those with numbers that another system has others for.
_NUMBERS: Final = ("errno", "os", "signal", "socket", "fcntl", "select", "termios", "resource")
# Modules of the host's that say things, or read the command line: their sys is the process's.
_SPEAKERS: Final = frozenset(
    "argparse cmd code contextlib getopt logging optparse pprint timeit traceback warnings".split()
)
# Functions of posix that touch nothing.
_PURE: Final = frozenset(
    """fspath WCOREDUMP WIFCONTINUED WIFSTOPPED WIFSIGNALED WIFEXITED WEXITSTATUS WTERMSIG WSTOPSIG
    waitstatus_to_exitcode major minor makedev register_at_fork""".split()
)
# Functions that sys.audit() tells nothing of, of modules that processes have their own of.
_NEVER: Final = {
    "_thread": ("start_new_thread", "start_new", "start_joinable_thread"),
    "_posixsubprocess": ("fork_exec",),
    "_signal": ("signal", "alarm", "setitimer", "pause", "pthread_sigmask", "set_wakeup_fd"),
}
# What packages have seen that the host's os has; a file system may always be without.
_XATTRS: Final = frozenset("getxattr listxattr removexattr setxattr".split())
_SYS_HOSTS: Final = frozenset(
    "modules path meta_path path_hooks path_importer_cache exc_info _getframe".split()
)


def _open(
    ours: Any, flags: dict[int, int], path: Any, wanted: int, *args: Any, **kwargs: Any
) -> int:
    """os.open() with the host's flags."""
    given = sum(our for host, our in flags.items() if wanted & host == host)
    descriptor: int = ours(path, wanted & 3 | given, *args, **kwargs)
    return descriptor


class _Sys(ModuleType):
    """sys as the process has it, but for what its modules are, which the host has imported."""

    def __init__(self, process_sys: Any) -> None:
        super().__init__("sys")
        object.__setattr__(self, "_of", process_sys)

    def __getattribute__(self, name: str) -> Any:
        return getattr(sys if name in _SYS_HOSTS else object.__getattribute__(self, "_of"), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(sys if name in _SYS_HOSTS else object.__getattribute__(self, "_of"), name, value)


class Swap:
    """The names of the host's modules, turned to a process while a patch is in force."""

    def __init__(self, runtime: Any) -> None:
        self._runtime = runtime
        self._dispatch = self._dispatchers()
        self._numbers = {
            name: (value, host)
            for host in _NUMBERS
            for name, value in vars(sys.modules.get(host, _NOTHING)).items()
            if _is(value, int) and name.isupper()
        }
        ours = self._module("os")
        self._known: dict[int, Any] = {
            **make_datetime(self._module("time")),
            id(sys): _Sys(runtime.sys),
            id(os.environ): ours.environ,
            id(os.environb): ours.environb,
        }
        self._kept: list[Any] = []  # whose ids are in _known
        self._where = _places()
        self._undo: list[Callable[[], object]] = []
        self._before: dict[int, dict[str, Any]] = {}  # what the process's modules had, by their id
        self._back: dict[int, tuple[Any, Any]] = {}  # what was put somewhere: that, what was there

    def _module(self, name: str) -> Any:
        """Return a module of the process.

        Raises:
            ImportError: it has none of that name.
        """
        return self._runtime.importer.import_(name, None, None, ("*",))

    def _dispatchers(self) -> dict[int, Dispatch]:
        found: dict[int, Dispatch] = {}
        for module in (posix, time):
            ours = self._module(module.__name__)
            for name, value in vars(module).items():
                if _is(value, BuiltinFunctionType) and name not in _PURE:
                    found[id(value)] = Dispatch(value, getattr(ours, name, None))
        posix_open = found[id(posix.open)]
        posix_open.inside = partial(_open, posix_open.inside, self._flags())
        mine = self._runtime.builtins
        for name in ("open", "print", "input"):
            value = getattr(builtins, name)
            if not _is_tests(value):
                found[id(value)] = Dispatch(value, getattr(mine, name))
        for name, functions in _NEVER.items():
            for function in functions:
                value = getattr(sys.modules.get(name), function, None)
                if value is not None:
                    found[id(value)] = Dispatch(value, partial(refused, f"{name}.{function}"))
        found[id(io.open_code)] = Dispatch(io.open_code, self._module("io").open_code)
        import_module = importlib.import_module
        found[id(import_module)] = Dispatch(import_module, partial(_named, self, import_module))
        return found

    def _flags(self) -> dict[int, int]:
        """Return the process's flags of open() by the host's."""
        ours = self._module("posix")
        return {
            value: getattr(ours, name)
            for name, value in vars(posix).items()
            if name.startswith("O_") and value > 3 and hasattr(ours, name)
        }

    def install(self) -> None:
        """Turn all names."""
        self._before = {
            id(module): dict(vars(module)) if is_inside(name) else {} for name, module in _modules()
        }
        for name, module in _modules():
            inside = is_inside(name)
            if inside:
                self._turn(vars(module), self._translated)
                for value in list(vars(module).values()):
                    if _is(value, type) and value.__module__ == name:
                        self._rebase(value)
            elif inside is None:
                mine = name.partition(".")[0] in OWN
                self._turn(vars(module), self._dispatched if mine else self._library)
                for shown, value in list(vars(module).items()) if name in _SPEAKERS else ():
                    if value is sys:
                        self._put(vars(module), shown, self._known[id(sys)])
        for name in _XATTRS & vars(posix).keys():
            setattr(self._module("os"), name, vars(posix)[name])  # which asks by now
        for host, name, value in _members():
            if _is_tests(value) and hasattr(ours := self._module(host), name):
                setattr(ours, name, value)
        self._put(vars(os), "environ", self._known[id(os.environ)])
        self._put(vars(os), "environb", self._known[id(os.environb)])
        self._put(vars(builtins), "__import__", partial(_import, self, builtins.__import__))
        self._put(vars(importlib), "import_module", self._dispatch[id(importlib.import_module)])
        audit()

    def mine(self, value: Any) -> Any:
        """Return what a function or object of the host's is to the process, if it has its own."""
        return self._translated("", value)

    def remove(self) -> None:
        """Let names mean what they did; in modules imported meanwhile, what they would."""
        for undo in reversed(self._undo):
            undo()
        inside = [module for name, module in _modules() if is_inside(name)]
        new = [module for module in inside if id(module) not in self._before]
        for module in inside:
            before = self._before.get(id(module), {})
            for name, value in list(vars(module).items()):
                if id(value) in self._back and before.get(name) is not value:
                    vars(module)[name] = self._back[id(value)][1]
        self._back.update(self._returns() if new else {})
        for module in new:
            for name, value in list(vars(module).items()):
                vars(module)[name] = self._returned(name, value)
                if _is(value, type) and value.__module__ == module.__name__:
                    with suppress(TypeError):  # other layout
                        value.__bases__ = tuple(self._returned("", one) for one in value.__bases__)

    def _returns(self) -> dict[int, tuple[Any, Any]]:
        """Return for what the process's modules have, by its id, it and what the host's have."""
        found = {id(self._known[id(host)]): (self._known[id(host)], host) for host in self._kept}
        for name, module in _modules():
            ours = self._runtime.sys.modules.get(name)
            if name.partition(".")[0] in OWN and ours is not None:
                found[id(ours)] = ours, module
                for shown, value in list(vars(ours).items()):
                    if callable(value) and shown in vars(module):
                        found.setdefault(id(value), (value, vars(module)[shown]))
        return found

    def _returned(self, name: str, value: Any) -> Any:
        """Return what value, of a module that was imported by the process, is to the host."""
        if _is(value, int):
            number, host = self._numbers.get(name, (value, ""))
            return number if value == self._number(host, name, None) else value
        if id(value) in self._back:
            return self._back[id(value)][1]
        cls = self._back.get(id(type(value)), (None, None))[1]
        if cls in _LOCKS:
            return getattr(threading, _LOCKS[cls])()
        return cls() if self._where.get(id(cls), ("", ""))[1] in _FRESH else value

    def _turn(self, names: dict[str, Any], turned: Callable[[str, Any], Any]) -> None:
        for name, value in list(names.items()):
            new = turned(name, value)
            if new is not value:
                self._put(names, name, new)

    def _number(self, host: str, name: str, value: Any) -> Any:
        """Return what the process's module has under that name, value if nothing."""
        if not host:
            return value
        try:
            return getattr(self._module(host), name, value)
        except ImportError:
            return value

    def _put(self, names: dict[str, Any], name: str, new: Any) -> None:
        old = names[name]
        names[name] = new
        if not _is(new, int):
            self._back[id(new)] = new, old

        def undo() -> None:
            if names.get(name) is new:
                names[name] = old

        self._undo.append(undo)

    def _rebase(self, cls: type) -> None:
        """Let a class that derives from one of the host's derive from the process's."""
        old = cls.__bases__
        new = tuple(self._translated("", base) for base in old)
        if all(base is was for base, was in zip(new, old, strict=True)):
            return
        try:
            cls.__bases__ = new
        except TypeError:  # other layout: what it does that reaches the host is refused
            for base in new:
                self._lend(cls, clock_methods(base))
            return

        def undo() -> None:
            cls.__bases__ = old

        self._undo.append(undo)

    def _lend(self, cls: type, methods: dict[str, Any]) -> None:
        """Let a class have methods that it would inherit."""
        for name in methods.keys() - vars(cls).keys():
            setattr(cls, name, methods[name])
            self._undo.append(partial(delattr, cls, name))

    def _dispatched(self, _name: str, value: Any) -> Any:
        """Return what value is to modules of the standard library that processes have, too."""
        return self._dispatch.get(id(value), value)

    def _library(self, name: str, value: Any) -> Any:
        """Return what value is to the other modules of the standard library: errors, too."""
        if value is errno or (name[:1] == "E" and self._numbers.get(name) == (value, "errno")):
            return self._translated(name, value)
        if _lists_errors(name, value):
            return self._errors(value)
        return self._dispatch.get(id(value), value)

    def _translated(self, name: str, value: Any) -> Any:
        """Return what value is to the process's code, where it has that name."""
        if _is(value, int):
            number, host = self._numbers.get(name, (None, ""))
            return self._number(host, name, value) if number == value else value
        key = id(value)
        if key not in self._known:
            new = self._errors(value) if _lists_errors(name, value) else self._find(value)
            if new is value:
                return value
            self._known[key] = new
            self._kept.append(value)
        return self._known[key]

    def _errors(self, value: Any) -> Any:
        """Return the process's numbers of a collection of errors."""
        return type(value)(int(Errno[errno.errorcode[one]]) for one in value)

    def _find(self, value: Any) -> Any:
        """Return the process's counterpart of value, or value."""
        try:
            if _is(value, ModuleType):
                return self._own_module(value.__name__) or value
            where = self._where.get(id(value))
            if where is not None:
                return getattr(self._module(where[0]), where[1], value)
            where = self._where.get(id(type(value)))
            if where is not None and where[1] in _FRESH:
                return getattr(self._module(where[0]), where[1])()
            if type(value) in _LOCKS:
                return getattr(self._module("threading"), _LOCKS[type(value)])()
            if _is(value, threading.local):
                made = self._translated("", type(value))
                return value if made is type(value) else made()
            if _is(value, type) and issubclass(value, threading.local):
                return self._derived(value)
        except ImportError:
            pass
        return self._dispatch.get(id(value), value)

    def _derived(self, cls: type) -> type:
        """Return a class as cls, derived from the process's local: the layout is another one."""
        members = {k: v for k, v in vars(cls).items() if k not in ("__dict__", "__weakref__")}
        if "__slots__" in members:
            return cls
        cell = CellType()  # where super() finds the class
        bodies = {name: _with_class(value, cell) for name, value in members.items()}
        made: type = type(cls)(cls.__name__, tuple(map(self.mine, cls.__bases__)), bodies)
        cell.cell_contents = made
        return made

    def _own_module(self, name: str) -> Any:
        """Return the process's module of that name with what is loaded below it, if it has one."""
        if name.partition(".")[0] not in OWN:
            return None
        for below in [other for other in sys.modules if other.startswith(f"{name}.")]:
            self._module(below)
        return self._module(name)


_FRESH: Final = frozenset(("Event", "Condition", "local", "Queue", "LifoQueue", "SimpleQueue"))
_NOTHING: Final = ModuleType("nothing")
_LOCKS: Final = {type(threading.Lock()): "Lock", type(threading.RLock()): "RLock"}


def _with_class(value: Any, cell: CellType) -> Any:
    """Return a method that finds its class in cell, if it looks for that; all else as it is."""
    if not _is(value, FunctionType) or "__class__" not in value.__code__.co_freevars:
        return value
    names = zip(value.__code__.co_freevars, value.__closure__, strict=True)
    closure = tuple(cell if name == "__class__" else old for name, old in names)
    made = FunctionType(
        value.__code__, value.__globals__, value.__name__, value.__defaults__, closure
    )
    made.__kwdefaults__ = value.__kwdefaults__
    return update_wrapper(made, value)


def _lists_errors(name: str, value: Any) -> bool:
    """Whether value is errors to look an errno up in, as modules keep them by such a name."""
    return (
        type(value) in (tuple, list, set, frozenset)
        and "ERRNO" in name.upper()
        and all(type(one) is int and errno.errorcode.get(one) in Errno.__members__ for one in value)
    )


def _places() -> dict[int, tuple[str, str]]:
    """Return where functions and classes of the modules that processes have their own of are."""
    return {
        id(value): (module, name)
        for module, name, value in _members()
        if _is(value, CODE)
        and (str(value.__module__ or module).partition(".")[0] in OWN or module == "random")
    }


def _members() -> Iterator[tuple[str, str, Any]]:
    for module, members in _modules():
        if module.partition(".")[0] in OWN:
            for name, value in list(vars(members).items()):
                yield module, name, value


def _modules() -> Iterator[tuple[str, ModuleType]]:
    """Yield the host's modules by what they call themselves."""
    for module in list(sys.modules.values()):
        name = getattr(module, "__name__", None)
        if isinstance(module, ModuleType) and isinstance(name, str):
            yield name, module


def _is_tests(value: Any) -> bool:
    """Whether a test has put it there: a mock, or a function of its own."""
    if _is(value, FunctionType):
        return "mock" in vars(value) or is_inside(str(value.__module__)) is True
    mocks = sys.modules.get("unittest.mock")
    return mocks is not None and _is(value, mocks.NonCallableMock)


def _is(value: Any, cls: Any) -> bool:
    """Say as isinstance() does what value is, but do not ask value: it may be any proxy."""
    return issubclass(type(value), cls)


def _named(swap: Swap, host: Any, name: str, package: str | None = None) -> Any:
    """importlib.import_module(): of the process's own modules, if its code asks."""
    if name.partition(".")[0] in OWN:
        return swap._module(name)
    return swap.mine(host(name, package))


def _import(swap: Swap, host: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """__import__(): of the process's own modules, if its code asks."""
    level = args[3] if len(args) > 3 else kwargs.get("level", 0)
    if level == 0 and asked_inside(sys._getframe(1)):
        if name.partition(".")[0] in OWN:
            return swap._runtime.importer.import_(name, *args, **kwargs)
        found = host(name, *args, **kwargs)
        return swap._translated("", found)
    return host(name, *args, **kwargs)
