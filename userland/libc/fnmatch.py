# SPDX-License-Identifier: BSD-2-Clause
"""Match names against shell patterns: fnmatch(3).  NetBSD lib/libc/gen/fnmatch.c."""

import re
from functools import lru_cache
from typing import Final

FNM_NOMATCH: Final = 1  # what fnmatch returns when string does not match
FNM_NOESCAPE: Final = 0x01  # a backslash is an ordinary character
FNM_PATHNAME: Final = 0x02  # only a slash matches a slash
FNM_PERIOD: Final = 0x04  # only a period matches a leading period
FNM_LEADING_DIR: Final = 0x08  # the pattern may match up to a slash
FNM_CASEFOLD: Final = 0x10

_CLASSES: Final = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "A-Za-z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": " \\t\\n\\r\\f\\v",
    "blank": " \\t",
    "punct": "!-/:-@\\[-`{-~",
    "xdigit": "0-9A-Fa-f",
    "cntrl": "\\x00-\\x1f\\x7f",
    "print": " -~",
    "graph": "!-~",
}
_NEVER: Final = "(?!)"


def fnmatch(pattern: str, string: str, flags: int = 0) -> int:
    """Return 0 if string matches pattern, else FNM_NOMATCH."""
    return 0 if compiled(pattern, flags).fullmatch(string) else FNM_NOMATCH


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return the regular expression that matches what pattern does."""
    text = translate(pattern, flags)
    if flags & FNM_LEADING_DIR:
        text += "(?:/.*)?"
    return re.compile(text, re.DOTALL | (re.IGNORECASE if flags & FNM_CASEFOLD else 0))


def translate(pattern: str, flags: int = 0, lazy: bool = False) -> str:
    """Return the text of a regular expression for pattern.

    Args:
        flags: FNM_*.
        lazy: `*` takes as little as it can.
    """
    many = "[^/]*" if flags & FNM_PATHNAME else ".*"
    one = "[^/]" if flags & FNM_PATHNAME else "."
    if lazy:
        many += "?"
    out: list[str] = []
    at = 0
    while at < len(pattern):
        c = pattern[at]
        at += 1
        leading = flags & FNM_PERIOD and (
            not out or (flags & FNM_PATHNAME and pattern[at - 2] == "/")
        )
        no_period = r"(?!\.)" if leading and c in "*?[" else ""
        if c == "*":
            while pattern[at : at + 1] == "*":
                at += 1
            out.append(no_period + many)
        elif c == "?":
            out.append(no_period + one)
        elif c == "[" and (bracket := _bracket(pattern, at, flags)):
            text, at = bracket
            out.append(no_period + text)
        elif c == "\\" and not flags & FNM_NOESCAPE and at < len(pattern):
            out.append(re.escape(pattern[at]))
            at += 1
        else:
            out.append(re.escape(c))
    return "".join(out)


def _bracket(pattern: str, at: int, flags: int) -> tuple[str, int] | None:
    """Translate what follows `[`; return it and where it ends, None if it never does."""
    negated = pattern[at : at + 1] in {"!", "^"}
    if negated:
        at += 1
    start = at
    items: list[str] = []
    while True:
        c = pattern[at : at + 1]
        if not c or (c == "/" and flags & FNM_PATHNAME):
            return None
        if c == "]" and at > start:
            break
        if c == "[" and pattern[at + 1 : at + 2] == ":":
            end = pattern.find(":]", at + 2)
            if end >= 0:
                items.append(_CLASSES.get(pattern[at + 2 : end], ""))
                at = end + 2
                continue
        low, at = _character(pattern, at, flags)
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in {"", "]"}:
            high, at = _character(pattern, at + 1, flags)
            if low <= high:
                items.append(f"{re.escape(low)}-{re.escape(high)}")
        else:
            items.append(re.escape(low))
    inside = "".join(items)
    outside = "(?!/)" if flags & FNM_PATHNAME else ""
    if not inside:
        return outside + ("." if negated else _NEVER), at + 1
    return f"{outside}[{'^' if negated else ''}{inside}]", at + 1


def _character(pattern: str, at: int, flags: int) -> tuple[str, int]:
    """Return the character of a bracket expression at at, and where the next one is."""
    if pattern[at] == "\\" and not flags & FNM_NOESCAPE and at + 1 < len(pattern):
        return pattern[at + 1], at + 2
    return pattern[at], at + 1
