# SPDX-License-Identifier: BSD-2-Clause
"""Laws of the host's ktruss: a file, a command, and wrong words."""

import subprocess
import sys
from pathlib import Path

import pytest

from kernel.cli import ktruss

TRACE = str(Path(__file__).parents[1] / "data" / "golden" / "10-amd64-0.ktrace")


def test_a_file(capfdbinary):
    """It is printed as the ktruss inside prints it."""
    assert ktruss.main(["-f", TRACE]) == 0
    assert b" = " in capfdbinary.readouterr().out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["-f", "/nonexistent"], "ktruss: fopen: /nonexistent: No such file or directory\n"),
        (["-t", "q", "-f", TRACE], "ktruss: unknown facility in q\n"),
        ([], "usage:"),
        (["-q"], "ktruss: option -q not recognized\nusage:"),
    ],
)
def test_errors(args, says, capfd):
    """One line, and the usage where that helps."""
    assert ktruss.main(args) == 1
    assert capfd.readouterr().err.startswith(says)


def test_a_command():
    """A command of the system inside is run there, its calls printed."""
    done = subprocess.run(
        [sys.executable, "-m", "kernel", "ktruss", "echo", "hi"], capture_output=True, check=True
    )
    assert b"hi\n" in done.stdout
    assert b"execve(" in done.stdout
