# SPDX-License-Identifier: BSD-2-Clause
"""The table: what the host, this system and pyfakefs answer, and who is right."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from kernel import api
from tests.sidebyside.rows_contents import ROWS, answer

_ROOT: Final = Path(__file__).parents[2]

# Where NetBSD has another answer than Linux, and why.
NETBSD: Final[dict[str, tuple[str, str]]] = {
    "rename one name of a file to another: both stay": (
        "['g']",
        "NetBSD's rename(2) removes the first; POSIX's, which leaves both, is __posix_rename(2).",
    ),
    "O_NOFOLLOW on a link": ("EFTYPE", "NetBSD's open(2) has an error of its own for it."),
    "unlink a directory": ("EPERM", "As POSIX has it; EISDIR is Linux's."),
    "a hole takes no room": (
        "(10000003, False)",
        "NetBSD's tmpfs tells st_blocks by the size; what the hole takes is nothing here, too.",
    ),
}


class Row(NamedTuple):
    """One row: the answers of all three."""

    name: str
    host: str
    ours: str
    fake: str

    @property
    def right(self) -> str:
        """The right answer: the host's, but where NetBSD is known to differ."""
        return NETBSD[self.name][0] if self.name in NETBSD else self.host


def rows() -> list[Row]:
    """Ask all three."""
    host, ours, fake = _asked("host"), _ours(), _asked("pyfakefs")
    return [Row(name, host[name], ours[name], fake[name]) for name in ROWS]


def _asked(who: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.sidebyside.asked", who],
        cwd=_ROOT, env={**os.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(_ROOT)},
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    answers: dict[str, str] = json.loads(done.stdout)
    return answers


def _ours() -> dict[str, str]:
    """Ask this system: the same functions, in a process of a user's."""
    answers = {}
    with api.boot() as k, k.patch(uid=1000):
        for number, (name, function) in enumerate(ROWS.items()):
            os.mkdir(f"/home/user/{number}")
            os.chdir(f"/home/user/{number}")
            answers[name] = answer(function)
    return answers


def text(table: list[Row]) -> Iterator[str]:
    """Yield the lines of docs/pyfakefs.md."""
    fake = [row for row in table if row.fake == row.host]
    ours = [row for row in table if row.ours == row.right]
    yield "# Side by side with pyfakefs"
    yield ""
    yield "Made by `python -m tests.sidebyside`; do not edit.  Each row is a function of"
    yield "[tests/sidebyside/rows.py](../tests/sidebyside/rows.py) that runs three times, unchanged: on the"
    yield "host, in an emulated process (`kernel.patch()`), under pyfakefs.  The host says what is right;"
    yield "of this system that is wanted what NetBSD does, where it is known to be something else."
    yield ""
    yield f"CPython {platform.python_version()}, {platform.system()}, pyfakefs {version('pyfakefs')}:"
    yield f"of {len(table)} rows this system has {len(ours)} right, pyfakefs {len(fake)}."
    yield ""
    yield "| what is done | the host | sysent | pyfakefs |"
    yield "|---|---|---|---|"
    for row in table:
        cells = [_cell(row.host), _mark(row.ours, row.right), _mark(row.fake, row.host)]
        yield f"| {row.name} | " + " | ".join(cells) + " |"
    if NETBSD:
        yield ""
        yield "## Where NetBSD is not Linux"
        yield ""
        for row in table:
            if row.name in NETBSD:
                yield f"- {row.name}: {_cell(row.right)}. {NETBSD[row.name][1]}"


def _cell(value: str) -> str:
    return f"`{value}`".replace("|", "\\|")


def _mark(value: str, right: str) -> str:
    return "✓" if value == right else f"✗ {_cell(value)}"
