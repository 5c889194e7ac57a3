# SPDX-License-Identifier: BSD-2-Clause
"""The reviewed table of what is not run, or may skip itself: skips.tsv."""

import fnmatch
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("skips.tsv")


class Skip(NamedTuple):
    """A line of the table.

    kind: "host", the test is not run, for it tests the host; "own", the test skips itself.
    pattern: of names of tests, without "test.".
    words: pattern of what the test says as it skips itself; "-" for host.
    reason: why that is right.
    """

    kind: str
    pattern: str
    words: str
    reason: str

    def covers(self, test: str, words: str) -> bool:
        """Whether test may skip itself with these words."""
        return (
            self.kind == "own"
            and fnmatch.fnmatchcase(test, self.pattern)
            and fnmatch.fnmatchcase(words, self.words)
        )


def read_skips(path: Path = TABLE) -> list[Skip]:
    """Return the table.

    Raises:
        ValueError: a line is not a kind, a pattern, words and a reason.
    """
    table = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 4 or fields[0] not in ("host", "own") or not all(fields):
            raise ValueError(f"{path.name}:{number}: not kind, pattern, words, reason")
        table.append(Skip(*fields))
    return table
