# SPDX-License-Identifier: BSD-2-Clause
"""How diff(1) shows changes: normal, context, unified, and scripts for ed and RCS."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from userland.diff.analyze import Change
from userland.libc.include import Stat, Writer
from userland.libc.strftime import strftime

_NS: Final = 10**9
_NO_NEWLINE: Final = b"\n\\ No newline at end of file\n"


class Side(NamedTuple):
    """One of the files: its name as it is shown, its lines, and its attributes."""

    name: str
    lines: list[bytes]
    status: Stat | None
    label: str | None = None

    def header(self, unified: bool) -> str:
        """Return what stands after --- or ***."""
        if self.label is not None:
            return self.label
        when = self.status.st_mtim if self.status else 0
        if unified:
            text = strftime("%Y-%m-%d %H:%M:%S", when // _NS) + f".{when % _NS:09} +0000"
        else:
            text = strftime("%a %b %e %T %Y", when // _NS)
        return f"{self.name}\t{text}"


class Report(NamedTuple):
    """What is to be shown, and how."""

    out: Writer
    old: Side
    new: Side
    changes: list[Change]
    context: int = 3
    expand: bool = False  # tabs (-t)

    def line(self, mark: bytes, text: bytes) -> None:
        """Write a line of a file after its mark."""
        if self.expand:
            text = text.expandtabs(8)
        if not text.endswith(b"\n"):
            text += _NO_NEWLINE
        self.out.write(mark + text)


def normal(report: Report) -> None:
    """Write 2,3c2,4 and the lines, < before those of the first file and > of the second."""
    for change in report.changes:
        letter = _letter(change)
        report.out.print(
            _range(change.line0, change.deleted, ",")
            + letter
            + _range(change.line1, change.inserted, ",")
        )
        for text in _old(report, change):
            report.line(b"< ", text)
        if letter == "c":
            report.out.write(b"---\n")
        for text in _new(report, change):
            report.line(b"> ", text)


def _letter(change: Change) -> str:
    return "c" if change.deleted and change.inserted else "d" if change.deleted else "a"


def _range(first: int, count: int, comma: str) -> str:
    """Return the numbers of lines, or of the line before, if there are none."""
    if count <= 1:
        return str(first + count)
    return f"{first + 1}{comma}{first + count}"


def _old(report: Report, change: Change) -> list[bytes]:
    return report.old.lines[change.line0 : change.line0 + change.deleted]


def _new(report: Report, change: Change) -> list[bytes]:
    return report.new.lines[change.line1 : change.line1 + change.inserted]


def hunks(report: Report) -> Iterator[list[Change]]:
    """Yield the changes that stand together, their context being shared."""
    together: list[Change] = []
    for change in report.changes:
        if together:
            last = together[-1]
            if change.line0 - (last.line0 + last.deleted) > 2 * report.context:
                yield together
                together = []
        together.append(change)
    if together:
        yield together


def _bounds(report: Report, hunk: list[Change]) -> tuple[int, int, int, int]:
    """Return the first line and the line after the last of a hunk, in both files."""
    first, last = hunk[0], hunk[-1]
    before = min(report.context, first.line0, first.line1)
    start0, start1 = max(first.line0 - report.context, 0), max(first.line1 - report.context, 0)
    if before < report.context:
        start0, start1 = first.line0 - before, first.line1 - before
    end0, end1 = last.line0 + last.deleted, last.line1 + last.inserted
    after = min(report.context, len(report.old.lines) - end0, len(report.new.lines) - end1)
    return start0, end0 + after, start1, end1 + after


def unified(report: Report) -> None:
    """Write the changes with their context, once (-u)."""
    out = report.out
    out.print(f"--- {report.old.header(unified=True)}")
    out.print(f"+++ {report.new.header(unified=True)}")
    for hunk in hunks(report):
        start0, end0, start1, end1 = _bounds(report, hunk)
        out.print(f"@@ -{_span(start0, end0)} +{_span(start1, end1)} @@")
        at = start0
        for change in hunk:
            for text in report.old.lines[at : change.line0]:
                report.line(b" ", text)
            for text in _old(report, change):
                report.line(b"-", text)
            for text in _new(report, change):
                report.line(b"+", text)
            at = change.line0 + change.deleted
        for text in report.old.lines[at:end0]:
            report.line(b" ", text)


def _span(start: int, end: int) -> str:
    count = end - start
    if count == 1:
        return str(end)
    return f"{start + 1},{count}" if count else f"{end},0"


def context(report: Report) -> None:
    """Write the changes with their context, for each file (-c)."""
    out = report.out
    out.print(f"*** {report.old.header(unified=False)}")
    out.print(f"--- {report.new.header(unified=False)}")
    for hunk in hunks(report):
        start0, end0, start1, end1 = _bounds(report, hunk)
        out.print("***************")
        out.print(f"*** {_lines(start0, end0)} ****")
        if any(change.deleted for change in hunk):
            spans = [(change.line0, change.deleted, change.inserted) for change in hunk]
            _section(report, report.old.lines, start0, end0, spans, b"- ")
        out.print(f"--- {_lines(start1, end1)} ----")
        if any(change.inserted for change in hunk):
            spans = [(change.line1, change.inserted, change.deleted) for change in hunk]
            _section(report, report.new.lines, start1, end1, spans, b"+ ")


def _lines(start: int, end: int) -> str:
    return str(end) if end - start <= 1 else f"{start + 1},{end}"


def _section(
    report: Report,
    lines: list[bytes],
    start: int,
    end: int,
    spans: list[tuple[int, int, int]],
    mark: bytes,
) -> None:
    """Write one file's part of a hunk; spans are where it has changes, and what the other has."""
    at = start
    for first, count, other in spans:
        for text in lines[at:first]:
            report.line(b"  ", text)
        for text in lines[first : first + count]:
            report.line(b"! " if other else mark, text)
        at = first + count
    for text in lines[at:end]:
        report.line(b"  ", text)


def ed(report: Report) -> None:
    """Write a script for ed(1), the last change first (-e)."""
    out = report.out
    for change in reversed(report.changes):
        letter = _letter(change)
        out.print(_range(change.line0, change.deleted, ",") + letter)
        if letter == "d":
            continue
        inserting = True
        for text in _new(report, change):
            if not inserting:
                out.write(b"a\n")
                inserting = True
            if text == b".\n":
                out.write(b"..\n.\ns/.//\n")
                inserting = False
            else:
                out.write(text if text.endswith(b"\n") else text + b"\n")
        if inserting:
            out.write(b".\n")


def rcs(report: Report) -> None:
    """Write a script as RCS keeps them (-n)."""
    for change in report.changes:
        if change.deleted:
            report.out.print(f"d{change.line0 + 1} {change.deleted}")
        if change.inserted:
            report.out.print(f"a{change.line0 + change.deleted} {change.inserted}")
            for text in _new(report, change):
                report.out.write(text)


STYLES: Final[dict[str, Callable[[Report], None]]] = {
    "normal": normal,
    "unified": unified,
    "context": context,
    "ed": ed,
    "rcs": rcs,
}
