# SPDX-License-Identifier: BSD-2-Clause
"""What a system call costs, through the libc stub, untraced and traced."""

import io
from collections.abc import Callable, Iterator

import pytest

from benchmarks.peers.steps import Chooser, chosen_calls
from benchmarks.test_fork import EMPTY
from benchmarks.yardstick import Figure, Interleaved
from kernel import api
from kernel.sys.fcntl import O_CREAT, O_TRUNC, O_WRONLY
from kernel.sys.ktrace import KTROP_SET, KTRFACv2
from userland import libc
from userland.libktrace.points import DEF_POINTS

LOOPS = 5_000
ROUNDS = 40
OUT = b"/tmp/ktrace.out"
# Seconds that MOSAIC, a model whose programs are generators, takes for a step, on a machine where
# an empty Python call takes EMPTY seconds.
MOSAIC_STEP = 2e-6


def empty() -> None:
    """What getpid is measured by."""


def repeat(function: Callable[[], object]) -> None:
    """Call function LOOPS times."""
    for _ in range(LOOPS):
        function()


class Bench:
    """Two processes of one kernel, one of them traced; both keep a history, as programs do."""

    def __init__(self, system: api.System) -> None:
        self.system = system
        self.plain = system.process()
        self.traced = system.process()

    def fresh(self) -> None:
        """Forget the history of the last round."""
        for process in (self.plain, self.traced):
            process.proc.p_md.md_history = []

    def untraced(self) -> None:
        """LOOPS of getpid, untraced."""
        self.plain.call(repeat, libc.getpid)


@pytest.fixture
def bench() -> Iterator[Bench]:
    with api.boot() as system:
        yield Bench(system)


def test_untraced_getpid(interleaved: Interleaved, bench: Bench) -> None:
    """Untraced getpid is at most 12 empty Python calls, and a third of MOSAIC's step."""
    got, yard = interleaved.run(
        bench.untraced,
        lambda: bench.plain.call(repeat, empty),
        rounds=ROUNDS,
        before=bench.fresh,
    )
    interleaved.note(Figure("getpid / empty call", got / LOOPS, yard / LOOPS, got / yard, 12, "x"))
    mosaic = MOSAIC_STEP * yard / LOOPS / EMPTY
    ratio = mosaic * LOOPS / got
    interleaved.note(Figure("MOSAIC's step / getpid", got / LOOPS, mosaic, ratio, 3, "x", True))


def test_a_models_step(interleaved: Interleaved, bench: Bench) -> None:
    """It is 3 times as fast as the step of a model whose programs are generators and are explored.

    A generator that yields to a loop which calls a function is no system: peers/steps.py has
    it, and make bench-peers shows it.
    """
    got, yard = interleaved.run(
        bench.untraced,
        lambda: Chooser(chosen_calls(LOOPS)).run(),
        rounds=ROUNDS,
        before=bench.fresh,
    )
    interleaved.note(
        Figure("a model's step / getpid", got / LOOPS, yard / LOOPS, yard / got, 3, "x", True)
    )


def test_traced_getpid(interleaved: Interleaved, bench: Bench) -> None:
    """Traced to a file of the emulated system, getpid is at most 4 untraced ones."""
    root = bench.traced

    def before() -> None:
        bench.fresh()
        root.close(root.open(OUT, O_WRONLY | O_CREAT | O_TRUNC, 0o600))
        root.ktrace(OUT, KTROP_SET, DEF_POINTS | KTRFACv2, root.pid)

    got, yard = interleaved.run(
        lambda: root.call(repeat, libc.getpid), bench.untraced, rounds=ROUNDS, before=before
    )
    assert root.stat(OUT).st_size > 2 * LOOPS * 56
    interleaved.note(
        Figure("traced getpid / untraced", got / LOOPS, yard / LOOPS, got / yard, 4, "x")
    )


def test_traced_getpid_host(interleaved: Interleaved, bench: Bench) -> None:
    """So is one traced to where `run --ktrace` traces."""
    sink = io.BytesIO()

    def before() -> None:
        bench.fresh()
        sink.seek(0)
        sink.truncate()
        bench.system.ktrace(bench.traced, sink)

    got, yard = interleaved.run(
        lambda: bench.traced.call(repeat, libc.getpid),
        bench.untraced,
        rounds=ROUNDS,
        before=before,
    )
    assert len(sink.getvalue()) > 2 * LOOPS * 56
    interleaved.note(
        Figure("traced getpid, --ktrace / untraced", got / LOOPS, yard / LOOPS, got / yard, 4, "x")
    )
