# SPDX-License-Identifier: BSD-2-Clause
"""The files and directories that diff(1) compares."""

import re
from collections.abc import Callable

from kernel.sys.dataclasses import dataclass, field
from userland.diff.analyze import Change, compare
from userland.diff.output import STYLES, Report, Side
from userland.libc.fgetln import blocks
from userland.libc.fnmatch import fnmatch
from userland.libc.include import (
    ENOENT,
    O_RDONLY,
    S_ISDIR,
    S_ISREG,
    Stat,
    Writer,
    close,
    fstat,
    listdir,
    open,
    stat,
    warn,
)

SAME, DIFFERENT, TROUBLE = 0, 1, 2
_SPACE = re.compile(rb"[ \t\n\v\f\r]+")
_MISSING = Stat()


@dataclass(slots=True)
class Diff:
    """What the options ask for."""

    out: Writer
    flags: set[str]
    words: str  # the options, as the line between files shows them
    style: str = "normal"
    context: int = 3
    labels: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)

    def pair(self, old: str, new: str) -> int:
        """Compare two operands; return the exit status."""
        known: list[Stat | None] = []
        for name in (old, new):
            try:
                known.append(fstat(0) if name == "-" else stat(name))
            except OSError as exc:
                if exc.errno == ENOENT and "N" in self.flags:
                    known.append(None)
                    continue
                self._fail(name)
                known.append(_MISSING)
        if _MISSING in known or known == [None, None]:
            return TROUBLE
        is_dir = [each is not None and S_ISDIR(each.st_mode) for each in known]
        if is_dir[0] and (is_dir[1] or known[1] is None):
            return self.directories(old, new)
        if is_dir[1] and known[0] is None:
            return self.directories(old, new)
        if is_dir[0]:
            return self.pair(f"{old.rstrip('/')}/{new.rpartition('/')[2]}", new)
        if is_dir[1]:
            return self.pair(old, f"{new.rstrip('/')}/{old.rpartition('/')[2]}")
        return self.files(old, new)

    def _fail(self, name: str) -> None:
        self.out.flush()
        warn(name)

    # Directories.

    def _names(self, directory: str) -> list[str]:
        names = [
            name
            for name in listdir(directory)
            if not any(not fnmatch(pattern, name) for pattern in self.exclude)
        ]
        return sorted(names, key=lambda name: name.encode("utf-8", "surrogateescape"))

    def directories(self, old: str, new: str) -> int:
        """Compare what is in two directories."""
        sides: list[list[str]] = []
        for directory in (old, new):
            try:
                sides.append(self._names(directory))
            except OSError as exc:
                if exc.errno == ENOENT and "N" in self.flags:
                    sides.append([])
                    continue
                self._fail(directory)
                return TROUBLE
        status = SAME
        everything = {*sides[0], *sides[1]}
        for name in sorted(everything, key=lambda name: name.encode("utf-8", "surrogateescape")):
            here = [name in side for side in sides]
            if all(here) or "N" in self.flags:
                status = max(status, self._both(_join(old, name), _join(new, name), here))
            else:
                self.out.print(f"Only in {old if here[0] else new}: {name}")
                status = max(status, DIFFERENT)
        return status

    def _both(self, old: str, new: str, here: list[bool]) -> int:
        """Compare what has the same name in both directories."""
        known = []
        for name, exists in zip((old, new), here, strict=True):
            try:
                known.append(stat(name) if exists else None)
            except OSError:
                self._fail(name)
                return TROUBLE
        is_dir = [each is None or S_ISDIR(each.st_mode) for each in known]
        if all(is_dir):
            if "r" in self.flags:
                return self.directories(old, new)
            if all(here):
                self.out.print(f"Common subdirectories: {old} and {new}")
                return SAME
            directory, _, base = (old if here[0] else new).rpartition("/")
            self.out.print(f"Only in {directory}: {base}")
            return DIFFERENT
        kinds = [_kind(each) for each in known if each is not None]
        if len(set(kinds)) > 1:
            self.out.print(f"File {old} is a {kinds[0]} while file {new} is a {kinds[1]}")
            return DIFFERENT
        return self.files(old, new, between=True, here=here)

    # Files.

    def files(
        self, old: str, new: str, between: bool = False, here: list[bool] | None = None
    ) -> int:
        """Compare two files; between says which ones before their differences."""
        sides = []
        exists = here or [True, True]
        for at, name in enumerate((old, new)):
            try:
                data, status = _read(name) if exists[at] else (b"", None)
            except OSError as exc:
                if exc.errno != ENOENT or "N" not in self.flags:
                    self._fail(name)
                    return TROUBLE
                data, status = b"", None
            label = self.labels[at] if at < len(self.labels) else None
            sides.append((data, Side(name, _lines(data), status, label)))
        (data0, side0), (data1, side1) = sides
        if data0 == data1:
            return self._same(old, new)
        binary = b"\0" in data0[:8192] or b"\0" in data1[:8192]
        if binary and "a" not in self.flags:
            what = "Files" if "q" in self.flags else "Binary files"
            self.out.print(f"{what} {old} and {new} differ")
            return DIFFERENT if "q" in self.flags else TROUBLE
        horizon = self.context if self.style in {"context", "unified"} else 0
        changes = compare(self._keys(side0.lines), self._keys(side1.lines), horizon)
        if "B" in self.flags:
            changes = [change for change in changes if not _is_blank(change, side0, side1)]
        if not changes:
            return self._same(old, new)
        if "q" in self.flags:
            self.out.print(f"Files {old} and {new} differ")
            return DIFFERENT
        if between:
            names = [side.label or side.name for side in (side0, side1)]
            self.out.print(f"diff{self.words} {' '.join(names)}")
        report = Report(self.out, side0, side1, changes, self.context, "t" in self.flags)
        STYLES[self.style](report)
        return DIFFERENT

    def _same(self, old: str, new: str) -> int:
        if "s" in self.flags:
            self.out.print(f"Files {old} and {new} are identical")
        return SAME

    def _keys(self, lines: list[bytes]) -> list[bytes]:
        """Return what is compared of lines."""
        make: Callable[[bytes], bytes] | None = None
        if "w" in self.flags:
            make = _without_space
        elif "b" in self.flags:
            make = _less_space
        keys = [make(line) for line in lines] if make else lines
        return [line.lower() for line in keys] if "i" in self.flags else keys


def _join(directory: str, name: str) -> str:
    return f"{directory.rstrip('/') or '/'}/{name}" if directory != "/" else f"/{name}"


def _kind(status: Stat) -> str:
    if S_ISDIR(status.st_mode):
        return "directory"
    if S_ISREG(status.st_mode):
        return "regular empty file" if not status.st_size else "regular file"
    return "special file"


def _read(name: str) -> tuple[bytes, Stat]:
    fd = 0 if name == "-" else open(name, O_RDONLY)
    status = fstat(fd)
    data = b"".join(blocks(fd, 65536))
    if fd:
        close(fd)
    return data, status


def _lines(data: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in data.split(b"\n")]
    last = lines.pop()
    return [*lines, last[:-1]] if len(last) > 1 else lines


def _without_space(line: bytes) -> bytes:
    return _SPACE.sub(b"", line)


def _less_space(line: bytes) -> bytes:
    return _SPACE.sub(b" ", line.rstrip(b" \t\n\v\f\r"))


def _is_blank(change: Change, old: Side, new: Side) -> bool:
    """Tell whether a change is about blank lines only."""
    lines = old.lines[change.line0 : change.line0 + change.deleted]
    lines = lines + new.lines[change.line1 : change.line1 + change.inserted]
    return all(line in {b"\n", b""} for line in lines)
