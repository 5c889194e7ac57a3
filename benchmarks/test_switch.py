# SPDX-License-Identifier: BSD-2-Clause
"""What it costs to change from one process to another, and to keep many asleep."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import greenlet
import pytest

from benchmarks.yardstick import Figure, Interleaved
from kernel import api

PROGRAMS = Path(__file__).parent / "programs"
TRIPS = 5_000
FEW, MANY = 1_000, 10_000


@pytest.fixture
def system() -> Iterator[api.System]:
    room = MANY + 100
    limits = api.Limits(maxproc=room, maxfiles=8 * room, nproc=(room, room))
    with api.boot(limits=limits) as system:
        yield system


def run(system: api.System, name: str, argument: int) -> float:
    """Run a program that tells on stdout nothing but how it ended; return the seconds."""
    begin = perf_counter()
    result = system.run(PROGRAMS / name, [str(argument)])
    took = perf_counter() - begin
    assert result.status == 0, result.stderr.decode()
    return took


def switches() -> None:
    """A greenlet there and back, TRIPS times."""
    main = greenlet.getcurrent()

    def other() -> None:
        while True:
            main.switch()

    there = greenlet.greenlet(other)
    for _ in range(TRIPS):
        there.switch()


def test_ping_pong(interleaved: Interleaved, system: api.System) -> None:
    """A byte through two pipes there and back takes at most 12 bare greenlet switches' time."""
    alone: list[float] = []
    got, yard = interleaved.run(
        lambda: run(system, "pingpong.py", TRIPS),
        switches,
        rounds=9,
        before=lambda: alone.append(run(system, "pingpong.py", 0)),
    )
    each = (got - sorted(alone)[len(alone) // 2]) / TRIPS
    interleaved.note(
        Figure("pipe round trip / two switches", each, yard / TRIPS, each * TRIPS / yard, 12, "x")
    )


def test_sleepers(interleaved: Interleaved, system: api.System) -> None:
    """10,000 sleepers are woken in turn, each in at most 1.5 times what one of 1,000 takes."""
    got, yard = interleaved.run(
        lambda: run(system, "sleepers.py", MANY), lambda: run(system, "sleepers.py", FEW), rounds=3
    )
    each, each_yard = got / MANY, yard / FEW
    interleaved.note(
        Figure("a sleeper of 10,000 / of 1,000", each, each_yard, each / each_yard, 1.5, "x")
    )


def test_memory_of_a_sleeper(interleaved: Interleaved, system: api.System) -> None:
    """A process that sleeps takes at most 12 KiB."""
    process = system.process()
    held: list[float] = []

    def measure() -> None:
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        system.start(process, PROGRAMS / "sleepers.py", [str(FEW), "stay"])
        process.begin(int)
        system.settle()
        held.append((tracemalloc.get_traced_memory()[0] - before) / FEW)
        tracemalloc.stop()

    interleaved.benchmark.pedantic(measure, rounds=1)
    interleaved.note(Figure("KiB of a sleeper", 0, 0, held[0] / 1024, 12, "KiB"))
