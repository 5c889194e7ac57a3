# SPDX-License-Identifier: BSD-2-Clause
"""The formats of hexdump(1): iterations, byte counts, conversions.  usr.bin/hexdump/parse.c."""

import re
from typing import Final, NoReturn

from kernel.sys.dataclasses import dataclass, field
from userland.libc.include import errx, malloc
from userland.libc.strto import strtol

_CONVERSION: Final = re.compile(
    r"%(?P<flags>[-+ #0]*)(?P<width>\d*)(?:\.(?P<precision>\d*))?"
    r"(?P<what>_[Aa][dox]|_[cpu]|[cdiouxXeEfgGs%])",
    re.ASCII,
)
_UNIT: Final = re.compile(
    r"\s*(?:(\d+)\s*)?(?:/\s*(\d+)\s*)?\"((?:[^\"\\]|\\.)*)\"\s*", re.DOTALL | re.ASCII
)
_ESCAPES: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
OD_NAMES: Final = "_U"  # as _u, but a newline is "nl" and a blank "sp"
_SIZES: Final = {
    **dict.fromkeys("diouxX", (4, (1, 2, 4, 8))),
    **dict.fromkeys("eEfgG", (8, (4, 8))),
    **dict.fromkeys(("c", "_c", "_p", "_u"), (1, (1,))),
}


@dataclass(slots=True)
class Print:
    """One thing to print: text, or a conversion with the flags and widths of printf."""

    before: str = ""  # text
    what: str = ""  # the conversion; "": text only
    flags: str = ""
    width: str = ""
    precision: str = ""  # with its point
    size: int = 0  # bytes it takes
    after: str = ""  # text up to the end of the unit; a blank at its end is left out once
    trims: bool = False


@dataclass(slots=True)
class Unit:
    """A format unit: it is repeated, and may set how many bytes a conversion takes."""

    prints: list[Print]
    reps: int = 1
    fixed: bool = False  # reps was given
    end: bool = False  # it has the last address: for after the data

    @property
    def size(self) -> int:
        """Bytes of one repetition."""
        return sum(each.size for each in self.prints)


@dataclass(slots=True)
class Format:
    """A format: units one after the other, applied to the whole block."""

    units: list[Unit] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return sum(unit.size * unit.reps for unit in self.units)


def bad(text: str) -> NoReturn:
    """Refuse a format."""
    errx(1, text)


def room(*columns: str) -> None:
    """Refuse so many columns or bytes if there is no memory for them."""
    try:
        malloc(max(strtol(each)[0] for each in columns))
    except OSError as exc:
        bad(str(exc.strerror))


def add(formats: list[Format], text: str) -> None:
    """Parse a format and add it."""
    form = Format()
    at = 0
    text = text.strip()
    while at < len(text):
        match = _UNIT.match(text, at)
        if match is None:
            bad(f'"{text}": bad format')
        at = match.end()
        reps = strtol(match[1])[0] if match[1] else 1
        count = strtol(match[2] or "0")[0]
        room(match[1] or "", match[2] or "")
        form.units.append(_unit(_unescaped(match[3]), reps, bool(match[1]), count))
    formats.append(form)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), text, flags=re.DOTALL | re.ASCII)


def _unit(text: str, reps: int, fixed: bool, count: int) -> Unit:
    unit = Unit([], reps, fixed)
    at = 0
    for match in _CONVERSION.finditer(text):
        before = text[at : match.start()]
        at = match.end()
        what = match["what"]
        if what == "%":
            unit.prints.append(Print(before + "%"))
            continue
        precision = "" if match["precision"] is None else f".{match['precision']}"
        room(match["width"], match["precision"] or "")
        piece = Print(before, what, match["flags"], match["width"], precision)
        if what == "s":
            if not precision:
                bad("%s: requires a precision or a byte count" if not count else "")
            piece.size = count or strtol(match["precision"] or "0")[0]
        elif what in _SIZES:
            default, allowed = _SIZES[what]
            piece.size = count or default
            if piece.size not in allowed:
                bad(f"%{what}: bad byte count for conversion character")
        elif what[1] == "A":
            unit.end = True
        unit.prints.append(piece)
    rest = text[at:]
    if unit.prints:
        unit.prints[-1].after = rest
    else:
        unit.prints.append(Print(rest))
        if count:
            unit.prints[-1].size = count
    return unit


def rewrite(formats: list[Format]) -> int:
    """Fill up formats to the size of the longest, which is returned."""
    blocksize = max([form.size for form in formats], default=0)
    for form in formats:
        if not form.units:
            continue
        last = form.units[-1]
        if form.size < blocksize and not last.fixed and last.size:
            last.reps += (blocksize - form.size) // last.size
        for unit in form.units:
            if unit.reps > 1 and unit.prints:
                piece = unit.prints[-1]
                piece.trims = (piece.after or piece.before)[-1:].isspace()
    return blocksize
