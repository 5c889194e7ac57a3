# SPDX-License-Identifier: BSD-2-Clause
"""Every lab of ours: only its solution passes, and each wrong one fails what it should, with words that help."""

import re

import pytest

from kernel.grade.check import check_lab
from kernel.grade.handout import hand_out
from kernel.grade.lab import bundled, load_lab
from kernel.grade.pool import Pool
from kernel.grade.submission import read_all

FOLDERS = bundled()


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_a_lab_tells_submissions_apart(folder):
    """The solution has full points, the starter has not; each wrong solution fails the tests it is made for."""
    lab = load_lab(folder)
    assert check_lab(lab, jobs=2) == []
    assert len(lab.wrong) >= 3
    assert (folder / "README.md").read_text().startswith(f"# {lab.title.partition(',')[0][:3]}")


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_who_hands_nothing_in_is_told_so(folder, tmp_path):
    """No test passes, and none tells of what a program of its own could not find."""
    lab = load_lab(folder)
    (graded,) = Pool(lab, read_all([tmp_path], lab.files), 2, None).grade()
    assert graded.note.startswith("not handed in: ")
    assert not any(outcome.passed for outcome in graded.outcomes)
    assert not any("FileNotFoundError" in outcome.reason for outcome in graded.outcomes)


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_what_is_handed_out_gives_nothing_away(folder, tmp_path):
    """The starter and the text, in which no link leads out of it; neither an answer nor a test."""
    lab = load_lab(folder)
    given = {path.relative_to(tmp_path).as_posix() for path in hand_out(lab, tmp_path)}
    starter = {path.name for path in (folder / "starter").iterdir() if path.is_file()}
    assert given == starter | {"README.md"}
    assert set(lab.files) <= given
    text = "".join((tmp_path / name).read_text() for name in given)
    for one in lab.tests:
        secrets = [one.name, one.title] if one.hidden else [f"def {one.name}("]
        assert not any(secret in text for secret in secrets)
    for name in lab.files:
        answer = (folder / "solution" / name).read_text()
        assert answer not in text
        assert (tmp_path / name).read_text() != answer
    links = re.findall(r"\]\(([^)]*)\)", (tmp_path / "README.md").read_text())
    assert all((tmp_path / link).exists() for link in links)
