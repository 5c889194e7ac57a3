# SPDX-License-Identifier: BSD-2-Clause
"""A lab that is not in order is refused in one line; how its tests are read and what they may say."""

import pytest

from kernel.grade.asserts import CheckFailed, check, compile_tests
from kernel.grade.lab import BadLab, find_lab, load_lab
from kernel.grade.submission import read_all, read_submission

GOOD = 'files = ["prog.py"]\n'
TESTS = "from kernel.grade import test\n@test()\ndef one(lab):\n    'It is one.'\n"


@pytest.fixture
def lab(tmp_path):
    """Write a lab's two files; return its folder."""

    def made(toml=GOOD, tests=TESTS):
        (tmp_path / "lab.toml").write_text(toml)
        (tmp_path / "tests.py").write_text(tests)
        return tmp_path

    return made


@pytest.mark.parametrize(
    ("toml", "tests", "words"),
    [
        ("files = ", TESTS, "lab.toml: Invalid value"),
        ("", TESTS, "files is to be the names"),
        (GOOD + "titel = 1", TESTS, "no key 'titel'"),
        (GOOD + "title = 1", TESTS, "title is no str"),
        (GOOD + "[limits]\ncall = 1", TESTS, "no limit 'call'"),
        (GOOD + "[limits]\ncalls = 0", TESTS, "calls is a whole number above 0, not 0"),
        (GOOD + "[[wrong]]\nname = 'x'", TESTS, "each [[wrong]] has name, fails, says"),
        (
            GOOD + "[[wrong]]\nname='x'\nfails=['y']\nsays=''",
            TESTS,
            "wrong 'x' fails y: no such test",
        ),
        (GOOD, "x = 1", "tests.py has no tests"),
        (GOOD, "def f(:", "tests.py:1: "),
        (GOOD, "import math\nmath.nothing", "tests.py:2: AttributeError"),
        (GOOD, TESTS.replace("test()", "test(points=1.5)"), "points are a whole number, not 1.5"),
        (GOOD, TESTS.replace("test()", "test(detail='some')"), "detail is full or actual or none"),
        (GOOD, TESTS.replace("test()", "test(call=3)"), "there is no limit 'call'"),
        (GOOD, TESTS.replace("test()", "test(seconds=0)"), "tests.py:2: the limit seconds is"),
        ("files = ['../prog.py']", TESTS, "no file '../prog.py' can be handed in"),
        ("files = ['/prog.py']", TESTS, "no file '/prog.py' can be handed in"),
        ("files = ['.prog']", TESTS, "no file '.prog' can be handed in"),
    ],
)
def test_what_is_not_in_order_is_said(lab, tmp_path, toml, tests, words):
    """In one line, with the place."""
    with pytest.raises(BadLab) as caught:
        load_lab(lab(toml, tests))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    place = "tests.py" if toml == GOOD else "lab.toml"
    assert str(caught.value).startswith(str(tmp_path / place))


def test_a_lab_without_files(tmp_path):
    """Neither lab.toml nor tests.py can be left out."""
    with pytest.raises(BadLab, match=r"lab.toml: No such file"):
        load_lab(tmp_path)
    (tmp_path / "lab.toml").write_text(GOOD)
    with pytest.raises(BadLab, match=r"tests.py: No such file"):
        load_lab(tmp_path)


def test_titles_and_limits(lab):
    """A test is called by its docstring; its limits go before the lab's, the lab's before the usual."""
    made = load_lab(
        lab(GOOD + "[limits]\ncalls = 5\nseconds = 6", TESTS.replace("()", "(calls=7)", 1))
    )
    (one,) = made.tests
    assert one.title == "It is one"
    bounds = made.bounds_of(one)
    assert (bounds.calls, bounds.seconds, bounds.processes) == (7, 6, 40)


def test_labs_are_found_by_number_and_name():
    """Of those that come with the system; a folder is one by itself."""
    assert find_lab("2") == find_lab("02") == find_lab("copy-cat") == find_lab("02-copy-cat")
    assert find_lab(str(find_lab("2"))) == find_lab("2")
    with pytest.raises(BadLab, match="no lab '99': neither a folder nor one of 01-"):
        find_lab("99")


@pytest.mark.parametrize(
    ("statement", "said", "explained", "actual"),
    [
        ("assert 1 + 1 == 3", "1 + 1 == 3", "expected 3\ngot      2", "got      2"),
        ("assert 2 > 3, 'too small'", "too small", "expected more than 3", "got      2"),
        ("assert 'a' in 'xyz'", "'a' in 'xyz'", "expected something with 'a'", "got      'xyz'"),
        ("assert not [7]", "not [7]", "this does not hold: not [7]\ngot      [7]", "got      [7]"),
        ("assert [], 'nothing'", "nothing", "", "got      []"),
        ("assert not [7], 'left'", "left", "got      [7]", "got      [7]"),
        ("assert []", "[]", "this does not hold: []", "got      []"),
        ("assert 'a\\nb\\n' == 'a\\nc\\n'", "==", "-c\n+b", "got      'a\\nb\\n'"),
        ("assert f(x := 3) == x + 1, f'{x} is bad'", "3 is bad", "expected 4", "got      3"),
    ],
)  # fmt: skip
def test_an_assert_tells_both_sides(statement, said, explained, actual):
    """Without words of its own what was checked is told; the program's side can be told alone."""
    with pytest.raises(CheckFailed) as caught:
        exec(compile_tests(statement, "tests.py"), {"__check__": check, "f": lambda x: x})
    assert said in caught.value.reason
    assert explained in (caught.value.explained or caught.value.reason)
    assert actual in caught.value.actual


def test_an_assert_that_holds_says_nothing():
    """And its message is not made."""
    exec(
        compile_tests("assert 1 < 2 < 3, 1 / 0\nassert 1 is not None, 1 / 0", "t"),
        {"__check__": check},
    )


def test_submissions(tmp_path):
    """A folder, or a file, which may be called as it likes where one is wanted."""
    alice = tmp_path / "alice"
    (alice / "sub").mkdir(parents=True)
    (alice / "prog.py").write_text("1")
    (alice / "sub" / "mod.py").write_text("2")
    (alice / ".hidden").write_text("3")
    (alice / "passwd").symlink_to("/etc/passwd")
    (tmp_path / "bob.py").write_text("4")
    one = read_submission(alice, ["prog.py"])
    assert (one.student, one.note) == ("alice", "")
    assert one.files == {"prog.py": b"1", "sub/mod.py": b"2"}
    two = read_submission(tmp_path / "bob.py", ["prog.py"])
    assert (two.student, two.files) == ("bob", {"prog.py": b"4"})
    assert read_submission(alice / "prog.py", ["prog.py"]).student == "alice"
    missing = read_submission(tmp_path / "bob.py", ["a.py", "b.py"])
    assert missing.note == "not handed in: a.py, b.py (found: bob.py)"


def test_submissions_of_one_name(tmp_path):
    """They are told apart."""
    (tmp_path / "a").mkdir()
    assert [one.student for one in read_all([tmp_path / "a"] * 2, ["x"])] == ["a", "a (2)"]


def test_too_much_is_not_read(tmp_path):
    """A folder with very many files is refused as a whole."""
    for number in range(501):
        (tmp_path / f"{number}.py").touch()
    one = read_submission(tmp_path, ["0.py"])
    assert one.files == {}
    assert "more than 500 files" in one.note
