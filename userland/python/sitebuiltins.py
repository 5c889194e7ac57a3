# SPDX-License-Identifier: BSD-2-Clause
"""exit, help and what else site adds to the builtins.  CPython Lib/site.py, Lib/_sitebuiltins.py.

Each process has classes of its own for them, as it may change them; few ever look.  Until
somebody does, objects that have nothing in them stand there, whose classes all processes share:
whatever is done to one of these, or to its class, is done to the process's own, made then.
"""

import builtins as host_builtins
import sys as host_sys
from types import ModuleType
from typing import Any, Final

from kernel.sys.proc import NoProcess
from userland.libc.data import curdata
from userland.python.frames import LIBRARY

_LICENSE: Final = "See https://www.python.org/psf/license/"
_FILES: Final = (f"{LIBRARY}/LICENSE.txt", f"{LIBRARY}/LICENSE")
_EOF: Final = "Ctrl-D (i.e. EOF)"


class _Class(type):
    """The class of what stands for an object: to whoever looks, the process's own class."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> Any:
        """Make a class; of one that a program derives, the bases are its own."""
        if any(type(base) is _Class for base in bases):
            own = tuple(_own(base) if type(base) is _Class else base for base in bases)
            return type(name, own, namespace)
        return super().__new__(mcs, name, bases, namespace)

    def __getattribute__(cls, name: str) -> Any:
        if _site() is None:  # it is the host that looks
            return super().__getattribute__(name)
        return getattr(_own(cls), name)

    def __setattr__(cls, name: str, value: Any) -> None:
        setattr(_own(cls), name, value)

    def __delattr__(cls, name: str) -> None:
        delattr(_own(cls), name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return _own(cls)(*args, **kwargs)

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _own(cls))

    def __subclasscheck__(cls, subclass: Any) -> bool:
        return issubclass(_own(subclass) if type(subclass) is _Class else subclass, _own(cls))


class _Object:
    """What every object that stands for another does: become that."""

    def __getattribute__(self, name: str) -> Any:
        return getattr(_become(self), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(_become(self), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(_become(self), name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _become(self)(*args, **kwargs)

    def __repr__(self) -> str:
        return repr(_become(self))


class Quitter(_Object, metaclass=_Class):
    """Stands for exit and quit."""

    __module__ = "_sitebuiltins"


class _Printer(_Object, metaclass=_Class):
    """Stands for copyright, credits and license."""

    __module__ = "_sitebuiltins"


class _Helper(_Object, metaclass=_Class):
    """Stands for help."""

    __module__ = "_sitebuiltins"


_STANDS: Final = {
    "copyright": _Printer,
    "credits": _Printer,
    "exit": Quitter,
    "help": _Helper,
    "license": _Printer,
    "quit": Quitter,
}


class SiteBuiltins:
    """Those of one process."""

    def __init__(self, builtins: ModuleType) -> None:
        self._names: dict[str, Any] = {}  # of _sitebuiltins, once it has run
        self._standing: dict[str, Any] = {
            name: object.__new__(cls) for name, cls in _STANDS.items()
        }
        for one in self._standing.values():
            object.__setattr__(one, "owner", self)
        vars(builtins).update(self._standing)

    def names(self) -> dict[str, Any]:
        """Return what the process's _sitebuiltins has, whose objects are all made then."""
        if not self._names:
            self._make()
        return self._names

    def _make(self) -> None:
        names = self._names = vars(curdata().runtime.importer.import_("_sitebuiltins"))
        thanks = getattr(getattr(host_builtins, "credits", None), "_Printer__data", "")
        contents: dict[str, dict[str, Any]] = {
            "copyright": _printer("copyright", host_sys.copyright),
            "credits": _printer("credits", thanks),
            "exit": {"name": "exit", "eof": _EOF},
            "help": {},
            "license": _printer("license", _LICENSE, _FILES),
            "quit": {"name": "quit", "eof": _EOF},
        }
        for name, one in self._standing.items():
            own = names[type.__getattribute__(_STANDS[name], "__name__")]
            object.__delattr__(one, "owner")
            object.__setattr__(one, "__class__", own)
            vars(one).update(contents[name])
        self._standing.clear()


def _printer(name: str, data: str, files: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what _Printer's __init__ keeps, which would import os for its slashes."""
    own = {"name": name, "data": data, "lines": None, "filenames": [*files]}
    return {f"_Printer__{key}": value for key, value in own.items()}


def _become(one: _Object) -> Any:
    """Return one, which is what it stood for from now on."""
    object.__getattribute__(one, "owner").names()
    return one


def _own(cls: _Class) -> Any:
    """Return the class that the process which runs has of its own in the place of cls."""
    site = _site()
    if site is None:
        raise NoProcess("no process with site's builtins is running")
    return site.names()[type.__getattribute__(cls, "__name__")]


def _site() -> SiteBuiltins | None:
    """Return those of the process that runs, None if there is none that has them."""
    try:
        runtime = curdata().runtime
    except NoProcess:
        return None
    site: SiteBuiltins | None = None if runtime is None else runtime.site
    return site
