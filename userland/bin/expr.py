# SPDX-License-Identifier: BSD-2-Clause
"""expr: evaluate an expression.  NetBSD bin/expr/expr.y."""

import re
import sys
from typing import Any, Final, NoReturn

from userland.libc import (
    LONG_MAX,
    LONG_MIN,
    Writer,
    errx,
    exit,
    strtoi,
    strtol,
    write,
)
from userland.libc.regex import REG_BASIC, RegexError, regcomp

# How tightly operators bind.
LEVELS: Final = {
    "|": 1, "&": 2, "=": 3, "<": 3, ">": 3, "<=": 3, ">=": 3, "!=": 3, "+": 4, "-": 4,
    "*": 5, "/": 5, "%": 5, ":": 6,
}  # fmt: skip


def fail(text: str) -> NoReturn:
    errx(2, text)


def is_integer(text: str) -> bool:
    return re.fullmatch(r"\s*[-+]?\d+|", text) is not None


def is_zero_or_null(text: str) -> bool:
    return text == "" or (is_integer(text) and strtol(text)[0] == 0)


def integer(text: str) -> int:
    if not is_integer(text):
        fail(f"non-integer argument '{text}'")
    try:
        return strtoi(text or "0", LONG_MIN, LONG_MAX)
    except ValueError:
        if "-" in text:
            fail(f"value '{text}' is too small, minimum is {LONG_MIN}")
        fail(f"value '{text}' is too big, maximum is {LONG_MAX}")


def arithmetic(left: str, op: str, right: str) -> str:
    """Return the result of + - * / %."""
    a, b = integer(left), integer(right)
    if op in "/%" and b == 0:
        fail(f"second argument to '{op}' must not be zero")
    if op == "+":
        value = a + b
    elif op == "-":
        value = a - b
    elif op == "*":
        value = a * b
    else:
        quotient = abs(a) // abs(b)
        quotient = quotient if (a < 0) == (b < 0) else -quotient
        value = quotient if op == "/" else a - b * quotient
    if not LONG_MIN <= value <= LONG_MAX:
        fail(f"integer overflow or underflow occurred for operation '{left} {op} {right}'")
    return str(value)


def comparison(left: str, op: str, right: str) -> str:
    """Return 1 or 0; as numbers, if both are."""
    a: Any
    b: Any
    if is_integer(left) and is_integer(right):
        a, b = strtol(left)[0], strtol(right)[0]
    else:
        a, b = (text.encode("utf-8", "surrogateescape") for text in (left, right))
    below = a < b
    holds = {
        "=": a == b,
        "!=": a != b,
        "<": below,
        "<=": below or a == b,
        ">": not below and a != b,
        ">=": not below,
    }
    return "1" if holds[op] else "0"


def matching(left: str, right: str) -> str:
    """Return the first group, or the length, of what right matches at the start of left."""
    try:
        regex = regcomp(right.encode("utf-8", "surrogateescape"), REG_BASIC)
    except RegexError as exc:
        fail(str(exc))
    match = regex.search(left.encode("utf-8", "surrogateescape"))
    if match is None or match.start() != 0:
        return "" if regex.re_nsub else "0"
    if regex.re_nsub and match[1] is not None:
        return match[1].decode("utf-8", "surrogateescape")
    return str(match.end())


class Parser:
    """Evaluates while it reads."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.at = 0

    def peek(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def expression(self, least: int = 1) -> str:
        left = self.item()
        while self.at < len(self.words) and LEVELS.get(self.peek(), 0) >= least:
            op = self.peek()
            self.at += 1
            right = self.expression(LEVELS[op] + 1)
            left = apply(left, op, right)
        return left

    def item(self) -> str:
        if self.at == len(self.words):
            fail("syntax error")
        word = self.peek()
        self.at += 1
        if word == "(":
            value = self.expression()
            if self.peek() != ")" or self.at == len(self.words):
                fail("syntax error")
            self.at += 1
            return value
        if word == ")":
            fail("syntax error")
        if word == "length" and self.at < len(self.words) and self.peek() not in LEVELS:
            value = self.expression(LEVELS[":"] + 1)
            return str(len(value.encode("utf-8", "surrogateescape")))
        return word


def apply(left: str, op: str, right: str) -> str:
    """Return the value of an operator."""
    if op == "|":
        return right if is_zero_or_null(left) else left
    if op == "&":
        return "0" if is_zero_or_null(left) or is_zero_or_null(right) else left
    if op == ":":
        return matching(left, right)
    return comparison(left, op, right) if LEVELS[op] == 3 else arithmetic(left, op, right)


def main(argv: list[str]) -> int:
    """Run expr(1)."""
    words = argv[1:]
    if not words:
        write(2, b"usage: expr expression\n")
        exit(2)
    if words[0] == "--" and len(words) > 1 and words[1] not in LEVELS:
        del words[0]
    parser = Parser(words)
    value = parser.expression()
    if parser.at < len(words):
        fail("syntax error")
    with Writer(1) as out:
        out.print(value)
    return 1 if is_zero_or_null(value) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
