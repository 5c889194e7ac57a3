# SPDX-License-Identifier: BSD-2-Clause
"""The files that a program leaves open, to be seen to at its end.  CPython Python/pylifecycle.c.

CPython closes them as it takes its modules apart.  The host's garbage collector comes
when it likes, and a program's calls must be at the same places on each run: what it finds
is set aside, and closed when the program itself collects (gc.collect).  At the end it
is no more than written: the kernel closes all.
"""

import gc
from collections.abc import Callable, Collection
from contextlib import suppress
from operator import itemgetter
from typing import Any
from weakref import ref


class OpenFiles:
    """One process's files: those open for writing, oldest first, and what became of garbage."""

    def __init__(self) -> None:
        self._files: dict[int, ref[Any]] = {}
        self._next = 0
        self._left: list[tuple[int, bool, Callable[[], object]]] = []

    def number(self) -> int:
        """Return the number of a new file: they are made in the same order on each run."""
        self._next += 1
        return self._next

    def add(self, file: Any) -> None:
        """Keep file in mind as long as it lives."""
        number = self.number()
        self._files[number] = ref(file, lambda _: self._files.pop(number, None))

    def set_aside(self, number: int, act: Callable[[], object], writes: bool = False) -> None:
        """The collector has found file number: act, of closing it, waits for settle()."""
        self._left.append((number, writes, act))

    def settle(self, ends: bool = False) -> None:
        """Close what the collector has found, oldest first; what cannot be written is lost.

        Whether it has found what is not written to yet by the end of the program is chance.
        """
        left, self._left = self._left, []
        left.sort(key=itemgetter(0))
        for _, writes, act in left:
            if writes or not ends:
                with suppress(OSError, ValueError):
                    act()

    def flush(self, streams: Callable[[], Collection[object]]) -> None:
        """Write what is left; what cannot be written is lost, as in CPython.

        Args:
            streams: returns those of sys, which are never garbage.
        """
        if self._files and self._any_besides(streams()):
            gc.collect()  # as CPython: some may be, and the collector may have found them, or not
        self.settle(ends=True)
        for file in self._open():
            with suppress(OSError, ValueError):
                file.flush()

    def _any_besides(self, streams: Collection[object]) -> bool:
        return any(file not in streams for file in self._open())

    def _open(self) -> list[Any]:
        files = [reference() for reference in list(self._files.values())]
        return [file for file in files if file is not None and not _closed(file)]


def _closed(file: Any) -> bool:
    try:
        return bool(file.closed)
    except ValueError:  # detached
        return True
