# SPDX-License-Identifier: BSD-2-Clause
"""Reads POSIX regular expressions, basic and extended.  NetBSD lib/libc/regex/regcomp.c.

A pattern becomes tokens, which are the same for both syntaxes, and these a tree.
"""

import re
from typing import Final, NoReturn

from kernel.sys.namedtuple import NamedTuple
from userland.libc.strto import strtol

REG_BASIC: Final = 0o000
REG_EXTENDED: Final = 0o001
REG_ICASE: Final = 0o002
REG_NOSPEC: Final = 0o020  # no character is special
REG_GNU: Final = 0o200  # also \+ \? \| in basic ones, and \w \W \s \S \b \B \< \> \` \'

RE_DUP_MAX: Final = 255

Set = frozenset[int]
ANY: Final[Set] = frozenset(range(256))
_UPPER: Final = frozenset(range(0x41, 0x5B))
_LOWER: Final = frozenset(range(0x61, 0x7B))
_DIGIT: Final = frozenset(range(0x30, 0x3A))
_ALNUM: Final = _UPPER | _LOWER | _DIGIT
_GRAPH: Final = frozenset(range(0x21, 0x7F))
WORD: Final[Set] = _ALNUM | {0x5F}
_SPACE: Final = frozenset(b" \t\n\v\f\r")
CLASSES: Final[dict[bytes, Set]] = {
    b"alnum": _ALNUM,
    b"alpha": _UPPER | _LOWER,
    b"blank": frozenset(b" \t"),
    b"cntrl": frozenset(range(0x20)) | {0x7F},
    b"digit": _DIGIT,
    b"graph": _GRAPH,
    b"lower": _LOWER,
    b"print": _GRAPH | {0x20},
    b"punct": _GRAPH - _ALNUM,
    b"space": _SPACE,
    b"upper": _UPPER,
    b"xdigit": _DIGIT | frozenset(b"abcdefABCDEF"),
}
_GNU_SETS: Final[dict[int, Set]] = {
    ord("w"): WORD,
    ord("W"): ANY - WORD,
    ord("s"): _SPACE,
    ord("S"): ANY - _SPACE,
}
_GNU_ASSERTS: Final = {
    ord("b"): "edge",
    ord("B"): "inside",
    ord("<"): "wordstart",
    ord(">"): "wordend",
    ord("`"): "start",
    ord("'"): "end",
}


class RegexError(ValueError):
    """A pattern that is none; its text is regerror(3)'s."""


class Node(NamedTuple):
    """A part of a pattern: cat, alt, rep, group, set, back or assert."""

    kind: str
    kids: "tuple[Node, ...]" = ()
    members: Set = frozenset()  # of a set
    number: int = 0  # of a group, or of the one that a back reference means
    least: int = 0  # of a repetition
    most: int | None = None  # None: without end
    what: str = ""  # of an assertion


class Token(NamedTuple):
    """One thing in a pattern: set, op, back, assert or rep."""

    kind: str
    op: str = ""
    members: Set = frozenset()
    number: int = 0
    least: int = 0
    most: int | None = None


def fail(text: str) -> NoReturn:
    """Raise RegexError."""
    raise RegexError(text)


_INTERVAL: Final = re.compile(rb"(\d+)(,?)(\d*)")
_REPEAT: Final = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class Scanner:
    """Turns a pattern into tokens."""

    def __init__(self, pattern: bytes, flags: int) -> None:
        self.text = pattern
        self.at = 0
        self.extended = bool(flags & REG_EXTENDED)
        self.gnu = bool(flags & REG_GNU)
        self.tokens: list[Token] = []

    def scan(self) -> list[Token]:
        """Return all tokens.

        Raises:
            RegexError: there is something that no pattern has.
        """
        while self.at < len(self.text):
            byte = self.text[self.at]
            self.at += 1
            if byte == 0x5C:
                self._escape()
            elif byte == 0x5B:
                self._bracket()
            elif byte == 0x2E:
                self._set(ANY)
            else:
                self._plain(byte)
        return self.tokens

    def _add(self, kind: str, op: str = "", number: int = 0) -> None:
        self.tokens.append(Token(kind, op, number=number))

    def _set(self, members: Set) -> None:
        self.tokens.append(Token("set", members=members))

    def _starts(self) -> bool:
        """Tell whether an expression begins here."""
        return not self.tokens or self.tokens[-1].op in {"(", "|"}

    def _plain(self, byte: int) -> None:
        char = chr(byte)
        if char == "^" and (self.extended or self._starts()):
            self._add("assert", "start")
        elif char == "$" and (self.extended or self._ends()):
            self._add("assert", "end")
        elif char == "*" and not self.extended:
            anchored = len(self.tokens) == 1 or (
                len(self.tokens) > 1 and self.tokens[-2].op in "(|"
            )
            first = self._starts() or (self.tokens[-1].op == "start" and anchored)
            if first:
                self._set(frozenset((byte,)))
            else:
                self._repeat("*")
        elif self.extended and char in "*+?":
            self._repeat(char)
        elif self.extended and char in "()|":
            self._add("op", char)
        elif self.extended and char == "{" and self.text[self.at : self.at + 1].isdigit():
            self._interval(b"}")
        else:
            self._set(frozenset((byte,)))

    def _ends(self) -> bool:
        """Tell whether a basic expression ends here."""
        return self.at == len(self.text) or self.text[self.at : self.at + 2] in {b"\\)", b"\\|"}

    def _repeat(self, char: str) -> None:
        least, most = _REPEAT[char]
        self.tokens.append(Token("rep", least=least, most=most))

    def _interval(self, closer: bytes) -> None:
        match = _INTERVAL.match(self.text, self.at)
        if match is None:
            fail("invalid repetition count(s)")
        least, _ = strtol(match[1].decode())
        most = strtol(match[3].decode())[0] if match[3] else (None if match[2] else least)
        if least > RE_DUP_MAX or (most is not None and (most > RE_DUP_MAX or most < least)):
            fail("invalid repetition count(s)")
        if not self.text.startswith(closer, match.end()):
            rest = self.text.find(closer, match.end()) >= 0
            fail("invalid repetition count(s)" if rest else "braces not balanced")
        self.at = match.end() + len(closer)
        self.tokens.append(Token("rep", least=least, most=most))

    def _escape(self) -> None:
        if self.at == len(self.text):
            fail("trailing backslash (\\)")
        byte = self.text[self.at]
        self.at += 1
        char = chr(byte)
        if not self.extended and char in "()":
            self._add("op", char)
        elif not self.extended and char == "{":
            self._interval(b"\\}")
        elif not self.extended and self.gnu and char == "|":
            self._add("op", char)
        elif not self.extended and self.gnu and char in "+?" and not self._starts():
            self._repeat(char)
        elif char in "123456789":
            self._add("back", number=int(char))
        elif self.gnu and byte in _GNU_SETS:
            self._set(_GNU_SETS[byte])
        elif self.gnu and byte in _GNU_ASSERTS:
            self._add("assert", _GNU_ASSERTS[byte])
        else:
            self._set(frozenset((byte,)))

    def _bracket(self) -> None:
        for text, what in ((b"[:<:]]", "wordstart"), (b"[:>:]]", "wordend")):
            if self.text.startswith(text, self.at):
                self.at += len(text)
                self._add("assert", what)
                return
        negated = self.text.startswith(b"^", self.at)
        self.at += negated
        members: set[int] = set()
        first = True
        while first or not self.text.startswith(b"]", self.at):
            first = False
            if self.at >= len(self.text):
                fail("brackets ([ ]) not balanced")
            if self.text.startswith(b"[:", self.at):
                members |= self._named()
                continue
            low = self._element()
            if (
                self.text[self.at : self.at + 1] == b"-"
                and self.text[self.at + 1 : self.at + 2] != b"]"
            ):
                self.at += 1
                if self.at >= len(self.text):
                    fail("brackets ([ ]) not balanced")
                high = self._element()
                if high < low:
                    fail("invalid character range")
                members.update(range(low, high + 1))
            else:
                members.add(low)
        self.at += 1
        if negated:
            self.tokens.append(Token("set", "^", frozenset(members)))
        else:
            self._set(frozenset(members))

    def _named(self) -> Set:
        end = self.text.find(b":]", self.at)
        name = self.text[self.at + 2 : end]
        if end < 0 or name not in CLASSES:
            fail("invalid character class")
        self.at = end + 2
        return CLASSES[name]

    def _element(self) -> int:
        """Return the next character of a bracket expression."""
        for mark in (b".", b"="):
            if self.text.startswith(b"[" + mark, self.at):
                end = self.text.find(mark + b"]", self.at + 2)
                if end != self.at + 3:
                    fail("invalid collating element")
                self.at = end + 2
                return self.text[end - 1]
        self.at += 1
        return self.text[self.at - 1]


class Parser:
    """Turns tokens into a tree."""

    def __init__(self, tokens: list[Token], flags: int) -> None:
        self.tokens = tokens
        self.at = 0
        self.icase = bool(flags & REG_ICASE)
        self.groups = 0
        self.closed: set[int] = set()

    def parse(self) -> Node:
        """Return the tree of the whole.

        Raises:
            RegexError: the tokens are no expression.
        """
        node = self._alternatives()
        if self.at < len(self.tokens):
            fail("parentheses not balanced")
        return node

    def _peek(self, op: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] == Token("op", op)

    def _alternatives(self) -> Node:
        branches = [self._branch()]
        while self._peek("|"):
            self.at += 1
            branches.append(self._branch())
        return branches[0] if len(branches) == 1 else Node("alt", tuple(branches))

    def _branch(self) -> Node:
        parts: list[Node] = []
        while self.at < len(self.tokens) and not self._peek("|") and not self._peek(")"):
            token = self.tokens[self.at]
            self.at += 1
            if token.kind == "rep":
                if not parts:
                    fail("repetition-operator operand invalid")
                parts.append(Node("rep", (parts.pop(),), least=token.least, most=token.most))
            else:
                parts.append(self._atom(token))
        return parts[0] if len(parts) == 1 else Node("cat", tuple(parts))

    def _atom(self, token: Token) -> Node:
        if token.kind == "assert":
            return Node("assert", what=token.op)
        if token.kind == "back":
            if token.number not in self.closed:
                fail("invalid backreference number")
            return Node("back", number=token.number)
        if token.kind == "set":
            members = folded(token.members) if self.icase else token.members
            return Node("set", members=ANY - members if token.op == "^" else members)
        self.groups += 1
        number = self.groups
        node = self._alternatives()
        if not self._peek(")"):
            fail("parentheses not balanced")
        self.at += 1
        self.closed.add(number)
        return Node("group", (node,), number=number)


def folded(members: Set) -> Set:
    """Return a set with the other case of each letter."""
    return members | {byte ^ 0x20 for byte in members & CLASSES[b"alpha"]}


def parse(pattern: bytes, flags: int) -> tuple[Node, int]:
    """Return a pattern's tree and how many groups it has.

    Raises:
        RegexError: it is none.
    """
    if flags & REG_NOSPEC:
        tokens = [Token("set", members=frozenset((byte,))) for byte in pattern]
    else:
        tokens = Scanner(pattern, flags).scan()
    parser = Parser(tokens, flags)
    return parser.parse(), parser.groups
