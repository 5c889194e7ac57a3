# SPDX-License-Identifier: BSD-2-Clause
"""What classes that stand for io's C classes have in common.  CPython Modules/_io/iobase.c."""

from sys import version_info
from typing import Any, NoReturn

from userland.libc.data import curdata

_NAMED_BY_TYPE = version_info >= (3, 13)  # a repr names the class of the object, not the C class


def keep(file: Any) -> None:
    """Have a file that is written to flushed at the end of the program."""
    runtime = curdata().runtime
    if runtime is not None:
        runtime.files.add(file)


def shown_type(self: object, cls: type, always: bool) -> str:
    """Return what a repr calls the type of self, a cls or of a subclass of it.

    Args:
        self: what is shown.
        cls: what stands for the C class.
        always: whether subclasses show their own name, also before 3.13.
    """
    if type(self) is cls or not (always or _NAMED_BY_TYPE):
        return f"_io.{cls.__name__}"
    return type(self).__name__


def type_name(value: object) -> str:
    """Return what an error about an argument calls the type of value."""
    return "None" if value is None else type(value).__name__


def no_pickle(self: Any, _protocol: object = None, /) -> NoReturn:
    """Refuse: an open file is nothing to be kept.

    Raises:
        TypeError: always.
    """
    if version_info >= (3, 12):
        raise TypeError(f"cannot pickle {type(self).__name__!r} instances")
    name = type(self).__name__
    if type(self).__module__ == "_io":
        name = f"_io.{name}"
    raise TypeError(f"cannot pickle {name!r} object")
