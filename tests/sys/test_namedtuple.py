# SPDX-License-Identifier: BSD-2-Clause
"""Structs that are tuples, beside typing's."""

import copy
import pickle
from typing import Annotated, Any, NamedTuple, get_type_hints

import pytest

import kernel.sys.namedtuple as ours


class Library(NamedTuple):
    """A pair."""

    first: int
    second: Annotated[str, "of two"] = "two"

    @property
    def both(self) -> str:
        """Both as one."""
        return f"{self.first}{self.second}"

    @classmethod
    def of(cls, value: int) -> Any:
        """One of value alone."""
        return cls(value)


class Ours(ours.NamedTuple):
    """A pair."""

    first: int
    second: Annotated[str, "of two"] = "two"

    @property
    def both(self) -> str:
        """Both as one."""
        return f"{self.first}{self.second}"

    @classmethod
    def of(cls, value: int) -> Any:
        """One of value alone."""
        return cls(value)


def told(cls: Any) -> list[object]:
    """What a program can see of a class and its objects, without the class's name."""
    one = cls(1, second="b")
    first, *rest = one
    match one:
        case cls(taken, _):
            pass
    values = [
        cls(1), cls.of(2), one._replace(first=3), cls._make([4, "c"]), one._asdict(),
        copy.copy(one), pickle.loads(pickle.dumps(one)), one == (1, "b"), one < (2,), hash(one),
        first, rest, taken, one.both, cls._fields, cls._field_defaults, cls.__match_args__,
        cls.__mro__[1:], type(cls), cls.__doc__, cls.__module__, cls.first.__doc__,
        get_type_hints(cls, include_extras=True), hasattr(one, "__dict__"), len(one), one[-1],
        cls.__new__.__name__, cls.__new__.__qualname__,
    ]  # fmt: skip
    return [repr(value).replace(cls.__name__, "Pair") for value in values]


def test_objects_are_as_the_librarys() -> None:
    """What they hold, show, equal, hash and are made of."""
    assert told(Ours) == told(Library)


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [((), {}), ((1, 2, 3), {}), ((1,), {"third": 3}), ((1,), {"first": 1})],
)
def test_arguments_are_checked(args: tuple[int, ...], kwargs: dict[str, int]) -> None:
    """Too few, too many, unknown, double: the interpreter's TypeError, of a first object, too."""

    class Fresh(ours.NamedTuple):
        first: int
        second: str = "two"

    makers: list[Any] = [Fresh, Fresh, Ours, Library]
    said = []
    for cls in makers:
        with pytest.raises(TypeError) as caught:
            cls(*args, **kwargs)
        said.append(str(caught.value).replace(cls.__qualname__, "Pair"))
    assert len(set(said)) == 1


def test_make_and_replace_are_checked() -> None:
    """A wrong length and an unknown field are refused, as the library refuses them."""
    for cls in (Ours, Library):
        with pytest.raises(TypeError, match="Expected 2 arguments, got 3"):
            cls._make([1, 2, 3])
        with pytest.raises((TypeError, ValueError), match=r"unexpected field names: \['third'\]"):
            cls(1)._replace(third=3)


def test_fields_cannot_be_set() -> None:
    """An object does not change, and has no other attributes."""
    for cls in (Ours, Library):
        one: Any = cls(1)
        for name in ("first", "third"):
            with pytest.raises(AttributeError):
                setattr(one, name, 2)


def test_codes_are_kept_for_structs_only() -> None:
    """What a command keeps has the text of each struct's __new__, of other tuples none."""
    codes = ours.new_codes([Ours, Library, int])
    assert len(codes) == 1
    assert not ours.new_codes([Library, tuple])
