# SPDX-License-Identifier: BSD-2-Clause
"""Laws of the host's kdump: files, standard input, pipes that close."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kernel.cli import kdump
from kernel.sys.ktrace import KTR_CSW
from userland.libktrace import encode
from userland.libktrace.make import call

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


@pytest.mark.parametrize("command", ["kdump", "ktruss"])
def test_following(tmp_path: Path, command: str) -> None:
    """-l prints what comes, a record that was torn once it is whole, and a trace begun anew."""
    trace = tmp_path / "ktrace.out"
    first = encode(KTR_CSW, bytes(8)) * 2 + call(1, 7)
    trace.write_bytes(first[:-3])
    with subprocess.Popen(
        [*COMMAND[:-1], command, "-l", "-t", "+w", "-f", str(trace)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().endswith(b"resume kernel\n")
        assert process.stdout.readline().endswith(b"resume kernel\n")
        with trace.open("ab") as writer:
            writer.write(first[-3:])
        assert b"exit(" in process.stdout.readline()
        other = tmp_path / "other"
        other.write_bytes(call(1, 3, pid=9))
        other.replace(trace)
        assert process.stdout.readline().startswith(b"     9")
        trace.write_bytes(encode(KTR_CSW, bytes(8), pid=8))
        assert process.stdout.readline().startswith(b"     8")
        process.send_signal(signal.SIGINT)
        anew = f"{command}: the trace has been begun anew\n".encode()
        assert process.stderr.read() == anew * 2
    assert process.returncode == 130


@pytest.mark.parametrize("command", ["kdump", "ktruss"])
def test_following_what_is_not_there(command: str) -> None:
    """It is no trace that is waited for, as in NetBSD."""
    done = subprocess.run(
        [*COMMAND[:-1], command, "-l", "-f", "/nonexistent"], capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.endswith(b"/nonexistent: No such file or directory\n")
