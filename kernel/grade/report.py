# SPDX-License-Identifier: BSD-2-Clause
"""What people read: how a submission did, and how all did."""

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from kernel.grade.outcome import Graded, Outcome, joined

_INDENT: Final = "         "
_WIDTH: Final = 100
_LONGEST: Final = 100_000  # characters of all failures in Markdown; GitHub takes 125,000
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>|#~@&])")
_TICKS: Final = re.compile(r"`+")


def report(graded: list[Graded], staff: bool = False) -> str:
    """Return what was graded, each failure with what it tells.

    Args:
        graded: the submissions.
        staff: hidden tests, too.
    """
    return "\n".join("\n".join(_one(one, staff)) + "\n" for one in graded)


def _one(graded: Graded, staff: bool) -> Iterator[str]:
    yield f"{graded.lab}: {graded.student}"
    yield ""
    if graded.note:
        yield f"  note: {graded.note}"
        yield ""
    told: dict[str, int] = {}
    for outcome in graded.outcomes:
        word = "ok  " if outcome.passed else "FAIL"
        score = f"{outcome.points}/{outcome.max_points}"
        yield f"{outcome.number:2} {word} {score:>5}  {outcome.label(staff)}"
        message = outcome.message(staff)
        before = told.get(outcome.reason)
        if before is not None and outcome.said and message and not outcome.hidden:
            yield f"{_INDENT}as test {before}: {outcome.said.partition(chr(10))[0]}"
        elif message:
            told[outcome.reason] = outcome.number
            yield from _wrapped(message)
    yield ""
    yield f"{graded.points} of {graded.max_points} points"


def _wrapped(message: str) -> Iterator[str]:
    """Yield a message's lines; words that are too many for one go on below."""
    for line in message.splitlines():
        if line.startswith(("hint: ", "what: ")):
            yield from textwrap.wrap(
                line, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT + " " * 6
            )
        else:
            yield f"{_INDENT}{line}".rstrip()


def markdown(graded: Graded) -> str:
    """Return the same of one submission as Markdown, for a release, a summary or a comment."""
    lines = [f"### {_plain(graded.lab)}: {graded.points} of {graded.max_points} points", ""]
    if graded.note:
        lines += [_plain(graded.note), ""]
    lines += ["| | test | | points |", "|---:|---|---|---:|"]
    for one in graded.outcomes:
        word = "ok" if one.passed else "FAIL"
        label = _plain(one.label())
        lines.append(f"| {one.number} | {label} | {word} | {one.points}/{one.max_points} |")
    longest = _LONGEST // max(len(graded.outcomes), 1)
    for one in graded.outcomes:
        parts = one.parts()
        if parts:
            lines += ["", f"#### {one.number}. {_plain(one.label())}"]
        if hint := dict(parts).get("hint"):
            lines += ["", _plain(hint)]
        if text := joined([part for part in parts if part[0] != "hint"])[:longest]:
            fence = "`" * max([3, *(len(found) + 1 for found in _TICKS.findall(text))])
            lines += ["", f"{fence}text", text, fence]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Return words such that Markdown shows them as they are."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def table(graded: list[Graded]) -> str:
    """Return a line for each student, and which mistakes were made by how many.

    The time is the host's CPU's.
    """
    if not graded:
        return ""
    tests = graded[0].outcomes
    width = max(len("student"), *(len(one.student) for one in graded))
    heads = [str(outcome.number) for outcome in tests]
    lines = [f"{'student':{width}}  {_row(heads)}  points   time"]
    for one in graded:
        cells = [str(o.points) if o.passed else "-" for o in one.outcomes]
        note = f"  {one.note}" if one.note else ""
        points = f"{one.points:2}/{one.max_points}"
        lines.append(
            f"{one.student:{width}}  {_row(cells)}  {points:6}  {one.cpu_seconds:3.1f} s{note}"
        )
    passed = [str(sum(one.outcomes[i].passed for one in graded)) for i in range(len(tests))]
    mean = sum(one.points for one in graded) / len(graded)
    seconds = sum(one.cpu_seconds for one in graded)
    lines.append(
        f"{'passed':{width}}  {_row(passed)}  {mean:.1f} on average, {seconds:.1f} s in all"
    )
    lines.append("")
    lines += [f"{o.number:3}  {o.max_points:2}  {o.title}" for o in tests]
    lines += _mistakes(graded)
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return " ".join(f"{cell:>3}" for cell in cells)


def _mistakes(graded: list[Graded]) -> Iterator[str]:
    """Yield failures that are the same, the most frequent first; of one test with its hint."""
    groups: dict[tuple[int, str], list[str]] = defaultdict(list)
    for one in graded:
        for outcome in one.outcomes:
            if not outcome.passed:
                groups[outcome.number, _reason(outcome)].append(one.student)
    merged: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for (number, reason), students in sorted(groups.items()):
        merged[reason, tuple(students)].append(number)
    for (reason, who), numbers in sorted(merged.items(), key=lambda m: (-len(m[0][1]), m[1])):
        yield ""
        yield f"{_tests(numbers)}, {len(who)} of {len(graded)}: {reason}"
        hint = graded[0].outcomes[numbers[0] - 1].hint
        if len(numbers) == 1 and hint:
            yield from _paragraph(f"hint: {hint}")
        yield from _paragraph(", ".join(who))


def _tests(numbers: list[int]) -> str:
    """Return how tests are called together: "test 3", "tests 1-4, 6"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return f"test{'s' * (len(numbers) > 1)} {', '.join(words)}"


def _paragraph(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="     ", subsequent_indent="     ")


def _reason(outcome: Outcome) -> str:
    return outcome.reason or "failed"
