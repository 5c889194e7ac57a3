# SPDX-License-Identifier: BSD-2-Clause
"""The example project's own tests pass, and find what is broken in it."""

import shutil
import subprocess
import sys
from pathlib import Path

NOTES = Path(__file__).parents[2] / "examples" / "notes"


def run(project, *args):
    """Run the project's tests with the plugin as it is installed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *args],
        cwd=project, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_its_tests_pass():
    """And no golden trace is without a test."""
    out = run(NOTES)
    assert "19 passed" in out, out
    assert "golden traces" not in out


def test_its_tests_find_what_is_broken(tmp_path):
    """A text that is not on the disk when it gets its name: the calls tell, with their lines."""
    project = tmp_path / "notes"
    shutil.copytree(NOTES, project, ignore=shutil.ignore_patterns("__pycache__"))
    source = project / "src" / "notes" / "__init__.py"
    source.write_text(source.read_text().replace("            os.fsync(file.fileno())\n", ""))
    out = run(project, "tests/test_calls.py", "-k", "text_is_on_the_disk")
    assert "in_order(open, write, fsync, rename, fsync): no rename after fsync, of 1 in all" in out
    assert "notes/__init__.py:33 in save:  os.fsync(directory)" in out
    assert "notes/__init__.py:27 in save:  rename(name, path)" in out
