# SPDX-License-Identifier: BSD-2-Clause
"""The calls of a trace, put together from their records; how they are written and chosen."""

import contextlib
import io
import json
import sqlite3

import pytest

from kernel import api
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_WRONLY
from kernel.sys.signal import SIGUSR1
from userland import libktrace
from userland.libktrace.callfilter import Filter
from userland.libktrace.calls import Call, Signal, events
from userland.libktrace.decode import Decoder, flags, quoted
from userland.libktrace.export import ChromeTrace, Database, to_json
from userland.libktrace.names import signame
from userland.libktrace.reader import TornTrace
from userland.libktrace.steps import describe
from userland.libktrace.summary import Summary

PROGRAM = b"""
import os, signal
fd = os.open("data", os.O_RDWR | os.O_CREAT, 0o640)
os.write(fd, b"some text\\n" * 1000)
other = os.dup(fd)
os.lseek(other, 5, os.SEEK_SET)
os.read(other, 4)
try:
    os.stat("/nowhere/at/all")
except OSError:
    pass
os.rename("data", "moved")
signal.signal(signal.SIGUSR1, lambda *_: None)
os.kill(os.getpid(), signal.SIGUSR1)
at = os.open("/tmp", os.O_RDONLY)
os.close(os.open("new", os.O_WRONLY | os.O_CREAT, 0o604, dir_fd=at))
os.close(at)
ends = os.pipe()
if os.fork() == 0:
    os.close(fd)
    os._exit(3)
os.wait()
os.execv("/bin/echo", ["echo", "hi"])
"""


@pytest.fixture(scope="module")
def trace() -> bytes:
    with api.boot(seed=1) as k:
        k.install(b"/root/prog.py", PROGRAM)
        process, sink = k.process(), io.BytesIO()
        k.ktrace(process, sink, points="+a")
        k.start(process, b"/root/prog.py")
        process.finish()
        assert k.console.stdout == b"hi\n"
    return sink.getvalue()


@pytest.fixture(scope="module")
def found(trace):
    return list(events(libktrace.open(io.BytesIO(trace))))


@pytest.fixture(scope="module")
def lines(found):
    """Each call of the program itself and of its child as it is written."""
    decoder = Decoder()
    return [
        " = ".join(decoder.show(event, decoder.arguments(event)))
        for event in found
        if isinstance(event, Call)
    ]


def calls(found, name):
    return [each for each in found if isinstance(each, Call) and each.name == name]


def test_every_call_is_told_once(trace, found):
    """There are as many calls as CALL records, but for returns without one: the child's."""
    records = list(libktrace.open(io.BytesIO(trace)))
    made = sum(record.type == 1 for record in records)

    told = [event for event in found if isinstance(event, Call)]
    assert sum(call.made for call in told) == made
    assert [call.name for call in told if not call.made] == ["fork"]


def test_records_of_one_transfer_are_one(found):
    """What a write moved is in one piece, however many GIO records it took."""
    (call,) = [call for call in calls(found, "write") if len(call.transfers[0].data) > 4096]

    (moved,) = call.transfers
    assert moved.written
    assert moved.data == b"some text\n" * 1000
    assert call.value == 10_000


def test_paths_and_failure(found):
    """A call has the paths it looked up and the error it ended with."""
    (call,) = [call for call in found if isinstance(call, Call) and "/nowhere/at/all" in call.paths]

    assert call.failed
    assert call.error == Errno.ENOENT
    assert call.value == -1
    assert call.duration is not None


def test_exit_has_no_return(found):
    """exit(2) is told when it is made; a program that execs has not failed."""
    (child, last) = calls(found, "exit")
    assert (child.args, child.ended, last.args) == ((3,), None, (0,))
    assert not any(call.failed for call in calls(found, "execve"))


def test_signals_stand_among_the_calls(found):
    """A delivered signal is an event of its own, with who caught it."""
    signals = [event for event in found if isinstance(event, Signal)]
    assert [signal.signo for signal in signals if signal.action > 1] == [SIGUSR1]


def test_a_torn_trace_gives_what_it_has(trace):
    """The calls up to the tear, also the one that had not returned, then TornTrace."""
    whole = list(events(libktrace.open(io.BytesIO(trace))))
    got = []
    with pytest.raises(TornTrace):
        got.extend(events(libktrace.open(io.BytesIO(trace[:-10]))))

    assert len(whole) - 2 <= len(got) <= len(whole)


@pytest.mark.parametrize(
    "line",
    [
        'open("data", O_RDWR|O_CREAT|O_CLOEXEC, 0640) = 3<data>',
        "fcntl(3<data>, F_DUPFD_CLOEXEC, 0) = 4<data>",
        "lseek(4<data>, 5, SEEK_SET) = 5",
        'read(4<data>, "text", 4) = 4',
        'rename("data", "moved") = 0',
        "close(3<data>) = 0",
        'openat(5</tmp>, "new", O_WRONLY|O_CREAT|O_CLOEXEC, 0604) = 6<new>',
        "exit(3) = ?",
    ],
)
def test_how_calls_are_written(lines, line):
    """Flags, modes, descriptors and paths have their names."""
    assert line in lines


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ('write(3<data>, "some text\\nsome text\\n', "..., 10000) = 10000"),
        ('stat("/nowhere/at/all", ', "= -1 ENOENT (No such file or directory)"),
        ("kill(2, SIGUSR1)", "= 0"),
        ('execve("/bin/echo", ["echo", "hi"], ', "= 0"),
        ("fork()", "= 0"),
    ],
)
def test_how_calls_with_addresses_are_written(lines, start, end):
    """Addresses stay numbers; data is shown where it is known."""
    assert any(line.startswith(start) and line.endswith(end) for line in lines)


def test_flags_and_quotes():
    """Bits without a name are a number; data is quoted as in C."""
    assert flags(O_WRONLY | O_CREAT | 1 << 40, {O_CREAT: "O_CREAT"}) == "O_CREAT|0x10000000001"
    assert flags(0, {}, "none") == "none"
    assert quoted(b'a"\\\n\0\xff') == '"a\\"\\\\\\n\\x00\\xff"'
    assert quoted(b"abcdef", 3) == '"abc"...'


def chosen(found, *expressions, **fields):
    wanted = Filter(**fields)
    for expression in expressions:
        wanted.add(expression)
    decoder = Decoder()
    some = []
    for event in found:
        files = decoder.about(event)
        decoder.note(event)
        if wanted.wants(event, files):
            some.append(event.name if isinstance(event, Call) else "signal")
    return some


def test_filters(found):
    """Sets, errors, signals, paths, success and processes choose; together they all must hold."""
    assert set(chosen(found, "lseek,rename", "signal=none")) == {"lseek", "rename"}
    assert set(chosen(found, "trace=%process", "signal=none")) >= {"fork", "execve", "exit"}
    assert "__stat50" in chosen(found, "errno=ENOENT")
    assert chosen(found, "trace=none", "signal=USR1,SIGCHLD").count("signal") >= 1
    assert chosen(found, "rename,lseek,read", paths=["mov*"]) == ["rename"]
    assert chosen(found, "lseek", paths=["dat?"]) == ["lseek"]
    assert "rename" not in chosen(found, failed=True)
    assert "exit" in chosen(found, pids={3})
    assert "rename" not in chosen(found, pids={3})


@pytest.mark.parametrize("expression", ["trace=nothing", "errno=EWHAT", "signal=FOO", "what=open"])
def test_a_filter_that_is_none(expression):
    """It is refused in a few words."""
    with pytest.raises(ValueError, match=r"^no "):
        Filter().add(expression)


def test_summary(found):
    """Calls and errors are counted by name, and the shares make the whole."""
    summary = Summary()
    for event in found:
        if isinstance(event, Call):
            summary.add(event)
    rows = {row.name: row for row in summary.rows()}

    assert rows["fork"].calls == 1
    assert rows["stat"].errors >= 1
    assert sum(row.share for row in rows.values()) == pytest.approx(1)
    assert summary.text().splitlines()[-1].endswith("total")


def test_export(found, tmp_path):
    """JSON and SQLite hold the same calls, with data, registers and results."""
    path = tmp_path / "calls.db"
    database = Database(str(path))
    decoder = Decoder()
    objects = []
    for event in found:
        arguments, text, result = [], "", ""
        if isinstance(event, Call):
            arguments = decoder.arguments(event)
            text, result = decoder.show(event, arguments)
        database.add(event, arguments, text, result)
        objects.append(json.loads(to_json(event, arguments, text, result)))
    database.close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        rows = db.execute("select call, errno, text from calls order by id").fetchall()
        (size,) = db.execute("select max(size) from transfers").fetchone()
        (register,) = db.execute(
            "select register from arguments a join calls c on a.call = c.id"
            " where c.call = 'lseek' and number = 1 and a.text = '5'"
        ).fetchone()
    db.close()

    told = [each for each in objects if each["type"] == "call"]
    assert rows == [(each["call"], each["errno"], each["text"]) for each in told]
    assert size == 10_000
    assert register == 5


def test_chrome(found, tmp_path):
    """A trace of Chrome's has each call as a pair on the track of its LWP, one after the other."""
    path = tmp_path / "trace.json"
    chrome = ChromeTrace(str(path))
    decoder = Decoder()
    for event in found:
        text, result, arguments = describe(decoder, event)
        chrome.add(event, arguments, text, result)
    chrome.close()
    rows = json.loads(path.read_text())["traceEvents"]
    begun: dict[tuple[int, int], dict] = {}
    for row in rows:
        if row["ph"] == "B":
            assert begun.setdefault((row["pid"], row["tid"]), row) is row
        elif row["ph"] == "E":
            begin = begun.pop((row["pid"], row["tid"]))
            assert (begin["name"], begin["ts"] <= row["ts"]) == (row["name"], True)
    names = [row["name"] for row in rows if row["ph"] == "B"]

    assert begun == {}
    assert names == [e.c_name for e in found if isinstance(e, Call) and e.made and e.ended]
    assert [row["name"] for row in rows if row["ph"] == "i" and "signal" in row["args"]] == [
        f"SIG{signame(e.signo)}" for e in found if isinstance(e, Signal)
    ]
    assert {row["args"]["name"] for row in rows if row["ph"] == "M"} >= {"prog.py", "echo"}
