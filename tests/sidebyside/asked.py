# SPDX-License-Identifier: BSD-2-Clause
"""The rows' answers of the host or of pyfakefs: `python -m tests.sidebyside.asked host|pyfakefs`.

A process of its own: pyfakefs changes the modules it finds, and permissions mean something to
users only: root becomes nobody first, and pyfakefs is told to be a user's.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from types import FrameType

from pyfakefs.fake_filesystem_unittest import Patcher
from pyfakefs.helpers import set_gid, set_uid

from tests.sidebyside.rows_contents import ROWS, answer

NOBODY = 65534
USER = 1000
PATIENCE = 5  # seconds a row may take


class Hangs(Exception):
    """A row's time is up."""


def _alarm(_signo: int, _frame: FrameType | None) -> None:
    raise Hangs


def _host() -> dict[str, str]:
    """Ask the host, in a directory of each row's own."""
    answers = {}
    for name, function in ROWS.items():
        home = os.path.realpath(tempfile.mkdtemp(prefix="sidebyside"))
        os.chdir(home)
        answers[name] = _timed(function)
        os.chdir("/")
        shutil.rmtree(home)
    return answers


def _pyfakefs() -> dict[str, str]:
    """Ask pyfakefs, the same; what it lets through goes to a directory of the host's."""
    outside = tempfile.mkdtemp(prefix="sidebyside")
    answers = {}
    with Patcher(additional_skip_names=["json", "tests.sidebyside.asked"]) as patcher:
        if patcher.fs is None:
            raise RuntimeError("pyfakefs has no file system")
        for number, (name, function) in enumerate(ROWS.items()):
            os.mkdir(f"{outside}/{number}")
            os.chdir(f"{outside}/{number}")
            home = patcher.fs.create_dir(f"/home/{number}")
            home.st_uid = home.st_gid = USER
            set_uid(USER)
            set_gid(USER)
            patcher.fs.cwd = f"/home/{number}"
            answers[name] = _timed(function)
            set_uid(0)
            set_gid(0)
    os.chdir("/")
    shutil.rmtree(outside, ignore_errors=True)
    return answers


def _timed(function: Callable[[], object]) -> str:
    signal.alarm(PATIENCE)
    try:
        return answer(function)
    except Hangs:
        return "hangs"
    finally:
        signal.alarm(0)


def main(who: str) -> None:
    """Print the answers as JSON."""
    if who == "host" and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    os.umask(0o022)
    signal.signal(signal.SIGALRM, _alarm)
    answers = {"host": _host, "pyfakefs": _pyfakefs}[who]()
    sys.stdout.write(json.dumps(answers))
    sys.stdout.flush()
    os._exit(0)  # threads that wait for ever are left


if __name__ == "__main__":
    main(sys.argv[1])
