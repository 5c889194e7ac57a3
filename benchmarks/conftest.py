# SPDX-License-Identifier: BSD-2-Clause
"""The table of figures at the end, as JSON if asked; and whether a missed bound is a failure."""

import json
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from time import strftime

import pytest

from benchmarks.yardstick import Figure, Interleaved

_FIGURES = pytest.StashKey[list[Figure]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bounds",
        action="store_true",
        help="exit with 1 if a bound is missed by more than the tolerance",
    )

    parser.addoption("--figures", type=Path, metavar="FILE", help="write the table as JSON, too")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_FIGURES] = []


@pytest.fixture
def interleaved(benchmark, request: pytest.FixtureRequest) -> Interleaved:
    return Interleaved(benchmark, request.config.stash[_FIGURES])


def pytest_sessionfinish(session: pytest.Session) -> None:
    missed = any(not figure.near for figure in session.config.stash[_FIGURES])
    if missed and session.config.getoption("--bounds"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def write_figures(path: Path, figures: list[Figure]) -> None:
    """Write figures as JSON: seconds, values as the table has them, and where they are from."""
    told = {
        "date": strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "machine": f"{sys.platform} {platform.machine()}",
        "figures": [{**asdict(figure), "held": figure.held} for figure in figures],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1) + "\n")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    figures = config.stash[_FIGURES]
    terminalreporter.section("name: figure, yardstick, ratio, bound")
    for figure in figures:
        terminalreporter.write_line(str(figure), red=not figure.held)
    if config.getoption("--figures"):
        write_figures(config.getoption("--figures"), figures)
    missed = sum(not figure.held for figure in figures)
    terminalreporter.write_line(f"{missed} of {len(figures)} bounds missed")
