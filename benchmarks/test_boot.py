# SPDX-License-Identifier: BSD-2-Clause
"""What it takes from the host's prompt to hello world and back."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.yardstick import Figure, Interleaved

ROOT = Path(__file__).parents[1]
PROGRAMS = ROOT / "benchmarks" / "programs"
HELLO = PROGRAMS / "hello.py"
EIGHT = PROGRAMS / "eight.py"  # imports as many modules
FAKED = PROGRAMS / "faked.py"


@pytest.fixture
def python(tmp_path: Path) -> Callable[..., object]:
    """Run the host's Python; bytecode is cached."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)

    def python(*args: str | Path) -> None:
        subprocess.run([sys.executable, *args], cwd=ROOT, env=env, check=True, capture_output=True)

    return python


def test_boot_to_exit(interleaved: Interleaved, python: Callable[..., object]) -> None:
    """Hello world takes at most 5 times as long as `python3 -c pass`, and 120 ms more."""
    got, yard = interleaved.run(
        lambda: python("-m", "kernel", "run", HELLO), lambda: python("-c", "pass"), rounds=15
    )
    interleaved.note(Figure("boot to exit / python", got, yard, got / yard, 5, "x"))
    interleaved.note(
        Figure("boot to exit, beyond python", got, yard, (got - yard) * 1e3, 120, "ms")
    )


def test_eight_modules(interleaved: Interleaved, python: Callable[..., object]) -> None:
    """A script of eight modules and some small files: 60 ms beyond the host at most."""
    got, yard = interleaved.run(
        lambda: python("-m", "kernel", "run", EIGHT), lambda: python(EIGHT), rounds=9
    )
    beyond = (got - yard) * 1e3
    interleaved.note(Figure("eight modules, beyond python", got, yard, beyond, 60, "ms"))


def test_eight_modules_and_a_fake(interleaved: Interleaved, python: Callable[..., object]) -> None:
    """No slower than the same script under pyfakefs."""
    got, yard = interleaved.run(
        lambda: python("-m", "kernel", "run", EIGHT), lambda: python(FAKED, EIGHT), rounds=9
    )
    interleaved.note(Figure("eight modules / under pyfakefs", got, yard, got / yard, 1, "x"))
