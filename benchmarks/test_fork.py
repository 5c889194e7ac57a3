# SPDX-License-Identifier: BSD-2-Clause
"""What fork(2) costs, though a child replays its program up to it."""

import os
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from benchmarks.yardstick import Figure, Interleaved
from kernel import api

PROGRAMS = Path(__file__).parent / "programs"
FORKS = 50
SHORT, LONG = 8, 12  # forks of the chain: 256 and 4,096 processes


@pytest.fixture
def system() -> Iterator[api.System]:
    many = 2**LONG + 100
    limits = api.Limits(maxproc=many, maxfiles=4 * many, nproc=(many, many))
    with api.boot(limits=limits) as system:
        yield system


def run(system: api.System, name: str, argument: int) -> float:
    """Run a program; return the seconds it took."""
    begin = perf_counter()
    result = system.run(PROGRAMS / name, [str(argument)])
    took = perf_counter() - begin
    assert result.status == 0, result.stderr.decode()
    return took


def host_forks() -> None:
    """The host's fork, exit and wait."""
    for _ in range(FORKS):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)


def test_fork_exit_wait(interleaved: Interleaved, system: api.System) -> None:
    """Fork, exit and wait after 1,000 calls take at most 1 ms; the yardstick is the host's own.

    What the program takes without forking is measured in the same rounds, and taken off.
    """
    alone: list[float] = []

    got, yard = interleaved.run(
        lambda: run(system, "forks.py", FORKS),
        host_forks,
        rounds=15,
        before=lambda: alone.append(run(system, "forks.py", 0)),
    )
    each = (got - sorted(alone)[len(alone) // 2]) / FORKS
    interleaved.note(
        Figure("fork+exit+wait after 1,000 calls", each, yard / FORKS, each * 1e3, 1, "ms")
    )


def test_chain_of_forks(interleaved: Interleaved, system: api.System) -> None:
    """A chain of 12 forks is linear in its 4,096 processes: each costs as much as one of 256."""
    got, yard = interleaved.run(
        lambda: run(system, "chain.py", LONG), lambda: run(system, "chain.py", SHORT), rounds=3
    )
    each, each_yard = got / 2**LONG, yard / 2**SHORT
    interleaved.note(
        Figure("a process of 4,096 / of 256", each, each_yard, each / each_yard, 1.5, "x")
    )
