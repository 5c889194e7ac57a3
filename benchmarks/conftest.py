# SPDX-License-Identifier: BSD-2-Clause
"""The table of figures at the end, and whether a bound that is missed is a failure."""

import pytest

from benchmarks.yardstick import Figure, Interleaved

_FIGURES = pytest.StashKey[list[Figure]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bounds", action="store_true", help="exit with 1 if a bound is missed (make bench-check)"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_FIGURES] = []


@pytest.fixture
def interleaved(benchmark, request: pytest.FixtureRequest) -> Interleaved:
    return Interleaved(benchmark, request.config.stash[_FIGURES])


def pytest_sessionfinish(session: pytest.Session) -> None:
    missed = any(not figure.held for figure in session.config.stash[_FIGURES])
    if missed and session.config.getoption("--bounds"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    figures = config.stash[_FIGURES]
    terminalreporter.section("name: figure, yardstick, ratio, bound")
    for figure in figures:
        terminalreporter.write_line(str(figure), red=not figure.held)
    missed = sum(not figure.held for figure in figures)
    terminalreporter.write_line(f"{missed} of {len(figures)} bounds missed")
