# SPDX-License-Identifier: BSD-2-Clause
"""What the page is given of a trace: the calls as `trace` tells them, processes, sleeps, tears."""

import io
from pathlib import Path

import pytest

from kernel import api
from userland import libktrace
from userland.libktrace.calls import Call, events
from userland.libktrace.decode import Decoder
from userland.libktrace.report.collect import collect
from userland.libktrace.report.page import packed, unpacked
from userland.libktrace.steps import describe

DATA = Path(__file__).parents[3] / "data"
TRACES = sorted([*(DATA / "golden").glob("*.ktrace"), *(DATA / "samples").glob("*.ktrace")])

SIGNAL = 2  # the kind of its row

PROGRAM = b"""
import os, signal, time
if os.fork() == 0:
    os.write(1, b"x" * 3000)
    os.execv("/bin/sleep", ["sleep", "2"])
os.wait()
if os.fork() == 0:
    os.kill(os.getpid(), signal.SIGKILL)
os.wait()
os._exit(7)
"""


def traced(points: str) -> bytes:
    with api.boot(seed=1) as k:
        k.install(b"/root/prog.py", PROGRAM)
        process, sink = k.process(), io.BytesIO()
        k.ktrace(process, sink, points=points)
        k.start(process, b"/root/prog.py")
        process.finish()
    return sink.getvalue()


@pytest.fixture(scope="module")
def trace() -> bytes:
    return traced("+")


def read(trace: bytes, **options: int) -> dict:
    return unpacked(packed(collect(libktrace.open(io.BytesIO(trace)), **options)))


def shown(data: dict) -> list[tuple[str, str]]:
    """Return calls and signals as the page writes them."""
    texts, lists, calls = data["texts"], data["lists"], data["calls"]
    columns = (calls[name] for name in ("kind", "name", "arguments", "result"))
    return [
        (texts[name], "")
        if kind == SIGNAL
        else (f"{texts[name]}({', '.join(texts[one] for one in lists[arguments])})", texts[result])
        for kind, name, arguments, result in zip(*columns, strict=True)
    ]


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.stem)
def test_calls_are_those_of_trace(path):
    """Each call and signal is there as `trace` prints it, at its time, of every era."""
    data = read(path.read_bytes())
    decoder = Decoder()
    calls = [
        (event.began if isinstance(event, Call) else event.time, *describe(decoder, event)[:2])
        for event in events(libktrace.open(io.BytesIO(path.read_bytes())))
    ]
    began, times = int(data["start"]), []
    for difference in data["calls"]["began"]:
        began += difference
        times.append(began)
    found = [(time, *call) for time, call in zip(times, shown(data), strict=True)]

    assert sorted(found) == sorted(calls)
    assert times == sorted(times)


def test_processes_are_a_tree(trace):
    """Who made whom, what each ran, and how it ended."""
    processes = read(trace)["processes"]

    assert [(one["parent"], one["end"]) for one in processes] == [
        (None, "exit 7"), (0, "exit 0"), (0, "killed by SIGKILL"),
    ]  # fmt: skip
    assert processes[1]["names"][-1] == "sleep"
    assert all(one["first"] <= one["last"] for one in processes)


def test_a_wait_without_context_switches_is_told_by_time(trace):
    """Where the trace has no CSW, a call during which others ran is one that waited."""
    data = read(trace)
    waited = {
        data["texts"][name]
        for name, slept in zip(data["calls"]["name"], data["calls"]["slept"], strict=True)
        if slept
    }
    assert not data["switches"]
    assert {"wait4", "nanosleep"} <= waited
    assert "write" not in waited


def test_context_switches_are_sleeps():
    """Where the trace has CSW, they are the sleeps: two seconds of one process."""
    data = read(traced("+w"))
    began, longest = 0, 0
    for difference, ended in zip(data["sleeps"]["began"], data["sleeps"]["ended"], strict=True):
        began += difference
        longest = max(longest, ended - began)
    assert data["switches"]
    assert longest >= 2_000_000_000


def test_data_are_kept_up_to_the_limit(trace):
    """The size is the whole; of the bytes there are as many as were asked for."""
    data = read(trace, limit=10)
    moved = [data["lists"][one] for one in data["calls"]["data"] if data["lists"][one]]
    assert [1, 1, 3000, data["texts"].index("x" * 10)] in moved


def test_a_torn_trace_is_there_up_to_the_tear(trace):
    """What is whole is shown, and where it tore is said."""
    whole, torn = read(trace), read(trace[:-5])
    assert whole["torn"] == ""
    assert torn["torn"].startswith("data too short") or " at byte " in torn["torn"]
    assert shown(torn) == shown(whole)[: len(shown(torn))]


def test_nothing_is_a_trace_too():
    """An empty file has no calls, no processes, and no error."""
    data = read(b"")
    assert (data["calls"]["began"], data["processes"], data["torn"]) == ([], [], "")


def test_a_number_that_is_used_again_is_another_process():
    """A process that begins after the end of one of the same number is a new one."""
    call = libktrace.encode(1, (1).to_bytes(4, "little") + (8).to_bytes(4, "little") + b"\0" * 8)
    data = read(call + call)
    assert [one["end"] for one in data["processes"]] == ["exit 0", "exit 0"]


@pytest.mark.parametrize(
    ("path", "text"),
    [(b"/tmp/caf\xc3\xa9", "/tmp/café"), (b"/\xff", "/\\xff"), (b"</script>", "</script>")],
)
def test_paths_are_readable(path, text):
    """UTF-8 is read as such, other bytes as escapes."""
    with api.boot(ktrace=True) as k:
        trace = k.run(b"/usr/bin/python3", ["-c", f"import os; os.access({path!r}, 0)"]).ktrace
    data = read(trace)
    files = [data["lists"][number] for number in data["calls"]["files"]]
    assert [text] in [[data["texts"][one] for one in numbers] for numbers in files]
