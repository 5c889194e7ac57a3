# SPDX-License-Identifier: BSD-2-Clause
"""What students begin with: the text and the starter, and nothing that was there is touched."""

import pytest

from kernel.grade.handout import hand_out
from kernel.grade.lab import BadLab, load_lab

TESTS = "from kernel.grade import test\n@test()\ndef one(lab):\n    'It is one.'\n"


@pytest.fixture
def lab(tmp_path):
    """A lab with a starter of two files, one of them below a folder."""
    folder = tmp_path / "lab"
    for name, text in {
        "lab.toml": 'files = ["prog.py"]\n', "tests.py": TESTS, "README.md": "# Text\n",
        "starter/prog.py": "begin\n", "starter/data/input": "1 2\n", "starter/.swp": "x",
        "starter/__pycache__/prog.pyc": "x", "solution/prog.py": "the answer\n",
        "wrong/bad.diff": "x",
    }.items():  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "starter" / "link.py").symlink_to(folder / "solution" / "prog.py")
    return folder


def test_text_and_starter(lab, tmp_path):
    """With their contents, and what is returned is what was written; a link gives nothing away."""
    mine = tmp_path / "to" / "mine"
    written = hand_out(load_lab(lab), mine)
    assert written == [mine / name for name in ("README.md", "prog.py", "data/input")]
    assert sorted(path for path in mine.rglob("*") if path.is_file()) == sorted(written)
    assert [path.read_text() for path in written] == ["# Text\n", "begin\n", "1 2\n"]


@pytest.mark.parametrize("name", ["README.md", "data/input"])
def test_nothing_is_overwritten(lab, tmp_path, name):
    """Not even a part is written beside what is there, which may be a link to nowhere."""
    mine = tmp_path / "mine"
    path = mine / name
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError) as caught:
        hand_out(load_lab(lab), mine)
    assert caught.value.filename == str(path)
    assert [path for path in mine.rglob("*") if not path.is_dir()] == [path]


def test_a_folder_may_be_there(lab, tmp_path):
    """With other files in it: a repository that was just made."""
    (tmp_path / ".git").mkdir()
    hand_out(load_lab(lab), tmp_path)
    assert (tmp_path / "prog.py").read_text() == "begin\n"


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (lambda lab: (lab / "README.md").unlink(), FileNotFoundError, "README.md"),
        (lambda lab: (lab / "starter" / "README.md").touch(), BadLab, "has one already"),
        (lambda lab: (lab / "starter" / "prog.py").write_bytes(bytes(9 << 20)), BadLab, "8 MB"),
    ],
)
def test_a_lab_that_has_nothing_to_hand_out(lab, tmp_path, spoil, error, words):
    """No text, two of them, or more than a submission may have: nothing is written."""
    spoil(lab)
    with pytest.raises(error, match=words):
        hand_out(load_lab(lab), tmp_path / "mine")
    assert not (tmp_path / "mine").exists()
