# SPDX-License-Identifier: BSD-2-Clause
"""kernel.golden: golden traces beside tests, and which of them nobody asks for."""

import json

import pytest

from kernel.golden import FOLDER, Goldens, Mismatch, Run, file_name
from userland.libktrace.golden import Row, Section, differences, from_text, report, to_text

ONE = {"1": Section("cat", [Row("open() = 3"), Row("close(3) = 0")])}
OTHER = {"1": Section("cat", [Row("open() = 4"), Row("close(3) = 0")])}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "test_it.py"
    path.touch()
    return path


def goldens(file, **options):
    return Goldens(file.parent, **options)


def test_made_and_compared(file):
    """With updating it is written, else it must be the same."""
    with pytest.raises(Mismatch, match="there is no golden trace"):
        goldens(file).matcher(file, "test_a", "title")(None, ONE)
    update = goldens(file, updating=True)
    update.matcher(file, "test_a", "title")(None, ONE)
    assert len(update.run.written) == 1
    goldens(file).matcher(file, "test_a", "another title")(None, ONE)
    with pytest.raises(Mismatch, match="the trace differs"):
        goldens(file).matcher(file, "test_a", "title")(None, OTHER)
    update = goldens(file, updating=True)
    update.matcher(file, "test_a", "title")(None, ONE)
    assert not update.run.written


def test_several_of_one_test(file):
    """They are numbered, where no name tells them apart."""
    match = goldens(file, updating=True).matcher(file, "test_a", "title")
    match(None, ONE)
    match(None, OTHER)
    match("named", ONE)
    made = sorted(path.name for path in (file.parent / FOLDER / "test_it").iterdir())
    assert made == ["named.trace", "test_a-2.trace", "test_a.trace"]


def test_one_of_several_tests(file):
    """The same trace may be shared; another one is not taken for it."""
    update = goldens(file, updating=True)
    update.matcher(file, "test_a", "a")("shared", ONE)
    update.matcher(file, "test_b", "b")("shared", ONE)
    with pytest.raises(Mismatch, match="is another test's, whose trace differs"):
        update.matcher(file, "test_c", "c")("shared", OTHER)


def test_a_file_that_is_none(file):
    """A conflict of a merge, say: it is told, with its line."""
    goldens(file, updating=True).matcher(file, "test_a", "a")(None, ONE)
    path = file.parent / FOLDER / "test_it" / "test_a.trace"
    path.write_text(path.read_text() + "<<<<<<< mine\n")
    with pytest.raises(Mismatch, match="line 5 is no line of a golden trace: '<<<<<<< mine'"):
        goldens(file).matcher(file, "test_a", "a")(None, ONE)


@pytest.mark.parametrize(
    ("name", "of_file"),
    [
        ("test_a", "test_a"),
        ("TestX.test_a", "TestX.test_a"),
        ("test_a[1-x]", "test_a-1-x"),
        ("test_a[a/b]", "test_a-a-b-58ea317f"),
        ("test_a[a b]", "test_a-a-b-53b67642"),
    ],
)
def test_names_of_files(name, of_file):
    """Plain ones are kept; others are told apart by a check sum."""
    assert file_name(name) == of_file
    assert len(file_name(name * 100)) < 150


def test_who_is_stale(file):
    """Nobody has asked, though all tests of the file ran and passed; or there is no such file."""
    for name in ("test_it/a", "test_it/old", "test_gone/old"):
        path = file.parent / FOLDER / f"{name}.trace"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.touch()

    def stale(passed=("a", "b"), partial=()):
        known = goldens(file)
        known.run.asked.add(str(file.parent / FOLDER / "test_it" / "a.trace"))
        known.collected((file, test) for test in ("a", "b"))
        known.partly(partial)
        known.passed.update(passed)
        known.forget_others()
        return [known.shown(path) for path in known.stale()]

    gone = f"{FOLDER}/test_gone/old.trace"
    assert stale() == [gone, f"{FOLDER}/test_it/old.trace"]
    assert stale(passed=["a"]) == [gone]  # the other was skipped, or failed
    assert stale(partial=[file]) == [gone]  # some were not to run


def test_what_workers_tell():
    """In types that pass between processes."""
    one, other = Run({"a"}, {"b"}, {"f": {"t1"}}, {"p"}), Run({"c"}, set(), {"f": {"t2"}}, set())
    one.add(json.loads(json.dumps(other.export())))
    assert one == Run({"a", "c"}, {"b"}, {"f": {"t1", "t2"}}, {"p"})


def test_the_text_and_back():
    """What is written is what is read."""
    both = {**ONE, "1.1": Section("sh", [Row('write(1, "x\\n", 2) = 2'), Row("exit(0) = ?")])}
    text = to_text(both, "title")
    assert text.startswith("# title\nprocess 1 cat\n  open() = 3\n")
    assert from_text(text) == both
    assert report(both, from_text(text)) == ""


def test_differences_of_processes():
    """One that is missing, one that is new, one that runs another program."""
    shell = {"1": Section("sh", ONE["1"].rows)}
    assert list(differences(ONE, shell)) == ["process 1 is sh, not cat"]
    assert list(differences(ONE, {})) == ["no process 1 (cat):\n- open() = 3\n- close(3) = 0"]
    assert next(differences({}, ONE)).startswith("another process 1 (cat):\n+ open() = 3")


def test_what_is_left_out_of_a_report():
    """It shows the first differences, and long ones in part."""
    rows = [Row(f"call({n}) = 0") for n in range(300)]
    changed = [Row(f"call({n}) = {int(n % 20 == 0)}") for n in range(300)]
    text = report({"1": Section("x", rows)}, {"1": Section("x", changed)})
    assert text.count("line ") == 5
    assert text.endswith("and 10 more differences")
    text = report({"1": Section("x", rows)}, {})
    assert "... 260 lines ..." in text
