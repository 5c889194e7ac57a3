# SPDX-License-Identifier: BSD-2-Clause
"""POSIX regular expressions: the leftmost match, the longest of these.  NetBSD include/regex.h.

Python's engine finds where the leftmost match starts, for that is the same in every
engine.  Where it could stop early, at an alternative or at a group that repeats, the
longest end is found by following all ways at once (regexec); then Python's engine fills
the groups.  Where it could take exponential time to find nothing, at a group that repeats
and has alternatives or repetitions in it, the start is found in that way too.  PyPI's
`regex` has a POSIX mode, but takes exponential time for `(foo|bar|foobar)+` on a line of
some hundred characters.
"""

import re
from functools import lru_cache
from typing import Final

from kernel.sys.namedtuple import NamedTuple
from userland.libc.regcomp import (
    REG_BASIC,
    REG_EXTENDED,
    REG_GNU,
    REG_ICASE,
    REG_NOSPEC,
    Node,
    RegexError,
    parse,
)
from userland.libc.regexec import Automaton

__all__ = [
    "REG_BASIC",
    "REG_EXTENDED",
    "REG_GNU",
    "REG_ICASE",
    "REG_NOSPEC",
    "Regex",
    "RegexError",
    "regcomp",
]

_ASSERTS: Final = {
    "start": rb"\A",
    "end": rb"\Z",
    "edge": rb"\b",
    "inside": rb"\B",
    "wordstart": rb"\b(?=\w)",
    "wordend": rb"\b(?<=\w)",
    "notafter": rb"(?<!\w)",
    "notbefore": rb"(?!\w)",
}
_ANYTHING: Final = re.compile(rb".*", re.DOTALL)
_WHOLE: Final = {"line": ("start", "end"), "word": ("notafter", "notbefore")}


class Regex(NamedTuple):
    """A compiled pattern (regex_t)."""

    pattern: re.Pattern[bytes]
    re_nsub: int  # groups
    longest: Automaton | None  # None: the engine's match is the longest
    risky: bool = False  # the engine may take too long to find nothing

    def matches(self, data: bytes) -> bool:
        """Tell whether there is a match."""
        if self.risky and self.longest is not None:
            return self.longest.reaches(data, 0) >= 0
        return self.pattern.search(data) is not None

    def search(self, data: bytes, pos: int = 0) -> re.Match[bytes] | None:
        """Return the leftmost longest match from pos on, None if there is none (regexec)."""
        if self.risky and self.longest is not None:
            span = self.longest.find(data, pos)
            if span is None:
                return None
            return (self.pattern if self.re_nsub else _ANYTHING).fullmatch(data, *span)
        match = self.pattern.search(data, pos)
        if match is None or self.longest is None:
            return match
        end = self.longest.end(data, match.start())
        if end <= match.end():
            return match
        return self.pattern.fullmatch(data, match.start(), end) or match


@lru_cache(maxsize=256)
def regcomp(pattern: bytes, flags: int = REG_BASIC, whole: str = "") -> Regex:
    """Compile a pattern.

    Args:
        pattern: the text.
        flags: REG_*.
        whole: "line" or "word": only a match of so much counts.

    Raises:
        RegexError: it is no pattern.
    """
    node, groups = parse(pattern, flags)
    if whole:
        before, after = _WHOLE[whole]
        node = Node("cat", (Node("assert", what=before), node, Node("assert", what=after)))
    text = _python(node, bool(flags & REG_ICASE))
    kinds = set(_doubts(node))
    automaton = Automaton(node) if kinds == {"doubt"} else None
    return Regex(re.compile(text, re.DOTALL), groups, automaton, _is_risky(node))


def _doubts(node: Node) -> "list[str]":
    """Return "doubt" for what may keep a greedy engine from the longest match, and "back"."""
    found = [doubt for kid in node.kids for doubt in _doubts(kid)]
    if node.kind == "alt" or (node.kind == "rep" and node.kids[0].kind != "set"):
        found.append("doubt")
    elif node.kind == "back":
        found.append("back")
    return found


def _is_risky(node: Node) -> bool:
    """Tell whether a group repeats in which there are alternatives or repetitions."""
    if node.kind == "rep" and _has_choice(node.kids[0]):
        return True
    return any(_is_risky(kid) for kid in node.kids)


def _has_choice(node: Node) -> bool:
    return node.kind in {"alt", "rep"} or any(_has_choice(kid) for kid in node.kids)


def _python(node: Node, icase: bool) -> bytes:
    """Return Python's text for a tree."""
    match node.kind:
        case "set":
            return _set(node.members)
        case "assert":
            return _ASSERTS[node.what]
        case "back":
            return b"(?i:\\%d)" % node.number if icase else b"(?:\\%d)" % node.number
        case "group":
            return b"(" + _python(node.kids[0], icase) + b")"
        case "alt":
            return b"(?:" + b"|".join(_python(kid, icase) for kid in node.kids) + b")"
        case "rep":
            body = _python(node.kids[0], icase)
            most = b"" if node.most is None else b"%d" % node.most
            return b"(?:%s){%d,%s}" % (body, node.least, most)
    return b"".join(_python(kid, icase) for kid in node.kids)


def _set(members: frozenset[int]) -> bytes:
    """Return Python's text for one byte of a set."""
    if len(members) == 256:
        return b"."
    if len(members) == 1:
        return re.escape(bytes(members))
    if not members:
        return b"(?!)"
    runs: list[list[int]] = []
    for byte in sorted(members):
        if runs and runs[-1][1] == byte - 1:
            runs[-1][1] = byte
        else:
            runs.append([byte, byte])
    return b"[" + b"".join(b"\\x%02x-\\x%02x" % (low, high) for low, high in runs) + b"]"
