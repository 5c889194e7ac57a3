# SPDX-License-Identifier: BSD-2-Clause
"""The grader's processes: on a machine that is slow or stuck, and when who grades has enough."""

import pytest

from kernel.grade import pool
from kernel.grade.lab import load_lab
from kernel.grade.submission import read_submission

TESTS = """\
import time
from kernel.grade import test
@test(cpu_seconds=1)
def loops(lab):
    lab.run("prog.py")
@test(cpu_seconds=1)
def waits(lab):
    time.sleep(3600)
"""


@pytest.fixture
def grader(tmp_path):
    """A pool of one submission, which loops."""
    (tmp_path / "lab.toml").write_text('title = "T"\nfiles = ["prog.py"]\n')
    (tmp_path / "tests.py").write_text(TESTS)
    (tmp_path / "prog.py").write_text("x = 1\nwhile True:\n    x += 1\n")
    lab = load_lab(tmp_path)
    return pool.Pool(lab, [read_submission(tmp_path / "prog.py", lab.files)], 2, None)


def test_it_is_cpu_time_that_is_bounded(grader, monkeypatch):
    """Who gets little of it has longer; who uses none, as what waits for the host, has not."""
    monkeypatch.setattr(pool, "_SLACK", 0.25)
    loops, waits = grader.grade()[0].outcomes
    assert "used 1 seconds of CPU time and was in prog.py, line " in loops.said
    assert waits.said == "did not end in more than 0 seconds of the host's time"


def test_nobody_is_left(grader, monkeypatch):
    """All that run when grading is broken off are killed, and reaped."""
    begun = []

    def ended():
        begun.extend(grader._children)
        raise KeyboardInterrupt

    monkeypatch.setattr(grader, "_ended", ended)
    with pytest.raises(KeyboardInterrupt):
        grader.grade()
    assert len(begun) == 2
    assert grader._children == []
    assert [pool.cpu_time(child.pid) for child in begun] == [0, 0]
