# SPDX-License-Identifier: BSD-2-Clause
"""Options of programs.  NetBSD lib/libc/stdlib/getopt.c."""

from userland.libc.err import warnx

__all__ = ["getopt"]


def getopt(argv: list[str], optstring: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Read the options of argv, argv[0] being the program.

    Args:
        argv: the arguments.
        optstring: option letters, a colon after those that take a value, two
            after those whose value may only follow in the same word; a leading
            ":" keeps it from speaking, a leading "+" changes nothing.

    Returns:
        ([(letter, value or ""), ...], the arguments that follow).  A letter
        that is none gives ("?", letter), one without its value ("?", letter)
        or, if optstring begins with ":", (":", letter); it is the last that is read, as
        programs then print their usage and end.
    """
    letters = optstring.lstrip("+")
    quiet = letters.startswith(":")
    letters = letters.removeprefix(":")
    options: list[tuple[str, str]] = []
    args = argv[1:]
    while args and args[0].startswith("-") and args[0] != "-":
        word = args.pop(0)[1:]
        if word == "-":
            break
        while word:
            letter, word = word[0], word[1:]
            at = letters.find(letter)
            if letter == ":" or at < 0:
                if not quiet:
                    warnx(f"unknown option -- {letter}")
                return [*options, ("?", letter)], args
            elif letters[at + 1 : at + 2] != ":":
                options.append((letter, ""))
            elif letters[at + 2 : at + 3] == ":":
                options.append((letter, word))
                word = ""
            elif word or args:
                options.append((letter, word or args.pop(0)))
                word = ""
            else:
                if not quiet:
                    warnx(f"option requires an argument -- {letter}")
                return [*options, (":" if quiet else "?", letter)], args
    return options, args
