# SPDX-License-Identifier: BSD-2-Clause
"""A trace of the host's for the readers that print it, also while it is written (-l)."""

import os
import stat
import sys
import time

from userland.libktrace.reader import Rewound

_PAUSE = 1.0  # seconds, as in NetBSD


class Trace:
    """A file of the host's, or standard input for "-"."""

    def __init__(self, name: str) -> None:
        """Open it.

        Raises:
            OSError: it cannot be.
        """
        self._name = name
        file = 0 if name == "-" else name
        self._file = open(file, "rb", buffering=0, closefd=name != "-")  # noqa: SIM115 - close() does
        self._regular = stat.S_ISREG(os.fstat(self._file.fileno()).st_mode)

    def read(self, size: int) -> bytes | None:
        """Return up to size bytes, none at the end."""
        return self._file.read(size)

    def close(self) -> None:
        """Close it, unless it is standard input."""
        self._file.close()

    def wait(self) -> None:
        """Pause at the end.

        Raises:
            Rewound: the file is shorter than what was read of it, or another one has its name.
        """
        time.sleep(_PAUSE)
        if self._regular and self._name != "-" and self._is_another():
            raise Rewound

    def _is_another(self) -> bool:
        """Whether the name stands for a trace that has been begun since."""
        mine = os.fstat(self._file.fileno())
        if mine.st_size < self._file.tell():
            return True
        try:
            now = os.stat(self._name)
        except FileNotFoundError:
            return False  # removed; what is written to it is still to be seen
        return not os.path.samestat(mine, now)


def columns() -> int | None:
    """Return the width of the terminal that standard error is."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        return None
