# SPDX-License-Identifier: BSD-2-Clause
"""The example project's own tests pass."""

import subprocess
import sys
from pathlib import Path

NOTES = Path(__file__).parents[2] / "examples" / "notes"


def test_its_tests_pass():
    """With the plugin as it is installed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(NOTES)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 passed" in done.stdout
