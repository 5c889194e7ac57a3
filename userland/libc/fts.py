# SPDX-License-Identifier: BSD-2-Clause
"""Walk file hierarchies: fts(3).  NetBSD lib/libc/gen/fts.c."""

from collections.abc import Callable, Iterator
from errno import ENOENT
from typing import Any, Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.stat import S_ISDIR, S_ISLNK
from userland.libc.dirent import listdir
from userland.libc.records import Stat
from userland.libc.sys import lstat, stat

# fts_open options
FTS_COMFOLLOW: Final = 0x001  # follow symbolic links named by the caller
FTS_LOGICAL: Final = 0x002  # follow all symbolic links
FTS_PHYSICAL: Final = 0x010  # follow none
FTS_XDEV: Final = 0x040  # do not go into other file systems

# fts_info
FTS_D: Final = 1  # a directory, before what is in it
FTS_DC: Final = 2  # a directory that leads to itself
FTS_DNR: Final = 4  # a directory that cannot be read
FTS_DP: Final = 6  # a directory, after what is in it
FTS_ERR: Final = 7
FTS_F: Final = 8  # a regular file
FTS_NS: Final = 10  # no status could be had
FTS_SL: Final = 12  # a symbolic link
FTS_SLNONE: Final = 13  # a symbolic link to nothing
FTS_DEFAULT: Final = 3  # anything else

Compare = Callable[["FTSENT"], Any]


@dataclass(slots=True, eq=False)
class FTSENT:
    """A file in a hierarchy; set skip on a directory not to go into it (FTS_SKIP)."""

    fts_path: str
    fts_name: str
    fts_level: int  # 0: named by the caller
    fts_info: int = FTS_DEFAULT
    fts_statp: Stat | None = None  # None: see fts_error
    fts_error: OSError | None = None
    fts_parent: "FTSENT | None" = None
    skip: bool = field(default=False)

    @property
    def status(self) -> Stat:
        """The file's attributes; only where fts_info says that they are known."""
        if self.fts_statp is None:
            raise AssertionError(f"no status of {self.fts_path}")
        return self.fts_statp


def fts(paths: list[str], options: int, key: Compare | None = None) -> Iterator[FTSENT]:
    """Yield the files under paths, directories before and after what is in them.

    Args:
        options: FTS_PHYSICAL or FTS_LOGICAL, and FTS_COMFOLLOW, FTS_XDEV.
        key: sorts the entries of a directory, and paths; None keeps their order.
    """
    roots = [_entry(path, path, 0, None, options) for path in paths]
    if key is not None:
        roots.sort(key=key)
    for entry in roots:
        yield from _walk(entry, options, key)


def _walk(entry: FTSENT, options: int, key: Compare | None) -> Iterator[FTSENT]:
    yield entry
    if entry.fts_info != FTS_D or entry.skip:
        return
    elsewhere = options & FTS_XDEV and entry.status.st_dev != _root(entry).status.st_dev
    try:
        names = [] if elsewhere else listdir(entry.fts_path)
    except OSError as exc:
        entry.fts_info, entry.fts_error = FTS_DNR, exc
        yield entry
        return
    children = [
        _entry(_join(entry.fts_path, name), name, entry.fts_level + 1, entry, options)
        for name in names
    ]
    if key is not None:
        children.sort(key=key)
    for child in children:
        yield from _walk(child, options, key)
    entry.fts_info = FTS_DP
    yield entry


def _root(entry: FTSENT) -> FTSENT:
    """Return the file named by the caller that led to entry."""
    while entry.fts_parent is not None:
        entry = entry.fts_parent
    return entry


def _join(directory: str, name: str) -> str:
    return directory + name if directory.endswith("/") else f"{directory}/{name}"


def _entry(path: str, name: str, level: int, parent: FTSENT | None, options: int) -> FTSENT:
    """Return an entry with its status and kind."""
    entry = FTSENT(path, name, level, fts_parent=parent)
    follow = bool(options & FTS_LOGICAL) or (level == 0 and bool(options & FTS_COMFOLLOW))
    try:
        entry.fts_statp = _status(path, follow)
    except OSError as exc:
        entry.fts_info, entry.fts_error = FTS_NS, exc
        return entry
    mode = entry.fts_statp.st_mode
    if S_ISDIR(mode):
        entry.fts_info = FTS_DC if _is_cycle(entry) else FTS_D
    elif S_ISLNK(mode):
        entry.fts_info = FTS_SLNONE if follow else FTS_SL
    else:
        entry.fts_info = FTS_F
    return entry


def _status(path: str, follow: bool) -> Stat:
    if not follow:
        return lstat(path)
    try:
        return stat(path)
    except OSError as exc:
        if exc.errno != ENOENT:
            raise
        return lstat(path)


def _is_cycle(entry: FTSENT) -> bool:
    """Tell whether a directory is its own ancestor."""
    here = entry.status
    above = entry.fts_parent
    while above is not None:
        other = above.status
        if (other.st_dev, other.st_ino) == (here.st_dev, here.st_ino):
            return True
        above = above.fts_parent
    return False
