# SPDX-License-Identifier: BSD-2-Clause
"""Every lab of ours: only its solution passes, and each wrong one fails what it should, with words that help."""

import pytest

from kernel.grade.check import check_lab
from kernel.grade.lab import bundled, load_lab

FOLDERS = bundled()


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_a_lab_tells_submissions_apart(folder):
    """The solution has full points, the starter has not; each wrong solution fails the tests it is made for."""
    lab = load_lab(folder)
    assert check_lab(lab, jobs=2) == []
    assert len(lab.wrong) >= 3
    assert (folder / "README.md").read_text().startswith(f"# {lab.title.partition(',')[0][:3]}")
