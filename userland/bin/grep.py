# SPDX-License-Identifier: BSD-2-Clause
"""grep, egrep, fgrep: print lines that match.  NetBSD external/gpl2/grep, as its manual says."""

import sys
from collections import deque
from collections.abc import Iterator
from typing import NoReturn

from userland.libc import (
    O_RDONLY,
    S_ISDIR,
    Writer,
    close,
    errx,
    exit,
    fgetln,
    fstat,
    getopt,
    open,
    strtol,
    warn,
    write,
)
from userland.libc.fgetln import records
from userland.libc.fnmatch import fnmatch
from userland.libc.fts import FTS_COMFOLLOW, FTS_D, FTS_F, FTS_PHYSICAL, fts
from userland.libc.regex import (
    REG_BASIC,
    REG_EXTENDED,
    REG_GNU,
    REG_ICASE,
    REG_NOSPEC,
    Regex,
    RegexError,
    regcomp,
)

OPTIONS = "0123456789A:B:C:EFGHILRUVZabce:f:hilm:noqrsvwxyz"
LONG = {
    "after-context": "A", "basic-regexp": "G", "before-context": "B", "byte-offset": "b",
    "context": "C", "count": "c", "extended-regexp": "E", "file": "f", "files-with-matches": "l",
    "files-without-match": "L", "fixed-strings": "F", "ignore-case": "i", "invert-match": "v",
    "line-number": "n", "line-regexp": "x", "max-count": "m", "no-filename": "h",
    "no-messages": "s", "null": "Z", "null-data": "z", "only-matching": "o", "quiet": "q",
    "recursive": "r", "regexp": "e", "silent": "q", "text": "a", "with-filename": "H",
    "word-regexp": "w",
}  # fmt: skip
BINARY = 32768  # bytes at the start of a file that tell whether it is text
SYNTAX = {"E": REG_EXTENDED, "F": REG_NOSPEC, "G": REG_BASIC}


def usage() -> NoReturn:
    write(
        2,
        b"Usage: grep [OPTION]... PATTERN [FILE]...\nTry `grep --help' for more information.\n",
    )
    exit(2)


class Stop(Exception):
    """Nothing more is to be known: -q has found a line."""


class Grep:
    """What the options ask for."""

    def __init__(self, flags: set[str], regexes: list[Regex], out: Writer) -> None:
        self.flags = flags
        self.regexes = regexes
        self.out = out
        self.before = self.after = 0
        self.most: int | None = None
        self.names = False  # before each line
        self.found = False
        self.failed = False
        self.separate = False  # a group of lines was printed
        self.include: list[str] = []
        self.exclude: list[str] = []
        self.end = b"\0" if "z" in flags else b"\n"

    def complain(self, name: str) -> None:
        """Tell of an error, unless -s."""
        if "s" not in self.flags:
            self.out.flush()
            warn(name)
        self.failed = True

    # Which lines.

    def matches(self, line: bytes) -> bool:
        return any(regex.matches(line) for regex in self.regexes)

    def parts(self, line: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield where the matches in a line are, and these, but empty ones."""
        at = 0
        while at <= len(line):
            best = (len(line) + 1, 0)  # start, minus the length
            for regex in self.regexes:
                match = regex.search(line, at)
                if match:
                    best = min(best, (match.start(), match.start() - match.end()))
            start, length = best[0], -best[1]
            if start > len(line):
                return
            if length:
                yield start, line[start : start + length]
            at = start + max(length, 1)

    # What is printed.

    def prefix(self, name: str, number: int, offset: int, mark: bytes) -> bytes:
        """Return what stands before a line."""
        text = b""
        if self.names:
            text = name.encode("utf-8", "surrogateescape") + (b"\0" if "Z" in self.flags else mark)
        if "n" in self.flags:
            text += b"%d" % number + mark
        if "b" in self.flags:
            text += b"%d" % offset + mark
        return text

    def show(self, name: str, number: int, offset: int, line: bytes) -> None:
        """Print a line that was chosen."""
        if "o" not in self.flags:
            self.out.write(self.prefix(name, number, offset, b":") + line + self.end)
        elif "v" not in self.flags:
            for at, part in self.parts(line):
                self.out.write(self.prefix(name, number, offset + at, b":") + part + self.end)

    def file(self, name: str, fd: int) -> None:
        """Search one file."""
        quiet = bool(self.flags & {"c", "l", "L", "q"})
        context = (self.before or self.after) and not quiet and "o" not in self.flags
        kept: deque[tuple[int, int, bytes]] = deque(maxlen=self.before or None)
        offset = count = 0
        last = -1  # number of the line that was printed last
        trailing = 0  # lines of context that are still to come
        binary: bool | None = None
        for number, text in enumerate(records(fd, self.end), 1):
            line = text.removesuffix(self.end)
            if binary is None or (not binary and offset < BINARY):
                binary = b"\0" in line and not {"a", "z"} & self.flags
            if self.most is not None and count >= self.most:
                if not trailing:
                    break
                chosen = False
            else:
                chosen = self.matches(line) != ("v" in self.flags)
            if chosen:
                count += 1
                self.found = True
                if "q" in self.flags:
                    raise Stop
                if self.flags & {"l", "L"}:
                    break
                if binary and not quiet:
                    break
                if not quiet:
                    if context:
                        self.group(name, kept, number, last)
                    self.show(name, number, offset, line)
                    last, trailing = number, self.after
            elif context:
                if trailing:
                    trailing -= 1
                    self.out.write(self.prefix(name, number, offset, b"-") + line + self.end)
                    last = number
                elif self.before:
                    kept.append((number, offset, line))
            offset += len(text)
        if binary and count and not quiet:
            self.out.print(f"Binary file {name} matches")
        self.summary(name, count)

    def group(self, name: str, kept: deque[tuple[int, int, bytes]], number: int, last: int) -> None:
        """Print the context before a line, and what separates it from the lines before."""
        first = kept[0][0] if kept else number
        if self.separate and first != last + 1:
            self.out.write(b"--\n")
        self.separate = True
        for one, offset, line in kept:
            self.out.write(self.prefix(name, one, offset, b"-") + line + self.end)
        kept.clear()

    def summary(self, name: str, count: int) -> None:
        """Print what -c, -l or -L want to know of a file."""
        end = b"\0" if "Z" in self.flags else b"\n"
        text = name.encode("utf-8", "surrogateescape")
        if "c" in self.flags and not {"l", "L"} & self.flags:
            mark = b"\0" if "Z" in self.flags else b":"
            self.out.write((text + mark if self.names else b"") + b"%d\n" % count)
        if ("l" in self.flags and count) or ("L" in self.flags and not count):
            self.out.write(text + end)

    # Which files.

    def wanted(self, name: str) -> bool:
        base = name.rpartition("/")[2]
        if self.include and all(fnmatch(pattern, base) for pattern in self.include):
            return False
        return all(fnmatch(pattern, base) for pattern in self.exclude)

    def operand(self, name: str) -> None:
        """Search what one operand names."""
        if name == "-":
            self.file("(standard input)", 0)
            return
        try:
            fd = open(name, O_RDONLY)
            try:
                if not ("r" in self.flags and S_ISDIR(fstat(fd).st_mode)):
                    self.file(name, fd)
                    return
            finally:
                close(fd)
        except OSError:
            self.complain(name)
            return
        self.tree(name)

    def tree(self, root: str) -> None:
        """Search the files of a hierarchy."""
        for entry in fts([root], FTS_PHYSICAL | FTS_COMFOLLOW):
            path = entry.fts_path
            if entry.fts_info != FTS_F or not self.wanted(path):
                if entry.fts_error is not None and entry.fts_info != FTS_D:
                    try:
                        raise entry.fts_error
                    except OSError:
                        self.complain(path)
                continue
            try:
                fd = open(path, O_RDONLY)
                self.file(path, fd)
                close(fd)
            except OSError:
                self.complain(path)


def permuted(argv: list[str]) -> tuple[list[tuple[str, str]], list[str], list[tuple[str, str]]]:
    """Return options, operands and long options that have no letter, in whatever order they are."""
    options: list[tuple[str, str]] = []
    operands: list[str] = []
    others: list[tuple[str, str]] = []
    rest = argv[1:]
    while rest:
        word = rest[0]
        if word.startswith("--") and word != "--":
            rest.pop(0)
            name, _, value = word[2:].partition("=")
            letter = LONG.get(name, "")
            if letter and letter + ":" in OPTIONS and "=" not in word and rest:
                value = rest.pop(0)
            (options if letter else others).append((letter or name, value))
            continue
        if word == "--":
            operands += rest[1:]
            break
        if not word.startswith("-") or word == "-":
            operands.append(rest.pop(0))
            continue
        takes = next((at for at in range(1, len(word)) if word[at] + ":" in OPTIONS), 0)
        count = 2 if takes == len(word) - 1 and takes else 1
        options += getopt([argv[0], *rest[:count]], OPTIONS)[0]
        rest = rest[count:]
    return options, operands, others


def number(text: str, what: str) -> int:
    if not text.isdecimal():
        errx(2, f"{text}: invalid {what}")
    return strtol(text)[0]


def patterns_of(name: str) -> list[bytes]:
    """Return the lines of a file of patterns."""
    try:
        fd = 0 if name == "-" else open(name, O_RDONLY)
        found = [line.removesuffix(b"\n") for line in fgetln(fd)]
        if fd:
            close(fd)
    except OSError:
        warn(name)
        exit(2)
    return found


def main(argv: list[str]) -> int:
    """Run grep(1)."""
    program = argv[0].rpartition("/")[2]
    syntax = {"egrep": REG_EXTENDED, "fgrep": REG_NOSPEC}.get(program, REG_BASIC)
    flags: set[str] = set()
    patterns: list[bytes] | None = None
    numbers: dict[str, int] = {}
    digits = ""
    options, args, others = permuted(argv)
    for option, value in options:
        if option == "?":
            usage()
        if option.isdecimal():
            digits += option
        elif option in SYNTAX:
            syntax = SYNTAX[option]
        elif option in {"e", "f"}:
            text = value.encode("utf-8", "surrogateescape")
            more = text.split(b"\n") if option == "e" else patterns_of(value)
            patterns = (patterns or []) + more
        elif option in {"A", "B", "C"}:
            numbers[option] = number(value, "context length argument")
        elif option == "m":
            numbers[option] = number(value, "max count")
        elif option == "V":
            write(1, b"grep (sysent, after the manual of GNU grep) 2.5.1\n")
            return 0
        else:
            flags -= {"h": {"H"}, "H": {"h"}}.get(option, set())
            flags.add({"R": "r", "y": "i"}.get(option, option))
    if patterns is None:
        if not args:
            usage()
        patterns = args.pop(0).encode("utf-8", "surrogateescape").split(b"\n")
    whole = "line" if "x" in flags else "word" if "w" in flags else ""
    icase = REG_ICASE if "i" in flags else 0
    try:
        regexes = [regcomp(text, syntax | REG_GNU | icase, whole) for text in patterns]
    except RegexError as exc:
        errx(2, str(exc))
    with Writer(1, status=2) as out:
        grep = Grep(flags, regexes, out)
        both = numbers.get("C", strtol(digits)[0])
        grep.before, grep.after = numbers.get("B", both), numbers.get("A", both)
        grep.most = numbers.get("m")
        for name, value in others:
            if name == "include":
                grep.include.append(value)
            elif name == "exclude":
                grep.exclude.append(value)
            elif name not in {"color", "colour", "line-buffered"}:
                usage()
        grep.names = "H" in flags or (
            "h" not in flags and (len(args) > 1 or ("r" in flags and bool(args)))
        )
        if "r" in flags and not args:
            args = ["."]
            grep.names = "h" not in flags
        try:
            for name in args or ["-"]:
                grep.operand(name)
        except Stop:
            return 0
    if grep.failed:
        return 2
    return 0 if grep.found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
