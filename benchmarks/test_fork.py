# SPDX-License-Identifier: BSD-2-Clause
"""What fork(2) costs, though a child replays its program up to it; and posix_spawn(2)."""

import os
from collections.abc import Iterator
from statistics import median

import pytest

from benchmarks.stopwatch import Track
from benchmarks.yardstick import Figure, Interleaved, empty_calls

FORKS = 5
SPAWNS = 20
SHORT, LONG = 1, 12  # forks of a chain: 2 and 4,096 processes
# ms that the fork of MOSAIC, an operating system of generators, takes after so many calls,
# which it replays, too; on a machine where an empty Python call takes EMPTY seconds.
MOSAIC = {10: 1.0, 1_000: 2.3, 10_000: 13.4}
EMPTY = 35e-9
CALLS = 100_000


@pytest.fixture
def track() -> Iterator[Track]:
    track = Track(2**LONG + 100)
    with track.system:
        yield track


@pytest.mark.parametrize("calls", MOSAIC)
def test_fork_exit_wait(interleaved: Interleaved, track: Track, calls: int) -> None:
    """Fork, exit and wait take a tenth of what MOSAIC's would, by the speed of an empty call."""
    times: list[float] = []
    _, yard = interleaved.run(
        lambda: times.append(track.run("forks.py", calls, FORKS) / FORKS),
        lambda: empty_calls(CALLS),
        rounds=15,
    )
    each, mosaic = median(times), MOSAIC[calls] * 1e-3 * yard / CALLS / EMPTY
    name = f"MOSAIC's / fork+exit+wait after {calls:,} calls"
    interleaved.note(Figure(name, each, mosaic, mosaic / each, 10, "x", at_least=True))


def test_fork_is_linear(interleaved: Interleaved, track: Track) -> None:
    """A call of history costs a fork the same whether there are 10,000 or 1,000."""
    times: dict[int, list[float]] = {10_000: [], 1_000: []}

    def run(calls: int) -> None:
        times[calls].append(track.run("forks.py", calls, FORKS) / FORKS)

    interleaved.run(lambda: run(10_000), lambda: run(1_000), rounds=9)
    each, yard = median(times[10_000]) / 10_000, median(times[1_000]) / 1_000
    interleaved.note(
        Figure("a call of 10,000 that fork replays / of 1,000", each, yard, each / yard, 1.2, "x")
    )


def test_chain_of_forks(interleaved: Interleaved, track: Track) -> None:
    """A chain of 12 forks costs no more for each of its 4,096 processes than one for its two."""
    times: list[float] = []
    first: list[float] = []
    interleaved.run(
        lambda: times.append(track.run("chain.py", LONG)),
        lambda: first.extend(track.run("chain.py", SHORT) for _ in range(20)),
        rounds=5,
    )
    each, yard = median(times) / (2**LONG - 1), median(first) / (2**SHORT - 1)
    interleaved.note(Figure("a fork of 4,095 / the only one", each, yard, each / yard, 1, "x"))


def host_spawns() -> None:
    """The host's own."""
    for _ in range(SPAWNS):
        os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)


def test_spawn_and_wait(interleaved: Interleaved, track: Track) -> None:
    """posix_spawn of true and its wait take at most 400 us; the yardstick is the host's own."""
    times: list[float] = []
    _, yard = interleaved.run(
        lambda: times.append(track.run("spawns.py", "/usr/bin/true", SPAWNS) / SPAWNS),
        host_spawns,
        rounds=15,
    )
    each = median(times)
    interleaved.note(Figure("posix_spawn+wait of true", each, yard / SPAWNS, each * 1e6, 400, "us"))
