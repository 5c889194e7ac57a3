# SPDX-License-Identifier: BSD-2-Clause
"""What the README shows is what happens."""

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


def consoles() -> list[list[tuple[str, str]]]:
    """Return the console blocks: commands, each with what it prints."""
    blocks = re.findall(r"```console\n(.*?)```", README.read_text(), re.DOTALL)
    return [re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE) for block in blocks]


@pytest.mark.parametrize("block", consoles(), ids=lambda block: block[0][0])
def test_commands_print_what_is_shown(block, tmp_path):
    """Each command of a block prints what follows it; a line of dots is any number of lines."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for command, shown in block:
        ran = subprocess.run(
            command.replace("python ", f"{shlex.quote(sys.executable)} "),
            shell=True,
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/bin:/usr/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        pattern = r"(?:.*\n)*".join(map(re.escape, shown.split("...\n")))
        assert re.fullmatch(pattern, ran.stdout + ran.stderr), ran.stdout + ran.stderr


def test_python_session_is_true():
    """So does each statement of the Python session."""
    result = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert result.attempted > 3
    assert result.failed == 0
