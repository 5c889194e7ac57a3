# SPDX-License-Identifier: BSD-2-Clause
"""What it takes from the host's prompt to hello world and back."""

import subprocess
import sys
from pathlib import Path

from benchmarks.yardstick import Figure, Interleaved

ROOT = Path(__file__).parents[1]
HELLO = ROOT / "benchmarks" / "programs" / "hello.py"


def python(*args: object) -> None:
    """Run this Python to its end."""
    subprocess.run([sys.executable, *map(str, args)], cwd=ROOT, check=True, capture_output=True)


def test_boot_to_exit(interleaved: Interleaved) -> None:
    """Hello world takes at most 150 ms more than `python3 -c pass`."""
    got, yard = interleaved.run(
        lambda: python("-m", "kernel", "run", HELLO), lambda: python("-c", "pass"), rounds=15
    )
    interleaved.note(
        Figure("boot to exit, beyond python", got, yard, (got - yard) * 1e3, 150, "ms")
    )
