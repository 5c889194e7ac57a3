# SPDX-License-Identifier: BSD-2-Clause
"""What a student is given of a lab: its text and the starter, and nothing that tells the answer."""

import os
from errno import EEXIST
from pathlib import Path
from typing import Final

from kernel.grade.lab import BadLab, Lab
from kernel.grade.submission import read_submission

_TEXT: Final = "README.md"


def hand_out(lab: Lab, folder: Path) -> list[Path]:
    """Write a lab's text and its starter's files to folder; return what was written.

    The starter is read as a submission is: hidden files and links are passed over.

    Raises:
        OSError: one of them is there already, and nothing is written then; or something cannot
            be read or written.
        BadLab: the starter is too large, or has a README.md, too.
    """
    starter = read_submission(lab.folder / "starter", lab.files)
    if not starter.files:
        raise BadLab(f"{starter.path}: {starter.note}")
    if _TEXT in starter.files:
        raise BadLab(f"{starter.path / _TEXT}: the lab has one already")
    files = {_TEXT: (lab.folder / _TEXT).read_bytes(), **starter.files}
    paths = {folder / name: data for name, data in files.items()}
    for path in paths:
        if os.path.lexists(path):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))
    for path, data in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return list(paths)
