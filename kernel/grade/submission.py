# SPDX-License-Identifier: BSD-2-Clause
"""What a student has handed in: a file or a folder of the host, read once."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_FILES: Final = 500  # at most
_BYTES: Final = 8 << 20  # of all together
_IGNORED: Final = frozenset(("__pycache__", "node_modules"))


@dataclass(frozen=True)
class Submission:
    """One student's files.

    Attributes:
        student: whose: the name of the folder or of the file.
        path: of the host.
        files: contents by path in the folder.
        note: what is wrong with it, in a line.
    """

    student: str
    path: Path
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    note: str = ""


def read_submission(path: Path, wanted: list[str]) -> Submission:
    """Read a submission.

    Links are not followed, hidden files are passed over.  A single file may be called as it
    likes if the lab wants only one.

    Args:
        path: of a file or a folder.
        wanted: the names of the files that the lab wants.

    Raises:
        OSError: it cannot be read.
    """
    whole = path.resolve()
    if not whole.is_dir():
        name = whole.name if whole.name in wanted or len(wanted) != 1 else wanted[0]
        student = whole.parent.name if whole.name in wanted else whole.stem
        return _checked(Submission(student, path, {name: path.read_bytes()}), wanted)
    files: dict[str, bytes] = {}
    size = 0
    for name, file in _regular(whole):
        size += file.stat().st_size
        if len(files) >= _FILES or size > _BYTES:
            note = f"more than {_FILES} files or {_BYTES >> 20} MB were handed in"
            return Submission(whole.name, path, {}, note)
        files[name] = file.read_bytes()
    return _checked(Submission(whole.name, path, files), wanted)


def _regular(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the regular files below folder, and their names in it, sorted."""
    for directory, inside, names in os.walk(folder):
        inside[:] = sorted(d for d in inside if not d.startswith(".") and d not in _IGNORED)
        for name in sorted(names):
            file = Path(directory, name)
            if not name.startswith(".") and stat.S_ISREG(file.lstat().st_mode):
                yield file.relative_to(folder).as_posix(), file


def _checked(submission: Submission, wanted: list[str]) -> Submission:
    """Note what is missing."""
    missing = [name for name in wanted if name not in submission.files]
    if not missing:
        return submission
    there = ", ".join(sorted(submission.files)[:5]) or "nothing"
    note = f"not handed in: {', '.join(missing)} (found: {there})"
    return Submission(submission.student, submission.path, submission.files, note)


def read_all(paths: list[Path], wanted: list[str]) -> list[Submission]:
    """Read several; students of the same name are told apart.

    Raises:
        OSError: one cannot be read.
    """
    found: list[Submission] = []
    names: dict[str, int] = {}
    for path in paths:
        one = read_submission(path, wanted)
        count = names[one.student] = names.get(one.student, 0) + 1
        student = one.student if count == 1 else f"{one.student} ({count})"
        found.append(Submission(student, one.path, one.files, one.note))
    return found
