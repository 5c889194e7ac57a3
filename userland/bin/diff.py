# SPDX-License-Identifier: BSD-2-Clause
"""diff: compare files line by line.  NetBSD external/gpl2/diffutils, as its manual says."""

import re
import sys
from typing import NoReturn

from userland.diff.files import TROUBLE, Diff
from userland.libc import (
    Writer,
    errx,
    getopt,
    strtol,
    warnx,
)

LONG = {
    "brief": "q", "context": "C", "ed": "e", "exclude": "x", "ignore-all-space": "w",
    "ignore-blank-lines": "B", "ignore-case": "i", "ignore-space-change": "b", "label": "L",
    "minimal": "d", "new-file": "N", "rcs": "n", "recursive": "r", "report-identical-files": "s",
    "text": "a", "unified": "U", "expand-tabs": "t",
}  # fmt: skip
STYLES = {"c": "context", "u": "unified", "e": "ed", "n": "rcs"}


def try_help(text: str) -> NoReturn:
    warnx(text)
    errx(TROUBLE, "Try `diff --help' for more information.")


def quoted(word: str) -> str:
    """Return a word as the shell would read it."""
    if re.fullmatch(r"[-\w./,:@%+=]+", word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


def shortened(argv: list[str]) -> list[str]:
    """Return the arguments with letters for long options, and the options before the files."""
    options: list[str] = []
    operands: list[str] = []
    rest = argv[1:]
    while rest:
        word = rest.pop(0)
        if word == "--":
            operands += rest
            break
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            letter = LONG.get(name)
            if letter is None:
                try_help(f"unrecognized option `{word}'")
            if letter in "CU":
                options += [f"-{letter}{value or 3}"]
            elif letter in "xL":
                options += [f"-{letter}", value if equals else (rest.pop(0) if rest else "")]
            else:
                options.append(f"-{letter}")
        elif word.startswith("-") and word != "-":
            number = re.fullmatch(r"-([a-zA-Z]*?)(\d+)([a-zA-Z]*)", word)
            if number and not set(number[1]) & set("CULx"):
                letters = number[1] + number[3]
                options.append(f"-{'C' if 'c' in letters else 'U'}{number[2]}")
                word = f"-{letters.replace('u', '').replace('c', '')}"
            if word != "-":
                options.append(word)
            if word[-1] in "CULx" and not set(word[1:-1]) & set("CULx") and rest:
                options.append(rest.pop(0))
        else:
            operands.append(word)
    return [argv[0], *options, "--", *operands]


def main(argv: list[str]) -> int:
    """Run diff(1)."""
    words = shortened(argv)
    options, args = getopt(words, "aBbcC:deiL:NnpqrstTuU:wx:")
    with Writer(1, status=TROUBLE) as out:
        shown = " ".join(quoted(word) for word in words[1 : words.index("--")])
        diff = Diff(out, set(), f" {shown}" if shown else "")
        for option, value in options:
            if option == "?":
                try_help("invalid option")
            if option in STYLES:
                diff.style = STYLES[option]
            elif option in {"C", "U"}:
                if not value.isdecimal():
                    errx(TROUBLE, f"invalid context length `{value}'")
                diff.style = STYLES[option.lower()]
                diff.context = strtol(value)[0]
            elif option == "L":
                diff.labels.append(value)
            elif option == "x":
                diff.exclude.append(value)
            else:
                diff.flags.add(option)
        if len(args) != 2:
            if not args:
                try_help(f"missing operand after `{argv[-1].rpartition('/')[2]}'")
            if len(args) < 2:
                try_help(f"missing operand after `{args[-1]}'")
            try_help(f"extra operand `{args[2]}'")
        return diff.pair(args[0], args[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv))
