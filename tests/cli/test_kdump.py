# SPDX-License-Identifier: BSD-2-Clause
"""Laws of the host's kdump: files, standard input, pipes that close."""

import subprocess
import sys
from pathlib import Path

import pytest

from kernel.cli import kdump

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
TRACE = GOLDEN / "10-amd64-0.ktrace"
PRINTED = (GOLDEN / "10-amd64-0.0.out").read_bytes()
COMMAND = [sys.executable, "-m", "kernel", "kdump"]


def test_a_file(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A trace of the host is printed as bytes, whatever the locale."""
    assert kdump.main([str(TRACE)]) == 0
    assert capfdbinary.readouterr() == (PRINTED, b"")


def test_a_file_that_is_not_there(capfd: pytest.CaptureFixture[str]) -> None:
    """It is named."""
    assert kdump.main(["-f", "/nonexistent/trace"]) == 1
    assert capfd.readouterr() == ("", "kdump: /nonexistent/trace: No such file or directory\n")


def test_standard_input() -> None:
    """A trace comes through a pipe where the name is a dash."""
    done = subprocess.run(
        [*COMMAND, "-"], input=TRACE.read_bytes(), capture_output=True, check=True
    )
    assert (done.stdout, done.stderr) == (PRINTED, b"")


def test_a_reader_that_leaves(tmp_path: Path) -> None:
    """A pipe that closes ends kdump without a word, with the status of SIGPIPE."""
    large = tmp_path / "ktrace.out"  # its text is more than any pipe holds
    large.write_bytes(TRACE.read_bytes() * (4 << 20 >> TRACE.stat().st_size.bit_length() - 1))
    command = [*COMMAND, str(large)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
