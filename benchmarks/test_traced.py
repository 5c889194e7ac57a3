# SPDX-License-Identifier: BSD-2-Clause
"""A traced program beside itself: untraced here, and on the host under strace."""

import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

from benchmarks.yardstick import Figure, Interleaved
from kernel import api

MIXED = Path(__file__).parent / "programs" / "mixed.py"
CALLS = 100_000
ROUNDS = 7
TURNS = [str(CALLS // 10)]


def inside(ktrace: bool) -> float:
    """Run the program in a fresh system; return the seconds that it took."""
    with api.boot(limits=api.Limits(fs_size=1 << 30)) as system:
        begin = perf_counter()
        result = system.run(MIXED, TURNS, ktrace=ktrace)
        took = perf_counter() - begin
    assert result.status == 0, result.stderr.decode()
    assert not ktrace or len(result.trace) > CALLS * 56
    return took


def host(*command: str) -> float:
    """Run the program on the host, under command; return the seconds it took.

    Whoever starts Python pays for its start: the same start without the calls is taken off.
    """
    times = []
    for turns in (TURNS, ["0"]):
        begin = perf_counter()
        subprocess.run(
            [*command, sys.executable, "-S", MIXED, *turns], check=True, capture_output=True
        )
        times.append(perf_counter() - begin)
    return times[0] - times[1]


def test_traced_and_untraced(interleaved: Interleaved) -> None:
    """A traced program takes at most 2.5 times what it takes untraced."""
    got, yard = interleaved.run(lambda: inside(True), lambda: inside(False), rounds=ROUNDS)
    interleaved.note(Figure("mixed calls, traced / untraced", got, yard, got / yard, 2.5, "x"))


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_traced_and_strace(interleaved: Interleaved, tmp_path: Path) -> None:
    """It is at least 10 times as fast as the same program on the host under strace -f -o FILE."""
    log = str(tmp_path / "log")
    got, yard = interleaved.run(
        lambda: inside(True), lambda: host("strace", "-f", "-o", log), rounds=3
    )
    interleaved.note(Figure("strace / mixed calls, traced", got, yard, yard / got, 10, "x", True))
