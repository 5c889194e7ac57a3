# SPDX-License-Identifier: BSD-2-Clause
"""tr: translate characters.  NetBSD usr.bin/tr."""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Final, NoReturn

from userland.libc import (
    Writer,
    err,
    errx,
    exit,
    getopt,
    malloc,
    strtol,
    write,
)
from userland.libc.fgetln import blocks

CLASSES: Final[dict[str, Callable[[int], bool]]] = {
    "alpha": lambda b: chr(b).isascii() and chr(b).isalpha(),
    "digit": lambda b: 48 <= b <= 57,
    "alnum": lambda b: chr(b).isascii() and chr(b).isalnum(),
    "upper": lambda b: 65 <= b <= 90,
    "lower": lambda b: 97 <= b <= 122,
    "space": lambda b: b in b" \t\n\r\f\v",
    "blank": lambda b: b in b" \t",
    "cntrl": lambda b: b < 32 or b == 127,
    "print": lambda b: 32 <= b < 127,
    "graph": lambda b: 32 < b < 127,
    "punct": lambda b: 32 < b < 127 and not chr(b).isalnum(),
    "xdigit": lambda b: chr(b) in "0123456789abcdefABCDEF",
}
ESCAPES: Final = {
    "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11,
}  # fmt: skip
_ITEM: Final = re.compile(
    rb"\[:(?P<class>\w+):\]|\[=(?P<equiv>.)=\]|\[(?P<repeat>.)\*(?P<count>\d*)\]"
    rb"|\\(?P<octal>[0-7]{1,3})|\\(?P<escape>.)|(?P<plain>.)",
    re.DOTALL,
)


def usage() -> NoReturn:
    write(
        2,
        b"usage: tr [-cs] string1 string2\n       tr [-c] -d string1\n"
        b"       tr [-c] -s string1\n       tr [-c] -ds string1 string2\n",
    )
    exit(1)


def single(match: re.Match[bytes]) -> int | None:
    """Return the byte an item stands for, None if it is no single one."""
    if match["plain"]:
        return match["plain"][0]
    if match["octal"]:
        return int(match["octal"], 8) & 0xFF
    if match["escape"]:
        return ESCAPES.get(match["escape"].decode("latin-1"), match["escape"][0])
    return None


def expand(text: bytes, length: int | None) -> Iterator[int]:
    """Yield the bytes of a set; [c*] fills it up to length."""
    items = list(_ITEM.finditer(text))
    at = given = 0
    while at < len(items):
        match = items[at]
        at += 1
        byte = single(match)
        if byte is None:
            values = special(match, None if length is None else max(length - given, 0))
        elif at + 1 < len(items) and items[at]["plain"] == b"-":
            last = single(items[at + 1])
            if last is None:
                values = [byte]
            else:
                if last < byte:
                    errx(1, "range endpoints out of order")
                values = list(range(byte, last + 1))
                at += 2
        else:
            values = [byte]
        given += len(values)
        yield from values


def special(match: re.Match[bytes], left: int | None) -> list[int]:
    """Return the bytes of a class, an equivalence or a repetition."""
    if match["class"]:
        name = match["class"].decode()
        if name not in CLASSES:
            errx(1, f"unknown class {name}")
        return [byte for byte in range(256) if CLASSES[name](byte)]
    if match["equiv"]:
        return [match["equiv"][0]]
    times = strtol((match["count"] or b"").decode(), 0)[0]
    try:
        malloc(times)
    except OSError:
        err(1, "malloc")
    return [match["repeat"][0]] * (times or left or 0)


def table_of(first: list[int], text: bytes, complement: bool) -> bytes:
    """Return what each byte becomes."""
    if complement:
        first = [byte for byte in range(256) if byte not in set(first)]
    second = list(expand(text, len(first)))
    if not second:
        errx(1, "empty string2")
    table = bytearray(range(256))
    for at, byte in enumerate(first):
        table[byte] = second[min(at, len(second) - 1)]
    return bytes(table)


def squeeze(data: bytes, chosen: frozenset[int], last: int) -> tuple[bytes, int]:
    """Leave out repetitions of the chosen bytes; last is the byte before data, or -1."""
    out = bytearray()
    for byte in data:
        if byte == last and byte in chosen:
            continue
        out.append(byte)
        last = byte
    return bytes(out), last


def main(argv: list[str]) -> int:
    """Run tr(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "Ccdsu")
    for option, _ in options:
        if option == "?":
            usage()
        flags.add(option.lower())
    sets = [arg.encode("utf-8", "surrogateescape") for arg in args]
    wanted = 1 if ("d" in flags) != ("s" in flags) else 2
    if not (len(sets) == wanted or (flags & {"s", "d"} == {"s"} and len(sets) == 2)):
        usage()
    first = list(expand(sets[0], None))
    complement = "c" in flags
    members = frozenset(range(256)) - frozenset(first) if complement else frozenset(first)
    deleted = bytes(members) if "d" in flags else b""
    translates = len(sets) == 2 and "d" not in flags
    table = table_of(first, sets[1], complement) if translates else None
    squeezed = members
    if "s" in flags and len(sets) == 2:
        squeezed = frozenset(expand(sets[1], len(first)))
    last = -1
    with Writer(1) as out:
        for data in blocks(0):
            data = data.translate(table, deleted)
            if "s" in flags:
                data, last = squeeze(data, squeezed, last)
            out.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
