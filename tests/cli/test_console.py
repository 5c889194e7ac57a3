# SPDX-License-Identifier: BSD-2-Clause
"""The console on the host's descriptors."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """\
from kernel.cli.console import HostConsole
console = HostConsole()
assert console.read_ready(block=True)
assert console.read(10) == b"in"
assert console.read_ready(block=True) and console.read(10) == b""  # the end of input
assert console.write(b"out", 1) == 3 and console.write(memoryview(b"error"), 2) == 5
assert not console.isatty(0) and not console.isatty(2)
assert console.winsize() == (24, 80)
"""


def test_each_stream_is_the_hosts():
    """Input is ready when it, or its end, is there; minor 2 is stderr; pipes are no terminal."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        input=b"in", capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, b"out", b"error")
