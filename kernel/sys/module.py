# SPDX-License-Identifier: BSD-2-Clause
"""Modules that are loaded when they are first used.  NetBSD sys/sys/module.h (module_autoload).

What most programs never need is kept out of the start of the command:

    if TYPE_CHECKING:
        import ast
    else:
        ast = autoload("ast")
"""

from importlib import import_module
from types import ModuleType
from typing import Any


class Autoload(ModuleType):
    """Stands for a module until it is asked for a name, and has the module's names from then on."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # whoever looks at all modules wants none to be loaded
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        module = import_module(self.__name__)
        vars(self).update(vars(module))
        return getattr(module, name)


def autoload(name: str) -> ModuleType:
    """Return what stands for a module."""
    return Autoload(name)
