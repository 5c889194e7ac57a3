# SPDX-License-Identifier: BSD-2-Clause
"""Laws of `grade`: exit status, what is printed and written, and what it says is wrong."""

import json
import os
import subprocess
import sys

import pytest

from kernel.cli import grade

TESTS = """\
from kernel.grade import test
@test(points=2, hint="say hello")
def greets(lab):
    "It greets."
    assert lab.run("prog.py", stdin="you").stdout == b"hello you\\n"
@test(hidden=True)
def leaves_nothing(lab):
    "It leaves no files."
    assert not lab.run("prog.py").changes
"""
DIFF = "--- solution/prog.py\n+++ wrong/prog.py\n"
RIGHT = "print('hello', input() if 0 else __import__('sys').stdin.read())\n"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A lab, a right and a wrong submission, in the current directory."""
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "lab.toml").write_text('title = "L"\nfiles = ["prog.py"]\n')
    (tmp_path / "lab" / "tests.py").write_text(TESTS)
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text("print('bye')\nopen('x', 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_one_submission(place, capsys):
    """A report: 0 if all has passed, 1 if not; with the hint, the input, both sides."""
    assert grade.main(["lab", "right.py"]) == 0
    assert capsys.readouterr().out == (
        "L: right\n\n 1 ok     2/2  It greets\n 2 ok     1/1  hidden test 2\n\n3 of 3 points\n"
    )
    assert grade.main(["lab", "wrong.py", "-j", "1"]) == 1
    assert capsys.readouterr().out == (
        "L: wrong\n\n 1 FAIL   0/2  It greets\n"
        "         hint: say hello\n"
        "         found:\n"
        "         expected b'hello you\\n'\n"
        "         got      b'bye\\n'\n"
        "         ran: prog.py  with the input 'you'\n"
        "         output: bye\n"
        " 2 FAIL   0/1  hidden test 2\n\n0 of 3 points\n"
    )


def test_several_submissions(place, capsys):
    """A table, in the order of the command line."""
    assert grade.main(["lab", "wrong.py", "right.py"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["student", "wrong", "right", "passed"]
    assert "test 1, 1 of 2: lab.run(" in "\n".join(lines)


def test_the_current_directory_is_a_submission(place, monkeypatch, capsys):
    """Where no other is named."""
    mine = place / "mine"
    mine.mkdir()
    (mine / "prog.py").write_text(RIGHT)
    monkeypatch.chdir(mine)
    assert grade.main(["../lab"]) == 0
    assert capsys.readouterr().out.startswith("L: mine\n")


def test_results_for_other_graders(place, capsys):
    """They are written where -o says, folders are made; the status is that of grading."""
    assert grade.main(["lab", "wrong.py", "--format", "gradescope", "-o", "out/results.json"]) == 0
    assert json.loads((place / "out" / "results.json").read_text())["score"] == 0
    assert grade.main(["lab", "wrong.py", "right.py", "--format", "prairielearn", "-o", "all"]) == 0
    assert json.loads((place / "all" / "right.json").read_text())["score"] == 1
    assert json.loads((place / "all" / "wrong.json").read_text())["score"] == 0
    assert capsys.readouterr() == ("", "")


def test_files_are_utf_8_wherever_it_runs(place):
    """Those of a lab, and what is written of them: the locale does not count."""
    for name in ("lab.toml", "tests.py"):
        path = place / "lab" / name
        text = path.read_text().replace('"L"', '"Fünf"').replace("It greets", "Grüßt")
        path.write_text(text, encoding="utf-8")
    words = ["grade", "lab", "right.py", "--format", "markdown", "-o", "r.md"]
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run(
        [sys.executable, "-m", "kernel", *words], env={**os.environ, **plain}, check=True
    )
    text = (place / "r.md").read_text(encoding="utf-8")
    assert text.startswith("### Fünf: 3 of 3 points\n")
    assert "Grüßt" in text


def test_several_formats(place, capsys):
    """Each -o is its format's, in their order; the last goes to stdout. Who judges decides on the status."""
    args = [
        "lab",
        "wrong.py",
        "right.py",
        "--format",
        "csv",
        "-o",
        "points.csv",
        "--format",
        "table",
    ]
    assert grade.main(args) == 1
    assert capsys.readouterr().out.startswith("student ")
    assert (place / "points.csv").read_text().startswith("student,greets,")
    assert grade.main([*args[:-1], "junit", "-o", "all.xml"]) == 1
    assert capsys.readouterr().out == ""
    assert (place / "all.xml").read_text().startswith("<?xml")
    args = ["lab", "wrong.py", "--format", "classroom50", "-o", "r.json", "--format", "markdown"]
    assert grade.main([*args, "-o", "r.md"]) == 0
    assert (place / "r.md").read_text().startswith("### L: 0 of 3 points\n")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["-o", "a", "-o", "b"], "more -o than --format"),
        (["--check"], "no submission is graded"),
        (["--handout", "mine"], "no submission is graded"),
        (
            ["wrong.py", "--format", "csv", "-o", "a.csv", "--format", "gradescope"],
            "gradescope is of one submission: with several it needs -o FOLDER",
        ),
    ],
)
def test_what_cannot_go_together(place, capsys, args, words):
    """Is told, with the usage; nothing is graded or written."""
    with pytest.raises(SystemExit) as caught:
        grade.main(["lab", "right.py", *args])
    assert caught.value.code == 2
    assert words in capsys.readouterr().err
    assert sorted(path.name for path in place.iterdir()) == ["lab", "right.py", "wrong.py"]


def test_handout(place, capsys):
    """It says what it wrote, and writes nothing twice."""
    (place / "lab" / "README.md").write_text("# L\n")
    (place / "lab" / "starter").mkdir()
    (place / "lab" / "starter" / "prog.py").write_text("pass\n")
    assert grade.main(["lab", "--handout", "mine"]) == 0
    assert capsys.readouterr().out == "mine/README.md\nmine/prog.py\n"
    assert (place / "mine" / "prog.py").read_text() == "pass\n"
    assert grade.main(["lab", "--handout", "mine"]) == 2
    assert capsys.readouterr() == ("", "grade: mine/README.md: File exists\n")
    assert grade.main(["lab", "--handout", "right.py"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_traces_are_kept(place, capsys):
    """Of what failed; the report says how to look at them."""
    assert grade.main(["lab", "wrong.py", "--traces", "traces"]) == 1
    kept = place / "traces" / "wrong" / "greets.ktrace"
    assert b"bye" in kept.read_bytes()
    assert f"python -m kernel trace {kept.relative_to(place)}" in capsys.readouterr().out


def test_check(place, capsys):
    """A lab's own submissions have to do what it says of them."""
    lab = place / "lab"
    for name, text in (("solution", RIGHT), ("starter", "")):
        (lab / name).mkdir()
        (lab / name / "prog.py").write_text(text)
    (lab / "wrong").mkdir()
    wrong = lab / "wrong" / "bye.diff"
    wrong.write_text(f"{DIFF}@@ -1 +1 @@\n-{RIGHT}+print('bye')\n")
    with (lab / "lab.toml").open("a") as toml:
        toml.write('[[wrong]]\nname = "bye"\nfails = ["greets"]\nsays = "say hello"\n')
    assert grade.main(["lab", "--check"]) == 0
    assert capsys.readouterr().out == "L: 2 tests, 3 points, 1 wrong solutions told apart\n"
    wrong.write_text(f"{DIFF}@@ -0,0 +1 @@\n+{RIGHT}")
    (lab / "solution" / "prog.py").write_text("")
    assert grade.main(["lab", "--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "the solution fails greets",
        "wrong/bye fails nothing, not greets",
        "wrong/bye is not told 'say hello'",
    ]
    wrong.write_text(f"{DIFF}@@ -1 +1 @@\n-nothing like it\n")
    assert grade.main(["lab", "--check"]) == 2
    assert capsys.readouterr().err.endswith("bye.diff: it does not fit prog.py, line 1\n")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nolab", "right.py"], "grade: no lab 'nolab': neither a folder nor one of "),
        (["lab", "nobody.py"], "grade: nobody.py: No such file or directory\n"),
        (["lab", "right.py", "-o", "lab"], "grade: lab: Is a directory\n"),
    ],
)
def test_trouble_is_one_line(place, capsys, args, words):
    """And status 2."""
    assert grade.main(args) == 2
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1


def test_without_a_lab_they_are_listed(capsys):
    """Number, name and title."""
    assert grade.main([]) == 0
    assert (
        "  2  copy-cat             Lab 2: copy, cat and the descriptor table\n"
        in capsys.readouterr().out
    )
