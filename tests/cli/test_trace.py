# SPDX-License-Identifier: BSD-2-Clause
"""Laws of `trace`: what it prints of a file, of a torn one, and of wrong words."""

import contextlib
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kernel import api
from kernel.cli import trace

ROOT = Path(__file__).parents[2]
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


@pytest.fixture
def exported(tmp_path):
    """A program's trace, as --json has it and as a database."""
    program = tmp_path / "prog.py"
    program.write_text(
        "import fcntl, os, signal, time\n"
        "signal.signal(signal.SIGUSR1, lambda *_: None)\n"
        "os.kill(os.getpid(), signal.SIGUSR1)\n"
        "fd = os.open('/tmp/f', os.O_CREAT | os.O_RDWR, 0o600)\n"
        "fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)\n"
        "os.write(fd, b'caf\\xe9')\n"
        "os.symlink('/no/such', '/tmp/s')\n"
        "for _ in range(3):\n    os.access('/tmp/none', os.R_OK)\n"
        "time.clock_gettime(time.CLOCK_MONOTONIC)\n"
        "if os.fork() == 0:\n    os._exit(0)\n"
        "os.wait()\n"
    )
    with api.boot(ktrace=True) as k:
        data = k.run(program).ktrace
    path, database = tmp_path / "ktrace.out", tmp_path / "calls.db"
    path.write_bytes(data)
    return path, database


def test_what_an_export_says_is_documented(exported, capsys):
    """docs/exports.md names each field and each column; --json prints though files are written."""
    path, database = exported
    assert trace.main(["--json", "--sqlite", str(database), str(path)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    text = (ROOT / "docs" / "exports.md").read_text()
    assert {row["type"] for row in rows} == {"call", "signal"}
    for name in {name for row in rows for name in row}:
        assert f"`{name}`" in text
    with contextlib.closing(sqlite3.connect(database)) as db:
        tables = [
            name for (name,) in db.execute("select name from sqlite_master where type='table'")
        ]
        for table in tables:
            for column in db.execute("select name from pragma_table_info(?)", (table,)):
                assert f"`{column[0]}`" in text
        assert db.execute("select count(*) from calls").fetchone()[0] == len(
            [row for row in rows if row["type"] == "call"]
        )


def test_the_questions_of_the_page_are_answered(exported):
    """The SQL in docs/exports.md runs, each with an answer that is so."""
    path, database = exported
    assert trace.main(["--sqlite", str(database), str(path)]) == 0
    questions = re.findall(
        r"```sql\n(.*?)```", (ROOT / "docs" / "exports.md").read_text(), re.DOTALL
    )
    with contextlib.closing(sqlite3.connect(database)) as db:
        missing, family, busy, unsynced, created = (
            db.execute(question).fetchall() for question in questions
        )
        ((blob,),) = db.execute(
            "select data from transfers join calls on transfers.call = calls.id where fd = 3 and written"
        ).fetchall()
    assert ("/tmp/none", "ENOENT", 3) in missing
    assert [(row[1] - row[0], row[2]) for row in family] == [(1, "prog.py")]
    assert len(busy) == 10
    assert unsynced == [('open("/tmp/f", O_RDWR|O_CREAT|O_CLOEXEC, 0600)', 4)]
    assert created == [('open("/tmp/f", O_RDWR|O_CREAT|O_CLOEXEC, 0600)',)]
    assert blob == b"caf\xe9"


def test_arguments_have_names(exported, capsys):
    """Of commands, clocks and flags; a link's target is no path that was looked up."""
    path, _ = exported
    assert trace.main([str(path)]) == 0
    out = capsys.readouterr().out
    assert "flock(3</tmp/f>, LOCK_SH|LOCK_NB)" in out
    assert "clock_gettime(CLOCK_MONOTONIC, " in out
    assert 'symlink("/no/such", "/tmp/s")' in out
    assert trace.main(["-P", "/no/*", str(path)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("options", [["-z", "-Z"], ["-c", "--json"], ["-s", "-5"], ["-s", "x"]])
def test_options_that_make_no_sense(options, capsys):
    """They are refused, in words."""
    with pytest.raises(SystemExit) as ended:
        trace.main([*options, TRACE])
    assert ended.value.code == 2
    assert "error: argument" in capsys.readouterr().err
