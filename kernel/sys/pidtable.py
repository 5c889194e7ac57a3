# SPDX-License-Identifier: BSD-2-Clause
"""The table of all processes, which is gone through in the order of their ids.

NetBSD's pid_table is an array; its allproc is a list.
"""

from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kernel.sys.proc import Proc

_Table = dict[int, "Proc"]


class PidTable(_Table):
    """Processes by their ids.  They count up: only when they have come round is there to sort."""

    _mixed = False  # whether a lower id may stand behind a higher one

    def __setitem__(self, pid: int, p: "Proc") -> None:
        last = next(super().__reversed__(), -1)
        super().__setitem__(pid, p)
        if pid < last:
            self._mixed = True

    def _sort(self) -> None:
        if self._mixed:
            self._mixed = False
            ordered = sorted(super().items())
            self.clear()
            self.update(ordered)

    def __iter__(self) -> Iterator[int]:
        self._sort()
        return super().__iter__()

    def __reversed__(self) -> Iterator[int]:
        self._sort()
        return super().__reversed__()

    def keys(self) -> KeysView[int]:  # type: ignore[override]  # no public class
        """Return the ids, the lowest first."""
        self._sort()
        return super().keys()

    def values(self) -> ValuesView["Proc"]:  # type: ignore[override]  # no public class
        """Return the processes, the lowest id first."""
        self._sort()
        return super().values()

    def items(self) -> ItemsView[int, "Proc"]:  # type: ignore[override]  # no public class
        """Return both, the lowest id first."""
        self._sort()
        return super().items()
