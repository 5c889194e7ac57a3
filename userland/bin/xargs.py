# SPDX-License-Identifier: BSD-2-Clause
"""xargs: make command lines from standard input.  NetBSD usr.bin/xargs/xargs.c."""

import sys
from collections.abc import Iterator
from typing import NoReturn

from userland.libc import (
    ENOENT,
    O_RDONLY,
    WEXITSTATUS,
    WIFEXITED,
    WIFSIGNALED,
    WNOHANG,
    WTERMSIG,
    atoi,
    close,
    environ,
    err,
    errx,
    exit,
    fgetln,
    getopt,
    open,
    read,
    signalname,
    strtol,
    waitpid,
    warnx,
    write,
)
from userland.libc.fgetln import blocks
from userland.libc.vforkexec import start

ARG_MAX = 256 * 1024  # bytes
POINTER = 8


def usage() -> NoReturn:
    write(
        2,
        b"Usage: xargs [-0opt] [-E eofstr] [-I replstr [-R replacements] [-S replsize]]\n"
        b"             [-J replstr] [-L number] [-n number [-x]] [-P maxprocs]\n"
        b"             [-s size] [utility [argument ...]]\n",
    )
    exit(1)


class Item:
    """An argument; after it the line may end."""

    __slots__ = ("ends", "present", "text")

    def __init__(self, text: bytes, present: bool, ends: bool) -> None:
        self.text = text
        self.present = present  # not just the end of a line
        self.ends = ends


def items(zero: bool) -> Iterator[Item]:
    """Yield what standard input has, the quotes taken away."""
    if zero:
        rest = b""
        for data in blocks(0):
            *whole, rest = (rest + data).split(b"\0")
            for text in whole:
                yield Item(text, bool(text), True)
        if rest:
            yield Item(rest, True, True)
        return
    for line in fgetln(0):
        yield from words(line)


def words(line: bytes) -> Iterator[Item]:
    """Yield the words of a line."""
    text, quote, present = bytearray(), 0, False
    at = 0
    while at < len(line):
        byte = line[at]
        at += 1
        if quote and byte == quote:
            quote = 0
        elif byte == 0x0A:
            if quote:
                errx(1, "unterminated quote")
            yield Item(bytes(text), present, True)
            return
        elif quote:
            text.append(byte)
        elif byte in b"'\"":
            quote, present = byte, True
        elif byte in b" \t":
            if present:
                yield Item(bytes(text), True, False)
            text, present = bytearray(), False
        else:
            if byte == 0x5C:
                if at == len(line):
                    errx(1, "backslash at EOF")
                byte = line[at]
                at += 1
            text.append(byte)
            present = True
    if quote:
        errx(1, "unterminated quote")
    yield Item(bytes(text), present, False)


class Xargs:
    """What the options ask for, and the exit status so far."""

    def __init__(self, argv: list[str]) -> None:
        self.argv = argv or ["/bin/echo"]
        self.after: list[str] = []  # -J: what follows the arguments
        self.nargs = 5000
        size = sum(len(f"{name}={value}") + 1 + POINTER for name, value in environ.items())
        self.size = ARG_MAX - 4096 - size
        self.lines = 0  # -L
        self.replstr = ""  # -I
        self.replacements = 5
        self.replsize = 255
        self.eofstr = b""
        self.strict = self.trace = self.prompt = self.tty = self.zero = False
        self.maxprocs = 1
        self.running = 0
        self.status = 0

    def collect(self) -> int:
        """Read arguments and run the utility as often as it takes; return the exit status."""
        room = self.size - sum(len(word) + 1 for word in self.argv + self.after)
        if room <= 0:
            errx(1, "insufficient space for command")
        args: list[bytes] = []
        used = count = 0
        for item in items(self.zero):
            if self.eofstr and item.text == self.eofstr:
                break
            if item.present:
                need = len(item.text) + 1
                if used + need > room:
                    if not args:
                        errx(1, "insufficient space for argument")
                    if self.strict:
                        errx(1, "insufficient space for arguments")
                    self.prerun(args)
                    args, used = [], 0
                args.append(item.text)
                used += need
            count += item.ends
            if len(args) == self.nargs or (self.lines and count >= self.lines):
                if args:
                    self.prerun(args)
                args, used, count = [], 0, 0
        if args:
            self.prerun(args)
        self.wait(all=True)
        return self.status

    def prerun(self, args: list[bytes]) -> None:
        """Put arguments where they belong, and run the utility."""
        given = [arg.decode("utf-8", "surrogateescape") for arg in args]
        if not self.replstr:
            self.run([*self.argv, *given, *self.after])
            return
        line, left = " ".join(given), self.replacements
        command = self.argv[:1]
        for word in self.argv[1:]:
            if left and self.replstr in word:
                word = self.substituted(word, line)
                left -= 1
            command.append(word)
        self.run(command)

    def substituted(self, word: str, line: str) -> str:
        """Return word with line in it, as long as the result is not too long."""
        out = ""
        while self.replstr in word:
            before, _, word = word.partition(self.replstr)
            if len(out) + len(before) + len(line) + len(word) > self.replsize:
                return out + before + self.replstr + word
            out += before + line
        return out + word

    def run(self, command: list[str]) -> None:
        if self.trace or self.prompt:
            write(2, " ".join(command).encode("utf-8", "surrogateescape"))
            if self.prompt and (answer := self.asks()) is not None:
                if not answer:
                    return
            else:
                write(2, b"\n")
        try:
            fd = open("/dev/tty" if self.tty else "/dev/null", O_RDONLY)
        except OSError:
            err(1, "can't open /dev/tty")
        try:
            start(command, stdin=fd)
        except OSError as exc:
            err(127 if exc.errno == ENOENT else 126, command[0])
        close(fd)
        self.running += 1
        self.wait(all=False)

    def asks(self) -> bool | None:
        """Ask whether to run; None, if there is no terminal to ask at."""
        try:
            fd = open("/dev/tty", O_RDONLY)
        except OSError:
            return None
        write(2, b"?...")
        answer = read(fd, 256)
        close(fd)
        return answer[:1] in {b"y", b"Y"}

    def wait(self, all: bool) -> None:
        """Wait for utilities that run: for all, or until there may be one more."""
        while self.running:
            pid, status = waitpid(-1, 0 if all or self.running >= self.maxprocs else WNOHANG)
            if not pid:
                return
            self.running -= 1
            if WIFEXITED(status) and WEXITSTATUS(status) == 255:
                warnx(f"{self.argv[0]} exited with status 255")
                exit(124)
            if WIFSIGNALED(status):
                warnx(f"{self.argv[0]} terminated by SIG{signalname(WTERMSIG(status))}")
                exit(125)
            if WEXITSTATUS(status):
                self.status = 123


def main(argv: list[str]) -> int:
    """Run xargs(1)."""
    options, args = getopt(argv, "0E:I:J:L:n:oP:pR:S:s:rtx")
    xargs = Xargs(args)
    flags: set[str] = set()
    mark = ""
    for option, value in options:
        flags.add(option)
        if option == "?":
            usage()
        if option == "E":
            xargs.eofstr = value.encode("utf-8", "surrogateescape")
        elif option in {"I", "J"}:
            if not value:
                errx(1, "replstr may not be empty")
            xargs.replstr, mark = (value, "") if option == "I" else ("", value)
            if option == "I":
                xargs.lines = 1
        elif option == "L":
            xargs.lines = atoi(value)
        elif option == "n":
            xargs.nargs = atoi(value)
            if xargs.nargs <= 0:
                errx(1, "illegal argument count")
        elif option == "P":
            xargs.maxprocs = atoi(value)
            if xargs.maxprocs <= 0:
                errx(1, "max. processes must be >0")
        elif option == "R":
            if not value.removeprefix("-").isdecimal():
                errx(1, "replacements must be a number")
            xargs.replacements = strtol(value)[0]
        elif option == "S":
            if not value.isdecimal():
                errx(1, "replsize must be a number")
            xargs.replsize = strtol(value)[0]
        elif option == "s":
            xargs.size = atoi(value)
    if (flags & {"R", "S"} and not xargs.replstr) or ("x" in flags and "n" not in flags):
        usage()
    xargs.strict = bool(flags & {"x", "I", "L"})
    xargs.trace, xargs.prompt = "t" in flags, "p" in flags
    xargs.tty, xargs.zero = "o" in flags, "0" in flags
    if mark in xargs.argv:
        at = xargs.argv.index(mark)
        xargs.argv, xargs.after = xargs.argv[:at], xargs.argv[at + 1 :]
    return xargs.collect()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
