# SPDX-License-Identifier: BSD-2-Clause
"""notes.py, tested on an emulated system: `python -m pytest examples/notes`.

Nothing of the host is touched, a day takes no time, and what goes wrong once in a year does here.
"""

import errno
import os
import subprocess
import time
from itertools import count
from pathlib import Path

import pytest
from notes import Saver, backup, load, locked, rotate, save

import kernel as sysent

NOTE = Path("/home/user/note")


def test_save(kernel):
    """The file has the text; it is the only one."""
    with kernel.patch() as p:
        save(NOTE, "text")
        assert load(NOTE) == "text"
    assert p.result.changes.added == [str(NOTE)]
    assert not NOTE.exists()  # on the host


@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_full_disk_leaves_the_old_text(kernel, call):
    """And no temporary file."""
    with kernel.patch():
        save(NOTE, "old")
        with kernel.inject(f"{call}:error=ENOSPC") as fault:
            with pytest.raises(OSError, match="No space left") as caught:
                save(NOTE, "new")
            assert caught.value.errno == errno.ENOSPC
        assert fault.hits >= 1
        assert load(NOTE) == "old"
        assert os.listdir(NOTE.parent) == [NOTE.name]


@pytest.mark.kernel(uid=1000)
def test_somebody_elses_directory(kernel):
    """Permissions are the system's, not the host's: the tests may run as root."""
    with kernel.patch(), pytest.raises(PermissionError):
        save("/etc/note", "text")


def test_a_crash_at_any_call(kernel):
    """Wherever the machine stops, the next boot finds the old text or the new one."""
    with kernel.patch():
        save(NOTE, "old")
    before = kernel.files()
    for number in count(1):
        with sysent.boot(files=before) as k:
            k.crash_at("all", number)
            try:
                k.call(save, NOTE, "new")
            except sysent.Reboot:
                assert k.files()[str(NOTE)].text in ("old", "new")
            else:
                assert k.files()[str(NOTE)].text == "new"
                break
    assert number > 10


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
