# SPDX-License-Identifier: BSD-2-Clause
"""What the writer of a wrong name may have meant, for CPython 3.11.  CPython Python/suggestions.c.

From 3.12 on the traceback module finds that out itself.
"""

from __future__ import annotations

import sys as host_sys
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from traceback import TracebackException

_HERE: Final = host_sys.version_info < (3, 12)
_CANDIDATES: Final = 750  # names at most, or there is no suggestion
_MOVE, _CASE = 2, 1  # what it costs to change a character, and its case
_LENGTH: Final = 40  # characters of a name at most


def suggest(summary: TracebackException, exc: BaseException) -> None:
    """Add a suggestion to what summary, and all in its chain, says of exc."""
    seen: set[int] = set()
    pending: list[tuple[Any, BaseException | None]] = [(summary, exc)] if _HERE else []
    while pending:
        one, error = pending.pop()
        if one is None or error is None or id(error) in seen:
            continue
        seen.add(id(error))
        meant = _meant(error)
        if meant is not None:
            one._str = f"{one._str}. Did you mean: '{meant}'?"
        pending += [(one.__cause__, error.__cause__), (one.__context__, error.__context__)]
        pending += zip(one.exceptions or (), getattr(error, "exceptions", ()), strict=False)


def _meant(exc: BaseException) -> str | None:
    if type(exc) is AttributeError and isinstance(exc.name, str) and exc.obj is not None:
        try:
            return _nearest(exc.name, dir(exc.obj))
        except Exception:  # noqa: BLE001 - whatever a program's __dir__ raises
            return None
    if type(exc) is NameError and isinstance(exc.name, str):
        frame = _last(exc.__traceback__)
        if frame is None:
            return None
        code = frame.f_code
        local = (*code.co_varnames, *code.co_cellvars, *code.co_freevars)
        for names in (local, frame.f_globals, frame.f_builtins):
            found = _nearest(exc.name, names)
            if found is not None:
                return found
    return None


def _last(traceback: TracebackType | None) -> Any:
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return None if traceback is None else traceback.tb_frame


def _nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the one of names that is nearest to name, None if none is near."""
    candidates = list(names)
    if len(candidates) >= _CANDIDATES:
        return None
    best: int | None = None
    found = None
    for candidate in candidates:
        if candidate == name:
            continue
        most = (len(name) + len(candidate) + 3) * _MOVE // 6
        if best is not None:
            most = min(most, best - 1)
        distance = _distance(name, candidate)
        if distance <= most:
            best, found = distance, candidate
    return found


def _distance(one: str, other: str) -> int:
    """Return what it costs to change one into other."""
    if max(len(one), len(other)) > _LENGTH:
        return _LENGTH * _MOVE
    row = [_MOVE * at for at in range(len(other) + 1)]
    for number, char in enumerate(one, 1):
        diagonal, row[0] = row[0], _MOVE * number
        for at, wanted in enumerate(other, 1):
            change = 0 if char == wanted else _CASE if char.lower() == wanted.lower() else _MOVE
            cost = min(diagonal + change, row[at] + _MOVE, row[at - 1] + _MOVE)
            diagonal, row[at] = row[at], cost
    return row[-1]
