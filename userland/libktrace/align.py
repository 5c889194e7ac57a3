# SPDX-License-Identifier: BSD-2-Clause
"""Where two lists of lines differ, soon told however long they are.

Lines that are once in each are laid side by side (Bram Cohen's patience diff); between those the
shortest edit is looked for (Myers 1986, "An O(ND) Difference Algorithm"), but no long one.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from kernel.sys.namedtuple import NamedTuple

_EDITS: Final = 200  # lines left out and put in that are looked for between two anchors


class Stretch(NamedTuple):
    """Lines first[a:a_end] that stand against second[b:b_end]; the ends are not of it."""

    a: int
    a_end: int
    b: int
    b_end: int


def stretches(first: Sequence[str], second: Sequence[str]) -> Iterator[Stretch]:
    """Yield where the two differ, in their order; two of them do not touch."""
    held: Stretch | None = None
    for found in _between(first, second, Stretch(0, len(first), 0, len(second))):
        if held is None:
            held = found
        elif (held.a_end, held.b_end) == (found.a, found.b):
            held = Stretch(held.a, found.a_end, held.b, found.b_end)
        else:
            yield held
            held = found
    if held is not None:
        yield held


def _between(first: Sequence[str], second: Sequence[str], whole: Stretch) -> Iterator[Stretch]:
    """Yield the differences of a part of each."""
    todo = [whole]
    while todo:
        part = _trimmed(first, second, todo.pop())
        if part.a == part.a_end and part.b == part.b_end:
            continue
        if part.a == part.a_end or part.b == part.b_end:
            yield part
            continue
        anchors = _anchors(first, second, part)
        if not anchors:
            yield from _shortest(first, second, part)
            continue
        parts = []
        a, b = part.a, part.b
        for at, other in anchors:
            parts.append(Stretch(a, at, b, other))
            a, b = at + 1, other + 1
        parts.append(Stretch(a, part.a_end, b, part.b_end))
        todo += reversed(parts)


def _trimmed(first: Sequence[str], second: Sequence[str], part: Stretch) -> Stretch:
    """Return the part without the lines that are the same at its two ends."""
    a, a_end, b, b_end = part
    while a < a_end and b < b_end and first[a] == second[b]:
        a, b = a + 1, b + 1
    while a < a_end and b < b_end and first[a_end - 1] == second[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
    return Stretch(a, a_end, b, b_end)


def _anchors(first: Sequence[str], second: Sequence[str], part: Stretch) -> list[tuple[int, int]]:
    """Return places of lines that each side has once, as many as stand in the same order."""
    once = [
        {line for line, count in Counter(lines).items() if count == 1}
        for lines in (first[part.a : part.a_end], second[part.b : part.b_end])
    ]
    both = once[0] & once[1]
    places = {second[b]: b for b in range(part.b, part.b_end) if second[b] in both}
    pairs = [(a, places[first[a]]) for a in range(part.a, part.a_end) if first[a] in both]
    return _increasing(pairs)


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest sequence of pairs whose second numbers increase, as the first do."""
    ends: list[int] = []  # the least second number that a sequence of each length ends with
    last: list[int] = []  # the pair that it ends with
    before: list[int] = []  # by pair: the one before it
    for number, (_, b) in enumerate(pairs):
        length = bisect_left(ends, b)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [b]
        last[length : length + 1] = [number]
    chosen: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = before[at]
    return chosen[::-1]


def _shortest(first: Sequence[str], second: Sequence[str], part: Stretch) -> Iterator[Stretch]:
    """Yield the fewest lines left out and put in; the whole part if they are too many."""
    a0, b0 = part.a, part.b
    length, other = part.a_end - a0, part.b_end - b0
    furthest = {1: 0}  # by diagonal a - b: how far into first
    trail: list[dict[int, int]] = []
    for edits in range(min(_EDITS, length + other) + 1):
        trail.append(dict(furthest))
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (
                diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1]
            )
            a = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            b = a - diagonal
            while a < length and b < other and first[a0 + a] == second[b0 + b]:
                a, b = a + 1, b + 1
            furthest[diagonal] = a
            if a >= length and b >= other:
                yield from reversed(list(_back(trail, length, other, a0, b0)))
                return
    yield part


def _back(trail: list[dict[int, int]], a: int, b: int, a0: int, b0: int) -> Iterator[Stretch]:
    """Yield the edits that led to the end, the last one first."""
    for edits in range(len(trail) - 1, 0, -1):
        furthest = trail[edits]
        diagonal = a - b
        down = diagonal == -edits or (
            diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1]
        )
        before = diagonal + 1 if down else diagonal - 1
        a = furthest[before]
        b = a - before
        if down:
            yield Stretch(a0 + a, a0 + a, b0 + b, b0 + b + 1)
        else:
            yield Stretch(a0 + a, a0 + a + 1, b0 + b, b0 + b)
