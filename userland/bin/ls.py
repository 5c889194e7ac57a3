# SPDX-License-Identifier: BSD-2-Clause
"""ls: list directories.  NetBSD bin/ls."""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, NoReturn

from kernel.sys.dirent import IFTODT
from kernel.sys.types import major, minor
from userland.libc import (
    S_BLKSIZE,
    S_ISBLK,
    S_ISCHR,
    S_ISDIR,
    S_ISLNK,
    Stat,
    Writer,
    atoi,
    exit,
    getenv,
    geteuid,
    getopt,
    gettimeofday,
    isatty,
    lstat,
    readlink,
    scandir,
    stat,
    tcgetwinsize,
    warnx,
    write,
)
from userland.libc.humanize_number import humanize_number
from userland.libc.pwcache import NameCache
from userland.libc.strftime import strftime
from userland.libc.strmode import strmode

NS: Final = 10**9
SIXMONTHS: Final = (365 // 2) * 86400  # seconds
MARKS: Final = {4: "/", 10: "@", 12: "=", 14: "%", 1: "|"}  # by DT_*


def usage() -> NoReturn:
    write(2, b"usage: ls [-1AaBbCcdFfghikLlMmnOoPpqRrSsTtuWwXx] [file ...]\n")
    exit(1)


class File(NamedTuple):
    """A file to list."""

    name: str
    path: str
    status: Stat


class Lister:
    """What the options ask for."""

    def __init__(self, flags: str, out: Writer) -> None:
        self.flags = frozenset(flags)
        self.out = out
        self.status = 0
        self.blocksize = 1024 if "k" in flags else S_BLKSIZE
        self.now = gettimeofday().ns // NS
        self.terminal = isatty(1)
        columns = getenv("COLUMNS") or ""
        self.width = 80
        if columns.isdecimal():
            self.width = atoi(columns)
        elif self.terminal:
            self.width = tcgetwinsize(1)[1] or 80
        self.style = self._style(flags)
        self.wrote = False
        self.names_of = NameCache()

    def _style(self, flags: str) -> str:
        """Return the last given of the options for a format."""
        chosen = [flag for flag in flags if flag in "1Clmxgno"]
        if chosen:
            return "l" if chosen[-1] in "gno" else chosen[-1]
        return "C" if self.terminal else "1"

    def fail(self, path: str, exc: OSError) -> None:
        warnx(f"{path}: {exc.strerror}")
        self.status = 1

    # Order.

    def _time(self, status: Stat) -> int:
        if "c" in self.flags:
            return status.st_ctim
        return status.st_atim if "u" in self.flags else status.st_mtim

    def sort(self, files: Iterable[File]) -> list[File]:
        """Return files in the order asked for."""
        if "f" in self.flags:
            return list(files)
        ordered = sorted(files, key=lambda file: file.name.encode("utf-8", "surrogateescape"))
        if "S" in self.flags:
            ordered.sort(key=lambda file: -file.status.st_size)
        elif "t" in self.flags:
            ordered.sort(key=lambda file: -self._time(file.status))
        return ordered[::-1] if "r" in self.flags else ordered

    # One file.

    def visible(self, name: str) -> str:
        """Return a name as it is written; -q and terminals get no control characters."""
        if "q" in self.flags or (self.terminal and "w" not in self.flags):
            return "".join(c if c.isprintable() else "?" for c in name)
        return name

    def mark(self, status: Stat) -> str:
        """Return the character that -F or -p puts after a name."""
        if "F" in self.flags:
            kind = IFTODT(status.st_mode)
            return MARKS.get(kind, "*" if kind == 8 and status.st_mode & 0o111 else "")
        return "/" if "p" in self.flags and S_ISDIR(status.st_mode) else ""

    def blocks(self, status: Stat) -> int:
        size = self.blocksize
        return (status.st_blocks * S_BLKSIZE + size - 1) // size

    def short(self, file: File, widths: tuple[int, int]) -> str:
        """Return a file without its attributes, but those of -i and -s."""
        inode = f"{file.status.st_ino:{widths[0]}d} " if "i" in self.flags else ""
        size = f"{self.blocks(file.status):{widths[1]}d} " if "s" in self.flags else ""
        return inode + size + self.visible(file.name) + self.mark(file.status)

    def when(self, ns: int) -> str:
        seconds = ns // NS
        if "T" in self.flags:
            return strftime("%b %e %H:%M:%S %Y", seconds)
        recent = self.now - SIXMONTHS < seconds < self.now + SIXMONTHS
        return strftime("%b %e %H:%M" if recent else "%b %e  %Y", seconds)

    def size(self, status: Stat) -> str:
        if S_ISCHR(status.st_mode) or S_ISBLK(status.st_mode):
            return f"{major(status.st_rdev)}, {minor(status.st_rdev)}"
        return humanize_number(status.st_size) if "h" in self.flags else str(status.st_size)

    def owner(self, status: Stat) -> str:
        uid = status.st_uid
        return str(uid) if "n" in self.flags else self.names_of.user_from_uid(uid)

    def group(self, status: Stat) -> str:
        gid = status.st_gid
        return str(gid) if "n" in self.flags else self.names_of.group_from_gid(gid)

    # Formats.

    def print(self, files: list[File], total: bool) -> None:
        """Write files in the format asked for."""
        if not files:
            if total and (self.style == "l" or "s" in self.flags):
                self.out.print("total 0")
            return
        inodes = max(len(str(file.status.st_ino)) for file in files)
        sizes = max(len(str(self.blocks(file.status))) for file in files)
        if total and (self.style == "l" or "s" in self.flags):
            self.out.print(f"total {sum(self.blocks(file.status) for file in files)}")
        shown = [self.short(file, (inodes, sizes)) for file in files]
        if self.style == "l":
            self.long(files, (inodes, sizes))
        elif self.style == "m":
            self.stream(shown)
        elif self.style in {"C", "x"}:
            self.columns(shown)
        else:
            for text in shown:
                self.out.print(text)

    def long(self, files: list[File], widths: tuple[int, int]) -> None:
        """Write files with their attributes (-l)."""

        def width(field: Callable[[Stat], str]) -> int:
            return max(len(field(file.status)) for file in files)

        links = width(lambda status: str(status.st_nlink))
        owners, groups, sizes = width(self.owner), width(self.group), width(self.size)
        for file in files:
            status = file.status
            prefix = f"{status.st_ino:{widths[0]}d} " if "i" in self.flags else ""
            prefix += f"{self.blocks(status):{widths[1]}d} " if "s" in self.flags else ""
            user = "" if "g" in self.flags else f"{self.owner(status):<{owners}}  "
            line = (
                f"{prefix}{strmode(status.st_mode)}{status.st_nlink:{links}d} {user}"
                f"{self.group(status):<{groups}}  {self.size(status):>{sizes}} "
                f"{self.when(self._time(status))} {self.visible(file.name)}{self.mark(status)}"
            )
            if S_ISLNK(status.st_mode):
                line += f" -> {self.target(file.path)}"
            self.out.print(line)

    def target(self, path: str) -> str:
        try:
            return self.visible(readlink(path, 1024).decode("utf-8", "surrogateescape"))
        except OSError:
            return ""

    def stream(self, shown: list[str]) -> None:
        """Write names after each other, with commas (-m)."""
        line = ""
        for at, text in enumerate(shown):
            piece = text + (", " if at + 1 < len(shown) else "")
            if line and len(line) + len(piece.rstrip()) >= self.width:
                self.out.print(line.rstrip(" "))
                line = ""
            line += piece
        self.out.print(line)

    def columns(self, shown: list[str]) -> None:
        """Write names in columns, down (-C) or across (-x)."""
        width = max(len(text) for text in shown) + 1
        count = max(self.width // width, 1)
        if count < 2:
            for text in shown:
                self.out.print(text)
            return
        width = self.width // count
        if self.style == "C":
            rows = -(-len(shown) // count)
            lines = [shown[row::rows] for row in range(rows)]
        else:
            lines = [shown[at : at + count] for at in range(0, len(shown), count)]
        for line in lines:
            padded = [text.ljust(width) for text in line[:-1]]
            self.out.print("".join([*padded, line[-1]]))

    # Traversal.

    def get(self, name: str, path: str, follow: bool) -> File | None:
        """Return a file with its status; None after a message."""
        try:
            try:
                return File(name, path, (stat if follow else lstat)(path))
            except OSError:
                if not follow:
                    raise
                return File(name, path, lstat(path))
        except OSError as exc:
            self.fail(path, exc)
            return None

    def arguments(self, args: list[str]) -> None:
        """List what is named on the command line: files first, then directories."""
        follow = "L" in self.flags or not ({"d", "F"} & self.flags or self.style == "l")
        found = [self.get(arg, arg, follow) for arg in args]
        files = self.sort(file for file in found if file is not None)
        if "d" in self.flags:
            self.print(files, total=False)
            return
        plain = [file for file in files if not S_ISDIR(file.status.st_mode)]
        directories = [file for file in files if S_ISDIR(file.status.st_mode)]
        if plain:
            self.print(plain, total=False)
            self.wrote = True
        for directory in directories:
            self.directory(directory.path, titled=len(args) > 1 or "R" in self.flags)

    def directory(self, path: str, titled: bool) -> None:
        """List a directory, and with -R those in it."""
        if titled:
            title = f"{path}:" if self.wrote or len(path) else ""
            self.out.print(f"{chr(10) if self.wrote else ''}{title}")
        self.wrote = True
        base = path if path.endswith("/") else f"{path}/"
        try:
            found = [self.get(name, base + name, "L" in self.flags) for name in self.names(path)]
        except OSError as exc:
            self.fail(path, exc)
            return
        files = self.sort(file for file in found if file is not None)
        self.print(files, total=True)
        if "R" in self.flags:
            for file in files:
                if S_ISDIR(file.status.st_mode) and file.name not in {".", ".."}:
                    self.directory(file.path, titled=True)

    def names(self, path: str) -> Iterator[str]:
        """Yield the names in a directory that are to be listed; it stays open meanwhile."""
        dots = bool({"a", "f"} & self.flags)
        hidden = dots or "A" in self.flags or ("I" not in self.flags and geteuid() == 0)
        for entry in scandir(path):
            if (
                dots
                if entry.d_name in {b".", b".."}
                else hidden or not entry.d_name.startswith(b".")
            ):
                yield entry.d_name.decode("utf-8", "surrogateescape")


def main(argv: list[str]) -> int:
    """Run ls(1)."""
    flags = ""
    options, args = getopt(argv, "1AaBbCcdFfghiIkLlMmnOoPpqRrSsTtuWwXx")
    for option, _ in options:
        if option == "?":
            usage()
        flags += option
    with Writer(1) as out:
        lister = Lister(flags, out)
        if args:
            lister.arguments(args)
        elif "d" in flags:
            lister.arguments(["."])
        else:
            lister.directory(".", titled=False) if "R" not in flags else lister.arguments(["."])
    return lister.status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
