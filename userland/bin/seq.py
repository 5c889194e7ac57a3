# SPDX-License-Identifier: BSD-2-Clause
"""seq: print sequences of numbers.  NetBSD usr.bin/seq/seq.c."""

import math
import re
import sys
from typing import NoReturn

from userland.bin.printf import unescape
from userland.libc import (
    Writer,
    errx,
    exit,
    malloc,
    strtol,
    write,
)

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?0[xX][0-9a-fA-F]+")
FORMAT = re.compile(
    r"((?:[^%]|%%)*)(?:%([-+ #0']*)(\d*(?:\.\d*)?)([aAeEfFgG])((?:[^%]|%%)*))?",
    re.DOTALL | re.ASCII,
)


def usage() -> NoReturn:
    write(
        2,
        b"usage: seq [-w] [-f format] [-s string] [-t string] [first [incr]] last\n",
    )
    exit(1)


def e_atof(text: str) -> float:
    """Return a number of the command line."""
    if not NUMBER.fullmatch(text):
        errx(2, f"invalid floating point argument: {text}")
    return float(int(text, 16)) if "x" in text.lower() else float(text)


def decimals(text: str) -> int:
    """Return how many digits follow the point."""
    return len(re.split(r"[eE]", text)[0].partition(".")[2])


def generate_format(first: float, incr: float, last: float) -> str:
    """Return the format for -w: numbers as wide as the widest, filled up with zeros."""
    if math.isfinite(last):
        last = first + incr * math.floor((last - first) / incr)
    texts = [f"{value:g}" for value in (incr, first, last)]
    letter = "e" if any("e" in text for text in texts) else ""
    places = [decimals(text) for text in texts]
    width = max(len(t) - (p + 1 if p else 0) for t, p in zip(texts[1:], places[1:], strict=True))
    precision = max(places)
    if precision:
        return f"%0{width + 1 + precision}.{precision}{letter or 'f'}"
    return f"%0{width}{letter or 'g'}"


def shown(match: re.Match[str], value: float) -> str:
    """Return a number by a format."""
    before, flags, widths, letter, after = match.groups(default="")
    if not letter:
        return before.replace("%%", "%")
    if letter in "aA":
        head, _, exponent = value.hex().partition("p")
        head = head.rstrip("0").rstrip(".") if "." in head else head
        text = f"{head}p{exponent}"
        text = f"%{flags.replace(chr(39), '')}{widths.partition('.')[0]}s" % text
        text = text.upper() if letter == "A" else text
    else:
        text = f"%{flags.replace(chr(39), '')}{widths}{letter}" % value
    return before.replace("%%", "%") + text + after.replace("%%", "%")


def split_options(argv: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return options and operands; a negative number is no option."""
    options: dict[str, str] = {}
    args = argv[1:]
    while args and re.match(r"-[^\d.]", args[0]):
        word = args.pop(0)[1:]
        if word == "-":
            break
        while word:
            letter, word = word[0], word[1:]
            if letter == "w":
                options[letter] = ""
            elif letter in "fst" and (word or args):
                options[letter] = word or args.pop(0)
                word = ""
            else:
                usage()
    return options, args


def main(argv: list[str]) -> int:
    """Run seq(1)."""
    options, args = split_options(argv)
    if not 1 <= len(args) <= 3:
        usage()
    first, last = (e_atof(args[0]) if len(args) > 1 else 1.0), e_atof(args[-1])
    step = e_atof(args[1]) if len(args) == 3 else (1.0 if first <= last else -1.0)
    if step == 0:
        errx(1, f"zero {'decrement' if first > last else 'increment'}")
    if (step > 0) != (first <= last) and first != last:
        errx(1, f"needs {'negative decrement' if step > 0 else 'positive increment'}")
    form = unescape(options.get("f", ""))[0]
    match = FORMAT.fullmatch(
        form or (generate_format(first, step, last) if "w" in options else "%g")
    )
    if match is None:
        errx(1, f"invalid format string: `{options['f']}'")
    try:
        malloc(max(strtol(each)[0] for each in (match[3] or "").split(".")))
    except OSError as exc:
        errx(1, f"{form}: {exc.strerror}")
    separator = unescape(options.get("s", "\n"))[0]
    seen, at, value = "", 0, first
    with Writer(1) as out:
        while value <= last if step > 0 else value >= last:
            seen = shown(match, value)
            out.write((seen + separator).encode("utf-8", "surrogateescape"))
            at += 1
            value = first + step * at
        text = shown(match, last)
        if text == shown(match, value) and text != seen:  # missed because of rounding
            out.write((text + separator).encode("utf-8", "surrogateescape"))
        out.write(unescape(options.get("t", ""))[0].encode("utf-8", "surrogateescape"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
