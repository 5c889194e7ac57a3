# SPDX-License-Identifier: BSD-2-Clause
"""import, in a module table of the process's own.  CPython Python/import.c.

The machinery is CPython's own importlib, run in the process when it first
imports what is not there yet.  C modules are userland.python.imp's, the
standard library is userland.python.library's; all else is found by CPython's
own finders in the emulated file system.
"""

import sys as host_sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from opcode import opmap
from types import FrameType, ModuleType, TracebackType
from typing import Any, Final

from kernel.sys.dataclasses import dataclass
from userland.libc.data import curdata
from userland.python import imp, instrument, library
from userland.python.imp import Imp, given_module, host_module, why_not
from userland.python.library import adopt, contents, is_same

# What is given without starting importlib: a copy to any program, and the host's own to the
# distribution's, which change nothing in it, besides all that is ours.
_QUICK: Final = frozenset(("userland.libc", "userland.python.pymain"))
_LIBRARY: Final = frozenset(
    ("collections", "collections.abc", "contextlib", "functools", "math", "re", "struct", "typing")
)
_OUR_PACKAGES: Final = ("kernel.", "userland.")
_IMPORT_FROM: Final = opmap["IMPORT_FROM"]
_members: Final = vars(ModuleType)["__dict__"].__get__  # whatever its class calls __dict__
_OURS: Final = (__file__, imp.__file__, instrument.__file__, library.__file__)
_CALLS: Final = ("_call_with_frames_removed", "exec_module")
MADE_WHEN_ASKED: Final = ("meta_path", "path_hooks", "path_importer_cache")  # of sys
_MACHINERY: Final = ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>")


@dataclass(slots=True, frozen=True)
class Installation:
    """What programs have besides the standard library."""

    site: str = ""  # the directory of packages, "" if there is none
    allowed: frozenset[str] = frozenset()  # C modules of the host that are shared as they are


class Importer:
    """The import system of one process."""

    def __init__(self, sys: Any, installation: Installation, distribution: bool = False) -> None:
        self._sys = sys
        self._modules: dict[str, Any] = sys.modules
        self._installation = installation
        self._bootstrap: Any = None
        self.distribution = distribution  # the program is one of ours, and changes no module
        self._making = False  # what sys has when it is asked: whatever the program has put there

    def import_(
        self,
        name: str,
        globals: dict[str, Any] | None = None,
        locals: dict[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """__import__(): PyImport_ImportModuleLevelObject."""
        bootstrap = self._bootstrap
        if bootstrap is None:
            quick: ModuleType | None = self._preloaded(name, fromlist, level)
            if quick is not None:
                return quick
            bootstrap = self._boot()
        try:
            if level:
                name = self._absolute(name, globals, level)
            elif not isinstance(name, str):
                raise TypeError("module name must be a string")
            module = self._modules.get(name)
            if module is None:
                if not name:
                    raise ValueError("Empty module name")
                module = bootstrap._find_and_load(name, self.import_)
            elif getattr(getattr(module, "__spec__", None), "_initializing", False):
                bootstrap._lock_unlock_module(name)
            if fromlist:
                if _is_package(module):
                    bootstrap._handle_fromlist(module, fromlist, self.import_)
                self._from_table(module, fromlist)
            elif "." in name:
                return self._front(name, globals, level)
        except BaseException as exc:
            _tell_why(exc)
            exc.__traceback__ = _trimmed(exc)
            raise
        found: ModuleType = module
        return found

    @property
    def external(self) -> Any:
        """importlib._bootstrap_external of the process."""
        if "meta_path" not in vars(self._sys):
            self._boot_external()
        return self._modules["_frozen_importlib_external"]

    def add_site(self) -> None:
        """Let the program have the packages that are installed, as site does."""
        if self._installation.site:
            site: Any = self.import_("site")
            site.addsitedir(self._installation.site)

    def _absolute(self, name: str, globals: dict[str, Any] | None, level: int) -> str:
        """Return the whole name of a module that is named from its package on: resolve_name."""
        bootstrap = self._bootstrap
        if level < 0:
            raise ValueError("level must be >= 0")
        package = bootstrap._calc___package__({} if globals is None else globals)
        bootstrap._sanity_check(name, package, level)
        absolute: str = bootstrap._resolve_name(name, package, level)
        return absolute

    def _front(self, name: str, globals: dict[str, Any] | None, level: int) -> ModuleType:
        """Return what `import a.b.c` binds: a; of a relative name, as much of it."""
        modules = self._modules
        if not level:
            parent, _, rest = name.partition(".")
            front: ModuleType = self.import_(parent)
            if _is_from(host_sys._getframe(2)):
                self._bind(front, parent, rest)
            return front
        package = self._bootstrap._calc___package__(globals or {})
        base = self._bootstrap._resolve_name("", package, level)
        wanted = name if name == base else f"{base}.{name[len(base) + 1 :].partition('.')[0]}"
        if wanted not in modules:
            raise KeyError(f"{wanted!r} not in sys.modules as expected")
        found: ModuleType = modules[wanted]
        return found

    def _bind(self, module: Any, name: str, rest: str) -> None:
        """Let `import a.b as c` find a module b that is still being imported."""
        while rest:
            child, _, rest = rest.partition(".")
            name = f"{name}.{child}"
            if not hasattr(module, child):
                self._from_table(module, (child,))
            module = self._modules.get(name)
            if module is None:
                return

    def _from_table(self, package: Any, fromlist: Sequence[str]) -> None:
        """Let `from package import module` find a module that is in sys.modules only.

        It is still being imported, or a program has put it there, below whatever module it likes.
        The interpreter would look for it itself, but in the host's sys.modules.

        Raises:
            ImportError: there it would be found, and here it is not.
        """
        members = _members(package) if isinstance(package, ModuleType) else ()
        for name in fromlist:
            if name not in members:
                whole = f"{getattr(package, '__name__', None)}.{name}"
                module = self._modules.get(whole)
                if module is not None and not hasattr(package, name):
                    with suppress(AttributeError, TypeError):  # it cannot be put there
                        setattr(package, name, module)
                elif whole in host_sys.modules and not hasattr(package, name):
                    parent, place = package.__name__, getattr(package, "__file__", None)
                    where = place or "unknown location"
                    raise ImportError(
                        f"cannot import name {name!r} from {parent!r} ({where})",
                        name=parent, path=place,
                    )  # fmt: skip

    def _preloaded(self, name: str, fromlist: Sequence[str] | None, level: int) -> Any:
        """Return what is there without importlib: modules that are loaded, and libc."""
        if level or not isinstance(name, str):
            return None
        if not fromlist and "." in name:
            return None
        given = name in _QUICK or (
            self.distribution and (name in _LIBRARY or name.startswith(_OUR_PACKAGES))
        )
        if not given or name in self._modules:
            return None if fromlist and not given else self._modules.get(name)
        module = host_module(name) if self.distribution else given_module(name)
        if not all(hasattr(module, one) for one in fromlist or () if one != "*"):
            return None  # it is a package, and what is wanted a module of it
        self._modules[name] = module
        return module

    def _boot(self) -> Any:
        """Start importlib as the interpreter starts it: init_importlib and its externals."""
        sys, modules = self._sys, self._modules
        builtins: ModuleType = curdata().runtime.builtins
        bootstrap: Any = ModuleType("_frozen_importlib")
        bootstrap.__builtins__ = vars(builtins)
        bootstrap.__origname__ = "_frozen_importlib"  # PyImport_ImportFrozenModuleObject
        imp = Imp(sys, self._installation.allowed)
        modules["_imp"] = given = imp.module()
        exec(imp.get_frozen_object("_frozen_importlib"), vars(bootstrap))
        modules["_frozen_importlib"] = bootstrap
        self._teach(bootstrap, imp)
        bootstrap._setup(sys, given)
        for module in list(modules.values()):
            vars(module).setdefault("__spec__", None)
        self._bootstrap = bootstrap
        return bootstrap

    def _boot_external(self) -> None:
        """Start what finds modules in files: what is built in or frozen does without."""
        sys, bootstrap = self._sys, self._bootstrap or self._boot()
        importers = [bootstrap.BuiltinImporter, bootstrap.FrozenImporter]
        vars(sys).update(meta_path=importers, path_importer_cache={})
        external: Any = bootstrap._gcd_import("_frozen_importlib_external")
        bootstrap._bootstrap_external = external
        external._set_bootstrap_module(bootstrap)
        importers.append(external.PathFinder)
        adopt(external, curdata().runtime)

    def _path_hooks(self) -> list[Any]:
        """Return sys.path_hooks; whoever asks for it first pays for zipimport."""
        external, zipimport = self.external, self.import_("zipimport")
        details = external._get_supported_file_loaders()
        hooks = [vars(zipimport)["zipimporter"], external.FileFinder.path_hook(*details)]
        made: list[Any] = vars(self._sys).setdefault("path_hooks", hooks)
        return made

    def made(self, name: str) -> Any:
        """Make one of sys's variables that are made when they are asked for, and return it."""
        self._making = True
        try:
            return self._path_hooks() if name == "path_hooks" else self._made(name)
        finally:
            self._making = False

    def _made(self, name: str) -> Any:
        if self.external is None:
            raise RuntimeError("importlib has not started")
        return vars(self._sys)[name]

    def _teach(self, bootstrap: Any, own: Imp) -> None:
        """Teach the importers of C and of frozen modules what is given and what is shared."""
        builtin, frozen = bootstrap.BuiltinImporter, bootstrap.FrozenImporter
        create, execute, find = builtin.create_module, frozen.exec_module, bootstrap._find_spec
        members = vars(self._sys)

        def create_module(spec: Any) -> Any:
            """Create a built-in module."""
            if own.is_builtin(spec.name):
                return own.create_builtin(spec)
            return create(spec)

        def exec_module(module: ModuleType) -> None:
            if is_same(module.__name__):
                vars(module).update(contents(module.__name__))
            else:
                execute(module)

        def _find_spec(name: str, path: Sequence[str] | None, target: Any = None) -> Any:
            if self._making or "meta_path" not in members:
                spec = builtin.find_spec(name) or frozen.find_spec(name)
                if spec is not None:
                    return spec
            return find(name, path, target)

        bootstrap._find_spec = _find_spec
        builtin.create_module = staticmethod(create_module)
        frozen.exec_module = staticmethod(exec_module)


class MainLoader:
    """__main__'s loader, which few programs look at: until then importlib need not start."""

    def __init__(self, make: Callable[[], Any]) -> None:
        object.__setattr__(self, "_make", make)

    def __getattribute__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_make")(), name)

    def __repr__(self) -> str:
        return repr(object.__getattribute__(self, "_make")())

    def __eq__(self, other: object) -> bool:
        return bool(object.__getattribute__(self, "_make")() == other)

    def __hash__(self) -> int:
        return hash(object.__getattribute__(self, "_make")())


def _is_package(module: Any) -> bool:
    """Whether a module has a __path__; of most that have none, without the making of an error."""
    if type(module) is ModuleType:
        members = vars(module)
        if "__path__" not in members and "__getattr__" not in members:
            return False
    return hasattr(module, "__path__")


def _is_from(frame: FrameType) -> bool:
    """Whether what imports is `import a.b as c`, which looks for b in a next."""
    code, at = frame.f_code.co_code, frame.f_lasti + 2
    return at < len(code) and code[at] == _IMPORT_FROM


def _tell_why(exc: BaseException) -> None:
    """Say of a C module that is not offered why, and how to get it."""
    if isinstance(exc, ModuleNotFoundError) and exc.name:
        reason = why_not(exc.name)
        if reason and exc.msg == f"No module named {exc.name!r}":
            exc.msg = f"{exc.msg}: {reason}"
            exc.args = (exc.msg,)


def _trimmed(exc: BaseException) -> TracebackType | None:
    """Return a traceback without importlib's frames: remove_importlib_frames."""
    always = isinstance(exc, ImportError)
    keep: list[TracebackType] = []
    chunk = 0  # where in keep importlib's frames begin
    inside = False
    traceback = exc.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        ours = code.co_filename in _OURS
        now = ours or code.co_filename in _MACHINERY
        if now and not inside:
            chunk = len(keep)
        inside = now
        if not ours:
            keep.append(traceback)
        if inside and (always or code.co_name in _CALLS):
            del keep[chunk:]
        traceback = traceback.tb_next
    first = None
    for one in reversed(keep):
        one.tb_next = first
        first = one
    return first
