# SPDX-License-Identifier: BSD-2-Clause
"""The errors of the manual: each has a test, or a reason why it cannot happen here."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kernel.cli.syscalls import implemented
from kernel.kern.init_sysent import sysent
from kernel.sys.errno import Errno
from kernel.sys.syscall import SYSCALLS
from tests.syscalls.errnos import CALLS, manual_name

TESTS = Path(__file__).parents[1]
MANUAL = TESTS / "data" / "manual"  # call, error, and why it cannot be, one file a family

# Modules whose calls are about files and descriptors.
FILE_SIDE = (
    "kern_descrip",
    "kern_acct",
    "kern_uuid",
    "kern_exit",
    "kern_time",
    "sys_descrip",
    "sys_sig",
    "kern_ntptime",
    "kern_prot",
    "kern_reboot",
    "kern_resource",
    "kern_sysctl",
    "kern_spawn",
    "sys_event",
    "sys_futex",
    "sys_timerfd",
    "sys_getrandom",
    "sys_futex",
    "sys_timerfd",
    "sys_generic",
    "sys_lwp",
    "sys_sched",
    "sys_pipe",
    "sys_ptrace",
    "sys_select",
    "uipc_",
    "sys_mqueue",
    "sysv_",
    "uvm_",
    "vfs_cwd",
    "vfs_syscalls",
)


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


def test_each_call_on_files_is_documented(marks):
    """Each call of the file side that has a handler has its errors listed, and a test of its trace."""
    files = {
        manual_name(row)
        for row in SYSCALLS.values()
        if implemented(row)
        and sysent[row.number].sy_call.__module__.rpartition(".")[2].startswith(FILE_SIDE)
    }
    infallible = {
        "exit", "getegid", "geteuid", "getgid", "getpgrp", "getpid", "getppid", "getuid",
        "issetugid", "sched_yield", "semconfig", "munlockall", "sync", "umask", "_lwp_exit",
        "_lwp_self", "_lwp_getprivate",
        "_lwp_setprivate",
    }  # fmt: skip
    assert len(files) > 80
    assert sorted(files - {call for call, _ in documented()} - infallible) == []
    assert sorted(files - {call for call, _ in marks["traces"]}) == []
