# SPDX-License-Identifier: BSD-2-Clause
"""The host's kernel is the oracle: each program prints the same on it and on ours."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kernel import api

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
USERS = {"root": 0, "user": 1000}

# Where NetBSD is right and Linux differs: (program, what NetBSD prints, what Linux prints).
DIFFERENCES: dict[str, list[tuple[str, str]]] = {
    "signal_errors": [("[1; 63]", "[1; 64]")],  # the highest signal there is
    "tcp": [("ENOTCONN\n" * 4, "ENOTCONN\nENOTCONN\nEPIPE\nENOTCONN\n")],  # to send on no stream
    "udp": [("EOPNOTSUPP", "ENOTSUP")],  # one number, two names
}


# From 3.12 on Python warns of a fork with threads, to those who run __main__.
FORKS_WITH_THREADS = ("-W", "ignore:This process:DeprecationWarning")

# Runs a program as another user: what it imports is loaded while that is still allowed.
AS_USER = """
import asyncio
import concurrent.futures.thread
import encodings.idna
import http.server
import json
import logging.handlers
import urllib.request
import xmlrpc.server
import errno, os, pickle, pty, queue, random, resource, sched, select, selectors, signal, socket, struct, subprocess, sys, termios
import threading, time, tty
uid = int(sys.argv[1])
if uid and not os.geteuid():
    import _multiprocessing, mmap
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
exec(compile(sys.argv[2], "program", "exec"))
"""


# The oracle may stumble: CPython runs no handler of a signal that comes between its last look and
# the sleep of a call, and what another process or a timer has done by then is the host's affair.
ATTEMPTS = 3


def on_host(program: Path, uid: int, where: Path) -> tuple[int, str, str] | str:
    """Run program on the host, in a new directory where; say so if it does not end."""
    where.mkdir(mode=0o755)
    if os.geteuid() == 0:
        os.chown(where, uid, uid)
    elif uid == 0:
        pytest.skip("what root may do only root can show: run the tests as root")
    try:
        done = subprocess.run(
            [sys.executable, *FORKS_WITH_THREADS, "-c", AS_USER, str(uid), program.read_text()],
            cwd=where, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as hangs:
        return f"it hangs on the host, having printed {hangs.output!r}"
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_prints_what_it_prints_on_the_host(program: Path, user: str, k: api.System, tmp_path: Path):
    """Status and output are equal, but for the differences named above."""
    uid = USERS[user]
    k.root().mkdir(b"/tmp/work", 0o777)
    k.root().chmod(b"/tmp/work", 0o755)
    k.root().chown(b"/tmp/work", uid, uid)
    guest = tmp_path / program.name
    guest.write_text(f"import os\nos.chdir('/tmp/work')\n{program.read_text()}")
    result = k.run(guest, uid=uid)
    printed = result.stdout.decode()
    for ours, theirs in DIFFERENCES.get(program.stem, []):
        printed = printed.replace(ours, theirs)
    for attempt in range(ATTEMPTS):
        expected = on_host(program, uid, tmp_path / f"host{attempt}")
        if (result.status, printed, "") == expected:
            break
    assert (result.status, printed, "") == expected, result.stderr.decode()
