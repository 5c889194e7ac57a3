# SPDX-License-Identifier: BSD-2-Clause
"""How often each call was made, how long it took and how often it failed, as strace -c tells."""

from collections.abc import Iterator
from typing import Final

from kernel.sys.dataclasses import dataclass
from kernel.sys.namedtuple import NamedTuple
from userland.libktrace.calls import Event, Signal

_NS: Final = 1_000_000_000


class Row(NamedTuple):
    """One line of the table."""

    name: str
    seconds: float  # between calls and returns, all together
    share: float  # of the time of all calls, 0 to 1
    calls: int
    errors: int

    @property
    def each(self) -> float:
        """Microseconds of one call."""
        return self.seconds * 1e6 / self.calls


@dataclass(slots=True)
class _Count:
    calls: int = 0
    errors: int = 0
    time: int = 0


class Summary:
    """Counts calls."""

    def __init__(self) -> None:
        self._counts: dict[str, _Count] = {}

    def add(self, call: Event) -> None:
        """Count a call."""
        if isinstance(call, Signal) or not call.made:
            return
        count = self._counts.setdefault(call.c_name, _Count())
        count.calls += 1
        count.errors += call.failed
        count.time += call.duration or 0

    def rows(self) -> Iterator[Row]:
        """Yield a line for each call, what took longest first, then what was made most."""
        whole = sum(count.time for count in self._counts.values())
        ordered = sorted(
            self._counts.items(), key=lambda item: (-item[1].time, -item[1].calls, item[0])
        )
        for name, count in ordered:
            share = count.time / whole if whole else 0.0
            yield Row(name, count.time / _NS, share, count.calls, count.errors)

    def text(self) -> str:
        """Return the table."""
        lines = [
            f"{'% time':>6} {'seconds':>11} {'usecs/call':>11} {'calls':>9} {'errors':>9} call"
        ]
        lines.append(" ".join("-" * width for width in (6, 11, 11, 9, 9, 16)))
        total = _Count()
        for row in self.rows():
            total.calls += row.calls
            total.errors += row.errors
            total.time += round(row.seconds * _NS)
            errors = str(row.errors or "")
            lines.append(
                f"{row.share * 100:6.2f} {row.seconds:11.6f} {row.each:11.0f} {row.calls:9}"
                f" {errors:>9} {row.name}"
            )
        lines.append(lines[1])
        lines.append(
            f"{100:6.2f} {total.time / _NS:11.6f} {'':11} {total.calls:9}"
            f" {total.errors or ''!s:>9} total"
        )
        return "\n".join(lines) + "\n"
