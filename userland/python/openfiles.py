# SPDX-License-Identifier: BSD-2-Clause
"""The files a program writes to, to be flushed at its end.  CPython Python/pylifecycle.c.

CPython closes them as it takes its modules apart; what a cycle of garbage holds
it finds sooner or later.  Here a process's calls must come at the same places on
each run, so what the collector finds is written at the end, too.
"""

import gc
from collections.abc import Mapping
from typing import Any
from weakref import ref

from userland import libc

_collecting = False


def _collector(phase: str, info: Mapping[str, int]) -> None:
    """Note when the collector runs: what it closes is not closed by any program's own doing."""
    global _collecting  # noqa: PLW0603 - the collector is the interpreter's, and it is one
    del info
    _collecting = phase == "start"


gc.callbacks.append(_collector)


def collecting() -> bool:
    """Whether the garbage collector is what runs."""
    return _collecting


class OpenFiles:
    """One process's files open for writing, oldest first, and what garbage had still to write."""

    def __init__(self) -> None:
        self._files: dict[int, ref[Any]] = {}
        self._next = 0
        self._late: list[tuple[int, bytes]] = []

    def add(self, file: Any) -> None:
        """Keep file in mind as long as it lives."""
        number = self._next
        self._next += 1
        self._files[number] = ref(file, lambda _: self._files.pop(number, None))

    def defer(self, fd: int, data: bytes) -> None:
        """Write data to fd at the end of the program."""
        self._late.append((fd, data))

    def flush(self) -> None:
        """Write what is left; what cannot be written is lost, as in CPython."""
        for file in [reference() for reference in list(self._files.values())]:
            try:
                if file is not None and not file.closed:
                    file.flush()
            except (OSError, ValueError):
                continue
        for fd, data in self._late:
            try:
                libc.writeall(fd, data)
            except OSError:
                continue
        self._late.clear()
