# SPDX-License-Identifier: BSD-2-Clause
"""stat: tell what is known of files.  NetBSD usr.bin/stat/stat.c."""

import re
import sys
from collections.abc import Callable
from typing import NoReturn

from kernel.sys.types import major, minor
from userland.libc import (
    ENOENT,
    S_ISBLK,
    S_ISCHR,
    S_ISLNK,
    Stat,
    Writer,
    errx,
    exit,
    fstat,
    getgrgid,
    getopt,
    getpwuid,
    lstat,
    malloc,
    readlink,
    strtol,
    warn,
    write,
)
from userland.libc import stat as stat_
from userland.libc.realpath import realpath
from userland.libc.strftime import strftime
from userland.libc.strmode import strmode

NS = 10**9
PATH_MAX = 1024
FORMATS = {
    "": '%d %i %Sp %l %Su %Sg %r %z "%Sa" "%Sm" "%Sc" "%SB" %k %b %#Xf %N',
    "l": "%Sp %l %Su %Sg %Z %Sm %N%SY",
    "F": "%Sp %l %Su %Sg %Z %Sm %N%T%SY",
    "r": "%d %i %#p %l %u %g %r %z %a %m %c %B %k %b %f %N",
    "s": "st_dev=%d st_ino=%i st_mode=%#p st_nlink=%l st_uid=%u st_gid=%g st_rdev=%r st_size=%z"
    " st_atime=%a st_mtime=%m st_ctime=%c st_birthtime=%B st_blksize=%k st_blocks=%b st_flags=%f",
    "x": '  File: "%N"%n  Size: %-11z  FileType: %HT%n  Mode: (%04OLp/%.10Sp)         Uid:'
    " (%5u/%8Su)  Gid: (%5g/%8Sg)%nDevice: %Hd,%Ld   Inode: %i    Links: %l%nAccess: %Sa%n"
    "Modify: %Sm%nChange: %Sc",
}
ITEM = re.compile(
    r"%(?:(?P<simple>[nt%@])|(?P<flags>[-# +0]*)(?P<width>\d*)(?:\.(?P<precision>\d*))?"
    r"(?P<form>[DOUXFS]?)(?P<piece>[HML]?)(?P<datum>[RdiplugramcBzbkfvYTNZ]))",
    re.ASCII,
)
FIELDS = {
    "d": "st_dev", "i": "st_ino", "l": "st_nlink", "u": "st_uid", "g": "st_gid", "r": "st_rdev",
    "z": "st_size", "b": "st_blocks", "k": "st_blksize", "f": "st_flags", "v": "st_gen",
    "p": "st_mode",
}  # fmt: skip
TIMES = {"a": "st_atim", "m": "st_mtim", "c": "st_ctim", "B": "st_birthtim"}
LETTERS = {"D": "d", "O": "o", "U": "d", "X": "x"}
SHIFTS = {"H": 30, "M": 20, "L": 10}  # of a size: giga, mega, kilo
MARKS = {1: "|", 4: "/", 10: "@", 12: "=", 14: "%"}  # by type of file
TYPES = {
    1: "Fifo File", 2: "Character Device", 4: "Directory", 6: "Block Device", 8: "Regular File",
    10: "Symbolic Link", 12: "Socket", 14: "Whiteout File",
}  # fmt: skip


def usage() -> NoReturn:
    write(2, b"usage: stat [-FLnq] [-f format | -l | -r | -s | -x] [-t timefmt] [file ...]\n")
    exit(1)


class Shower:
    """One file by a format."""

    def __init__(self, status: Stat, name: str | None, timefmt: str, number: int) -> None:
        self.status = status
        self.name = name
        self.timefmt = timefmt
        self.number = number

    def show(self, form: str) -> str:
        """Return the format filled in."""
        out, at = [], 0
        while (start := form.find("%", at)) >= 0:
            out.append(form[at:start])
            match = ITEM.match(form, start)
            if match is None:
                errx(1, f"{form[start : start + 2]}: bad format")
            at = match.end()
            simple = {"n": "\n", "t": "\t", "%": "%", "@": str(self.number)}
            out.append(simple[match["simple"]] if match["simple"] else self.item(match))
        out.append(form[at:])
        return "".join(out)

    def room(self, match: re.Match[str]) -> None:
        """End where an item has more columns than there is memory for."""
        try:
            malloc(max(strtol(match[each] or "0")[0] for each in ("width", "precision")))
        except OSError as exc:
            errx(1, f"{match[0]}: {exc.strerror}")

    def bad(self, match: re.Match[str]) -> NoReturn:
        errx(1, f"{match[0]}: bad format")

    def item(self, match: re.Match[str], datum: str = "", piece: str | None = None) -> str:
        """Return one item of a format, or another datum shown in its way."""
        self.room(match)
        datum = datum or match["datum"]
        piece = match["piece"] if piece is None else piece
        if datum in TIMES:
            return self.time(match, getattr(self.status, TIMES[datum]))
        if datum == "Z":
            if S_ISCHR(self.status.st_mode) or S_ISBLK(self.status.st_mode):
                return f"{self.item(match, 'r', 'H')},{self.item(match, 'r', 'L')}"
            return self.item(match, "z", "")
        texts: dict[str, Callable[[str], str]] = {
            "N": self.filename,
            "T": self.filetype,
            "R": lambda _: self.path(match["form"] == "S"),
            "Y": lambda _: self.target(match["form"] == "S"),
        }
        if datum in texts:
            if match["form"] not in {"", "S"} or (piece and datum in "RY"):
                self.bad(match)
            return self.text(match, texts[datum](piece))
        number: int = getattr(self.status, FIELDS[datum])
        if match["form"] == "S":
            return self.text(match, self.name_of(match, datum, number, piece))
        return self.numeric(match, datum, number, piece)

    def text(self, match: re.Match[str], text: str) -> str:
        precision = "" if match["precision"] is None else f".{match['precision']}"
        flags = match["flags"].replace("0", "")
        return f"%{flags}{match['width']}{precision}s" % text

    def numeric(self, match: re.Match[str], datum: str, number: int, piece: str) -> str:
        shift = 0
        if piece and datum in "dr":
            number = {"H": major, "L": minor}.get(piece, lambda _: self.bad(match))(number)
        elif piece and datum == "p":
            number = {"H": number >> 12, "M": number >> 9 & 7, "L": number & 0o777}[piece]
        elif piece and datum == "z":
            shift = SHIFTS[piece]
        elif piece or match["form"] == "F":
            self.bad(match)
        if shift:
            number = (number >> (shift - 1)) + 1 >> 1
        letter = LETTERS[match["form"] or ("O" if datum == "p" else "U")]
        precision = "" if match["precision"] is None else f".{match['precision']}"
        flags = match["flags"]
        if letter == "o" and "#" in flags:
            flags = flags.replace("#", "")
            return f"%{flags}{match['width']}s" % (f"0{number:o}" if number else "0")
        if letter == "x" and number == 0:
            flags = flags.replace("#", "")
        return f"%{flags}{match['width']}{precision}{letter}" % number

    def name_of(self, match: re.Match[str], datum: str, number: int, piece: str) -> str:
        """Return the string form of a number."""
        if datum == "u":
            user = getpwuid(number)
            return user.pw_name if user else f"({number})"
        if datum == "g":
            group = getgrgid(number)
            return group.gr_name if group else f"({number})"
        if datum == "p":
            mode = strmode(number).rstrip()
            start = {"H": 1, "M": 4, "L": 7}.get(piece)
            return mode if start is None else mode[start : start + 3]
        if datum in "dr":
            return "???"
        self.bad(match)

    def time(self, match: re.Match[str], ns: int) -> str:
        seconds = ns // NS
        form = match["form"]
        if form == "S":
            return self.text(match, strftime(self.timefmt, seconds))
        width, precision = match["width"], match["precision"]
        if form != "F" or precision == "0":
            letter = LETTERS.get(form, "d")
            return f"%{match['flags']}{width}{letter}" % seconds
        digits = strtol(precision or "9")[0]
        left = strtol(width)[0] - digits - 1
        whole = f"%{match['flags']}{left if left > 0 else ''}d" % seconds
        return f"{whole}.{f'{ns % NS:09}'.ljust(digits, '0')[:digits]}"

    def filename(self, piece: str) -> str:
        if self.name is None:
            return "(stdin)"
        if not piece:
            return self.name
        directory, slash, base = self.name.rstrip("/").rpartition("/")
        if piece == "H":
            return directory or slash or "."
        return base or self.name

    def filetype(self, piece: str) -> str:
        mode = self.status.st_mode
        kind = mode >> 12 & 0o17
        if piece == "H":
            return TYPES.get(kind, "???")
        if kind == 8 and mode & 0o111:
            return "*"
        return MARKS.get(kind, "")

    def path(self, arrow: bool) -> str:
        try:
            found = realpath(self.name or "")
        except OSError:
            return ""
        return (" -> " if arrow else "") + found

    def target(self, arrow: bool) -> str:
        if not S_ISLNK(self.status.st_mode) or self.name is None:
            return ""
        target = readlink(self.name, PATH_MAX).decode("utf-8", "surrogateescape")
        return (" -> " if arrow else "") + target


def status_of(name: str | None, follow: bool) -> Stat:
    """Return a file's status; a link to nothing is looked at itself.

    Raises:
        OSError: ENOENT, EACCES ...
    """
    if name is None:
        return fstat(0)
    if not follow:
        return lstat(name)
    try:
        return stat_(name)
    except OSError as exc:
        if exc.errno != ENOENT:
            raise
        return lstat(name)


def main(argv: list[str]) -> int:
    """Run stat(1)."""
    flags: set[str] = set()
    kind, form, timefmt = "", "", ""
    options, args = getopt(argv, "f:FlLnqrst:x")
    for option, value in options:
        if option == "?":
            usage()
        if option in {"f", "l", "r", "s", "x"}:
            if kind:
                errx(1, f"can't use format '{kind}' with '{option}'")
            kind = option
            form = value or FORMATS.get(option, "")
        elif option == "t":
            timefmt = value
        flags.add(option)
    if "F" in flags:
        if kind not in {"", "l"}:
            errx(1, f"can't use format '{kind}' with -F")
        form = FORMATS["F"]
    elif not kind:
        form = FORMATS[""]
    timefmt = timefmt or ("%c" if kind == "x" else "%b %e %T %Y")
    status = 0
    names: list[str | None] = [*args] or [None]
    follow = "L" in flags
    with Writer(1) as out:
        for number, name in enumerate(names, 1):
            try:
                known = status_of(name, follow)
            except OSError:
                status = 1
                if "q" not in flags:
                    out.flush()
                    warn(f"{name or '(stdin)'}: {'stat' if follow else 'lstat'}")
                continue
            text = Shower(known, name, timefmt, number).show(form)
            if not text.endswith("\n") and "n" not in flags:
                text += "\n"
            out.write(text.encode("utf-8", "surrogateescape"))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
