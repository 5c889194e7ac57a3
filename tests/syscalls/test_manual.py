# SPDX-License-Identifier: BSD-2-Clause
"""The errors of the manual: each has a test, or a reason why it cannot happen here."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kernel.cli.syscalls import implemented
from kernel.sys.errno import Errno
from tests.syscalls.errnos import CALLS

TESTS = Path(__file__).parents[1]
MANUAL = TESTS / "data" / "manual"  # call, error, and why it cannot be, one file a family

# Calls that cannot fail: the manual lists no errors of theirs.
INFALLIBLE = {
    "_lwp_exit", "_lwp_getprivate", "_lwp_self", "_lwp_setprivate", "exit", "getegid", "geteuid",
    "getgid", "getpgrp", "getpid", "getppid", "getuid", "issetugid", "munlockall", "sched_yield",
    "semconfig", "sync", "umask",
}  # fmt: skip


def documented() -> dict[tuple[str, str], str]:
    """(call, error): why it cannot happen here, "" if it can."""
    rows = {}
    for path in sorted(MANUAL.glob("*.tsv")):
        with path.open(newline="") as file:
            for row in csv.reader(file, delimiter="\t"):
                call, error, *reason = row
                rows[call, error] = reason[0] if reason else ""
    return rows


@pytest.fixture(scope="module")
def marks() -> dict[str, set[tuple[str, str]]]:
    """What the marks of all tests here show: calls with errors, calls with traces."""
    source = (
        "import json; from docs.syscalls import collect; m = collect();"
        "print(json.dumps({'errnos': [s[:2] for s in m.errnos], 'traces': [s[:2] for s in m.traces]}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=TESTS.parent, capture_output=True, check=True
    )
    said = json.loads(done.stdout)
    return {kind: {(call, what) for call, what in pairs} for kind, pairs in said.items()}


def test_rows_name_what_there_is():
    """Each row of the manual's errors is of a call and an errno that exist."""
    rows = documented()
    assert len(rows) > 100
    for call, error in rows:
        assert call in CALLS, call
        assert error in Errno.__members__, error


def test_each_documented_error_has_a_test(marks):
    """What the manual says a call fails with, a test shows, or it cannot happen and is said to."""
    rows = documented()
    can = {pair for pair, reason in rows.items() if not reason}
    assert sorted(can - marks["errnos"]) == []
    cannot = rows.keys() - can
    assert sorted(cannot & marks["errnos"]) == [], "said to be impossible, but shown"


def test_each_call_is_documented(marks):
    """Each call that has a handler has its errors listed, and a test of its trace."""
    calls = {call for call, row in CALLS.items() if implemented(row)}
    listed = {call for call, _ in documented()}
    assert len(calls) > 250
    assert sorted(calls - listed) == sorted(INFALLIBLE)
    assert sorted(calls - {call for call, _ in marks["traces"]}) == []
