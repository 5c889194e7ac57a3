# SPDX-License-Identifier: BSD-2-Clause
"""What it takes from the host's prompt to hello world and back."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.yardstick import Figure, Interleaved

ROOT = Path(__file__).parents[1]
HELLO = ROOT / "benchmarks" / "programs" / "hello.py"


def test_boot_to_exit(interleaved: Interleaved, tmp_path: Path) -> None:
    """Hello world takes at most 150 ms more than `python3 -c pass`; bytecode is cached."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)

    def python(*args: str) -> None:
        subprocess.run([sys.executable, *args], cwd=ROOT, env=env, check=True, capture_output=True)

    got, yard = interleaved.run(
        lambda: python("-m", "kernel", "run", str(HELLO)), lambda: python("-c", "pass"), rounds=15
    )
    interleaved.note(
        Figure("boot to exit, beyond python", got, yard, (got - yard) * 1e3, 150, "ms")
    )
