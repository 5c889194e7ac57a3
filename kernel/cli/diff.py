# SPDX-License-Identifier: BSD-2-Clause
"""`diff`: where two traces differ, by process and call."""

import argparse
import os
import sys
from bisect import bisect_left
from collections.abc import Iterator

from kernel.cli.ending import INTERRUPTED, fail
from kernel.cli.numbers import count
from userland import libktrace
from userland.libktrace.compare import Difference, Line, compare
from userland.libktrace.reader import TornTrace
from userland.libktrace.records import Record

_LONGEST = 160  # characters of a call that are shown
_SEEN = 20  # of them, about where it differs from another


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    parser = argparse.ArgumentParser(
        prog="python -m kernel diff",
        description="Compare two traces by process and call; pids, times and addresses do not"
        " count. Exit 1 if they differ.",
    )
    parser.add_argument("-U", dest="context", type=count, default=3, metavar="N",
                        help="calls shown around a difference [3]")  # fmt: skip
    parser.add_argument("-a", dest="all", action="store_true", help="show all, not the first only")
    parser.add_argument("-q", dest="quiet", action="store_true", help="say nothing")
    parser.add_argument("first", help="a trace")
    parser.add_argument("second", help="another")
    return parser


def main(argv: list[str]) -> int:
    """Run the command: 0 if the traces are the same, 1 if not, 2 if one cannot be read."""
    options = parser().parse_args(argv)
    names = options.first, options.second
    first, second = (_Records(name) for name in names)
    try:
        found = list(compare(first, second, options.context))
    except _Unreadable as exc:
        return fail("diff", exc, 2)
    except KeyboardInterrupt:
        return INTERRUPTED
    if found and not options.quiet:
        sys.stdout.write(f"--- {names[0]}\n+++ {names[1]}\n")
        for difference in found if options.all else found[:1]:
            sys.stdout.write(show(difference))
        if len(found) > 1 and not options.all:
            sys.stdout.write(f"and {len(found) - 1} more: -a shows them\n")
    return 1 if found else 0


class _Unreadable(Exception):
    """A trace that cannot be read: its name and what is wrong."""


class _Records:
    """The records of a trace, as often as they are wanted."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._kept: list[Record] | None = None

    def __iter__(self) -> Iterator[Record]:
        """Read it; standard input is read only once, and kept.

        Raises:
            _Unreadable: it cannot be, or not to its end.
        """
        try:
            if self._kept is None and not os.path.isfile(self._name):
                self._kept = list(libktrace.open(self._name))
            yield from libktrace.open(self._name) if self._kept is None else self._kept
        except OSError as exc:
            raise _Unreadable(f"{self._name}: {exc.strerror}") from None
        except TornTrace as exc:
            raise _Unreadable(f"{self._name}: {exc}") from None


def _cut(line: Line, others: list[str]) -> str:
    """Return a line cut to what is shown, so that where it differs from the others can be seen.

    The others are sorted: those that are like it the longest stand next to where it would.
    """
    text = line.text
    if len(text) <= _LONGEST:
        return text
    at = bisect_left(others, text)
    alike = max(_alike(text, other) for other in ("", *others[max(at - 1, 0) : at + 1]))
    if alike < _LONGEST - _SEEN:
        return text[:_LONGEST]
    begin = text[: _LONGEST // 3]
    return f"{begin} ... {text[alike - _SEEN :]}"[:_LONGEST]


def _alike(one: str, other: str) -> int:
    """Return how many characters of two texts are the same at their beginnings."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def show(difference: Difference) -> str:
    """Return a difference as diff -u shows lines."""
    at, other = difference.at
    first, second = (
        sorted(line.text for line in side) for side in (difference.first, difference.second)
    )
    lines = [
        f"@@ process {difference.name} ({difference.comm}), call {at + 1} and {other + 1} @@",
        *(f" {line.text[:_LONGEST]}" for line in difference.before),
        *(f"-{_cut(line, second)}" for line in difference.first),
        *(f"+{_cut(line, first)}" for line in difference.second),
        *(f" {line.text[:_LONGEST]}" for line in difference.after),
    ]
    return "\n".join(lines) + "\n"
