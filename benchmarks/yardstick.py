# SPDX-License-Identifier: BSD-2-Clause
"""A measurement against a yardstick of the same run, the two in alternate rounds."""

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any, Final

TOLERANCE: Final = 0.1  # part of a bound that bench-check lets pass
UNITS: Final = (("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9))


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what was measured, beside what, and what it should be."""

    name: str
    figure: float  # seconds a unit of work
    yardstick: float  # seconds, of what it is measured by
    value: float  # what the bound is about
    bound: float
    unit: str  # of value: "x" of the yardstick, "ms" beyond it
    at_least: bool = False  # the bound is a floor, not a ceiling

    @property
    def held(self) -> bool:
        """Whether the bound holds."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    @property
    def near(self) -> bool:
        """Whether it holds, or is missed by less than the tolerance: times are never the same."""
        room = 1 + TOLERANCE
        return self.value * room >= self.bound if self.at_least else self.value <= self.bound * room

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        return (
            f"{self.name}: {seconds(self.figure)}, {seconds(self.yardstick)}, "
            f"{self.value:.3g} {self.unit}, {sign} {self.bound:g} {self.unit}"
            f"{'' if self.held else '   MISSED'}"
        )


def empty_calls(count: int) -> None:
    """Call a function that does nothing."""
    for _ in range(count):
        _empty()


def _empty() -> None:
    """What calls are measured by."""


def seconds(value: float) -> str:
    """Show a time with the unit that suits it."""
    unit, size = next((u for u in UNITS if abs(value) >= u[1]), UNITS[-1])
    return f"{value / size:.3g} {unit}"


@dataclass(slots=True)
class Interleaved:
    """Runs measured and yardstick in turn: what slows the machine down slows both.

    The yardstick is timed in the setup that pytest-benchmark calls before each of its rounds.
    Garbage is collected between rounds only, for both.
    """

    benchmark: Any
    figures: list[Figure]
    _times: list[float] = field(default_factory=list)

    def run(
        self,
        measured: Callable[[], object],
        yardstick: Callable[[], object],
        *,
        rounds: int,
        before: Callable[[], object] = int,
    ) -> tuple[float, float]:
        """Return the medians of measured and yardstick, in seconds; before comes before each."""

        def setup() -> None:
            before()
            gc.collect()
            begin = perf_counter()
            yardstick()
            self._times.append(perf_counter() - begin)
            before()
            gc.collect()

        gc.disable()
        try:
            yardstick()
            self.benchmark.pedantic(measured, setup=setup, rounds=rounds, warmup_rounds=1)
        finally:
            gc.enable()
        yard = median(self._times)
        self.benchmark.extra_info["yardstick"] = yard
        return self.benchmark.stats.stats.median, yard

    def note(self, figure: Figure) -> None:
        """Keep a line for the table."""
        self.benchmark.extra_info["bound held"] = figure.held
        self.figures.append(figure)
