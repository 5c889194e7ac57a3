# SPDX-License-Identifier: BSD-2-Clause
"""What notes does, on an emulated system: nothing of the host is touched, a day takes no time."""

import subprocess
import time
from pathlib import Path

import pytest
from notes import Saver, backup, load, locked, rotate, save

SRC = Path(__file__).parents[1] / "src"
NOTE = Path("/home/user/note")


def test_save(kernel):
    """The file has the text; it is the only one."""
    with kernel.patch() as p:
        save(NOTE, "text")
        assert load(NOTE) == "text"
    assert p.result.changes.added == [str(NOTE)]
    assert not NOTE.exists()  # on the host


@pytest.mark.kernel(uid=1000)
def test_somebody_elses_directory(kernel):
    """Permissions are the system's, not the host's: the tests may run as root."""
    with kernel.patch(), pytest.raises(PermissionError):
        save("/etc/note", "text")


@pytest.fixture
def notes(kernel):
    """The command, installed; it is given words, and what it left comes back."""
    kernel.mount(SRC, b"/mnt/notes", readonly=True)

    def run(*words, uid=1000):
        env = {"PYTHONPATH": "/mnt/notes"}
        return kernel.run(b"/usr/bin/python3", ["-m", "notes", *words], env=env, uid=uid)

    return run


def test_the_command(notes):
    """One run finds what another has left."""
    assert notes("add", "buy", "milk").stdout == b"1 notes\n"
    assert notes("add", "sell", "cow").stdout == b"2 notes\n"
    assert notes("show").stdout == b"buy milk\nsell cow\n"
    assert notes("nonsense").status == 2


def test_the_command_of_who_may_not(notes):
    """A message and a status, no traceback."""
    result = notes("add", "text", uid=9)  # his home is /
    assert result.status == 1
    assert result.stderr.startswith(b"notes: [Errno 13] Permission denied")


def test_rotate(kernel):
    """The oldest goes."""
    with kernel.patch():
        for number in range(6):
            NOTE.write_text(str(number))
            rotate(NOTE, keep=3)
        assert [load(f"{NOTE}.{n}") for n in (1, 2, 3, 4)] == ["5", "4", "3", ""]


def test_a_lock_that_is_held(kernel):
    """Five seconds of the system's time, none of ours."""
    begun = time.monotonic()
    with kernel.patch() as p, locked("/tmp/lock"), pytest.raises(TimeoutError), locked("/tmp/lock"):
        pass
    assert 5 <= p.result.seconds < 5.5
    assert time.monotonic() - begun < 5
    assert "/tmp/lock" not in p.result.files


def test_backup(kernel):
    """cp is a program of the system's, and the date its own."""
    with kernel.patch():
        save(NOTE, "text")
        assert backup(NOTE) == f"{NOTE}.2003-08-07"
        assert load(f"{NOTE}.2003-08-07") == "text"
        with pytest.raises(subprocess.CalledProcessError):
            backup("/nothing")


def test_threads(kernel):
    """A class that was derived from threading.Thread before is a thread of the system's inside."""
    with kernel.patch() as p:
        one, two = Saver("/tmp/one", 3600, 3), Saver("/tmp/two", 5400, 2)
        one.start()
        two.start()
        one.join()
        assert load("/tmp/one") == "2"
        two.join()
    assert 3 * 3600 <= p.result.seconds < 3 * 3600 + 1
    assert p.result.left == []
