# SPDX-License-Identifier: BSD-2-Clause
"""Structs as classes, beside the library's dataclasses."""

import dataclasses as library
from typing import Any

import pytest

import kernel.sys.dataclasses as ours


def make(module: Any, **options: bool) -> Any:
    """Make the same two classes with the library's decorator, or with ours."""

    @module.dataclass(**options)
    class Base:
        first: int
        second: str = "two"
        third: list[int] = module.field(default_factory=list)

    @module.dataclass(**options)
    class Derived(Base):
        fourth: int = module.field(default=4, compare=False, repr=False)
        fifth: int = module.field(init=False, default=5)

        def __post_init__(self) -> None:
            if not options.get("frozen"):
                self.fifth = self.first + 4

    return Base, Derived


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"slots": True},
        {"slots": True, "eq": False},
        {"slots": True, "eq": False, "repr": False},
        {"slots": True, "frozen": True},
        {"slots": True, "weakref_slot": True},
    ],
)
def test_objects_are_as_the_librarys(options: dict[str, bool]) -> None:
    """What they hold, show, equal, hash and refuse."""

    def told(module: Any) -> list[object]:
        base, derived = make(module, **options)
        one, other = derived(1, third=[3]), derived(1, third=[3], fourth=0)
        shows = options.get("repr", True)
        return [
            repr(one) if shows else "",
            repr(base(2)) if shows else "",
            one == other,
            one != derived(2),
            base(1) == one,
            base(1).third is base(1).third,
            derived.__match_args__,
            derived.__qualname__,
            derived.__init__.__name__,
            hasattr(one, "__dict__"),
            getattr(derived, "__slots__", None),
            derived.__hash__ is None,
            (one.first, one.second, one.third, one.fourth, one.fifth),
            module.replace(base(1), second="x").second,
        ]

    assert told(ours) == told(library)


def test_arguments_are_checked() -> None:
    """Too few, too many and unknown ones are the interpreter's TypeError, from the first object on."""
    for module in (ours, library):
        base, _ = make(module, slots=True)
        for args, kwargs in (((), {}), ((1, 2, 3, 4), {}), ((1,), {"fifth": 5})):
            with pytest.raises(TypeError, match=r"Base\.__init__\(\)"):
                base(*args, **kwargs)


def test_frozen_objects_do_not_change() -> None:
    """AttributeError, with the library's words; equal ones have one hash."""
    base, _ = make(ours, slots=True, frozen=True)
    one = base(1, third=())
    with pytest.raises(AttributeError, match="cannot assign to field 'first'"):
        one.first = 2
    with pytest.raises(AttributeError, match="cannot delete field 'first'"):
        del one.first
    assert len({one, base(1, third=()), base(2, third=())}) == 2


def test_what_the_class_defines_stays() -> None:
    """A __repr__ or __eq__ of its own is not replaced; recursion ends."""

    @ours.dataclass(slots=True)
    class Node:
        next: Any = None

    @ours.dataclass(slots=True)
    class Own:
        value: int

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    node = Node()
    node.next = node
    assert repr(node).endswith("Node(next=...)")
    assert repr(Own(1)) == "own"
    assert Own(1) == Own(2)
