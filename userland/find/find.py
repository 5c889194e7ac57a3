# SPDX-License-Identifier: BSD-2-Clause
"""What a walk of find(1) has to know, and the walk.  NetBSD usr.bin/find/find.c."""

from collections.abc import Callable
from typing import Final

from userland.libc.fts import (
    FTS_D,
    FTS_DC,
    FTS_DNR,
    FTS_DP,
    FTS_ERR,
    FTS_NS,
    FTS_PHYSICAL,
    FTSENT,
    fts,
)
from userland.libc.include import Writer, gettimeofday, warnx

Test = Callable[[FTSENT], bool]

_UNSAFE: Final = frozenset(" \t\n\\'\"")
NS: Final = 10**9


class Exit(Exception):
    """-exit: the walk ends with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Find:
    """The options of one find, its output, and its exit status so far."""

    def __init__(self, out: Writer) -> None:
        self.out = out
        self.options = FTS_PHYSICAL
        self.depth = False  # directories after what is in them
        self.sorted = False
        self.xargs = False  # leave out what xargs could not read
        self.extended = False  # regular expressions
        self.output = False  # a primary that prints or acts was given
        self.status = 0
        self.now = gettimeofday().ns // NS
        self.finish: list[Callable[[], None]] = []  # what -exec {} + has left to do

    def walk(self, paths: list[str], plan: Test) -> int:
        """Evaluate plan for each file under paths; return the exit status."""
        try:
            for entry in fts(paths, self.options, _name if self.sorted else None):
                if self._is_visited(entry):
                    plan(entry)
        except Exit as exc:
            return exc.status
        for function in self.finish:
            function()
        return self.status

    def _is_visited(self, entry: FTSENT) -> bool:
        info = entry.fts_info
        if info in {FTS_D, FTS_DP}:
            return (info == FTS_DP) == self.depth
        if info in {FTS_DNR, FTS_ERR, FTS_NS}:
            error = entry.fts_error
            self.out.flush()
            warnx(f"{entry.fts_path}: {error.strerror if error else ''}")
            self.status = 1
            return False
        if info == FTS_DC:
            self.out.flush()
            warnx(f"{entry.fts_path}: directory causes a cycle")
            self.status = 1
            return False
        if self.xargs and not _UNSAFE.isdisjoint(entry.fts_path):
            self.out.flush()
            warnx(f"{entry.fts_path}: illegal path")
            self.status = 1
            return False
        return True


def _name(entry: FTSENT) -> bytes:
    return entry.fts_name.encode("utf-8", "surrogateescape")
