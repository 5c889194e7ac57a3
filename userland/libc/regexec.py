# SPDX-License-Identifier: BSD-2-Clause
"""The longest match of a regular expression, in linear time.  NetBSD lib/libc/regex/engine.c.

Thompson's construction: every way through the pattern is followed at once, a byte at a time.
"""

from typing import Final

from userland.libc.regcomp import WORD, Node

_MATCH: Final = 0  # the state where a match is complete


def _is_word(data: bytes, at: int) -> bool:
    return 0 <= at < len(data) and data[at] in WORD


def _holds(what: str, data: bytes, at: int) -> bool:
    """Tell whether an assertion holds in front of data[at]."""
    before, after = _is_word(data, at - 1), _is_word(data, at)
    match what:
        case "start":
            return at == 0
        case "end":
            return at == len(data)
        case "edge":
            return before != after
        case "inside":
            return before == after
        case "wordstart":
            return after and not before
        case "wordend":
            return before and not after
        case "notafter":
            return not before
    return not after


class Automaton:
    """The states of a pattern without back references, made from its end to its start."""

    def __init__(self, node: Node) -> None:
        self.members: list[frozenset[int] | None] = [None]  # what a state takes; None: nothing
        self.what: list[str] = [""]  # what it asserts
        self.next: list[tuple[int, ...]] = [()]
        self.first = self._build(node, _MATCH)
        self.plain = not any(self.what)  # then closures do not depend on the place
        self.known: dict[tuple[frozenset[int], int], frozenset[int]] = {}

    def _state(
        self, following: tuple[int, ...], members: frozenset[int] | None = None, what: str = ""
    ) -> int:
        self.members.append(members)
        self.what.append(what)
        self.next.append(following)
        return len(self.next) - 1

    def _build(self, node: Node, after: int) -> int:
        """Make the states of node, which go on to after; return the first of them."""
        match node.kind:
            case "set":
                return self._state((after,), node.members)
            case "assert":
                return self._state((after,), what=node.what)
            case "alt":
                return self._state(tuple(self._build(kid, after) for kid in node.kids))
            case "rep":
                return self._repeat(node, after)
        for kid in reversed(node.kids):
            after = self._build(kid, after)
        return after

    def _repeat(self, node: Node, after: int) -> int:
        kid = node.kids[0]
        if node.most is None:
            loop = self._state(())
            self.next[loop] = (self._build(kid, loop), after)
            first = loop
        else:
            first = after
            for _ in range(node.most - node.least):
                first = self._state((self._build(kid, first), after))
        for _ in range(node.least):
            first = self._build(kid, first)
        return first

    def _closure(self, states: set[int], data: bytes, at: int) -> frozenset[int]:
        """Return all states that are reached without a byte."""
        seen: set[int] = set()
        pending = list(states)
        while pending:
            state = pending.pop()
            if state in seen:
                continue
            seen.add(state)
            what = self.what[state]
            if self.members[state] is None and (not what or _holds(what, data, at)):
                pending += self.next[state]
        return frozenset(seen)

    def reaches(self, data: bytes, pos: int) -> int:
        """Return where the first match that ends from pos on ends, -1 if none does."""
        states: frozenset[int] = frozenset()
        for at in range(pos, len(data) + 1):
            if at > pos:
                states = self._next(states, data, at)
            states |= self._closure({self.first}, data, at)
            if _MATCH in states:
                return at
        return -1

    def find(self, data: bytes, pos: int) -> tuple[int, int] | None:
        """Return where the leftmost match from pos on starts, and where the longest one ends."""
        last = self.reaches(data, pos)
        for start in range(pos, last + 1):
            end = self.end(data, start)
            if end >= 0:
                return start, end
        return None

    def end(self, data: bytes, start: int) -> int:
        """Return where the longest match from start ends, -1 if there is none."""
        states = self._closure({self.first}, data, start)
        longest = -1
        at = start
        while True:
            if _MATCH in states:
                longest = at
            if at == len(data) or not states:
                return longest
            at += 1
            states = self._next(states, data, at)

    def _next(self, states: frozenset[int], data: bytes, at: int) -> frozenset[int]:
        """Return the states after the byte before data[at]."""
        key = (states, data[at - 1])
        known = self.known.get(key) if self.plain else None
        if known is None:
            known = self._step(states, data[at - 1], data, at)
            if self.plain and len(self.known) < 1 << 14:
                self.known[key] = known
        return known

    def _step(self, states: frozenset[int], byte: int, data: bytes, at: int) -> frozenset[int]:
        reached: set[int] = set()
        for state in states:
            members = self.members[state]
            if members is not None and byte in members:
                reached.update(self.next[state])
        return self._closure(reached, data, at)
