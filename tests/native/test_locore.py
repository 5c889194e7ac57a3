# SPDX-License-Identifier: BSD-2-Clause
"""The way into a kernel: its places are slots or not, the helper does what its twin does.

With a whole kernel it is tested by tests/arch/python/test_locore.py.
"""

from types import SimpleNamespace
from typing import Any

import pytest

from native import locore

COST = 10
CALLS = [lambda lwp, *args: (lwp.name, *args), lambda lwp: lwp.nothing]


class Slotted:
    """An object of any kind, with slots."""

    __slots__ = ("ast", "clock", "event", "history", "kernel", "md", "name", "now", "proc")

    def __init__(self, **values: object) -> None:
        for name, value in values.items():
            setattr(self, name, value)


FIELDS = ("kernel", "clock", "now", "event", "proc", "md", "history", "ast")


def twin(lwp: Any, code: int, args: tuple[int, ...]) -> tuple[int, Any]:
    """Make a call."""
    try:
        retval = CALLS[code](lwp, *args)
    except Exception as exc:  # noqa: BLE001
        return failed(lwp, code, args, exc)
    clock = lwp.kernel.clock
    clock.now += COST
    if clock.now >= clock.event:
        lwp.ast = True
    if lwp.proc.md.history is not None:
        lwp.proc.md.history += (code, args, 0, retval)
    return 0, retval


def failed(lwp: Any, code: int, args: tuple[int, ...], exc: Exception) -> tuple[int, Any]:
    """Say what a call failed with."""
    del lwp
    return 5, (code, args, type(exc).__name__)


def machine(kind: Any, history: object, event: int = 1 << 62) -> Any:
    """Return an LWP, whose things are all of one kind."""
    md = kind(history=history)
    kernel = kind(clock=kind(now=1 << 61, event=event))
    return kind(name="me", kernel=kernel, proc=kind(md=md), ast=False)


@pytest.mark.parametrize("kind", [Slotted, SimpleNamespace])
@pytest.mark.parametrize("known", [Slotted, SimpleNamespace])
@pytest.mark.parametrize("history", [None, list])
@pytest.mark.parametrize(
    ("code", "args"),
    [(0, ()), (0, (1, 2)), (0, tuple(range(9))), (1, ()), (-2, ()), (7, (1,)), (True, ())],
)
def test_slots_or_not(kind: Any, known: type, history: Any, code: int, args: Any) -> None:
    """Objects of a class that was told of, and of any other, are read and written alike."""
    entry = locore.plain(twin, CALLS, COST, failed, tuple((known, name) for name in FIELDS))
    seen = []
    for make in (entry, twin):
        lwp = machine(kind, history and history())
        result = make(lwp, code, args)
        seen.append((result, lwp.proc.md.history, lwp.kernel.clock.now, lwp.ast))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("event", [(1 << 61) + COST, (1 << 61) + COST + 1, 1 << 80])
def test_what_is_due_is_noted(event: int) -> None:
    """As soon as the time has come that was set, however large that is."""
    entry = locore.plain(twin, CALLS, COST, failed, tuple((Slotted, name) for name in FIELDS))
    lwp = machine(Slotted, None, event)
    entry(lwp, 0, ())
    assert lwp.ast is (event == (1 << 61) + COST)


@pytest.mark.parametrize("missing", ["now", "event", "clock", "kernel", "proc"])
def test_what_is_not_there_is_an_error(missing: str) -> None:
    """An attribute that an object has lost is an AttributeError, as in Python."""
    entry = locore.plain(twin, CALLS, COST, failed, tuple((Slotted, name) for name in FIELDS))
    lwp = machine(Slotted, [])
    delattr(lwp.kernel.clock if missing in ("now", "event") else
            lwp.kernel if missing == "clock" else lwp, missing)  # fmt: skip
    with pytest.raises(AttributeError):
        entry(lwp, 0, ())


def test_a_wrong_call_is_a_type_error() -> None:
    """An entry takes an LWP, a number and registers."""
    entry = locore.plain(twin, CALLS, COST, failed, tuple((Slotted, name) for name in FIELDS))
    wrong: Any = entry
    for args in ((), (machine(Slotted, None), 0)):
        with pytest.raises(TypeError):
            wrong(*args)
