# SPDX-License-Identifier: BSD-2-Clause
"""Kernel modules from the host: rows and handlers that are there before a system boots."""

import subprocess
import sys

import pytest

from kernel.modload import ModuleError, module_init
from kernel.sys.syscall import SYSCALLS

ROW = "500\tSTD\t{ int|sys||twice(int number); }\n"
HANDLER = "def sys_twice(lwp, number):\n    return 2 * number\n"
TRY = "from userland.libc import syscall\nprint(syscall(500, 21))\n"

# What is wrong with a module, and what is said.
BAD = {
    "no row": ({"sys_twice.py": HANDLER}, "m has no *.master with a row in it"),
    "taken": (
        {"row.master": ROW.replace("500", "4")},
        "m/row.master, line 1: bad row where 500 should be",
    ),
    "malformed": (
        {"row.master": "\n; a comment\n" + ROW.replace("|sys|", "|")},
        "m/row.master, line 3: bad row where 500 should be",
    ),
    "goes on": (
        {"row.master": "; one \\\n\n more\n" + ROW.replace("|sys|", "| \\\n")},
        "m/row.master, line 4: bad row where 500 should be",
    ),
    "carriage returns": (
        {"row.master": "5 \\\r\n5\r\n"},
        "m/row.master, line 1: bad row where 500 should be",
    ),
    "no ASCII": (
        {"row.master": ROW + "; na\u00efve\n"},
        "m/row.master, line 2: b'\\xc3' is no ASCII",
    ),
    "known": (
        {"row.master": ROW.replace("twice", "getpid")},
        "m/row.master, line 1: no new call",
    ),
    "no call": ({"row.master": "500\tUNIMPL\ttwice\n"}, "m/row.master, line 1: no new call"),
    "no handler": ({"row.master": ROW}, "m/row.master, line 1: sys_twice is no function"),
    "parameters": (
        {"row.master": ROW, "sys_twice.py": HANDLER.replace("number):", "value):")},
        "m/row.master, line 1: sys_twice('value',): its row has ('number',)",
    ),
    "syntax": (
        {"row.master": ROW, "sys_twice.py": "x = 1\ndef sys_twice(:\n"},
        "m/sys_twice.py, line 2: SyntaxError",
    ),
    "code": (
        {"row.master": ROW, "sys_twice.py": "\n\nnothere()\n"},
        "m/sys_twice.py, line 3: NameError: name 'nothere' is not defined",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_module_is_told_in_a_line(what):
    """What cannot be loaded says why, and leaves the table as it was."""
    files, words = BAD[what]
    with pytest.raises(ModuleError) as failure:
        module_init("m", {name: text.encode() for name, text in files.items()})
    assert words in str(failure.value)
    assert "\n" not in str(failure.value)
    assert len(SYSCALLS) == 500


@pytest.fixture
def folder(tmp_path):
    """A module that is whole, and a program that makes its call."""
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "row.master").write_text(ROW)
    (tmp_path / "m" / "sys_twice.py").write_text(HANDLER)
    (tmp_path / "try.py").write_text(TRY)
    return tmp_path


def run(folder, *args):
    """Run the host command in an interpreter of its own: the table is the interpreter's."""
    return subprocess.run(
        [sys.executable, "-m", "kernel", *args], cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_its_calls_are_there(folder):
    """run --modload DIR: the call is made, and recorded by its name."""
    done = run(folder, "run", "--modload", "m", "--ktrace", "k", "try.py")
    assert (done.stdout, done.stderr, done.returncode) == ("42\n", "", 0)
    assert "CALL  [500](0x15)" in run(folder, "kdump", "-N", "-f", "k").stdout


def test_without_it_they_are_not(folder):
    """A call that is not in the table is SIGSYS."""
    assert run(folder, "run", "try.py").returncode == 128 + 12


def test_a_folder_that_is_not_there(folder):
    """The command says in a line what is wrong, and exits with 2."""
    done = run(folder, "run", "--modload", "nothere", "try.py")
    assert done.returncode == 2
    assert done.stderr == "run: nothere has no *.master with a row in it\n"


# Makes calls, and looks at their traces, before and after a module is loaded, as a lab's tests may.
LATE = """\
from pathlib import Path
from kernel import api
from kernel.modload import modload

def called(number):
    with api.boot(ktrace=True) as system:
        text = (
            "from userland.libc import *\\nfrom userland.libc.machine import trap\\n"
            f"signal(SIGSYS, SIG_IGN)\\nprint(*trap({number}, 21))"
        )
        done = system.run(b"/usr/bin/python3", ["-c", text])
    lines = [line for line in done.kdump().splitlines() if "CALL  twice" in line or "[500" in line]
    return done.stdout.decode(), [line.split("CALL  ")[-1] for line in lines]

print(called(20)[1], called(500)[1][0])
modload(Path("m"))
print(called(500))
"""


def test_one_that_comes_late_is_there(folder):
    """Who has made a call of its number, and printed traces, has it, and its name, from then on."""
    done = subprocess.run(
        [sys.executable, "-c", LATE], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout == "[] [500]\n('0 42\\n', ['twice(0x15)'])\n"
