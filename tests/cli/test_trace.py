# SPDX-License-Identifier: BSD-2-Clause
"""Laws of `trace`: what it prints of a file, of a torn one, and of wrong words."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kernel.cli import trace

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
TRACE = str(GOLDEN / "10-amd64-0.ktrace")


def test_a_line_for_each_call(capsys):
    """Who, the call, and what it came to; no record is a line of its own."""
    assert trace.main([TRACE]) == 0
    out = capsys.readouterr().out.splitlines()

    assert out
    assert all(" = " in line or " --- " in line for line in out)


def test_options_add_to_the_line(capsys):
    """-tt, -r and -T show times."""
    assert trace.main(["-tt", "-r", "-T", TRACE]) == 0
    line = capsys.readouterr().out.splitlines()[0]
    assert line.split()[1].count(":") == 2
    assert line.split()[2] == "0.000000"


def test_json_and_summary(capsys):
    """--json is an object a line; -c a table with a total."""
    assert trace.main(["--json", TRACE]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {json.loads(line)["type"] for line in lines} <= {"call", "signal"}
    assert trace.main(["-c", TRACE]) == 0
    total = capsys.readouterr().out.splitlines()[-1].split()
    made = [line for line in map(json.loads, lines) if line["type"] == "call"]
    assert int(total[2]) <= len(made)


def test_a_torn_trace_is_printed_up_to_the_tear(tmp_path, capsys):
    """What is whole is printed, then one line on stderr says where it tore."""
    torn = tmp_path / "torn"
    torn.write_bytes(Path(TRACE).read_bytes()[:-3])

    assert trace.main([str(torn)]) == 1
    out, err = capsys.readouterr()
    assert out
    assert err.startswith(f"trace: {torn}: ")
    assert " at byte " in err


@pytest.mark.parametrize(
    ("args", "status", "says"),
    [
        (["/nonexistent"], 1, "trace: /nonexistent: No such file or directory\n"),
        (["-e", "trace=nothing", TRACE], 2, "trace: no system call 'nothing'\n"),
        (["--sqlite", "/nonexistent/x.db", TRACE], 1, "trace: /nonexistent/x.db: "),
        (["--chrome", "/nonexistent/x.json", TRACE], 1, "trace: /nonexistent/x.json: "),
    ],
)
def test_errors_are_one_line(args, status, says, capsys):
    """Nothing ends in a traceback."""
    assert trace.main(args) == status
    assert capsys.readouterr().err.startswith(says)


def test_a_reader_that_leaves(tmp_path):
    """A pipe that closes ends it without a word."""
    large = tmp_path / "ktrace.out"
    large.write_bytes(Path(TRACE).read_bytes() * 400)
    command = f"{sys.executable} -m kernel trace {large} | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=True)
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""
