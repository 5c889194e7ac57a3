# SPDX-License-Identifier: BSD-2-Clause
"""What grading comes to: one object for each test, of which every format is made."""

from dataclasses import dataclass, field
from typing import Final

from kernel.printable import printable

LEVELS: Final = ("full", "actual", "none")
_LONGEST: Final = 4000  # characters of one part of a message
_WIDTH: Final = 200  # of a command
_LINES: Final = 8  # of output, at either end


class ProgramStopped(Exception):
    """A program was not let go on, or could not: the text says why, after "it ..."."""


@dataclass(frozen=True)
class Outcome:
    """How one test of one submission went.

    Attributes:
        number: of the test in the lab, from 1.
        detail: how much a failure tells: full, actual (not what was expected), none.
        reason: what was wrong, in a line, without what differs from one submission to the next.
        said: the same in the words of the test, or of who stopped the program.
        stopped: whether said is the latter.
        explained: what was expected and what was there.
        actual: only what was there.
        ran: the commands, with their input.
        output: what they printed.
        trace: the host's file that has the trace, if one is kept.
    """

    name: str
    title: str
    number: int
    max_points: int
    passed: bool
    hidden: bool = False
    detail: str = "full"
    hint: str = ""
    reason: str = ""
    said: str = ""
    stopped: bool = False
    explained: str = ""
    actual: str = ""
    ran: str = ""
    output: str = ""
    trace: str = ""
    calls: int = 0
    seconds: float = 0.0  # of virtual time
    cpu_seconds: float = 0.0  # of the host

    @property
    def points(self) -> int:
        """What it is worth."""
        return self.max_points if self.passed else 0

    def label(self, staff: bool = False) -> str:
        """Return what a student may call it."""
        return self.title if staff or not self.hidden else f"hidden test {self.number}"

    def parts(self, staff: bool = False) -> list[tuple[str, str]]:
        """Return what a failure tells, each part with its heading.

        Of a hidden test that is nothing, or what stopped the program.

        Args:
            staff: for an instructor: everything.
        """
        if self.passed:
            return []
        if self.hidden and not staff:
            return [("what", _cut(self.reason))] if self.stopped else []
        level = "full" if staff else self.detail
        told = [("hint", self.hint)]
        if level != "none" or self.stopped:
            told.append(("what", self.said))
        if level != "none":
            told.append(("found", self.explained if level == "full" else self.actual))
            told.append(("ran", "\n".join(map(_short, self.ran.splitlines()))))
            told.append(("output", _few(self.output)))
            told.append(("trace", self.trace))
        return [(heading, _cut(text)) for heading, text in told if text]

    def message(self, staff: bool = False) -> str:
        """Return the same as a text."""
        return joined(self.parts(staff))


@dataclass(frozen=True)
class Graded:
    """How a submission did.

    Attributes:
        lab: the lab's title.
        student: whose it is: the folder's name or the file's.
        note: what is wrong with the submission as a whole.
    """

    lab: str
    student: str
    note: str = ""
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def points(self) -> int:
        """What it is worth."""
        return sum(outcome.points for outcome in self.outcomes)

    @property
    def max_points(self) -> int:
        """What it could be worth."""
        return sum(outcome.max_points for outcome in self.outcomes)

    @property
    def cpu_seconds(self) -> float:
        """What the host has spent on it."""
        return sum(outcome.cpu_seconds for outcome in self.outcomes)

    @property
    def passed(self) -> bool:
        """Whether nothing has failed."""
        return all(outcome.passed for outcome in self.outcomes)


def joined(parts: list[tuple[str, str]]) -> str:
    """Return parts of a message, each with its heading, as a text."""
    return "\n".join(
        f"{heading}: {text}" if "\n" not in text else f"{heading}:\n{text}"
        for heading, text in parts
    )


def _short(line: str) -> str:
    """Return a line, or its begin and end."""
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH // 2]} ... {line[-_WIDTH // 2 :]}"


def _few(text: str) -> str:
    """Return a program's output, of many lines the first and the last."""
    lines = text.splitlines()
    left_out = len(lines) - 2 * _LINES
    if left_out <= 1:
        return text
    return "\n".join([*lines[:_LINES], f"... {left_out} lines ...", *lines[-_LINES:]])


def _cut(text: str) -> str:
    """Leave out the middle of what is very long."""
    if len(text) <= _LONGEST:
        return printable(text)
    half = _LONGEST // 2
    begin, end = printable(text[:half]), printable(text[-half:])
    return f"{begin}\n... {len(text) - 2 * half} characters ...\n{end}"
