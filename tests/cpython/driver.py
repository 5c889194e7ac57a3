# SPDX-License-Identifier: BSD-2-Clause
"""Runs one file of CPython's tests in as many systems as it takes, and counts."""

import fnmatch
import json
import os
import selectors
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import test

from tests.cpython.multiprocessing import missing_modules
from tests.cpython.skips import Skip

PATIENCE = 120.0  # seconds of the host without a word, then the test that runs has failed
AGE = 10.0  # CPU seconds after which another system goes on: a fork replays what was before it
_LAST = 2000  # characters of what a system says that died


@dataclass
class Report:
    """What came of a file: names of tests, with what was said."""

    file: str
    passed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    unreviewed: dict[str, str] = field(default_factory=dict)
    used: set[Skip] = field(default_factory=set)
    seconds: float = 0.0


def units(file: str) -> list[str]:
    """Return the modules that a file's tests are in: of a package, each of its own."""
    place = Path(test.__file__).parent / file
    made = [module for module in missing_modules() if module.startswith(f"{file}.")]
    if made or not place.is_dir():
        return made or [file]
    return [f"{file}.{path.stem}" for path in sorted(place.glob("test_*.py"))] or [file]


def run_file(file: str, pattern: str, skips: list[Skip], loud: bool) -> Report:
    """Run a file, a new system after each test that took one down, and when one is old."""
    report = Report(file)
    began = time.monotonic()
    for module in units(file):
        _run_module(module, pattern, skips, loud, report)
    report.seconds = time.monotonic() - began
    return report


def _run_module(module: str, pattern: str, skips: list[Skip], loud: bool, report: Report) -> None:
    host = [skip for skip in skips if skip.kind == "host"]
    done: list[str] = []
    while True:
        without = [skip.pattern for skip in host] + [
            name.replace("[", "[[]").replace("?", "[?]").replace("*", "[*]") for name in done
        ]
        running, ended, old = "", False, False
        found: set[str] = set()
        with system(module, pattern, without, loud) as process:
            for line in lines(process):
                spent, _, told_line = line.partition(b" ")
                told = json.loads(told_line)
                kind, name, text = told["kind"], told["test"], told["text"]
                if kind == "found":
                    found.add(name)
                elif kind == "start":
                    running = name
                elif kind == "end":
                    ended = True
                else:
                    _count(report, skips, kind, name, text)
                    done.append(name)
                    if running == name:
                        running = ""
                        old = float(spent) > AGE
                        if old:
                            break
            process.kill()
            _, said = process.communicate()
        _count_host(report, host, found)
        if ended:
            return
        if old:
            continue
        text = f"the system died: {(said or b'').decode(errors='replace')[-_LAST:]}"
        if not running:
            _count_host(report, host, set() if found else {module})  # it may not even load
            if module not in report.skipped:
                report.failed[f"{module} ({len(done)} done)"] = text
            return
        report.failed[running] = text
        done.append(running)


def _count(report: Report, skips: list[Skip], kind: str, name: str, text: str) -> None:
    if kind == "passed":
        report.passed.append(name)
    elif kind == "failed":
        report.failed[name] = f"{report.failed.get(name, '')}{text}"
    else:
        by = [skip for skip in skips if skip.covers(name, text)]
        report.used.update(by)
        if by:
            report.skipped[name] = by[0].reason
        else:
            report.unreviewed[name] = text


def _count_host(report: Report, host: list[Skip], found: set[str]) -> None:
    for name in found:
        by = [skip for skip in host if fnmatch.fnmatchcase(name, skip.pattern)]
        report.used.update(by)
        if by:
            report.skipped[name] = by[0].reason


def system(module: str, pattern: str, without: list[str], loud: bool) -> subprocess.Popen[bytes]:
    """Start a system that runs what pattern names of a module's tests, without some."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cpython.system", module, pattern, str(int(loud))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if loud else subprocess.PIPE,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    assert process.stdin is not None
    process.stdin.write("\n".join(without).encode())
    process.stdin.close()
    process.stdin = None
    return process


def lines(process: subprocess.Popen[bytes]):
    """Yield what a system tells, after its CPU seconds, until its end or a long silence."""
    assert process.stdout is not None
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.select(PATIENCE):
            data = os.read(process.stdout.fileno(), 1 << 16)
            if not data:
                return
            *whole, rest = (rest + data).split(b"\n")
            yield from whole
