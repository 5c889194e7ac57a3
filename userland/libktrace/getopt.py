# SPDX-License-Identifier: BSD-2-Clause
"""The command line as getopt(3) takes it apart, and C's ways to read a number."""

import re
from typing import NamedTuple

_STRTOUL = re.compile(r"[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*|)", re.ASCII)
_ATOI = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]+)", re.ASCII)


class BadOption(Exception):
    """An option that is not known, or lacks its argument; the message says which."""


class CommandLine(NamedTuple):
    """Options in their order, each with its argument or "", and the operands after them."""

    options: list[tuple[str, str]]
    operands: list[str]


def getopt(args: list[str], known: str, long: tuple[str, ...] = ()) -> CommandLine:
    """Take args apart; a colon in known follows the letters that take an argument.

    Names in long are options of their own, --name value or --name=value.

    Raises:
        BadOption: an option is unknown or lacks its argument.
    """
    options: list[tuple[str, str]] = []
    rest = list(args)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            break
        name, equals, value = word[2:].partition("=")
        if word.startswith("--") and name in long:
            if not equals:
                if not rest:
                    raise BadOption(f"option requires an argument -- {name}")
                value = rest.pop(0)
            options.append((name, value))
            continue
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in ":-" or letter not in known:
                raise BadOption(f"unknown option -- {letter}")
            if known[known.index(letter) + 1 : known.index(letter) + 2] != ":":
                options.append((letter, ""))
                continue
            if not letters:
                if not rest:
                    raise BadOption(f"option requires an argument -- {letter}")
                letters = rest.pop(0)
            options.append((letter, letters))
            break
    return CommandLine(options, rest)


def _as_int(value: int) -> int:
    """Return value as an assignment to a C int leaves it."""
    return (value + 0x80000000) % 0x100000000 - 0x80000000


def strtoul(text: str) -> int:
    """Return the number text holds (decimal, 0x, octal), as an int.

    Raises:
        ValueError: something follows the number.
    """
    match = _STRTOUL.match(text)
    if match is None or match.end() != len(text):
        raise ValueError(text)
    sign, digits = match.groups()
    base = 16 if digits[:2].lower() == "0x" else 8 if digits[:1] == "0" else 10
    value = int(digits or "0", base)
    return _as_int(-value if sign == "-" else value)


def atoi(text: str) -> int:
    """Return the decimal number text starts with, 0 if it does not, as an int."""
    match = _ATOI.match(text)
    return _as_int(int(match[1])) if match else 0
