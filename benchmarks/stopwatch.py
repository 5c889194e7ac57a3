# SPDX-License-Identifier: BSD-2-Clause
"""Time between the marks that a program makes: what it does before the first is not counted."""

from pathlib import Path
from time import perf_counter
from typing import Final

from kernel import api

PROGRAMS: Final = Path(__file__).parent / "programs"
_PAGE_KIB: Final = 4


class Stopwatch(api.Buffers):
    """A console that keeps when each write to it came, and how much memory there was then."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []  # seconds
        self.sizes: list[int] = []  # KiB resident

    def write(self, data: bytes | memoryview, minor: int) -> int:
        """Note the moment."""
        self.times.append(perf_counter())
        self.sizes.append(int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_KIB)
        return super().write(data, minor)


class Track:
    """A system with a stopwatch."""

    def __init__(self, processes: int = 200) -> None:
        limits = api.Limits(maxproc=processes, maxfiles=4 * processes, nproc=(processes,) * 2)
        self.watch = Stopwatch()
        self.system = api.boot(limits=limits, console=self.watch)

    def run(self, name: str, *arguments: object) -> float:
        """Run a program; return the seconds between its first mark and its last."""
        self.watch.times.clear()
        self.watch.sizes.clear()
        result = self.system.run(PROGRAMS / name, map(str, arguments))
        self.system.settle()  # what it has killed dies
        assert result.status == 0, result.stderr.decode()
        return self.watch.times[-1] - self.watch.times[0]
