# SPDX-License-Identifier: BSD-2-Clause
"""seq: print sequences of numbers.  NetBSD usr.bin/seq/seq.c."""

import re
import sys
from typing import NoReturn

from userland.bin.printf import unescape
from userland.libc import Writer, errx, exit, write

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?0[xX][0-9a-fA-F]+")
FORMAT = re.compile(r"((?:[^%]|%%)*)%([-+ #0']*\d*(?:\.\d*)?)([aAeEfFgG])((?:[^%]|%%)*)", re.DOTALL)


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


def shown(value: float, digits: int) -> str:
    return (
        f"{value:.{digits}f}" if digits else f"{value:g}" if abs(value) >= 1e16 else f"{value:.0f}"
    )


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
    digits = max(decimals(text) for text in args)
    form = options.get("f", "")
    match = FORMAT.fullmatch(form)
    if form and match is None:
        errx(1, f"invalid format string: `{form}'")
    values: list[str] = []
    count = int((last - first) / step * (1 + 1e-15) + 1e-9) + 1
    for at in range(count):
        value = first + at * step
        if match:
            text = f"%{match[2]}{match[3]}" % value
            values.append(f"{match[1]}{text}{match[4]}".replace("%%", "%"))
        else:
            values.append(shown(value, digits))
    if "w" in options and not form:
        width = max(len(text) for text in values)
        values = [f"-{t[1:].zfill(width - 1)}" if t[0] == "-" else t.zfill(width) for t in values]
    separator = unescape(options.get("s", "\n"))[0]
    end = unescape(options["t"])[0] if "t" in options else ("\n" if "s" in options else "")
    with Writer(1) as out:
        text = separator.join(values) + (end if "s" in options else separator + end)
        out.write(text.encode("utf-8", "surrogateescape"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
