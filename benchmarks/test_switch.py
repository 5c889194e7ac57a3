# SPDX-License-Identifier: BSD-2-Clause
"""What it costs to switch: between two processes at a pipe, and among very many asleep."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from greenlet import getcurrent, greenlet

from benchmarks.stopwatch import Track
from benchmarks.yardstick import Figure, Interleaved

ROOT = Path(__file__).parents[1]
TRIPS = 5_000
FEW, MANY = 1_000, 10_000  # sleepers


@pytest.fixture
def track() -> Iterator[Track]:
    track = Track(MANY + 100)
    with track.system:
        yield track


def switches() -> None:
    """Switch to a bare greenlet and back, TRIPS times."""
    there = greenlet(_back)
    switch = there.switch
    switch()
    for _ in range(TRIPS):
        switch()


def _back() -> None:
    """Switch back at once, for ever."""
    parent = getcurrent().parent
    assert parent is not None
    switch = parent.switch
    while True:
        switch()


def test_ping_pong(interleaved: Interleaved, track: Track) -> None:
    """A byte goes through a pipe to another process and one comes back: 12 bare round trips."""
    times: list[float] = []
    _, yard = interleaved.run(
        lambda: times.append(track.run("pingpong.py", TRIPS)), switches, rounds=15
    )
    got = median(times)
    interleaved.note(
        Figure("ping-pong / greenlet switch", got / TRIPS, yard / TRIPS, got / yard, 12, "x")
    )


@pytest.mark.parametrize(("kind", "count"), [("cloned", MANY), ("forked", FEW), ("spawned", FEW)])
def test_memory_of_sleepers(interleaved: Interleaved, kind: str, count: int) -> None:
    """A process that sleeps has at most 12 KiB: all that the host's memory has grown by."""
    sizes: list[float] = []

    def run() -> None:
        argv = (sys.executable, "-m", "benchmarks.sleepers", kind, str(count))
        done = subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True)
        sizes.append(float(done.stdout))

    got, yard = interleaved.run(run, int, rounds=1)
    interleaved.note(
        Figure(f"memory of a sleeper, {kind}", got / count, yard, median(sizes), 12, "KiB")
    )


def test_wake_in_turn(interleaved: Interleaved, track: Track) -> None:
    """To wake, one of 10,000 takes no longer than one of 1,000."""
    times: dict[int, list[float]] = {MANY: [], FEW: []}

    def run(count: int) -> None:
        track.run("sleepers.py", "cloned", count)
        marks = track.watch.times
        times[count].append((marks[3] - marks[2]) / count)

    interleaved.run(lambda: run(MANY), lambda: run(FEW), rounds=3)
    each, yard = median(times[MANY]), median(times[FEW])
    interleaved.note(Figure("to wake one of 10,000 / 1,000", each, yard, each / yard, 1.5, "x"))
