# SPDX-License-Identifier: BSD-2-Clause
"""Structs that are tuples: typing's NamedTuple at a fifth of its cost.  CPython Lib/collections.

The library's compiles a __new__ for each class when it is made; a start of the command makes
some ninety classes, most of them for nobody.  Here the same __new__ is compiled when its first
object is made, and the other methods all classes share.  What the type checker sees is the
library's.
"""

import collections
from collections.abc import Callable, Iterable
from functools import cache
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.dataclasses import CODES

if TYPE_CHECKING:
    from typing import NamedTuple

__all__ = ["NamedTuple", "new_codes"]

_tuplegetter: Final[Callable[[int, str], object]] = vars(collections)["_tuplegetter"]
_SHARED: Final[dict[str, Any]] = {}  # the methods of all classes


class _Maker(type):
    """Makes a tuple's subclass of a class that says its fields: typing.NamedTupleMeta."""

    def __new__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> Any:
        """Return the subclass."""
        del bases
        fields = tuple(members.get("__annotations__", ()))
        defaults = {one: members.pop(one) for one in fields if one in members}
        made = type(
            name,
            (tuple,),
            {
                **_SHARED,
                **members,
                **{one: _getter(at) for at, one in enumerate(fields)},
                "__slots__": (),
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
            },
        )
        setattr(made, "__new__", _first_new(made))  # noqa: B010 - mypy knows it as a method
        return made


@cache
def _getter(at: int) -> object:
    """Return what gets a field of any class by its place."""
    return _tuplegetter(at, f"Alias for field number {at}")


def _first_new(cls: Any) -> "staticmethod[..., Any]":
    """Return a __new__ that makes the real one."""

    def __new__(_cls: type, /, *args: Any, **kwargs: Any) -> Any:
        made = _make_new(cls)
        cls.__new__ = staticmethod(made)
        return made(_cls, *args, **kwargs)

    return staticmethod(__new__)


def _make_new(cls: Any) -> Callable[..., Any]:
    text, names = _new_text(cls), {"__name__": cls.__module__, "_new": tuple.__new__}
    made: Callable[..., Any] = eval(CODES.get(text) or _compile(text), names)
    made.__defaults__ = tuple(cls._field_defaults.values())
    made.__name__, made.__qualname__ = "__new__", f"{cls.__qualname__}.__new__"
    return made


def new_codes(classes: Iterable[type]) -> dict[str, CodeType]:
    """Return what CODES has to have so that the __new__s of classes need not be compiled."""
    texts = [_new_text(cls) for cls in classes if vars(cls).get("_make") is _SHARED["_make"]]
    return {text: CODES.get(text) or _compile(text) for text in texts}


def _compile(text: str) -> CodeType:
    return compile(text, "<namedtuple>", "eval", dont_inherit=True)


def _new_text(cls: Any) -> str:
    """Return the text of a class's __new__."""
    fields = "".join(f"{name}, " for name in cls._fields)
    return f"lambda _cls, {fields}: _new(_cls, ({fields}))"


def _make(cls: Any, iterable: Iterable[Any]) -> Any:
    """Make a new object from a sequence or iterable."""
    made = tuple.__new__(cls, iterable)
    if len(made) != len(cls._fields):
        raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
    return made


def _replace(self: Any, /, **changes: Any) -> Any:
    """Return a new object that differs in these fields."""
    made = self._make(map(changes.pop, self._fields, self))
    if changes:
        raise ValueError(f"Got unexpected field names: {list(changes)!r}")
    return made


def _asdict(self: Any) -> dict[str, Any]:
    """Return a new dict of the fields."""
    return dict(zip(self._fields, self, strict=True))


def _repr(self: Any) -> str:
    shown = [f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True)]
    return f"{type(self).__name__}({', '.join(shown)})"


def _getnewargs(self: Any) -> tuple[Any, ...]:
    """Return what copy and pickle make another one of."""
    return tuple(self)


_SHARED.update(
    _make=classmethod(_make),
    _replace=_replace,
    __replace__=_replace,
    _asdict=_asdict,
    __repr__=_repr,
    __getnewargs__=_getnewargs,
)

if not TYPE_CHECKING:
    NamedTuple = type.__new__(_Maker, "NamedTuple", (), {"__module__": __name__})
