# SPDX-License-Identifier: BSD-2-Clause
"""Put the latest figures into README.md, and the plot beside it: `make bench-readme`.

    python -m benchmarks.readme FIGURES [PEERS]

FIGURES is what `make bench` writes, PEERS what `make bench-peers` does.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot

from benchmarks.yardstick import Figure, seconds

HERE = Path(__file__).parent
README = HERE / "README.md"
BEGIN, END = "<!-- {}: made by make bench-readme -->\n", "<!-- end of {} -->\n"
HELD, MISSED, OTHER = "#3b7a57", "#b5482a", "#8a8f98"


def section(text: str, name: str, lines: list[str]) -> str:
    """Return text with lines between the marks of that name."""
    begin, end = BEGIN.format(name), END.format(name)
    before, _, rest = text.partition(begin)
    after = rest.partition(end)[2]
    return before + begin + "\n" + "\n".join(lines) + "\n\n" + end + after


def table(told: dict[str, Any], figures: list[Figure]) -> Iterator[str]:
    """Yield the table of figures."""
    yield f"{told['date']}, CPython {told['python']}, {told['machine']}:"
    yield ""
    yield "| what | measured | yardstick | figure | to reach | |"
    yield "|---|---|---|---|---|---|"
    for figure in figures:
        sign = "≥" if figure.at_least else "≤"
        measured = seconds(figure.figure) if figure.figure else ""
        yardstick = seconds(figure.yardstick) if figure.yardstick else ""
        yield (
            f"| {figure.name} | {measured} | {yardstick} | {figure.value:.3g} {figure.unit} "
            f"| {sign} {figure.bound:g} {figure.unit} | {'' if figure.held else 'missed'} |"
        )


def peers_table(peers: dict[str, float]) -> Iterator[str]:
    """Yield the table of peers."""
    yield "| what makes the call | a call | beside sysent's |"
    yield "|---|---|---|"
    for name, value in peers.items():
        ours = peers["open+close: sysent" if name.startswith("open") else "sysent"]
        yield f"| {name} | {seconds(value)} | {value / ours:.3g} x |"


def bars(path: Path, rows: list[tuple[str, float, str]], label: str, line: bool) -> None:
    """Draw a row of bars, the first on top, on a logarithmic scale; line marks 1."""
    names, values, colours = zip(*reversed(rows), strict=True)
    figure, axes = pyplot.subplots(figsize=(8, 0.8 + 0.27 * len(rows)), layout="constrained")
    drawn = axes.barh(names, values, color=colours, height=0.7)
    axes.bar_label(drawn, [f"{value:.3g}" for value in values], padding=3, fontsize=8)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")
    axes.set_xlabel(label)
    axes.margins(x=0.12, y=0.02)
    if line:
        axes.axvline(1, color="black", linewidth=1)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path)
    pyplot.close(figure)


def main() -> int:
    """Write what the arguments name."""
    mpl.rcParams.update({"svg.hashsalt": "sysent", "svg.fonttype": "none"})
    text = README.read_text()
    told = json.loads(Path(sys.argv[1]).read_text())
    for row in told["figures"]:
        row.pop("held")
    figures = [Figure(**row) for row in told["figures"]]
    text = section(text, "figures", list(table(told, figures)))
    used = [
        (f.name, f.bound / f.value if f.at_least else f.value / f.bound, HELD if f.held else MISSED)
        for f in figures
        if f.value > 0
    ]
    bars(HERE / "figures.svg", used, "part of its bound that a figure uses (1: the bound)", True)
    if len(sys.argv) > 2:
        peers = json.loads(Path(sys.argv[2]).read_text())
        text = section(text, "peers", list(peers_table(peers)))
        rows = [
            (name, value * 1e6, HELD if "sysent" in name else OTHER)
            for name, value in peers.items()
        ]
        bars(HERE / "peers.svg", rows, "microseconds a call", False)
    README.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
