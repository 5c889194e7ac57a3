# SPDX-License-Identifier: BSD-2-Clause
"""A plugin of pytest that tells what came of each test, a line each: the file is SUITES_TOLD's.

It runs on the host and inside.  A test that ends the system has begun and not ended.
"""

import os

TOLD = os.environ["SUITES_TOLD"]
_open, _write, _close = os.open, os.write, os.close  # bound now: tests put others in their places


def _tell(kind, name, text=""):
    line = f"{kind}\t{name}\t{text.strip().rpartition(chr(10))[2]}\n"
    told = _open(TOLD, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    _write(told, line.encode(errors="backslashreplace"))
    _close(told)


def pytest_runtest_logstart(nodeid, location):
    _tell("start", nodeid)


def pytest_runtest_logreport(report):
    if report.failed:
        _tell("failed", report.nodeid, report.longreprtext)
    elif report.skipped:
        _tell("skipped", report.nodeid)
    elif report.when == "call":
        _tell("passed", report.nodeid)


def pytest_collectreport(report):
    if report.failed:
        _tell("failed", report.nodeid, report.longreprtext)
