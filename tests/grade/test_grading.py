# SPDX-License-Identifier: BSD-2-Clause
"""Laws of grading: what a submission does, it ends, and the message says what happened."""

import pytest

from kernel.grade.lab import load_lab
from kernel.grade.pool import Pool
from kernel.grade.submission import read_submission

HEAD = "from kernel.grade import test\n"
RUN = HEAD + '@test(hint="a hint")\ndef runs(lab):\n    lab.run("prog.py")\n'
TOML = 'title = "T"\nfiles = ["prog.py"]\n[limits]\ncalls = 20_000\ncpu_seconds = 1\n'


@pytest.fixture
def grade(tmp_path):
    """Grade one program by the text of tests; return the outcomes."""

    def grader(program, tests=RUN, toml=TOML):
        folder = tmp_path / "lab"
        folder.mkdir()
        (folder / "lab.toml").write_text(toml)
        (folder / "tests.py").write_text(tests)
        path = tmp_path / "prog.py"
        path.write_bytes(program if isinstance(program, bytes) else program.encode())
        lab = load_lab(folder)
        return Pool(lab, [read_submission(path, lab.files)], 2, None).grade()[0].outcomes

    return grader


# What it does, and words of what is said of it.
ENDS = {
    "sleeps for ever": ("import signal\nsignal.pause()", "never ends: everybody waits"),
    "sleeps too long": ("import time\ntime.sleep(10**7)", "ran for more than 3600 seconds"),
    "deadlock": (
        "import threading\nl = threading.Lock()\nl.acquire()\nl.acquire()",
        "never ends: everybody waits",
    ),
    "loop with calls": (
        "import os\nwhile True: os.getpid()",
        "20000 system calls, the last of them getpid, in prog.py, line 2",
    ),
    "loop without calls": ("x = 1\nwhile True:\n    x += 1", "CPU time and was in prog.py, line "),
    "loop that catches all": (
        "while True:\n    try:\n        x = 1\n        while True: x += 1\n    except BaseException: pass",
        "1 seconds of CPU time and was in prog.py, line ",
    ),
    "loop without anything": ("while True: pass", "never ends: it loops and does nothing else"),
    "one long operation": ("x = 10 ** 10 ** 9", "CPU time and was in prog.py, line 1"),
    "one operation of C": (
        "import itertools\nsum(itertools.count())",
        "in one operation of Python's",
    ),
    "forks without end": (
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        "; there were 4",
    ),
    "fills the disk": (
        "with open('x', 'wb') as f:\n    while True: f.write(bytes(1 << 20))",
        "ended with status 1: OSError: [Errno 28] No space left on device",
    ),
    "memory without end": (
        "x = []\nwhile True: x.append(bytearray(1 << 24))",
        "ended with status 1: MemoryError",
    ),
    "writes without end": ("while True: print('x' * 5000)", "printed more than 1048576 bytes"),
    "crashes": ("1 / 0", "ended with status 1: ZeroDivisionError: division by zero"),
    "syntax error": ("def f(:\n", "ended with status 1: SyntaxError: invalid syntax"),
    "no utf-8": (b"\xff\xfe\x00", "ended with status 1: SyntaxError"),
    "exits in an import": ("import sys\nsys.exit('not yet')", "ended with status 1: not yet"),
    "kills itself": ("import os\nos.kill(os.getpid(), 9)", "was killed by SIGKILL"),
    "kills its group": ("import os\nos.killpg(0, 15)", "was killed by SIGTERM"),
    "kills init": (
        "import os\nos.kill(1, 9)",
        "PermissionError: [Errno 1] Operation not permitted",
    ),
    "kills all": ("import os\nos.kill(-1, 9)", "ProcessLookupError: [Errno 3] No such process"),
    "imports the kernel": ("from kernel import api", "ImportError: cannot import name 'api'"),
    "looks for the tests": ("open('tests.py')", "FileNotFoundError"),
}


@pytest.mark.parametrize("what", ENDS)
def test_whatever_it_does_it_ends(grade, what):
    """Within its limits, not passed, and the message says what happened; the hint is there, too."""
    program, words = ENDS[what]
    (outcome,) = grade(program)
    assert not outcome.passed
    assert words in outcome.message()
    assert "hint: a hint" in outcome.message()


def test_a_long_difference_is_cut(grade):
    """Of two long texts the first lines that differ are shown, and how many more there are."""
    tests = HEAD + (
        "@test()\ndef same(lab):\n    assert lab.run('prog.py').stdout == b'right\\n' * 1000\n"
    )
    (outcome,) = grade("print('wrong\\n' * 999)", tests)
    lines = outcome.message().splitlines()
    assert 10 < sum(line in {"-right", "+wrong"} for line in lines) < 30
    assert any(line.startswith("... and ") and line.endswith(" lines more") for line in lines)


def test_what_a_program_changes_is_its_own(grade):
    """Builtins and modules that it has overwritten are others than the test's."""
    program = (
        "import builtins, sys, os, json\n"
        "builtins.len = builtins.bool = lambda *_: 7\n"
        "json.dumps = os.write = sys.exit = None\n"
        "builtins.AssertionError = ZeroDivisionError\n"
    )
    tests = HEAD + (
        "@test()\ndef runs(lab):\n    lab.run('prog.py')\n    assert len('ab') == 2\n"
        "@test()\ndef fails(lab):\n    lab.run('prog.py')\n    assert len('ab') == 3\n"
    )
    first, second = grade(program, tests)
    assert first.passed
    assert not second.passed
    assert second.explained == "expected 3\ngot      2"


def test_a_test_that_is_broken_says_so(grade):
    """A mistake of the lab's is told as one, with its place."""
    (outcome,) = grade("", HEAD + "@test()\ndef runs(lab):\n    lab.nothing()\n")
    assert "the test could not go on: AttributeError" in outcome.message()
    assert "tests.py:4: lab.nothing()" in outcome.message()


def test_other_systems_and_faults(grade):
    """A test may boot again, with a seed or another's files; faults are injected beside the limits."""
    tests = HEAD + (
        "@test(calls=500)\n"
        "def runs(lab):\n"
        "    lab.inject('write:error=ENOSPC:when=1')\n"
        "    result = lab.run('prog.py', status=1)\n"
        "    assert b'No space' in result.stderr\n"
        "    lab.boot(seed=3, files=result.files)\n"
        "    assert lab.read('x') == b''\n"
        "    lab.boot()\n"
        "    assert not lab.exists('x')\n"
        "    lab.crash_at('write')\n"
        "    assert lab.run('prog.py').crashed\n"
    )
    (outcome,) = grade(
        "import os\nos.write(os.open('x', os.O_CREAT | os.O_WRONLY), b'text')\n", tests
    )
    assert outcome.message() == ""
    assert outcome.passed


def test_commands_are_shown_as_they_are_typed(grade):
    """In double quotes where there are single ones, and what these would change has a backslash."""
    tests = HEAD + (
        "@test()\ndef runs(lab):\n"
        "    lab.run('prog.py', 'a b', \"echo 'x' $HOME\", status=3, stdin=b'\\xff')\n"
    )
    (outcome,) = grade("", tests)
    assert outcome.said == "prog.py ended with status 0, not 3"
    command = """prog.py 'a b' "echo 'x' \\$HOME\""""
    assert outcome.ran.startswith(command)
    assert outcome.ran.endswith(r"with the input '\\xff'")


def test_who_waits_for_ever_is_told_with_its_line(grade):
    """What is told of a deadlock has the line of each process that was the last to ask for something."""
    (outcome,) = grade("import signal\nsignal.pause()")
    assert "pid 2, LWP 2: the last call is that of /home/user/prog.py:2 in <module>" in outcome.said


def test_a_place_in_a_tool_is_none_of_the_host(grade):
    """A tool of /bin that is stopped is named as in the sources, wherever they are."""
    tests = HEAD + "@test(output=1000)\ndef runs(lab):\n    lab.run('/usr/bin/yes')\n"
    (outcome,) = grade("", tests)
    assert "printed more than 1000 bytes, in userland/bin/yes.py, line " in outcome.said


def test_what_is_no_python_is_told_before_what_it_did_not_do(grade):
    """A syntax error is what was wrong, whatever status the test wants; another program's is not."""
    tests = HEAD + (
        "@test()\ndef a(lab):\n    assert lab.run('prog.py', status=1).stdout == b'x'\n"
        "@test()\ndef b(lab):\n    assert lab.run('prog.py', status=None).stdout == b'x'\n"
        "@test()\ndef c(lab):\n    lab.write('bad.py', '(', 0o755)\n"
        "    lab.run('/bin/sh', '-c', './bad.py', status=1)\n"
    )
    first, second, third = grade("x = (\n", tests)
    assert first.said == "prog.py ended with status 1: SyntaxError: '(' was never closed"
    assert second.said == first.said
    assert third.passed
