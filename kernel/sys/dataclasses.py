# SPDX-License-Identifier: BSD-2-Clause
"""C structs as classes: dataclasses at a tenth of their cost.  CPython Lib/dataclasses.py.

The library's compile three or four methods of each class when it is made, and bring inspect
with them; a start of the command makes some eighty classes.  Here a class's __init__, the same
text, is compiled when its first object is made; the other methods all classes share.  What the
type checker sees are the library's.  There are no class variables.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter
from reprlib import recursive_repr
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:

    def dataclass(cls: type | None = None, **options: bool) -> Any:
        """Make a class of a class that says its fields: with slots, eq, repr, frozen as there."""
        if cls is None:
            return lambda cls: _process(cls, **options)
        return _process(cls, **options)

    def field(**options: Any) -> Any:
        """Say more of a field: default, default_factory, init, repr, compare."""
        return _Field(**options)

    def replace(record: Any, /, **changes: Any) -> Any:
        """Return another one that differs in these fields."""
        cls = type(record)
        return cls(**{**{name: getattr(record, name) for name in cls.__match_args__}, **changes})


_FIELDS: Final = "__struct_fields__"  # not the library's, which would take them for its own
_MISSING: Final = object()
CODES: Final[dict[str, CodeType]] = {}  # of __init__s by their text: what a command has kept


class _Field:
    """What is known of a field besides its name."""

    __slots__ = ("compare", "default", "default_factory", "init", "repr")

    def __init__(
        self,
        default: Any = _MISSING,
        default_factory: Any = _MISSING,
        init: bool = True,
        repr: bool = True,
        compare: bool = True,
    ) -> None:
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare


def _process(
    cls: Any,
    *,
    slots: bool = False,
    eq: bool = True,
    repr: bool = True,
    frozen: bool = False,
    weakref_slot: bool = False,
) -> Any:
    """Return a class with what its fields ask for."""
    inherited: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        inherited.update(vars(base).get(_FIELDS, ()))
    own = _own_fields(cls)
    fields = {**inherited, **own}
    if slots:
        cls = _slotted(cls, [name for name in own if name not in inherited], weakref_slot)
    else:
        _settle(cls, own)
    setattr(cls, _FIELDS, fields)
    match_args = tuple(name for name, one in fields.items() if one.init)
    setattr(cls, "__match_args__", match_args)  # noqa: B010 - mypy knows of none in any class
    cls.__init__ = _first_init(cls)
    if repr and "__repr__" not in vars(cls):
        cls.__repr__ = _repr
    if frozen:
        cls.__setattr__, cls.__delattr__ = _frozen_setattr, _frozen_delattr
    if eq and "__eq__" not in vars(cls):
        _give_eq(cls, [name for name, one in fields.items() if one.compare], frozen)
    return cls


def _own_fields(cls: type) -> dict[str, _Field]:
    """Return what the class's own annotations declare."""
    found: dict[str, _Field] = {}
    for name in cls.__annotations__:
        given = vars(cls).get(name, _MISSING)
        found[name] = given if isinstance(given, _Field) else _Field(given)
    return found


def _settle(cls: type, own: dict[str, _Field]) -> None:
    """Leave defaults alone in a class without slots."""
    for name, one in own.items():
        if one.default is not _MISSING:
            setattr(cls, name, one.default)
        elif name in vars(cls):
            delattr(cls, name)


def _slotted(cls: type, names: list[str], weakref_slot: bool) -> Any:
    """Return the same class with slots for these fields."""
    members = {
        name: value
        for name, value in vars(cls).items()
        if name not in names and name not in ("__dict__", "__weakref__")
    }
    weak = weakref_slot and not cls.__base__.__weakrefoffset__  # type: ignore[union-attr]  # only object has no base
    members["__slots__"] = (*names, "__weakref__") if weak else tuple(names)
    made = type(cls)(cls.__name__, cls.__bases__, members)
    made.__qualname__ = cls.__qualname__
    return made


def _first_init(cls: type) -> Callable[..., None]:
    """Return an __init__ that makes the real one."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        made = _make_init(cls)
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        setattr(cls, "__init__", made)  # noqa: B010 - mypy knows it as a method
        made(self, *args, **kwargs)

    return __init__


def _make_init(cls: type) -> Callable[..., None]:
    text, names = _init_text(cls)
    exec(CODES.get(text) or _compile(text), names)
    made: Callable[..., None] = names["__init__"]
    return made


def init_codes(classes: Iterable[type]) -> dict[str, CodeType]:
    """Return what CODES has to have so that the __init__s of classes need not be compiled."""
    texts = [_init_text(cls)[0] for cls in classes if _FIELDS in vars(cls)]
    return {text: CODES.get(text) or _compile(text) for text in texts}


def _compile(text: str) -> CodeType:
    return compile(text, "<dataclass>", "exec", dont_inherit=True)


def _init_text(cls: Any) -> tuple[str, dict[str, Any]]:
    """Return the text of a class's __init__, and what it refers to."""
    names: dict[str, Any] = {"__name__": cls.__module__, "_set": object.__setattr__, "_new": _NEW}
    frozen = cls.__setattr__ is _frozen_setattr
    params, lines = ["self"], []
    fields: dict[str, _Field] = getattr(cls, _FIELDS)
    for name, one in fields.items():
        value = name
        if one.default_factory is not _MISSING:
            names[f"_make_{name}"] = one.default_factory
            value = f"_make_{name}()"
            if one.init:
                params.append(f"{name}=_new")
                value = f"{value} if {name} is _new else {name}"
        elif one.default is not _MISSING:
            names[f"_is_{name}"] = one.default
            value = name if one.init else f"_is_{name}"
            if one.init:
                params.append(f"{name}=_is_{name}")
        elif one.init:
            params.append(name)
        else:
            continue
        lines.append(f" _set(self, {name!r}, {value})" if frozen else f" self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    return f"def __init__({', '.join(params)}):\n" + ("\n".join(lines) or " pass"), names


class _New:
    """The default of a field that is made for each object."""

    def __repr__(self) -> str:
        return "<factory>"


_NEW: Final = _New()


@recursive_repr()
def _repr(self: Any) -> str:
    fields: dict[str, _Field] = getattr(self, _FIELDS)
    shown = [f"{name}={getattr(self, name)!r}" for name, one in fields.items() if one.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _frozen_setattr(self: Any, name: str, value: object) -> None:
    raise AttributeError(f"cannot assign to field {name!r}")


def _frozen_delattr(self: Any, name: str) -> None:
    raise AttributeError(f"cannot delete field {name!r}")


def _give_eq(cls: Any, names: list[str], frozen: bool) -> None:
    """Let objects of the class be equal if these fields are, and if frozen have a hash."""
    key = attrgetter(*names) if names else type

    def __eq__(self: Any, other: object) -> Any:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(key(self))

    cls.__eq__ = __eq__
    cls.__hash__ = __hash__ if frozen else None
