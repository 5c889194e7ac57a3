# SPDX-License-Identifier: BSD-2-Clause
"""The files a program writes to, to be flushed at its end.  CPython Python/pylifecycle.c.

CPython closes them as it takes its modules apart.  What only the garbage collector
finds is closed at the end as well, by the kernel: the collector comes when it
likes, and a program's calls must be at the same places on each run.
"""

from typing import Any
from weakref import ref


class OpenFiles:
    """One process's files open for writing, oldest first."""

    def __init__(self) -> None:
        self._files: dict[int, ref[Any]] = {}
        self._next = 0

    def add(self, file: Any) -> None:
        """Keep file in mind as long as it lives."""
        number = self._next
        self._next += 1
        self._files[number] = ref(file, lambda _: self._files.pop(number, None))

    def flush(self) -> None:
        """Write what is left; what cannot be written is lost, as in CPython."""
        for file in [reference() for reference in list(self._files.values())]:
            try:
                if file is not None and not file.closed:
                    file.flush()
            except (OSError, ValueError):
                continue
