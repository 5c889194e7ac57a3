# SPDX-License-Identifier: BSD-2-Clause
"""The part of the pytest plugin that minds golden traces, with or without pytest-xdist."""

from pathlib import Path
from typing import Any

import pytest

from kernel.golden import Goldens, Matcher


class GoldenPlugin:
    """Knows which tests there are, which ran, and what they asked for."""

    def __init__(self, config: pytest.Config, *, updating: bool) -> None:
        self._config = config
        self._goldens = Goldens(config.rootpath, updating=updating)

    def matcher(self, item: pytest.Item) -> Matcher:
        """Return what compares the traces of a test."""
        names = item.nodeid.split("::")[1:]
        return self._goldens.matcher(item.path, ".".join(names), item.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Take note of all tests, before some are left out."""
        self._goldens.collected((item.path, item.nodeid) for item in items)
        if self._config.getoption("lf", False):  # it leaves tests out while it collects
            self._goldens.partly(item.path for item in items)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Take note of tests that were left out."""
        self._goldens.partly(item.path for item in items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take note of tests that have passed, wherever they ran."""
        if report.when == "call" and report.passed:
            self._goldens.passed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Tell pytest-xdist's controller what its worker has seen."""
        self._goldens.forget_others()
        output: dict[str, object] | None = getattr(self._config, "workeroutput", None)
        if output is not None:
            output["ktrace"] = self._goldens.run.export()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker of pytest-xdist has seen."""
        told = getattr(node, "workeroutput", {}).get("ktrace")
        if told is not None:
            self._goldens.run.add(told)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which golden traces were written, and which nobody wants."""
        goldens = self._goldens
        here = self._config.invocation_params.dir
        goldens.partly(
            here.joinpath(arg.partition("::")[0]).resolve()
            for arg in self._config.args
            if "::" in arg
        )
        stale = goldens.stale()
        if not goldens.updating:
            what = "that no test has asked for; --ktrace-update removes them"
            self._say(terminalreporter, what, stale)
            return
        for path in stale:
            path.unlink()
        self._say(terminalreporter, "written", sorted(map(Path, goldens.run.written)))
        self._say(terminalreporter, "removed", stale)

    def _say(self, reporter: pytest.TerminalReporter, what: str, paths: list[Path]) -> None:
        if paths:
            reporter.section(f"golden traces {what}")
            for path in paths:
                reporter.line(self._goldens.shown(path))
