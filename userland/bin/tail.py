# SPDX-License-Identifier: BSD-2-Clause
"""tail: the last part of files.  NetBSD usr.bin/tail."""

import re
import sys
from collections import deque
from typing import NoReturn

from userland.libc import (
    ESPIPE,
    O_RDONLY,
    S_ISREG,
    SEEK_CUR,
    SEEK_SET,
    Writer,
    close,
    errx,
    exit,
    fgetln,
    fstat,
    getopt,
    lseek,
    nanosleep,
    open,
    read,
    stat,
    strtol,
    warn,
    write,
)
from userland.libc.fgetln import blocks

POLL = 0.25  # seconds between two looks for more (-f)


def usage() -> NoReturn:
    write(2, b"usage: tail [-qv] [-f | -F | -r] [-b # | -c # | -n #] [file ...]\n")
    exit(1)


def last_bytes(fd: int, out: Writer, count: int) -> None:
    """Write the last count bytes of fd."""
    status = fstat(fd)
    if S_ISREG(status.st_mode):
        lseek(fd, max(status.st_size - count, 0), SEEK_SET)
        for data in blocks(fd):
            out.write(data)
        return
    kept = b""
    for data in blocks(fd):
        kept = (kept + data)[-count:] if count else b""
    out.write(kept)


def skip_bytes(fd: int, out: Writer, count: int) -> None:
    """Write fd from byte number count (from 0) on."""
    status = fstat(fd)
    if S_ISREG(status.st_mode):
        lseek(fd, min(count, status.st_size), SEEK_SET)
        count = 0
    for data in blocks(fd):
        out.write(data[count:])
        count = max(count - len(data), 0)


def reversed_lines(fd: int, out: Writer, count: int | None) -> None:
    """Write the last count lines (all if None), the last one first."""
    lines = list(deque(fgetln(fd), count))
    for line in reversed(lines):
        out.write(line)


def skip_lines(fd: int, out: Writer, count: int) -> None:
    """Write fd from line number count (from 0) on."""
    for number, line in enumerate(fgetln(fd)):
        if number >= count:
            out.write(line)


def show(fd: int, out: Writer, style: str, count: int | None, from_start: bool) -> None:
    """Write the part of one file that is asked for."""
    if style == "r":
        reversed_lines(fd, out, count)
    elif style == "c":
        (skip_bytes if from_start else last_bytes)(fd, out, count or 0)
    elif from_start:
        skip_lines(fd, out, count or 0)
    else:
        for line in deque(fgetln(fd), count):
            out.write(line)


class Followed:
    """A file that may grow."""

    def __init__(self, name: str, fd: int) -> None:
        self.name = name
        self.fd = fd

    def more(self) -> bytes:
        """Return what has been added; a file that has become shorter is read from its start."""
        status = fstat(self.fd)
        if S_ISREG(status.st_mode) and status.st_size < lseek(self.fd, 0, SEEK_CUR):
            lseek(self.fd, 0, SEEK_SET)
        return read(self.fd, 8192)

    def reopen(self) -> bool:
        """Read the file that has the name now, if it is another one (-F); tell whether it is."""
        try:
            now, open_one = stat(self.name), fstat(self.fd)
            if (now.st_dev, now.st_ino) == (open_one.st_dev, open_one.st_ino):
                return False
            fd = open(self.name, O_RDONLY)
        except OSError:
            return False  # it may come back
        close(self.fd)
        self.fd = fd
        return True


def follow(files: list[Followed], out: Writer, headers: bool, by_name: bool) -> NoReturn:
    """Write what is added to files, for ever."""
    last = files[-1]
    while True:
        quiet = True
        for file in files:
            data = file.more()
            if not data and by_name and file.fd and file.reopen():
                data = file.more()
            if data:
                quiet = False
                if headers and file is not last:
                    out.print(f"\n==> {file.name} <==")
                last = file
                out.write(data)
        out.flush()
        if quiet:
            nanosleep(POLL)


def is_pipe(fd: int) -> bool:
    """Tell whether a descriptor cannot be followed, for it will end."""
    try:
        lseek(fd, 0, SEEK_CUR)
    except OSError as exc:
        return exc.errno == ESPIPE
    return False


def old_style(argv: list[str]) -> list[str]:
    """Turn -N[bcl][fr] and +N[bcl][fr] into today's options."""
    if len(argv) < 2:
        return argv
    match = re.fullmatch(r"([-+])(\d+)([bcl]?)([fr]*)", argv[1])
    if match is None:
        return argv
    sign = "+" if match[1] == "+" else ""
    style = {"b": "-b", "c": "-c"}.get(match[3], "-n")
    return [argv[0], f"{style}{sign}{match[2]}", *(f"-{letter}" for letter in match[4]), *argv[2:]]


def main(argv: list[str]) -> int:
    """Run tail(1)."""
    style, count, from_start = "n", None, False
    follows, backwards, headers = "", False, None
    options, args = getopt(old_style(argv), "b:c:Ffn:qrv")
    for option, value in options:
        if option in {"b", "c", "n"}:
            if not re.fullmatch(r"[-+]?\d+", value):
                errx(1, f"illegal offset -- {value}")
            from_start = value[0] == "+"
            count = min(abs(strtol(value)[0]) * (512 if option == "b" else 1), sys.maxsize)
            if from_start and count:
                count -= 512 if option == "b" else 1
            style = "n" if option == "n" else "c"
        elif option in {"f", "F"}:
            follows = option
        elif option == "r":
            backwards = True
        elif option in {"q", "v"}:
            headers = option == "v"
        else:
            usage()
    if backwards:
        style = "r"
    elif count is None:
        count = 10
    if headers is None:
        headers = len(args) > 1
    status = 0
    followed: list[Followed] = []
    with Writer(1) as out:
        first = True
        for name in args or ["-"]:
            fd = 0
            try:
                if args and name != "-":
                    fd = open(name, O_RDONLY)
                if headers:
                    out.print(f"{'' if first else chr(10)}==> {name} <==")
                first = False
                show(fd, out, style, count, from_start)
            except OSError:
                warn(name if args else "stdin")
                status = 1
                continue
            if follows and style != "r" and (fd or not is_pipe(0)):
                followed.append(Followed(name, fd))
            elif fd:
                close(fd)
        if followed:
            out.flush()
            follow(followed, out, headers, follows == "F")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
