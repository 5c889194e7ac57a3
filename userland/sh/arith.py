# SPDX-License-Identifier: BSD-2-Clause
"""Arithmetic expansion: C's integer expressions.  NetBSD bin/sh/arithmetic.c."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from userland.sh.error import ShellError

_TOKEN: Final = re.compile(
    r"\s*(?:(0[xX][0-9a-fA-F]+|[0-9]\w*)|([A-Za-z_]\w*)"
    r"|(<<=|>>=|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&^|]=|[-+*/%&^|~!<>=?:(),]))",
    re.ASCII,
)
_BINARY: Final = {  # operator: precedence
    "*": 11, "/": 11, "%": 11, "+": 10, "-": 10, "<<": 9, ">>": 9,
    "<": 8, ">": 8, "<=": 8, ">=": 8, "==": 7, "!=": 7, "&": 6, "^": 5, "|": 4,
    "&&": 3, "||": 2,
}  # fmt: skip
_ASSIGN: Final = frozenset("= += -= *= /= %= <<= >>= &= ^= |=".split())
_SIGN: Final = 1 << 63


def wrap(value: int) -> int:
    """Return value as an intmax_t keeps it: 64 bits, two's complement."""
    return ((value + _SIGN) & ((1 << 64) - 1)) - _SIGN


def _divide(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


_OPERATE: Final[dict[str, Callable[[int, int], int]]] = {
    "*": lambda a, b: a * b,
    "/": _divide,
    "%": lambda a, b: a - b * _divide(a, b),
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "<<": lambda a, b: a << (b & 63),
    ">>": lambda a, b: a >> (b & 63),
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "&": lambda a, b: a & b,
    "^": lambda a, b: a ^ b,
    "|": lambda a, b: a | b,
}


def number(text: str) -> int:
    """Return the value of a C integer constant, with an optional sign.

    Raises:
        ValueError: it is none.
    """
    body = text.strip()
    sign = -1 if body[:1] == "-" else 1
    body = body[1:] if body[:1] in {"-", "+"} else body
    if not re.fullmatch(r"[0-9a-zA-Z]+", body):
        raise ValueError(text)
    if body[:2] in {"0x", "0X"}:
        return sign * int(body, 0)
    return sign * int(body, 8 if body[0] == "0" else 10)


class Evaluator:
    """Evaluates one expression.

    lookup and assign reach the shell's variables.
    """

    def __init__(
        self, text: str, lookup: Callable[[str], str | None], assign: Callable[[str, str], None]
    ) -> None:
        self._text = text
        self._lookup = lookup
        self._assign = assign
        self._skip = 0  # above 0: the operand has no effect (short circuit)
        self._tokens = self._scan()
        self._at = 0

    def value(self) -> int:
        """Return the expression's value; an empty one is 0.

        Raises:
            ShellError: it is not an expression, or divides by zero.
        """
        if not self._tokens:
            return 0
        result = self._comma()
        if self._at < len(self._tokens):
            raise self._error("expecting EOF")
        return result

    def _error(self, what: str) -> ShellError:
        return ShellError(f'arithmetic expression: {what}: "{self._text}"')

    def _scan(self) -> list[str]:
        tokens: list[str] = []
        at, end = 0, len(self._text.rstrip())
        while at < end:
            match = _TOKEN.match(self._text, at)
            if match is None:
                raise self._error("expecting primary")
            tokens.append(match[0].strip())
            at = match.end()
        return tokens

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        if self._take() != token:
            raise self._error(f"expecting '{token}'")

    def _comma(self) -> int:
        result = self._assignment()
        while self._peek() == ",":
            self._take()
            result = self._assignment()
        return result

    def _assignment(self) -> int:
        name = self._peek()
        if name[:1].isalpha() or name[:1] == "_":
            op = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else ""
            if op in _ASSIGN:
                self._at += 2
                right = self._assignment()
                if op != "=":
                    right = self._operate(op[:-1], self._variable(name), right)
                return self._store(name, right)
        return self._conditional()

    def _conditional(self) -> int:
        test = self._binary(2)
        if self._peek() != "?":
            return test
        self._take()
        yes = self._operand(self._comma, skip=not test)
        self._expect(":")
        no = self._operand(self._conditional, skip=bool(test))
        return yes if test else no

    def _operand(self, parse: Callable[[], int], skip: bool) -> int:
        """Parse an operand, without effect if it is to be skipped."""
        self._skip += skip
        try:
            return parse()
        finally:
            self._skip -= skip

    def _binary(self, lowest: int) -> int:
        left = self._unary()
        while (level := _BINARY.get(self._peek(), 0)) >= lowest:
            op = self._take()
            if op in {"&&", "||"}:
                decided = bool(left) == (op == "||")
                right = self._operand(partial(self._binary, level + 1), skip=decided)
                left = int(op == "||") if decided else int(bool(right))
            else:
                left = self._operate(op, left, self._binary(level + 1))
        return left

    def _operate(self, op: str, left: int, right: int) -> int:
        if op in {"/", "%"} and right == 0:
            if self._skip:
                return 0
            raise self._error("division by zero")
        return wrap(int(_OPERATE[op](left, right)))

    def _unary(self) -> int:
        token = self._take()
        if token in {"++", "--"}:
            name = self._take()
            return self._store(name, self._variable(name) + (1 if token == "++" else -1))
        if token == "+":
            return self._unary()
        if token == "-":
            return wrap(-self._unary())
        if token == "~":
            return ~self._unary()
        if token == "!":
            return int(not self._unary())
        if token == "(":
            result = self._comma()
            self._expect(")")
            return result
        if token[:1].isdigit():
            return wrap(self._number(token))
        if token[:1].isalpha() or token[:1] == "_":
            return self._postfix(token)
        raise self._error("expecting primary")

    def _postfix(self, name: str) -> int:
        value = self._variable(name)
        if self._peek() in {"++", "--"}:
            self._store(name, value + (1 if self._take() == "++" else -1))
        return value

    def _number(self, text: str) -> int:
        try:
            return number(text)
        except ValueError:
            raise ShellError(f"Illegal number: {text}") from None

    def _variable(self, name: str) -> int:
        if not (name[:1].isalpha() or name[:1] == "_"):
            raise self._error("expecting variable name")
        text = self._lookup(name)
        return wrap(self._number(text)) if text and text.strip() else 0

    def _store(self, name: str, value: int) -> int:
        value = wrap(value)
        if not self._skip:
            self._assign(name, str(value))
        return value
