# SPDX-License-Identifier: BSD-2-Clause
"""A trace as a text that is kept beside a test, and read by people: what must not change.

Each process has its calls and signals, a line each, under its place in the family; which process
ran when makes no difference.  Left out is what changes though the program does not: times, pids,
addresses, and what Python does to start and to import.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.namedtuple import NamedTuple
from userland.libktrace.align import Stretch, stretches
from userland.libktrace.calls import Call, Signal
from userland.libktrace.compare import Normal, histories_of
from userland.libktrace.decode import quoted
from userland.libktrace.steps import Step

_DATA: Final = 64  # bytes of data that are shown; a check sum stands for longer ones
_CONTEXT: Final = 4  # lines shown around a difference
_DIFFERENCES: Final = 5  # that are shown
_LONGEST: Final = 160  # characters of a line
_KEPT: Final = frozenset(("execve", "fexecve", "exit"))  # of calls that no line has made
_HEADING: Final = re.compile(r"process (\S+) (.*)")


class _Golden(Normal):
    """Writes long data so that it can be read, and a change seen."""

    def __init__(self) -> None:
        super().__init__(_DATA)

    def data(self, data: bytes) -> str:
        """Return the beginning of what was moved, and what tells others with it apart."""
        shown = quoted(data, _DATA)
        if len(data) <= _DATA:
            return shown
        return f"{shown}<{len(data)} bytes, crc {zlib.crc32(data):08x}>"

    def entries(self, names: list[bytes]) -> str:
        """Return all entries of a directory."""
        return f"[{', '.join(quoted(name, len(name)) for name in names)}]"


class Row(NamedTuple):
    """A line of the text, and the step it tells of."""

    text: str
    step: Step | None = None


@dataclass(slots=True)
class Section:
    """What a process did: who it is is in the heading."""

    comm: str
    rows: list[Row] = field(default_factory=list)


Sections = dict[str, Section]


def sections(
    steps: Sequence[Step],
    wanted: Iterable[Step] | None = None,
    *,
    whole: bool = False,
    replace: Mapping[str, str] | None = None,
) -> Sections:
    """Return what each process did, by name.

    Args:
        steps: a trace's.
        wanted: those of them to be told of; None: all.
        whole: with what Python does to start and to import.
        replace: what to write for what matches a regular expression.

    Raises:
        re.error: an expression is none.
    """
    patterns = [(re.compile(pattern), text) for pattern, text in (replace or {}).items()]
    chosen = steps if wanted is None else wanted
    of_event: dict[int, Step] = {id(step.event): step for step in chosen}
    if not whole:
        for one in _of_python(steps):
            of_event.pop(id(one.event), None)
    found: Sections = {}
    for name, history in histories_of([step.event for step in steps], _Golden()).items():
        section = Section(history.comm)
        for line in history.lines:
            if (step := of_event.get(id(line.event))) is not None:
                text = line.text
                for pattern, replacement in patterns:
                    text = pattern.sub(replacement, text)
                section.rows.append(Row(text, step))
        if section.rows:
            found[name] = section
    return found


def _of_python(steps: Sequence[Step]) -> Iterator[Step]:
    """Yield the calls that Python has made for itself, if lines are known.

    Those are the importer's, and what came before the first line of a program.
    """
    if all(step.line is None for step in steps):
        return
    started: set[int] = set()
    for step in steps:
        event = step.event
        if isinstance(event, Signal):
            continue
        if not event.made:  # a child's return from fork(2)
            started.add(step.pid)
        elif step.line is not None and step.line.importing:
            yield step
        elif step.line is not None:
            started.add(step.pid)
        elif step.pid not in started and event.c_name not in _KEPT:
            yield step
        if _is_exec(event):
            started.discard(step.pid)


def _is_exec(call: Call) -> bool:
    return call.c_name in ("execve", "fexecve") and not call.failed


def to_text(found: Sections, title: str) -> str:
    """Return the text, with a title that readers need not heed."""
    lines = [f"# {title}"]
    for name, section in found.items():
        lines.append(f"process {name} {section.comm}")
        lines += [f"  {row.text}" for row in section.rows]
    return "\n".join(lines) + "\n"


def from_text(text: str) -> Sections:
    """Return what a text tells.

    Raises:
        ValueError: it is none of to_text's.
    """
    found: Sections = {}
    section: Section | None = None
    for number, line in enumerate(text.splitlines(), 1):
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            section = found[heading[1]] = Section(heading[2])
        elif line.startswith("  ") and section is not None:
            section.rows.append(Row(line[2:]))
        elif line and not line.startswith("#"):
            raise ValueError(f"line {number} is no line of a golden trace: {line!r}")
    return found


def differences(golden: Sections, found: Sections) -> Iterator[str]:
    """Yield where the second differs from the first, as diff -u shows it, with programs' lines."""
    for name in dict.fromkeys([*golden, *found]):
        one, other = golden.get(name), found.get(name)
        if one is None or other is None:
            known = one or other or Section("")
            which, mark = ("no", "-") if other is None else ("another", "+")
            rows = [(mark, row) for row in known.rows]
            yield "\n".join([f"{which} process {name} ({known.comm}):", *_some(rows)])
            continue
        if one.comm != other.comm:
            yield f"process {name} is {other.comm}, not {one.comm}"
        yield from _in_process(f"process {name} ({other.comm})", one.rows, other.rows)


def _in_process(who: str, first: list[Row], second: list[Row]) -> Iterator[str]:
    texts = [row.text for row in first], [row.text for row in second]
    for hunk in _hunks(list(stretches(*texts))):
        start, end = hunk[0], hunk[-1]
        a = max(start.a - _CONTEXT, 0)
        rows: list[tuple[str, Row]] = []
        for stretch in hunk:
            rows += [(" ", row) for row in first[a : stretch.a]]
            rows += [("-", row) for row in first[stretch.a : stretch.a_end]]
            rows += [("+", row) for row in second[stretch.b : stretch.b_end]]
            a = stretch.a_end
        rows += [(" ", row) for row in first[a : end.a_end + _CONTEXT]]
        yield "\n".join([f"{who}, line {start.a + 1} of it:", *_some(rows)])


def _hunks(found: list[Stretch]) -> Iterator[list[Stretch]]:
    """Yield stretches that are so near each other that what is around them is shared."""
    hunk: list[Stretch] = []
    for stretch in found:
        if hunk and stretch.a - hunk[-1].a_end > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(stretch)
    if hunk:
        yield hunk


def _some(rows: list[tuple[str, Row]], most: int = 40) -> list[str]:
    """Return lines, the middle left out if they are many."""
    lines = [_marked(mark, row) for mark, row in rows]
    if len(lines) <= most:
        return lines
    half = most // 2
    return [*lines[:half], f"... {len(lines) - 2 * half} lines ...", *lines[-half:]]


def _marked(mark: str, row: Row) -> str:
    text = row.text if len(row.text) <= _LONGEST else f"{row.text[:_LONGEST]}..."
    if mark == "+" and row.step is not None and row.step.line is not None:
        return f"{mark} {text}    # {row.step.line}"
    return f"{mark} {text}"


def report(golden: Sections, found: Sections) -> str:
    """Return the first differences in short; "" if there is none."""
    parts: list[str] = []
    more = 0
    for difference in differences(golden, found):
        if len(parts) < _DIFFERENCES:
            parts.append(difference)
        else:
            more += 1
    if more:
        parts.append(f"and {more} more differences")
    return "\n\n".join(parts)
