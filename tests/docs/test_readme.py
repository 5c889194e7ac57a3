# SPDX-License-Identifier: BSD-2-Clause
"""What the README and the tutorials show is what happens."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
TUTORIALS = [*sorted((ROOT / "docs" / "tutorial").glob("first-*.md"))]
FILE = r"```\{code-block\} \w+\n:caption: (?P<name>\S+)\n\n(?P<text>.*?)```"
CONSOLE = r"```console\n(?P<console>.*?)```"
ENVIRONMENT = {
    "PATH": f"{Path(sys.executable).parent}:/bin:/usr/bin",
    "PYTHONPATH": str(ROOT),
    "HOME": "/nonexistent",
    "SYSENT_NATIVE": os.environ.get("SYSENT_NATIVE", "1"),
}


def consoles() -> list[str]:
    """Return the console blocks of the README, and of the page whose blocks are whole, too."""
    text = README.read_text() + (ROOT / "docs" / "courses.md").read_text()
    return re.findall(CONSOLE, text, re.DOTALL)


def line_pattern(line: str) -> str:
    """Return what matches a line that is shown: dots for any lines, or at its end for any text."""
    if line == "...":
        return r"(?:.*\n)*"
    begin, dots, _ = line.partition("...")
    return f"{re.escape(begin)}{'.*' if dots else ''}\n"


def follow(console: str, folder: Path) -> None:
    """Run the commands of a console block in folder: each prints what is below it."""
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", console, re.MULTILINE):
        ran = subprocess.run(
            command, shell=True, cwd=folder, env=ENVIRONMENT, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        pattern = "".join(map(line_pattern, shown.splitlines()))
        assert re.fullmatch(pattern, ran.stdout), f"$ {command}\n{ran.stdout}"


@pytest.mark.parametrize("console", consoles(), ids=lambda console: console.partition("\n")[0])
def test_commands_print_what_is_shown(console, tmp_path):
    """Each command of a block of the README prints what follows it."""
    for name in ("examples", "labs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    follow(console, tmp_path)


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_tutorials_are_true(tutorial, tmp_path):
    """So does each of a tutorial, from its first line to its last, with the files it writes."""
    text = tutorial.read_text()
    steps = list(re.finditer(f"{FILE}|{CONSOLE}", text, re.DOTALL))
    assert len(steps) > 3
    if "cp -r labs/" in text:
        shutil.copytree(ROOT / "labs", tmp_path / "labs")
    for step in steps:
        if step["name"]:
            (tmp_path / step["name"]).write_text(step["text"])
        else:
            follow(step["console"], tmp_path)


def test_python_session_is_true():
    """And each statement of the README's Python session."""
    result = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert result.attempted > 3
    assert result.failed == 0
