# SPDX-License-Identifier: BSD-2-Clause
"""What a test knows of a trace besides its records; light, for those who only run programs."""

from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import TYPE_CHECKING

from kernel.sys.dataclasses import dataclass
from kernel.sys.namedtuple import NamedTuple

if TYPE_CHECKING:
    from userland.libktrace.golden import Sections
    from userland.libktrace.selection import Claim


class Line(NamedTuple):
    """A line of a program that made a call."""

    file: str  # as the program knows it
    number: int
    function: str
    importing: bool = False  # it imports, and the call is the importer's

    def __str__(self) -> str:
        return f"{self.file}:{self.number} in {self.function}"


class Noting(NamedTuple):
    """What is known of a call besides its records."""

    line: Line | None  # that made it; None: no line of a program
    stored: tuple[int, ...] = ()  # descriptors or pids that it has stored in memory


# By (pid, LWP): what is known of each CALL record, in their order.
Lines = Mapping[tuple[int, int], Sequence[Noting]]


@dataclass(slots=True, eq=False)
class Judged:
    """What has been asked last whether it is so, by which code; and where golden traces are."""

    what: "Claim | None" = None
    code: CodeType | None = None
    match: "Callable[[str | None, Sections], None] | None" = None
